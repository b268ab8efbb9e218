import contextlib
import os
import signal
from pathlib import Path

from tests.support.memory import quick_folder
from tests.support.ports import free_port

from hothouse.database.embedded import ROOT_USER, EmbeddedMongo
from hothouse.supervisor import probes
from hothouse.supervisor.logs import LogFile, PartLog


async def test_mongodb_that_answers_is_stuck_and_is_gone(tmp_path, monkeypatch):
    file = LogFile(tmp_path / "mongodb.log")
    log = PartLog(file, lambda _: None)
    with contextlib.closing(file), quick_folder() as folder:
        server = EmbeddedMongo(Path(folder) / "database", Path(folder) / "keys", free_port())
        await server.start()
        try:
            alive = probes.mongodb_answers("127.0.0.1", server.port, ROOT_USER)
            assert await alive(log)
            monkeypatch.setattr(probes, "ANSWER_SECONDS", 0.3)
            os.kill(server.process.pid, signal.SIGSTOP)
            assert await probes.tcp_accepts("127.0.0.1", server.port)(log)
            assert not await alive(log)
        finally:
            os.kill(server.process.pid, signal.SIGCONT)
            await server.stop()
    assert not await alive(log)
