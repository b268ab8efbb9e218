"""What every launcher promises (`Launcher` in hothouse.launch.interfaces), on each isolation of this machine."""

import asyncio
import json
import os
import pickle
import resource
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher, cgroups, plans
from hothouse.launch.backends.podman.plans import memory_folder
from hothouse.launch.errors import DiskError, InvalidSpecError, IsolationMissingError, LaunchError, StillRunningError
from hothouse.launch.interfaces import Isolation, Limits, Minimum, Mount, Network, Phase, Service, Status, WorkloadSpec
from hothouse.workloads.ports import free_port

from .conftest import DEADLINE_SECONDS, UID, Lab, launcher_of, make_lab

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
TALKATIVE = """
import socket, threading, time
inside = socket.create_server(("127.0.0.1", 0))
chatter = socket.create_connection(inside.getsockname())
threading.Thread(target=lambda: inside.accept()[0].sendall(bytes(300_000)), daemon=True).start()
chatter.recv(300_000, socket.MSG_WAITALL)
listener = socket.create_server(("127.0.0.1", PORT))
print("serving", flush=True)
visitor = listener.accept()[0]
visitor.recv(100_000, socket.MSG_WAITALL)
visitor.sendall(b"y" * 50_000)
time.sleep(60)
"""
TOLD_TO_CONTAINERS = ("HOME", "HOSTNAME", "TERM", "container")
HELPER = """
import asyncio, pickle, sys
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.podman import PodmanLauncher
root, isolation, spec = pickle.load(sys.stdin.buffer)
async def main():
    launcher = PodmanLauncher(root, lambda: isolation) if spec.image else LocalLauncher(root, isolation)
    print("starting", flush=True)
    await launcher.start(spec)
    print("started", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


class TestShown:
    """What a sandbox shows at other places than the host's; plain processes have no such places."""

    async def test_a_folder_at_another_place(self, sandbox: Lab) -> None:
        home = Path("/home/lab")
        mount = Mount(source=sandbox.workspace, writable=True, target=home)
        status, lines = await sandbox.run(sandbox.shell("w", "pwd; echo kept > file", mounts=(mount,), cwd=home))
        assert (status.exit_code, lines) == (0, ["/home/lab"])
        assert (sandbox.workspace / "file").read_text() == "kept\n"

    async def test_files_by_their_content(self, sandbox: Lab) -> None:
        path = "/run/secrets/key"
        script = f"cat {path}; echo changed > {path}"
        status, lines = await sandbox.run(sandbox.shell("w", script, files={path: "hush\n"}))
        assert lines[0] == "hush"
        assert status.exit_code != 0, lines

    @pytest.mark.parametrize("target", ["relative", "/", "/home", "/etc/cron.d", "/usr/bin/x", "/home/../etc/x"])
    async def test_but_nowhere_else(self, sandbox: Lab, target: str) -> None:
        mount = Mount(source=sandbox.workspace, target=Path(target))
        with pytest.raises(InvalidSpecError, match="nothing can be shown"):
            await sandbox.launcher.start(sandbox.shell("w", "true", mounts=(mount,)))

    async def test_a_plain_process_is_refused_it(self, lab: Lab) -> None:
        if lab.isolation.mechanism == "process":
            with pytest.raises(LaunchError, match="install bubblewrap"):
                await lab.launcher.start(lab.shell("w", "true", files={"/run/secrets/key": "hush"}))


