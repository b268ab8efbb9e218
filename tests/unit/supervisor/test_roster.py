import json
import os
import subprocess
import sys

import pytest

from hothouse.supervisor.identity import identify
from hothouse.supervisor.roster import Roster

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.json"


@pytest.fixture
def sleeper():
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


class TestClearStale:
    def test_ends_what_was_left_behind(self, path, sleeper):
        Roster(path).enter("hub", sleeper.pid)

        assert Roster(path).clear_stale() == {"hub": sleeper.pid}
        assert sleeper.wait(5) == -15
        assert not path.exists()

    def test_kills_what_does_not_listen(self, path):
        with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            Roster(path).enter("hub", process.pid)

            Roster(path).clear_stale(grace_seconds=0.3)
            assert process.wait(5) == -9

    def test_never_touches_another_process_of_the_same_pid(self, path, sleeper):
        Roster(path).enter("hub", sleeper.pid)
        record = json.loads(path.read_text())
        record["parts"]["hub"]["identity"] = identify(os.getpid())
        path.write_text(json.dumps(record))

        assert Roster(path).clear_stale() == {}
        assert sleeper.poll() is None

    @pytest.mark.parametrize("content", ["", "{}", '{"parts": 1}', '{"parts": {"hub": {}}}', "[]"])
    def test_a_broken_record_is_no_obstacle(self, path, content):
        path.write_text(content)

        assert Roster(path).clear_stale() == {}
