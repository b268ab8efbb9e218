"""Hostile workloads against the bubblewrap sandbox: each test is one thing that must not work."""

import asyncio
import json
import os
import signal
import tempfile
from pathlib import Path

import pytest

from hothouse.launch.errors import InvalidSpecError
from hothouse.launch.interfaces import Mount

from .conftest import DEADLINE_SECONDS, UID, Lab

TRY_TO_READ = """
import os, sys
for path in sys.argv[1:]:
    try:
        if os.path.isdir(path):
            print(path, "listed", os.listdir(path))
        else:
            print(path, "read", open(path, "rb").read(50))
    except OSError as error:
        print(path, "refused", error.strerror)
"""
TRY_TO_WRITE = """
import os, sys
for path in sys.argv[1:]:
    try:
        open(os.path.join(path, "planted"), "w").close()
        print(path, "written")
    except OSError as error:
        print(path, "refused", error.strerror)
"""

NAME_PROCESSES = """
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    print(open(f"/proc/{pid}/comm").read().strip())
"""
BECOME_ROOT = """
import os
for call in (os.setuid, os.setgid):
    try:
        call(0)
        print("became root")
    except OSError:
        print("refused")
"""
OVERWRITE = """
import sys
for path in sys.argv[1:]:
    try:
        open(path, "w").write("x")
        print("written")
    except OSError:
        print("refused")
"""


class TestFiles:
    async def test_platform_home_keys_and_launcher_state(self, sandbox: Lab, folder: Path) -> None:
        (folder / "keys").mkdir()
        secret = folder / "keys" / "internal.key"
        secret.write_text("secret")
        secret.chmod(0o644)
        paths = [folder, folder / "keys", secret, sandbox.root, sandbox.root / "w" / "state.json"]
        lines = await attempt(sandbox, TRY_TO_READ, *paths)
        assert lines == [
            f"{folder} listed ['workspace']",
            f"{folder}/keys refused No such file or directory",
            f"{secret} refused No such file or directory",
            f"{sandbox.root} refused No such file or directory",
            f"{sandbox.root}/w/state.json refused No such file or directory",
        ]

    async def test_another_workloads_files(self, sandbox: Lab, folder: Path) -> None:
        other = folder / "other"
        other.mkdir()
        (other / "private").write_text("secret")
        await sandbox.launcher.start(
            sandbox.shell("other", "sleep 60", mounts=(Mount(source=other, writable=True),), cwd=other)
        )
        assert "secret" not in str(await attempt(sandbox, TRY_TO_READ, other, other / "private"))

    @pytest.mark.parametrize(
        "path",
        [
            "/etc/shadow",
            "/etc/gshadow",
            "/root/.ssh",
            "/root/.bashrc",
            "/home",
            "/etc/ssh",
            "/sys",
            "/boot",
            "/opt",
            "/srv",
        ],
    )
    async def test_host_path(self, sandbox: Lab, path: str) -> None:
        (line,) = await attempt(sandbox, TRY_TO_READ, path)
        assert line.startswith(f"{path} refused")

    async def test_accounts_hold_the_app_alone(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.shell("w", "cat /etc/passwd /etc/group", env={"HOME": "/somewhere"}))
        uid = os.geteuid() if UID is None else UID
        assert lines == [f"app:x:{uid}:{uid}:app:/somewhere:/bin/sh", f"app:x:{uid}:"]

    async def test_writing_elsewhere(self, sandbox: Lab, folder: Path) -> None:
        read_only = folder / "environment"
        read_only.mkdir()
        read_only.chmod(0o777)
        paths = ["/", "/etc", "/usr/bin", "/run", "/var", read_only, os.path.dirname(sandbox.python)]
        mounts = (Mount(source=sandbox.workspace, writable=True), Mount(source=read_only))
        lines = await attempt(sandbox, TRY_TO_WRITE, *paths, sandbox.workspace, "/tmp", folder, mounts=mounts)
        assert [line.split()[1] for line in lines[:-1]] == ["refused"] * len(paths) + ["written"] * 2
        assert not (folder / "planted").exists()
        assert list(read_only.iterdir()) == []
        assert [path.name for path in sandbox.workspace.iterdir()] == ["planted"]
        assert not Path("/tmp/planted").exists()

    async def test_temporary_files_are_private(self, sandbox: Lab) -> None:
        with tempfile.NamedTemporaryFile(prefix="hothouse-attack-") as host:
            await sandbox.launcher.start(sandbox.shell("other", "echo mine > /tmp/private; echo ready; sleep 60"))
            await sandbox.heard("other", "ready")
            lines = await attempt(sandbox, TRY_TO_READ, "/tmp/private", host.name)
        assert [line.split()[1] for line in lines] == ["refused", "refused"]

    async def test_escape_through_a_link_in_the_workspace(self, sandbox: Lab) -> None:
        secret = sandbox.workspace.parent / "secret"
        secret.write_text("secret")
        (sandbox.workspace / "link").symlink_to(secret)
        (sandbox.workspace / "root").symlink_to("/proc/1/root")
        lines = await attempt(sandbox, TRY_TO_READ, sandbox.workspace / "link", f"{sandbox.workspace}/root{secret}")
        assert [line.split()[1] for line in lines] == ["refused", "refused"]

    async def test_device_files(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.shell("w", "ls /dev; mknod disk b 8 0 && echo made"))
        assert "made" not in lines
        assert not {name for name in lines if name.startswith(("sd", "vd", "nvme", "mem", "kmsg", "loop", "fuse"))}