class TestImages:
    """Podman runs what names an image, and nothing else; the others run no image."""

    async def test_one_launcher_for_each(self, lab: Lab) -> None:
        image = None if lab.isolation.mechanism == "podman" else "localhost/any"
        with pytest.raises(InvalidSpecError, match="image"):
            await lab.launcher.start(lab.shell("w", "exit 0", image=image))
        assert await lab.launcher.poll("w") is None

    async def test_that_is_missing(self, box: Lab) -> None:
        status, _ = await box.run(box.shell("w", "exit 0", image="localhost/hothouse-tests/none:1"))
        assert status.phase is Phase.exited
        assert "the container could not be made" in status.reason
        assert "hothouse-tests/none:1" in status.reason

    async def test_secrets_are_in_no_command_line_and_files_on_no_disk(self, box: Lab) -> None:
        spec = box.shell("w", "echo ready; exec sleep 60", files={"/run/secrets/key": "hush-in-a-file"})
        await box.launcher.start(replace(spec, env={**spec.env, "SECRET": "hush-in-a-variable"}))
        await box.heard("w", "ready")
        assert not memory_folder(box.root, "any").parent.exists()
        lines = [read_all(path) for path in Path("/proc").glob("[0-9]*/cmdline")]
        assert not [line for line in lines if b"hush-in" in line]
        assert not [path for path in box.root.rglob("*") if path.is_file() and b"hush-in" in read_all(path)]


