"""The whole platform as `hothouse up` runs it: start, heal, refuse, stop, leave and take over."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from tests.support.up_process import UpProcess, run_cli, wait_until

from hothouse.supervisor.roster import Roster

PARTS = ["broker", "hub", "worker", "gateway", *([] if os.environ.get("HOTHOUSE_TEST_MONGODB_URI") else ["mongodb"])]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with UpProcess(tmp_path_factory.mktemp("up") / "home") as platform:
        yield platform


class TestStart:
    def test_says_what_came_up_and_where(self, platform):
        lines = [line.strip() for line in platform.output.splitlines() if line.strip()]

        assert re.fullmatch(r"Hothouse [\d.]+ · data in .*", lines[0])
        assert {re.fullmatch(r"✓ (\w+) +[\d.]+ s", line)[1] for line in lines if line[0] == "✓"} == {*PARTS, "mongodb"}
        assert any(re.fullmatch(rf"Ready in [\d.]+ s at {platform.url}", line) for line in lines)
        assert any(line.startswith(f"{platform.url}/set-up?code=") for line in lines)

    def test_is_ready_in_every_part(self, platform):
        assert platform.is_ready()

    def test_keys_are_private(self, platform):
        keys = platform.home / "keys"

        assert keys.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}

    def test_each_part_has_a_log(self, platform):
        assert {path.stem for path in (platform.home / "logs").glob("*.log")} >= set(PARTS)

    def test_credentials_reach_only_the_parts_that_need_them(self, platform):
        environments = {name: Path(f"/proc/{pid}/environ").read_text() for name, pid in platform.parts.items()}

        assert "HOTHOUSE_MONGODB_URI=" not in environments["gateway"]
        assert "HOTHOUSE_INTERNAL_KEY=" not in environments["broker"]
        assert "HOTHOUSE_MONGODB_URI=" in environments["broker"]
        assert "HOTHOUSE_BROKER_KEY=" in environments["broker"]
        assert all("HOTHOUSE_BROKER_KEY=" not in environments[name] for name in environments.keys() - {"broker"})


class TestSecondStart:
    def test_is_refused_in_one_line(self, platform):
        ended = run_cli("up", HOTHOUSE_HOME=str(platform.home), HOTHOUSE_PORT=str(platform.port))

        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert f"already running on {platform.home} (process {platform.process.pid})" in ended.stderr
        assert platform.is_ready()


class TestKill:
    @pytest.mark.parametrize("part", PARTS)
    def test_the_platform_heals_itself(self, platform, part):
        pid = platform.parts[part]
        seen = len(platform.output)
        os.kill(pid, signal.SIGKILL)
        platform.wait_for_output(f"{part} is back", 30)

        assert f"{part} killed by signal 9 (SIGKILL); starting it again" in platform.output[seen:]
        assert platform.parts[part] != pid
        wait_until(platform.is_ready, "every part works again", 30)


class TestStop:
    @pytest.fixture
    def own(self, tmp_path):
        with UpProcess(tmp_path / "home") as platform:
            yield platform

    def test_sigterm_ends_everything_in_time_and_the_data_stays(self, own):
        with own.sign_in():
            pass
        pids, ports = own.parts.values(), (own.home / "ports.json").read_text()
        began = time.monotonic()
        code = own.stop()

        assert time.monotonic() - began < 10
        assert code == 0
        assert "Stopped in" in own.output
        assert not any(map(is_running, pids))
        own.start()
        assert own.setup_code is None
        assert (own.home / "ports.json").read_text() == ports
        with own.sign_in() as client:
            assert client.get("/api/v1/auth/me").json()["user"]["email"] == "ada@example.org"

    def test_a_second_interrupt_ends_everything_at_once(self, own):
        pids = list(own.parts.values())
        os.kill(own.parts["hub"], signal.SIGSTOP)  # it cannot answer SIGTERM
        own.process.send_signal(signal.SIGINT)
        own.wait_for_output("Stopping")
        began = time.monotonic()
        own.process.send_signal(signal.SIGINT)
        own.process.wait(10)

        assert time.monotonic() - began < 2
        wait_until(lambda: not any(map(is_running, pids)), "every part is gone", 5)

    def test_a_killed_supervisor_leaves_nothing_for_the_next_start_to_stumble_over(self, own):
        pids = list(own.parts.values())
        own.stop(signal.SIGKILL)
        wait_until(lambda: not any(map(is_running, pids)), "every part is gone", 10)

        with subprocess.Popen(["sleep", "600"]) as lingering:  # as where the kernel does not end orphans
            Roster(own.home / "run.json").enter("hub", lingering.pid)
            own.start()
            assert f"Ended the hub that an earlier start had left running (process {lingering.pid})" in own.output
            assert lingering.wait(5) == -signal.SIGTERM
        assert own.is_ready()

    def test_during_the_start(self, tmp_path):
        platform = UpProcess(tmp_path / "home")
        platform.spawn()
        platform.wait_for_output("data in")

        assert platform.stop() == 0


class TestAddress:
    def test_the_port_can_be_used_again_at_once(self, tmp_path):
        with UpProcess(tmp_path / "home") as platform:
            assert platform.is_ready()
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", platform.port))