class TestMountsThatAreRefused:
    async def test_own_state(self, sandbox: Lab, folder: Path) -> None:
        for source in (folder, sandbox.root):
            sandbox.root.mkdir(exist_ok=True)
            with pytest.raises(InvalidSpecError, match="launcher's own files"):
                await sandbox.launcher.start(sandbox.shell("w", "exit 0", mounts=(Mount(source=source),)))

    @pytest.mark.parametrize("source", ["/", "/etc", "/proc", "/proc/1", "/sys/fs", "/dev", "/root"])
    async def test_parts_of_the_host(self, sandbox: Lab, source: str) -> None:
        with pytest.raises(InvalidSpecError, match="no workload may see"):
            await sandbox.launcher.start(sandbox.shell("w", "exit 0", mounts=(Mount(source=Path(source)),)))

    async def test_link_to_a_part_of_the_host(self, sandbox: Lab) -> None:
        link = sandbox.workspace / "link"
        link.symlink_to("/etc")
        with pytest.raises(InvalidSpecError, match="no workload may see"):
            await sandbox.launcher.start(sandbox.shell("w", "exit 0", mounts=(Mount(source=link),)))

    async def test_writable_link(self, sandbox: Lab) -> None:
        link = sandbox.workspace / "link"
        link.symlink_to(sandbox.workspace)
        with pytest.raises(InvalidSpecError, match="is a link"):
            await sandbox.launcher.start(sandbox.shell("w", "exit 0", mounts=(Mount(source=link, writable=True),)))

    async def test_relative_path(self, sandbox: Lab) -> None:
        source = sandbox.workspace / ".." / "workspace"
        with pytest.raises(InvalidSpecError, match="absolute path"):
            await sandbox.launcher.start(sandbox.shell("w", "exit 0", mounts=(Mount(source=source),)))