def read_all(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


class TestStart:
    async def test_runs_with_exactly_its_environment(self, lab: Lab) -> None:
        env = {"PATH": "/usr/bin:/bin", "MARK": lab.mark, "SPACED": "a b\n=c", "EMPTY": ""}
        source = "import os, json; print(json.dumps([dict(os.environ), os.getcwd()]))"
        _, lines = await lab.run(lab.program("w", source, env=env))
        seen, cwd = json.loads(lines[0])
        seen.pop("LC_CTYPE", None)  # Python's own doing (PEP 538)
        if lab.isolation.mechanism == "podman":  # what containers are told besides
            seen = {name: value for name, value in seen.items() if name not in TOLD_TO_CONTAINERS}
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
        launchers = [launcher_of(lab.root, lab.isolation) for _ in range(6)]
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

    async def test_with_gpus_that_nobody_offers(self, lab: Lab) -> None:
        """It is refused with the reason, not run without them."""
        with pytest.raises(InvalidSpecError, match="needs 1 GPUs, and this launcher offers none"):
            await lab.launcher.start(lab.shell("w", "touch ran", limits=Limits(gpus=1)))
        assert await lab.launcher.poll("w") is None
        assert list(lab.workspace.iterdir()) == []

    async def test_below_the_minimum_level(self, lab: Lab) -> None:
        """It is refused with the reason, and never run."""
        if lab.isolation.level != "strong":
            strict = launcher_of(lab.root, lab.isolation, "strong")
            asking = replace(lab.shell("w", "touch ran"), minimum=Minimum(level="strong", code="apps"))
            for launcher, spec in ((strict, lab.shell("w", "touch ran")), (lab.launcher, asking)):
                with pytest.raises(IsolationMissingError, match=f"reaches {lab.isolation.level}: "):
                    await launcher.start(spec)
                assert await launcher.poll("w") is None
            assert list(lab.workspace.iterdir()) == []

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
        fresh = launcher_of(lab.root, lab.isolation)
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

    async def test_frozen_and_thawed(self, lab: Lab) -> None:
        """Signals do it where no control group does."""
        await ticking(lab, children=2)
        frozen = await lab.launcher.freeze("w")
        assert frozen is not None
        assert frozen.is_frozen
        stood = processor_time(lab)
        await asyncio.sleep(0.1)
        assert processor_time(lab) == stood
        seen = (await lab.lines("w"))[-1].offset
        await lab.launcher.thaw("w")
        async with asyncio.timeout(DEADLINE_SECONDS):
            await anext(lab.launcher.logs("w", after=seen, follow=True))

    async def test_frozen_and_stopped(self, lab: Lab) -> None:
        await ticking(lab)
        await lab.launcher.freeze("w")
        async with asyncio.timeout(5):
            status = await lab.launcher.stop("w", grace_seconds=60)
        assert status is not None
        assert (status.signal, lab.marked()) == (signal.SIGTERM, [])

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

    async def test_of_the_network(self, lab: Lab) -> None:
        """What visitors send and get counts, and what programs inside tell each other does not."""
        port = free_port(set())
        source = TALKATIVE.replace("PORT", str(port))
        status = await lab.launcher.start(lab.program("w", source, network=Network(port=port)))
        await lab.heard("w", "serving")
        assert await said_at(status, b"x" * 100_000, 50_000) == b"y" * 50_000
        usage = await lab.launcher.usage("w")
        assert usage is not None
        if lab.isolation.mechanism != "process" and "network" in lab.isolation.layers:
            assert (usage.received_bytes, usage.sent_bytes) == (100_000, 50_000)
        else:
            assert (usage.received_bytes, usage.sent_bytes) == (None, None)

    async def test_of_a_socket_it_takes_is_not_told(self, lab: Lab) -> None:
        source = "import socket; socket.socket(fileno=3).accept()[0].sendall(b'hello'); import time; time.sleep(60)"
        status = await lab.launcher.start(lab.program("w", source, network=Network(port=5000, takes_socket=True)))
        assert await said_at(status) == b"hello"
        usage = await lab.launcher.usage("w")
        assert usage is not None
        assert (usage.received_bytes, usage.sent_bytes) == (None, None)


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


WAITS = """
import json, os, time
os.write(5, b"1")
os.close(5)
length, text = int.from_bytes(os.read(4, 8), "big"), b""
while len(text) < length:
    text += os.read(4, length - len(text))
told = json.loads(text)
print("told", told["SECRET"][:20], len(told["SECRET"]), flush=True)
time.sleep(600)
"""


class TestGo:
    """Workloads that wait to be told to go on; launchers that do not have those say so."""

    @pytest.fixture
    async def waiting(self, lab: Lab) -> Lab:
        await lab.launcher.start(lab.program("w", WAITS, waits=True))
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not (await status_of(lab)).is_waiting:
                await asyncio.sleep(0.01)
        return lab

    async def test_goes_on_from_a_freeze_with_what_it_is_told(self, waiting: Lab) -> None:
        frozen = await waiting.launcher.freeze("w")
        assert frozen is not None
        assert (frozen.is_waiting, frozen.is_frozen) == (True, True)
        gone = await waiting.launcher.go("w", {"SECRET": "hush"})
        assert gone is not None
        assert (gone.is_waiting, gone.is_frozen, gone.phase) == (False, False, Phase.running)
        await waiting.heard("w", "told hush 4")

    async def test_only_the_first_counts(self, waiting: Lab) -> None:
        await asyncio.gather(*(waiting.launcher.go("w", {"SECRET": "hush"}) for _ in range(4)))
        again = await launcher_of(waiting.root, waiting.isolation).go("w", {"SECRET": "louder"})
        assert again is not None
        assert not again.is_waiting
        await waiting.heard("w", "told hush")

    async def test_more_than_a_pipe_holds(self, waiting: Lab) -> None:
        await waiting.launcher.freeze("w")
        await waiting.launcher.go("w", {"SECRET": "x" * 300_000})
        await waiting.heard("w", "300000")

    async def test_what_it_is_told_lies_nowhere(self, waiting: Lab) -> None:
        await waiting.launcher.go("w", {"SECRET": "hush-as-it-goes"})
        await waiting.heard("w", "told hush-as")
        found = [path for path in waiting.root.rglob("*") if path.is_file() and not path.name.startswith("log-")]
        assert not [path for path in found if b"hush" in read_all(path)]
        shown = [path for name in ("environ", "cmdline") for path in Path("/proc").glob(f"[0-9]*/{name}")]
        assert not [path for path in shown if b"hush-as-it-goes" in read_all(path)]

    async def test_not_before_it_waits(self, lab: Lab) -> None:
        if lab.isolation.mechanism == "podman":
            with pytest.raises(InvalidSpecError, match="containers do not"):
                await lab.launcher.start(lab.shell("w", "true", waits=True))
            return
        await lab.launcher.start(lab.shell("w", "echo ready; exec sleep 60", waits=True))
        await lab.heard("w", "ready")
        with pytest.raises(LaunchError, match="does not wait yet"):
            await lab.launcher.go("w", {})

    async def test_one_that_never_waits_stays_as_it_is(self, lab: Lab) -> None:
        started = await lab.launcher.start(lab.shell("w", "exec sleep 60"))
        assert await lab.launcher.go("w", {"SECRET": "hush"}) == started
        assert await lab.launcher.go("unknown", {}) is None

    async def test_killed_while_it_waits(self, waiting: Lab) -> None:
        frozen = await waiting.launcher.freeze("w")
        assert frozen is not None
        assert frozen.pid is not None
        os.kill(frozen.pid, signal.SIGKILL)
        await waiting.launcher.thaw("w")  # version 1 of control groups lets nobody die who is frozen
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (status := await status_of(waiting)).phase is Phase.running:
                await asyncio.sleep(0.01)
        assert (status.phase, status.is_waiting, status.is_frozen) == (Phase.exited, False, False)
        assert await waiting.launcher.go("w", {"SECRET": "hush"}) == status

    async def test_its_keeper_is_killed(self, waiting: Lab) -> None:
        await waiting.launcher.freeze("w")
        keeper = json.loads((waiting.root / "w" / "state.json").read_text())["keeper"]
        os.kill(keeper, signal.SIGKILL)
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (status := await status_of(waiting)).phase is Phase.running:
                await asyncio.sleep(0.01)
        assert (status.phase, status.is_waiting) == (Phase.lost, False)
        await waiting.is_gone()

    async def test_stopped_while_it_waits(self, waiting: Lab) -> None:
        await waiting.launcher.freeze("w")
        status = await waiting.launcher.stop("w", grace_seconds=60)
        assert status is not None
        assert (status.phase, status.is_waiting) == (Phase.exited, False)


async def status_of(lab: Lab) -> Status:
    status = await lab.launcher.poll("w")
    assert status is not None
    return status


class TestFreeze:
    async def test_stands_still_and_goes_on(self, lab: Lab) -> None:
        await ticking(lab)
        frozen = await lab.launcher.freeze("w")
        assert frozen is not None
        assert (frozen.phase, frozen.is_frozen, frozen.reason) == (Phase.running, True, "frozen")
        stood = processor_time(lab)
        written = (await lab.lines("w"))[-1].offset
        # Nothing to wait for in a thing that must not happen: a tenth of a second is ten ticks.
        await asyncio.sleep(0.1)
        assert (processor_time(lab), (await lab.lines("w"))[-1].offset) == (stood, written)
        thawed = await lab.launcher.thaw("w")
        assert thawed is not None
        assert not thawed.is_frozen
        more = lab.launcher.logs("w", after=written, follow=True)
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert [(await anext(more)).text.split()[0] for _ in range(3)] == ["tick"] * 3

    async def test_all_of_the_tree(self, lab: Lab) -> None:
        await ticking(lab, children=3)
        await lab.launcher.freeze("w")
        stood = processor_time(lab)
        await asyncio.sleep(0.1)
        assert len(stood) >= 4
        assert processor_time(lab) == stood

    async def test_twice_is_once(self, lab: Lab) -> None:
        await ticking(lab)
        assert await lab.launcher.freeze("w") == await lab.launcher.freeze("w")
        assert await lab.launcher.thaw("w") == await lab.launcher.thaw("w")

    async def test_at_once_from_both_sides(self, lab: Lab) -> None:
        await ticking(lab)
        await asyncio.gather(*(call("w") for call in (lab.launcher.freeze, lab.launcher.thaw) * 4))
        thawed = await lab.launcher.thaw("w")
        assert thawed is not None
        assert not thawed.is_frozen
        await lab.heard("w", "tick")

    async def test_just_after_start(self, lab: Lab) -> None:
        starting = asyncio.create_task(lab.launcher.start(lab.shell("w", "echo ready; exec sleep 60")))
        while not (lab.root / "w" / "lock").exists():
            await asyncio.sleep(0)
        frozen = await lab.launcher.freeze("w")
        assert frozen is None or frozen.is_frozen
        await starting
        await lab.launcher.thaw("w")
        await lab.heard("w", "ready")

    async def test_measured_and_read_while_frozen(self, lab: Lab) -> None:
        await ticking(lab)
        await lab.launcher.freeze("w")
        usage = await lab.launcher.usage("w")
        assert usage is not None
        assert usage.processes >= 1
        assert (await lab.lines("w"))[0].text.startswith("tick")

    async def test_seen_and_thawed_by_another_process(self, lab: Lab) -> None:
        await ticking(lab)
        await lab.launcher.freeze("w")
        fresh = launcher_of(lab.root, lab.isolation)
        (adopted,) = await fresh.adopt()
        assert (adopted.phase, adopted.is_frozen) == (Phase.running, True)
        seen = (await lab.lines("w"))[-1].offset
        await fresh.thaw("w")
        async with asyncio.timeout(DEADLINE_SECONDS):
            await anext(fresh.logs("w", after=seen, follow=True))

    async def test_stop_is_heard(self, lab: Lab) -> None:
        """A frozen workload ends as gracefully as any other, and at once."""
        await lab.launcher.start(lab.shell("w", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"))
        await lab.heard("w", "ready")
        await lab.launcher.freeze("w")
        async with asyncio.timeout(5):
            status = await lab.launcher.stop("w", grace_seconds=60)
        assert status is not None
        assert (status.phase, status.exit_code, status.is_frozen) == (Phase.exited, 7, False)
        assert lab.marked() == []

    async def test_stop_by_force(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM))
        await lab.heard("w", "ready")
        await lab.launcher.freeze("w")
        async with asyncio.timeout(5):
            status = await lab.launcher.stop("w", grace_seconds=0)
        assert status is not None
        assert (status.phase, status.signal) == (Phase.exited, signal.SIGKILL)
        assert lab.marked() == []

    async def test_stays_as_it_is_while_stopping(self, lab: Lab) -> None:
        await lab.launcher.start(lab.shell("w", IGNORES_SIGTERM))
        await lab.heard("w", "ready")
        stopping = asyncio.create_task(lab.launcher.stop("w", grace_seconds=60))
        while not (lab.root / "w" / "grace").exists():
            await asyncio.sleep(0)
        status = await lab.launcher.freeze("w")
        assert status is not None
        assert not status.is_frozen
        async with asyncio.timeout(5):
            assert await lab.launcher.stop("w", grace_seconds=0) == await stopping

    async def test_keeper_killed(self, lab: Lab) -> None:
        await ticking(lab)
        await lab.launcher.freeze("w")
        await kill_keeper(lab, "w")
        status = await lab.launcher.poll("w")
        assert status is not None
        assert (status.phase, status.is_frozen) == (Phase.lost, False)
        await lab.is_gone()
        assert lab.groups() == []

    async def test_ended_and_unknown(self, lab: Lab) -> None:
        ended, _ = await lab.run(lab.shell("w", "exit 4"))
        for call in (lab.launcher.freeze, lab.launcher.thaw):
            assert await call("w") == ended
            assert await call("never") is None


class TestLimits:
    async def test_under_the_usual_limit_on_open_files(self, lab: Lab) -> None:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
        try:
            status, _ = await lab.run(lab.shell("w", "exit 5"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert (status.exit_code, status.error) == (5, None)

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
            _, lines = await lab.run(lab.program("w", "print(*open('/proc/self/status'))"))
            assert "NoNewPrivs:\t1" in [line.strip() for line in lines]


class TestNetwork:
    """How the platform reaches a workload, whether it has a network of its own or shares the machine's."""

    async def test_at_its_port(self, lab: Lab) -> None:
        port = free_port(set())
        source = f"""
import socket
listener = socket.create_server(("127.0.0.1", {port}))
print("serving")
listener.accept()[0].sendall(b"hello")
"""
        status = await lab.launcher.start(lab.program("w", source, network=Network(port=port)))
        await lab.heard("w", "serving")
        is_private = lab.isolation.mechanism != "process" and "network" in lab.isolation.layers
        assert status.endpoint is not None
        assert status.endpoint.startswith("unix:/") if is_private else status.endpoint == f"tcp:127.0.0.1:{port}"
        assert await said_at(status) == b"hello"

    async def test_at_the_socket_it_takes(self, lab: Lab) -> None:
        source = "import socket; socket.socket(fileno=3).accept()[0].sendall(b'hello')"
        status = await lab.launcher.start(lab.program("w", source, network=Network(port=5000, takes_socket=True)))
        assert await said_at(status) == b"hello"

    async def test_connections_wait_for_who_takes_the_socket(self, lab: Lab) -> None:
        lab.make_fifo("go")
        source = "import socket; open('go').readline(); socket.socket(fileno=3).accept()[0].sendall(b'hello')"
        status = await lab.launcher.start(lab.program("w", source, network=Network(takes_socket=True)))
        asking = asyncio.create_task(said_at(status))
        await lab.tell("go", "on")
        assert await asking == b"hello"

    async def test_is_the_same_for_whoever_comes_next(self, lab: Lab) -> None:
        status = await lab.launcher.start(lab.shell("w", "sleep 60", network=Network(port=5000)))
        (adopted,) = await launcher_of(lab.root, lab.isolation).adopt()
        assert adopted.endpoint == status.endpoint is not None

    @pytest.mark.parametrize("network", [None, Network()])
    async def test_serves_nothing(self, lab: Lab, network: Network | None) -> None:
        status, _ = await lab.run(lab.shell("w", "exit 0", network=network))
        assert (status.exit_code, status.endpoint) == (0, None)

    @pytest.mark.parametrize(
        "services",
        [
            (Service(port=5000, target="unix:/a"),),
            (Service(port=53, target="unix:/a"),),
            (Service(port=1, target="/a"),),
        ],
        ids=["port of its own", "name lookup", "target"],
    )
    async def test_services_that_cannot_be(self, lab: Lab, services: tuple[Service, ...]) -> None:
        with pytest.raises(InvalidSpecError, match=r"port|target"):
            await lab.launcher.start(lab.shell("w", "exit 0", network=Network(port=5000, services=services)))
        assert await lab.launcher.poll("w") is None


async def said_at(status: Status, told: bytes = b"", length: int = 1) -> bytes:
    """Return the first that a workload says to who connects and tells it something."""
    kind, _, where = (status.endpoint or "").partition(":")
    host, _, port = where.rpartition(":")
    opening = asyncio.open_unix_connection(where) if kind == "unix" else asyncio.open_connection(host, int(port))
    reader, writer = await opening
    writer.write(told)
    async with asyncio.timeout(DEADLINE_SECONDS):
        said = await reader.readexactly(length) + (await reader.read(100) if not told else b"")
    writer.close()
    return said


FILL = """
import os
try:
    with open("big", "wb") as file:
        for _ in range(60): file.write(os.urandom(2**20)); file.flush()
    print("wrote it all")
except OSError as error:
    print(error.strerror)
import time; time.sleep(60)
"""


class TestDisk:
    @pytest.fixture
    async def watched(self, folder: Path, isolation: Isolation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
        """A lab on a machine that can mount no images."""
        monkeypatch.setattr(plans, "WATCH_SECONDS", 0.05)
        layers = tuple(layer for layer in isolation.layers if layer != "disk")
        async for made in make_lab(folder, replace(isolation, layers=layers)):
            yield made

    async def test_full_is_said_to_the_program(self, lab: Lab) -> None:
        if can_limit_disk(lab):
            await lab.launcher.start(limited_disk(lab, FILL))
            await lab.heard("w", "No space left on device")
            status = await lab.launcher.poll("w")
            assert status is not None
            assert status.phase is Phase.running

    async def test_measured_in_an_image(self, lab: Lab) -> None:
        if can_limit_disk(lab):
            await holds_five_megabytes(lab)

    async def test_lasts_and_is_unmounted(self, lab: Lab) -> None:
        if can_limit_disk(lab):
            await lab.run(limited_disk(lab, "open('kept', 'w').write('x')"))
            await lab.launcher.discard("w")
            assert not os.path.ismount(lab.workspace)
            _, lines = await lab.run(limited_disk(lab, "print(open('kept').read())"))
            assert lines == ["x"]
            await lab.launcher.stop("w")
            await lab.launcher.discard("w")
            assert not os.path.ismount(lab.workspace)

    async def test_stays_for_the_other_that_uses_it(self, lab: Lab) -> None:
        if can_limit_disk(lab):
            await lab.launcher.start(limited_disk(lab, "import time; time.sleep(60)"))
            await lab.launcher.start(replace(limited_disk(lab, "import time; time.sleep(60)"), workload_id="other"))
            await lab.launcher.stop("w", grace_seconds=1)
            assert os.path.ismount(lab.workspace)
            await lab.launcher.stop("other", grace_seconds=1)
            assert not os.path.ismount(lab.workspace)

    async def test_watched(self, watched: Lab) -> None:
        await watched.launcher.start(limited_disk(watched, FILL))
        async with asyncio.timeout(DEADLINE_SECONDS):
            lines = [line async for line in watched.launcher.logs("w", follow=True)]
        status = await watched.launcher.poll("w")
        assert status is not None
        assert status.reason == "it used more disk space than its limit (16 MiB)"
        assert lines[-1].text == f"stopped: {status.reason}"
        with pytest.raises(DiskError, match="delete files"):
            await watched.launcher.start(replace(limited_disk(watched, FILL), workload_id="again"))
        assert await watched.launcher.poll("again") is None

    async def test_measured(self, watched: Lab) -> None:
        await holds_five_megabytes(watched)

    async def test_watched_and_small(self, watched: Lab) -> None:
        status, _ = await watched.run(limited_disk(watched, "open('x', 'w'); import time; time.sleep(0.3)"))
        assert status.reason == "exited with code 0"


class TestSpecOfMounts:
    async def test_workspace_of_root_is_handed_over(self, lab: Lab) -> None:
        (lab.workspace / "kept").touch()
        await lab.run(lab.shell("w", "touch mine"))
        if UID is not None:
            assert lab.workspace.stat().st_uid == UID
            assert (lab.workspace / "kept").stat().st_uid == 0


async def ticking(lab: Lab, *, children: int = 0) -> None:
    """Start a workload that writes a line every hundredth of a second and computes between them."""
    source = (
        f"import os, time\nfor _ in range({children}):\n if os.fork() == 0: break\n"
        "while True:\n sum(range(20_000)); print('tick', os.getpid(), flush=True); time.sleep(0.01)"
    )
    await lab.launcher.start(lab.program("w", source))
    await lab.heard("w", "tick")


def processor_time(lab: Lab) -> list[str]:
    """Read the processor time of each of the lab's processes."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in lab.marked()]
    return [" ".join(fields[11:13]) for fields in stats]


async def holds_five_megabytes(lab: Lab) -> None:
    """Let a workload write as much, and be told of it."""
    source = "open('f', 'wb').write(bytes(5_000_000)); print('ready', flush=True); import time; time.sleep(60)"
    await lab.launcher.start(limited_disk(lab, source))
    await lab.heard("w", "ready")
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (found := await lab.launcher.usage("w")) is None or (found.disk_bytes or 0) < 5_000_000:
            await asyncio.sleep(0.02)
    assert found.disk_bytes is not None
    assert found.disk_limit_bytes is not None
    assert found.disk_bytes < 10_000_000
    assert 16 * 2**20 <= found.disk_limit_bytes < 32 * 2**20


def limited_disk(lab: Lab, source: str) -> WorkloadSpec:
    mounts = (Mount(source=lab.workspace, writable=True, is_limited=True),)
    return lab.program("w", source, mounts=mounts, limits=Limits(disk_bytes=16 * 2**20))


def can_limit_disk(lab: Lab) -> bool:
    """Tell whether this machine can limit disk space; where not, the isolation must say so."""
    can = "disk" in lab.isolation.layers
    assert can or any("disk space is watched" in reason for reason in lab.isolation.reasons)
    return can


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
