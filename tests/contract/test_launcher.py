"""What every launcher promises (`Launcher` in hothouse.launch.interfaces), on each isolation of this machine."""

import asyncio
import json
import os
import pickle
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher, cgroups
from hothouse.launch.errors import InvalidSpecError, LaunchError, StillRunningError
from hothouse.launch.interfaces import Isolation, Limits, Mount, Phase, Status, WorkloadSpec

from .conftest import DEADLINE_SECONDS, UID, Lab, make_lab

IGNORES_SIGTERM = "trap '' TERM; echo ready; while :; do sleep 1; done"
LEAVES_A_DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        os.write(1, b"daemon ready\\n")
        time.sleep(600)
    os._exit(0)
os.wait()
os.write(1, b"ready\\n")
"""
STORM = """
import os
print("ready")
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
HELPER = """
import asyncio, pickle, sys
from hothouse.launch.backends.local import LocalLauncher
root, isolation, spec = pickle.load(sys.stdin.buffer)
async def main():
    launcher = LocalLauncher(root, isolation)
    print("starting", flush=True)
    await launcher.start(spec)
    print("started", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


class TestStart:
    async def test_runs_with_exactly_its_environment(self, lab: Lab) -> None:
        env = {"PATH": "/usr/bin:/bin", "MARK": lab.mark, "SPACED": "a b\n=c", "EMPTY": ""}
        source = "import os, json; print(json.dumps([dict(os.environ), os.getcwd()]))"
        _, lines = await lab.run(lab.program("w", source, env=env))
        seen, cwd = json.loads(lines[0])
        seen.pop("LC_CTYPE", None)  # Python's own doing (PEP 538)
        assert seen.pop("PWD", cwd) == cwd  # bubblewrap's doing
        assert (seen, cwd) == (env, str(lab.workspace))

    async def test_returns_while_it_runs(self, lab: Lab) -> None:
        status = await lab.launcher.start(lab.shell("w", "sleep 60"))
        assert (status.phase, status.finished_at, status.isolation) == (Phase.running, None, lab.isolation)
        assert status.reason == "running"
        assert status.pid is not None
        os.kill(status.pid, 0)

    async def test_again_is_the_same_workload(self, lab: Lab) -> None:
        first = await lab.launcher.start(lab.shell("w", "sleep 60"))
        assert await lab.launcher.start(lab.shell("w", "echo another")) == first

    async def test_again_after_its_end_starts_nothing(self, lab: Lab) -> None:
        ended, _ = await lab.run(lab.shell("w", "echo run >> runs"))
        assert await lab.launcher.start(lab.shell("w", "echo run >> runs")) == ended
        assert (lab.workspace / "runs").read_text() == "run\n"

    async def test_racing_callers_start_one(self, lab: Lab) -> None:
        launchers = [LocalLauncher(lab.root, lab.isolation) for _ in range(6)]
        spec = lab.shell("w", "echo run >> runs; echo ready; sleep 60")
        statuses = await asyncio.gather(*(launcher.start(spec) for launcher in launchers))
        assert len({status.pid for status in statuses}) == 1
        await lab.heard("w", "ready")
        await lab.launcher.stop("w", grace_seconds=1)
        assert (lab.workspace / "runs").read_text() == "run\n"

    @pytest.mark.parametrize("milliseconds", [0, 5, 15, 30, 60])
    async def test_caller_killed_half_way(self, lab: Lab, milliseconds: int) -> None:
        """Whenever the first caller dies, the second gets the one workload, never another."""
        spec = lab.shell("w", "echo run >> runs; echo ready; sleep 60")
        async with helper(lab, spec) as process:
            await said(process, "starting")
            try:
                await asyncio.wait_for(process.wait(), milliseconds / 1000)
            except TimeoutError:
                process.kill()
        status = await lab.launcher.start(spec)
        assert status.phase is Phase.running
        await lab.heard("w", "ready")
        assert (lab.workspace / "runs").read_text() == "run\n"

    async def test_left_with_only_a_lock_file(self, lab: Lab) -> None:
        (lab.root / "w").mkdir(parents=True)
        (lab.root / "w" / "lock").touch()
        assert await lab.launcher.poll("w") is None
        status, _ = await lab.run(lab.shell("w", "exit 0"))
        assert status.exit_code == 0

    async def test_program_that_does_not_exist(self, lab: Lab) -> None:
        status, lines = await lab.run(lab.spec("w", "no-such-program"))
        assert status.phase is Phase.exited
        assert status.exit_code != 0
        assert "no-such-program" in "".join(lines)

    async def test_as_its_own_user(self, lab: Lab) -> None:
        _, lines = await lab.run(lab.shell("w", "id -u; id -g; id -G; touch mine"))
        expected = os.geteuid() if UID is None else UID
        assert lines[0] == str(expected)
        assert UID is None or lines == [str(UID)] * 3
        assert (lab.workspace / "mine").stat().st_uid == expected

    @pytest.mark.parametrize("workload_id", ["", "../up", "UPPER", "a/b", "a.b", "-a", "a" * 101])
    async def test_bad_id(self, lab: Lab, workload_id: str) -> None:
        with pytest.raises(InvalidSpecError, match="workload id"):
            await lab.launcher.start(lab.shell(workload_id, "exit 0"))

    async def test_without_a_program(self, lab: Lab) -> None:
        with pytest.raises(InvalidSpecError, match="names no program"):
            await lab.launcher.start(lab.spec("w"))

    async def test_missing_mount(self, lab: Lab) -> None:
        with pytest.raises(InvalidSpecError, match="does not exist"):
            await lab.launcher.start(lab.shell("w", "exit 0", mounts=(Mount(source=lab.workspace / "gone"),)))
        assert await lab.launcher.poll("w") is None

    async def test_out_of_reach_of_its_user(self, folder: Path) -> None:
        """Only a sandbox can show a user what lies behind a folder that is closed to it."""
        (folder / "closed" / "workspace").mkdir(parents=True)
        (folder / "closed").chmod(0o700)
        launcher = LocalLauncher(folder / "workloads", preflight.detect("process"))
        spec = WorkloadSpec(workload_id="w", argv=("true",), env={}, cwd=folder / "closed" / "workspace", uid=UID)
        if UID is None:
            await launcher.start(spec)
            assert [line async for line in launcher.logs("w", follow=True)] == []
        else:
            with pytest.raises(LaunchError, match=f"may not enter {folder}/closed"):
                await launcher.start(spec)


class TestPoll:
    async def test_unknown(self, lab: Lab) -> None:
        assert await lab.launcher.poll("never") is None

    @pytest.mark.parametrize("code", [0, 1, 42, 127])
    async def test_exit_code(self, lab: Lab, code: int) -> None:
        status, _ = await lab.run(lab.shell("w", f"exit {code}"))
        assert (status.phase, status.exit_code, status.signal) == (Phase.exited, code, None)
        assert status.reason == f"exited with code {code}"
        assert status.finished_at is not None
        assert status.finished_at >= status.started_at

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGABRT])
    async def test_signal(self, lab: Lab, number: signal.Signals) -> None:
        status, _ = await lab.run(lab.shell("w", f"kill -{int(number)} $$; sleep 60"))
        assert (status.exit_code, status.signal, status.out_of_memory) == (None, number, False)
        assert status.reason == f"killed by signal {int(number)} ({number.name})"

    async def test_out_of_memory(self, lab: Lab) -> None:
        spec = lab.program("w", "x = b'x' * 200_000_000", limits=Limits(memory_bytes=64 * 2**20))
        status, _ = await lab.run(spec)
        if limited(lab, "memory"):
            assert status.out_of_memory
            assert status.reason == "out of memory (limit 64 MiB)"
        else:
            assert status.exit_code == 0

    async def test_out_of_memory_in_a_child(self, lab: Lab) -> None:
        source = (
            "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'b\"x\" * 200_000_000']) and 1)"
        )
        status, _ = await lab.run(lab.program("w", source, limits=Limits(memory_bytes=64 * 2**20)))
        assert status.out_of_memory == limited(lab, "memory")


class TestStop:
    async def test_graceful(self, lab: Lab) -> None:
        await lab.launcher.start(
            lab.shell("w", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.1; done")
        )
        await lab.heard("w", "ready")
        status = await lab.launcher.stop("w")
        assert status is not None
        assert (status.phase, status.exit_code) == (Phase.exited, 7)
        assert [line.text for line in await lab.lines("w") if line.stream == "stdout"] == ["ready", "bye"]

    async def test_program_without_a_handler(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "echo ready; exec sleep 60"))
        await lab.heard("w", "ready")
        async with asyncio.timeout(4):
            status = await lab.launcher.stop("w", grace_seconds=30)
        assert status is not None
        assert status.signal == signal.SIGTERM

    async def test_ignores_sigterm(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM))
        await lab.heard("w", "ready")
        status = await lab.launcher.stop("w", grace_seconds=0.2)
        assert status is not None
        assert status.signal == signal.SIGKILL
        assert not status.out_of_memory
        assert lab.marked() == []

    async def test_grace_of_the_spec(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM, grace_seconds=0.1))
        await lab.heard("w", "ready")
        async with asyncio.timeout(4):
            await lab.launcher.stop("w")

    async def test_impatient_second_caller(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM))
        await lab.heard("w", "ready")
        patient = asyncio.create_task(lab.launcher.stop("w", grace_seconds=60))
        await asyncio.sleep(0)
        async with asyncio.timeout(8):
            assert await lab.launcher.stop("w", grace_seconds=0) == await patient

    async def test_daemon_dies_too(self, lab: Lab) -> None:
        await lab.launcher.start(lab.program("w", LEAVES_A_DAEMON + "time.sleep(600)"))
        await lab.heard("w", "daemon ready")
        assert len(lab.marked()) >= 2
        await lab.launcher.stop("w")
        assert lab.marked() == []

    async def test_daemon_does_not_outlive_the_program(self, lab: Lab) -> None:
        status, lines = await lab.run(lab.program("w", LEAVES_A_DAEMON + "sys.exit(3)"))
        assert (status.exit_code, lab.marked()) == (3, [])
        assert "ready" in lines

    async def test_everything_forks_faster_than_it_is_killed(self, lab: Lab) -> None:
        await lab.launcher.start(lab.program("w", STORM, limits=Limits(processes=30)))
        await lab.heard("w", "ready")
        await lab.launcher.stop("w", grace_seconds=0)
        assert lab.marked() == []

    async def test_just_after_start(self, lab: Lab) -> None:
        """A request to end that comes while the sandbox is still being set up is heard, not sat out."""
        specs = [lab.shell(f"w{number}", "exec sleep 60") for number in range(6)]

        async def start_and_stop(spec: WorkloadSpec) -> Status | None:
            await lab.launcher.start(spec)
            return await lab.launcher.stop(spec.workload_id, grace_seconds=20)

        async with asyncio.timeout(15):
            ended = await asyncio.gather(*map(start_and_stop, specs))
        assert [status and status.signal for status in ended] == [signal.SIGTERM] * len(specs)
        assert lab.marked() == []

    async def test_ended_and_unknown(self, lab: Lab) -> None:
        ended, _ = await lab.run(lab.shell("w", "exit 4"))
        assert await lab.launcher.stop("w") == ended
        assert await lab.launcher.stop("never") is None

    async def test_all(self, lab: Lab) -> None:
        for number in range(3):
            await lab.launcher.start(lab.shell(f"w{number}", "exec sleep 60"))
        await lab.run(lab.shell("ended", "exit 0"))
        stopped = await lab.launcher.stop_all(grace_seconds=2)
        assert sorted(status.workload_id for status in stopped) == ["w0", "w1", "w2"]
        assert all(status.phase is Phase.exited for status in stopped)
        assert lab.marked() == []


class TestLogs:
    async def test_streams_and_times(self, lab: Lab) -> None:
        status, _ = await lab.run(lab.shell("w", "echo out; echo föö >&2; printf unfinished"))
        lines = await lab.lines("w")
        assert {(line.stream, line.text) for line in lines} == {
            ("stdout", "out"),
            ("stderr", "föö"),
            ("stdout", "unfinished"),
        }
        assert status.finished_at is not None
        assert all(status.started_at <= line.at <= status.finished_at for line in lines)

    async def test_resume_after_any_offset(self, lab: Lab) -> None:
        await lab.run(lab.shell("w", "for i in 1 2 3 4 5; do echo line $i; done"))
        whole = await lab.lines("w")
        assert [line.text for line in whole] == [f"line {number}" for number in range(1, 6)]
        for number, line in enumerate(whole, 1):
            assert await lab.lines("w", after=line.offset) == whole[number:]

    async def test_tail(self, lab: Lab) -> None:
        await lab.run(lab.shell("w", "for i in 1 2 3 4 5; do echo line $i; done"))
        whole = await lab.lines("w")
        assert await lab.lines("w", tail=2) == whole[-2:]
        assert await lab.lines("w", tail=0) == []
        assert await lab.lines("w", tail=99) == whole
        assert await lab.lines("w", tail=3, after=whole[3].offset) == whole[4:]

    async def test_follow_sees_lines_as_they_come(self, lab: Lab) -> None:
        lab.make_fifo("go")
        await lab.launcher.start(lab.shell("w", "echo first; read line < go; echo second"))
        seen = []
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for line in lab.launcher.logs("w", follow=True):
                seen.append(line.text)
                if line.text == "first":
                    await lab.tell("go", "on")
        assert seen == ["first", "second"]

    async def test_rotation_keeps_offsets(self, lab: Lab) -> None:
        script = "i=0; while [ $i -lt 400 ]; do echo line $i; i=$((i+1)); done"
        await lab.run(lab.shell("w", script, limits=Limits(log_bytes=4096)))
        kept = await lab.lines("w")
        numbers = [int(line.text.removeprefix("line ")) for line in kept]
        assert numbers == list(range(numbers[0], 400))
        assert numbers[0] > 0
        assert sum(path.stat().st_size for path in (lab.root / "w").glob("log-*")) <= 2 * 4096
        assert await lab.lines("w", after=kept[10].offset) == kept[11:]
        assert await lab.lines("w", after=1) == kept
        assert await lab.lines("w", tail=3) == kept[-3:]

    async def test_flood_neither_fills_the_disk_nor_stalls(self, lab: Lab) -> None:
        source = "import sys\nfor _ in range(400): sys.stdout.write('x' * 99 + '\\n' * 1 + ('y' * 99 + '\\n') * 999)\n"
        source += "sys.stdout.flush()\nsys.stderr.write('done\\n')"
        status, _ = await lab.run(lab.program("w", source, limits=Limits(log_bytes=64 * 1024)))
        assert status.exit_code == 0
        assert sum(path.stat().st_size for path in (lab.root / "w").glob("log-*")) <= 2 * 64 * 1024
        lines = await lab.lines("w")
        assert any(line.stream == "platform" and "left out" in line.text for line in lines)

    async def test_endless_line_is_cut(self, lab: Lab) -> None:
        await lab.run(lab.program("w", "print('x' * 100_000)"))
        lines = await lab.lines("w")
        assert "".join(line.text for line in lines) == "x" * 100_000
        assert max(len(line.text) for line in lines) <= 16 * 1024

    async def test_progress_bar_shows_its_last_state(self, lab: Lab) -> None:
        _, lines = await lab.run(lab.shell("w", r"printf '10%%\r50%%\r100%%\ndone\r\n'"))
        assert lines == ["100%", "done"]

    async def test_binary_noise(self, lab: Lab) -> None:
        _, lines = await lab.run(lab.shell("w", r"printf '\377\000\n'; echo after"))
        assert lines == ["\ufffd\x00", "after"]

    async def test_unknown(self, lab: Lab) -> None:
        assert await lab.lines("never", follow=True) == []


class TestAdopt:
    async def test_after_the_caller_was_killed(self, lab: Lab) -> None:
        spec = lab.shell("w", "echo before; read line < go; echo after; exit 5")
        lab.make_fifo("go")
        async with helper(lab, spec) as process:
            await said(process, "started")
            process.kill()
        fresh = LocalLauncher(lab.root, lab.isolation)
        (adopted,) = await fresh.adopt()
        assert (adopted.workload_id, adopted.phase) == ("w", Phase.running)
        await lab.tell("go", "on")
        assert [line.text for line in await lab.lines("w", follow=True)] == ["before", "after"]
        (ended,) = await fresh.adopt()
        assert (ended.phase, ended.exit_code) == (Phase.exited, 5)

    async def test_survives_a_signal_to_the_callers_group(self, lab: Lab) -> None:
        async with helper(lab, lab.shell("w", "sleep 60")) as process:
            await said(process, "started")
            os.killpg(process.pid, signal.SIGTERM)
            await process.wait()
        (adopted,) = await lab.launcher.adopt()
        assert adopted.phase is Phase.running

    async def test_nothing_yet(self, lab: Lab) -> None:
        assert await lab.launcher.adopt() == []


class TestKeeperKilled:
    async def test_ends_the_program_with_nobody_looking(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "echo ready; exec sleep 600"))
        await lab.heard("w", "ready")
        await kill_keeper(lab, "w")
        await lab.is_gone()

    async def test_takes_the_workload_along(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "echo started; sleep 600 & sleep 600"))
        await lab.heard("w", "started")
        await kill_keeper(lab, "w")
        status = await lab.launcher.poll("w")
        assert status is not None
        assert (status.phase, status.exit_code, status.signal) == (Phase.lost, None, None)
        assert status.finished_at is not None
        assert "lost" in status.reason
        await lab.is_gone()
        assert lab.groups() == []
        assert await lab.launcher.poll("w") == status

    async def test_while_stopping(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM))
        await lab.heard("w", "ready")
        stopping = asyncio.create_task(lab.launcher.stop("w", grace_seconds=60))
        await asyncio.sleep(0)
        await kill_keeper(lab, "w")
        async with asyncio.timeout(5):
            status = await stopping
        assert status is not None
        assert status.phase is Phase.lost
        await lab.is_gone()

    async def test_is_not_started_again(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "sleep 600"))
        await kill_keeper(lab, "w")
        assert (await lab.launcher.start(lab.shell("w", "echo again"))).phase is Phase.lost


class TestWithoutControlGroups:
    """Where no control group may be made, the keeper finds everything all the same."""

    @pytest.fixture
    async def lab(self, folder: Path, isolation: Isolation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
        monkeypatch.setattr(cgroups, "find", lambda: None)
        async for made in make_lab(folder, isolation):
            yield made

    async def test_daemon_dies_too(self, lab: Lab) -> None:
        await lab.launcher.start(lab.program("w", LEAVES_A_DAEMON + "time.sleep(600)"))
        await lab.heard("w", "daemon ready")
        await lab.launcher.stop("w")
        assert lab.marked() == []

    async def test_daemon_does_not_outlive_the_program(self, lab: Lab) -> None:
        status, _ = await lab.run(lab.program("w", LEAVES_A_DAEMON + "sys.exit(3)"))
        assert (status.exit_code, lab.marked()) == (3, [])

    async def test_fork_storm(self, lab: Lab) -> None:
        await lab.launcher.start(lab.program("w", STORM, limits=Limits(processes=30)))
        await lab.heard("w", "ready")
        await lab.launcher.stop("w", grace_seconds=0)
        assert lab.marked() == []

    async def test_keeper_killed(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "sleep 600 & echo ready; sleep 600"))
        await lab.heard("w", "ready")
        await kill_keeper(lab, "w")
        status = await lab.launcher.poll("w")
        assert status is not None
        assert status.phase is Phase.lost
        await lab.is_gone()

    async def test_usage(self, lab: Lab) -> None:
        await lab.launcher.start(
            lab.program("w", "x = b'x' * 50_000_000\nprint('ready')\nimport time; time.sleep(600)")
        )
        await lab.heard("w", "ready")
        usage = await lab.launcher.usage("w")
        assert usage is not None
        assert 50_000_000 < usage.memory_bytes < 150_000_000


class TestUsage:
    async def test_running(self, lab: Lab) -> None:
        source = "x = b'x' * 50_000_000\nsum(range(3_000_000))\nprint('ready')\nimport time; time.sleep(600)"
        await lab.launcher.start(lab.program("w", source))
        await lab.heard("w", "ready")
        usage = await lab.launcher.usage("w")
        assert usage is not None
        assert 50_000_000 < usage.memory_bytes < 150_000_000
        assert 0.01 < usage.cpu_seconds < 10
        assert 1 <= usage.processes <= 4

    async def test_ended_and_unknown(self, lab: Lab) -> None:
        await lab.run(lab.shell("w", "exit 0"))
        assert await lab.launcher.usage("w") is None
        assert await lab.launcher.usage("never") is None


class TestDiscard:
    async def test_ended(self, lab: Lab) -> None:
        await lab.run(lab.shell("w", "echo run >> runs"))
        await lab.launcher.discard("w")
        assert list(lab.root.iterdir()) == []
        assert await lab.launcher.poll("w") is None
        await lab.run(lab.shell("w", "echo run >> runs"))
        assert (lab.workspace / "runs").read_text() == "run\nrun\n"

    async def test_running(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", "sleep 60"))
        with pytest.raises(StillRunningError, match="stop it"):
            await lab.launcher.discard("w")
        status = await lab.launcher.poll("w")
        assert status is not None
        assert status.phase is Phase.running

    async def test_unknown(self, lab: Lab) -> None:
        await lab.launcher.discard("never")


class TestLimits:
    async def test_files_and_dumps(self, lab: Lab) -> None:
        _, lines = await lab.run(lab.shell("w", "ulimit -n; ulimit -c"))
        assert lines == ["8192", "0"]

    async def test_size_of_a_file(self, lab: Lab) -> None:
        spec = lab.shell("w", "head -c 3000000 /dev/zero > big; echo $?", limits=Limits(file_bytes=1_000_000))
        await lab.run(spec)
        assert (lab.workspace / "big").stat().st_size == 1_000_000

    async def test_processes(self, lab: Lab) -> None:
        source = (
            "import subprocess\nmade = 0\ntry:\n for _ in range(60):\n  subprocess.Popen(['sleep', '60']); made += 1\n"
            "except OSError as error: pass\nprint(made)"
        )
        _, lines = await lab.run(lab.program("w", source, limits=Limits(processes=20)))
        if limited(lab, "pids") or UID is not None:
            assert 5 <= int(lines[-1]) <= 20

    async def test_processor_time(self, lab: Lab) -> None:
        source = (
            "import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass\nprint(time.process_time())"
        )
        _, lines = await lab.run(lab.program("w", source, limits=Limits(cpu=0.2)))
        if limited(lab, "cpu"):
            assert float(lines[-1]) < 0.6

    async def test_goes_before_the_platform_when_memory_runs_out(self, lab: Lab) -> None:
        if sys.platform == "linux":
            _, lines = await lab.run(lab.shell("w", "cat /proc/self/oom_score_adj"))
            assert int(lines[0]) > int(Path("/proc/self/oom_score_adj").read_text())

    async def test_no_new_privileges(self, lab: Lab) -> None:
        if sys.platform == "linux":
            _, lines = await lab.run(lab.shell("w", "grep NoNewPrivs /proc/self/status"))
            assert lines == ["NoNewPrivs:\t1"]


class TestSpecOfMounts:
    async def test_workspace_of_root_is_handed_over(self, lab: Lab) -> None:
        (lab.workspace / "kept").touch()
        await lab.run(lab.shell("w", "touch mine"))
        if UID is not None:
            assert lab.workspace.stat().st_uid == UID
            assert (lab.workspace / "kept").stat().st_uid == 0


def limited(lab: Lab, controller: str) -> bool:
    """Tell whether this machine can limit a resource; where not, the isolation must say so."""
    hierarchy = cgroups.find()
    can = hierarchy is not None and controller not in hierarchy.missing()
    assert can or any("not limited" in reason for reason in lab.isolation.reasons)
    return can


class helper:  # noqa: N801 - reads as a function where it is used
    """Another process of the platform, which starts a workload and then hangs about until it is killed."""

    def __init__(self, lab: Lab, spec: object) -> None:
        self._lab = lab
        self._spec = spec

    async def __aenter__(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HELPER, stdin=pipe, stdout=pipe, start_new_session=True
        )
        assert self._process.stdin is not None
        self._process.stdin.write(pickle.dumps((self._lab.root, self._lab.isolation, self._spec)))
        self._process.stdin.close()
        return self._process

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


async def said(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (line := (await process.stdout.readline()).decode()) != f"{text}\n":
            assert line, f"the helper ended before it said {text!r}"


async def kill_keeper(lab: Lab, workload_id: str) -> None:
    keeper = json.loads((lab.root / workload_id / "state.json").read_text())["keeper"]
    pidfd = os.pidfd_open(keeper)
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pidfd, done.set)
    os.kill(keeper, signal.SIGKILL)
    await asyncio.wait_for(done.wait(), DEADLINE_SECONDS)
    loop.remove_reader(pidfd)
    os.close(pidfd)