class TestProcesses:
    async def test_sees_only_its_own(self, sandbox: Lab) -> None:
        await sandbox.launcher.start(sandbox.shell("other", "echo ready; sleep 60"))
        await sandbox.heard("other", "ready")
        _, lines = await sandbox.run(sandbox.program("w", NAME_PROCESSES))
        assert sorted(lines) == ["bwrap", "python3"]

    async def test_environment_of_the_first_process(self, sandbox: Lab) -> None:
        """Neither the host's init nor the sandbox's own shows anything of the platform's environment."""
        source = (
            "for name in ('environ', 'cmdline'):\n try: print(open(f'/proc/1/{name}').read().replace('\\0', ' '))\n"
            " except OSError as error: print('refused')"
        )
        _, lines = await sandbox.run(sandbox.program("w", source))
        assert lines[0] in ("refused", "")
        assert sandbox.mark not in lines[1]
        assert str(sandbox.root) not in lines[1]

    async def test_killing_others(self, sandbox: Lab) -> None:
        """`kill -1` reaches all a user may signal: without a namespace it would end the other workload of its uid."""
        script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; echo alive; done"
        await sandbox.launcher.start(sandbox.shell("other", script))
        await sandbox.heard("other", "ready")
        await sandbox.run(
            sandbox.program("w", f"import os\ntry: os.kill(-1, {int(signal.SIGTERM)})\nexcept OSError: pass")
        )
        seen = (await sandbox.lines("other"))[-1].offset
        later = sandbox.launcher.logs("other", after=seen, follow=True)
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert [(await anext(later)).text for _ in range(3)] == ["alive"] * 3

    async def test_signalling_its_keeper(self, sandbox: Lab) -> None:
        sandbox.make_fifo("go")
        script = "read keeper < go; kill -9 $keeper || echo refused; exec sleep 60"
        await sandbox.launcher.start(sandbox.shell("w", script))
        await sandbox.tell("go", str(keeper_of(sandbox, "w")))
        await sandbox.heard("w", "refused")

    async def test_surviving_its_keeper(self, sandbox: Lab) -> None:
        """A program that undoes its parent-death signal dies all the same: the sandbox's first process does not."""
        source = "import ctypes, time; ctypes.CDLL(None).prctl(1, 0, 0, 0, 0); print('ready'); time.sleep(600)"
        await sandbox.launcher.start(sandbox.program("w", source))
        await sandbox.heard("w", "ready")
        os.kill(keeper_of(sandbox, "w"), signal.SIGKILL)
        await sandbox.is_gone()


class TestPrivileges:
    async def test_no_capability(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(
            sandbox.shell("w", "grep -E 'Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|^Uid' /proc/self/status")
        )
        uid = os.geteuid() if UID is None else UID
        values = dict(line.split(":\t", 1) for line in lines)
        assert values.pop("Uid").split() == [str(uid)] * 4
        assert values.pop("NoNewPrivs") == "1"
        assert set(values.values()) == {"0" * 16}

    async def test_becoming_root(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.program("w", BECOME_ROOT))
        assert lines == ["refused", "refused"]

    async def test_setuid_programs(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.shell("w", "su -c id root < /dev/null; mount -t tmpfs none /tmp; id -u"))
        assert lines[-1] != "0"
        assert not any("uid=0" in line for line in lines)

    async def test_changing_the_kernel(self, sandbox: Lab) -> None:
        paths = ("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern")
        assert await attempt(sandbox, OVERWRITE, *paths) == ["refused"] * 3

    async def test_leaving_its_control_group(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.shell("w", "cat /proc/self/cgroup; ls /sys/fs/cgroup || echo hidden"))
        assert "hidden" in lines
        assert not any("hothouse" in line for line in lines)

    async def test_descriptors_of_the_keeper(self, sandbox: Lab) -> None:
        """Only its own three: the lock would let it play dead, the log would let it fill the disk."""
        _, lines = await sandbox.run(
            sandbox.program("w", "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])")
        )
        assert lines == ["[0, 1, 2]"]


class TestNetwork:
    async def test_name_lookup_has_its_files(self, sandbox: Lab) -> None:
        _, lines = await sandbox.run(sandbox.program("w", "import socket; print(socket.gethostbyname('localhost'))"))
        assert lines == ["127.0.0.1"]


def keeper_of(sandbox: Lab, workload_id: str) -> int:
    keeper: int = json.loads((sandbox.root / workload_id / "state.json").read_text())["keeper"]
    return keeper


async def attempt(sandbox: Lab, source: str, *arguments: object, **changes: object) -> list[str]:
    spec = sandbox.spec("w", sandbox.python, "-c", source, *map(str, arguments), **changes)  # type: ignore[arg-type]
    _, lines = await sandbox.run(spec)
    return lines
