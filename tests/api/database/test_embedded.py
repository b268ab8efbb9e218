"""The embedded MongoDB, run for real."""

import asyncio
import stat
import sys
from pathlib import Path

import psutil
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from hothouse.database.embedded import EmbeddedMongo, EmbeddedMongoError


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedMongo:
    return EmbeddedMongo(tmp_path / "database", tmp_path / "keys")


class TestStart:
    async def test_keeps_data_and_requires_the_password(self, server: EmbeddedMongo, tmp_path: Path) -> None:
        await server.start()
        async with AsyncMongoClient(server.uri) as client:
            await client.lab.things.insert_one({"_id": 1})
        async with AsyncMongoClient(f"mongodb://127.0.0.1:{server.port}/?directConnection=true") as stranger:
            with pytest.raises(OperationFailure):
                await stranger.lab.things.find_one({"_id": 1})
        await server.stop()
        await server.start()
        async with AsyncMongoClient(server.uri) as client:
            assert await client.lab.things.find_one({"_id": 1}) == {"_id": 1}
        await server.stop()
        assert stat.S_IMODE((tmp_path / "keys" / "mongodb.key").stat().st_mode) == 0o600

    async def test_folder_in_use(self, server: EmbeddedMongo, tmp_path: Path) -> None:
        await server.start()
        second = EmbeddedMongo(tmp_path / "database", tmp_path / "keys")
        with pytest.raises(EmbeddedMongoError, match="in use by another process"):
            await second.start()
        assert server.process is not None
        assert server.owner() == server.process.pid
        await server.stop()

    async def test_ends_with_the_one_that_started_it(self, tmp_path: Path) -> None:
        program = (
            "import asyncio, pathlib, sys; from hothouse.database.embedded import EmbeddedMongo\n"
            "async def main():\n"
            "    server = EmbeddedMongo(*map(pathlib.Path, sys.argv[1:]))\n"
            "    await server.start()\n"
            "    print(server.process.pid, flush=True)\n"
            "    await asyncio.Event().wait()\n"
            "asyncio.run(main())"
        )
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, tmp_path / "database", tmp_path / "keys", stdout=asyncio.subprocess.PIPE
        )
        assert parent.stdout is not None
        server = psutil.Process(int(await parent.stdout.readline()))
        parent.kill()
        await parent.wait()
        await asyncio.to_thread(server.wait, 20)

    async def test_not_installed(self, tmp_path: Path) -> None:
        server = EmbeddedMongo(tmp_path / "database", tmp_path / "keys", executable=tmp_path / "nowhere")
        with pytest.raises(EmbeddedMongoError, match=r"hothouse-lab\[embedded\].*HOTHOUSE_MONGODB_URI"):
            await server.start()


class TestHalfDoneFirstStart:
    async def test_orphaned_server_without_access_control_is_replaced(self, server: EmbeddedMongo) -> None:
        """Leave what a killed first start leaves: a server without --auth whose parent is gone."""
        server.storage.mkdir(parents=True)
        open_to_all = [word for word in server.argv() if word != "--auth"]
        launcher = await asyncio.create_subprocess_exec(
            "sh", "-c", '"$@" >"$0" 2>&1 & echo $!', server.log_file, *open_to_all, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await launcher.communicate()
        orphan = psutil.Process(int(output))
        await server.start()
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
        await server.stop()

    async def test_user_not_recorded_and_key_lost(self, server: EmbeddedMongo, tmp_path: Path) -> None:
        await server.prepare()
        (server.storage / "hothouse-root-user").unlink()
        await server.prepare()
        (tmp_path / "keys" / "mongodb.key").unlink()
        await server.start()
        await server.stop()
