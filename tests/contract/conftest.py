"""The launcher under test, on each isolation, and what tests need to watch its workloads from outside."""

import asyncio
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.support.images import base_image, containers, names_of_containers

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher, cgroups
from hothouse.launch.backends.local.networks import door_path
from hothouse.launch.backends.podman import PodmanLauncher
from hothouse.launch.backends.podman.plans import memory_folder
from hothouse.launch.interfaces import Isolation, Level, Limits, LogLine, Mount, Status, WorkloadSpec

UID = 210_917 if os.geteuid() == 0 else None
DEADLINE_SECONDS = 30

THE_KEEPER_ALONE = (
    "TestLogs", "test_caller_killed_half_way", "test_exit_code[podman-", "test_bad_id", "test_missing_mount",
    "test_racing_callers", "test_grace_of_the_spec", "test_impatient", "test_watched", "test_serves_nothing",
    "test_services_that_cannot_be", "test_resume_after", "test_all[", "test_stays_for_the_other", "test_nothing_yet",
    "test_unknown", "test_left_with_only_a_lock", "test_stays_as_it_is_while_stopping", "test_signal[podman-SIGABRT",
    "test_seen_and_thawed", "test_is_not_started_again", "test_survives_a_signal", "test_again_after_its_end",
    "TestGo::",
)  # fmt: skip
"""What has nothing to do with how a workload is contained: not repeated on podman, where a start takes a second."""
RUN_ALL_THE_SAME = ("test_streams_and_times", "test_flood_neither", "test_not_before_it_waits")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    spared = [item for item in items if is_spared(item.nodeid)]
    if spared:
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]


def is_spared(test: str) -> bool:
    is_podman = "contract/" in test and "podman" in test.rpartition("[")[2]
    return is_podman and any(part in test for part in THE_KEEPER_ALONE) and not any(p in test for p in RUN_ALL_THE_SAME)


@dataclass
class Lab:
    """A launcher with a workspace, whose workloads all carry a mark in their environment."""

    launcher: LocalLauncher
    isolation: Isolation
    root: Path
    workspace: Path
    python: str
    mark: str = field(default_factory=lambda: f"mark-{uuid.uuid4().hex}")

    def spec(self, workload_id: str, *argv: str, limits: Limits | None = None, **changes: Any) -> WorkloadSpec:
        values: dict[str, Any] = {
            "workload_id": workload_id,
            "argv": argv,
            "env": {"PATH": "/usr/bin:/bin", "MARK": self.mark},
            "cwd": self.workspace,
            "mounts": (Mount(source=self.workspace, writable=True),),
            "limits": limits or Limits(),
            "uid": UID,
            "image": base_image() if self.isolation.mechanism == "podman" else None,
        }
        return WorkloadSpec(**(values | changes))

    def shell(self, workload_id: str, script: str, **changes: Any) -> WorkloadSpec:
        return self.spec(workload_id, "sh", "-c", script, **changes)

    def program(self, workload_id: str, source: str, **changes: Any) -> WorkloadSpec:
        return self.spec(workload_id, self.python, "-u", "-c", source, **changes)

    async def run(self, spec: WorkloadSpec) -> tuple[Status, list[str]]:
        """Start a workload and wait for its end; returns how it ended and what it wrote."""
        await self.launcher.start(spec)
        lines = [line.text for line in await self.lines(spec.workload_id, follow=True)]
        status = await self.launcher.poll(spec.workload_id)
        assert status is not None
        return status, lines

    async def lines(self, workload_id: str, **options: Any) -> list[LogLine]:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return [line async for line in self.launcher.logs(workload_id, **options)]

    async def heard(self, workload_id: str, text: str) -> LogLine:
        """Wait until a workload writes a line holding `text`."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for line in self.launcher.logs(workload_id, follow=True):
                if text in line.text:
                    return line
        raise AssertionError(f"{workload_id} ended without writing {text!r}: {await self.launcher.poll(workload_id)}")

    def make_fifo(self, name: str) -> None:
        """Make a pipe in the workspace by which a test can tell a workload to go on."""
        os.mkfifo(self.workspace / name)
        (self.workspace / name).chmod(0o666)

    async def tell(self, name: str, text: str) -> None:
        await asyncio.wait_for(asyncio.to_thread((self.workspace / name).write_text, text + "\n"), DEADLINE_SECONDS)

    async def is_gone(self) -> None:
        """Wait until the kernel has buried what was killed."""
        async with asyncio.timeout(5):
            while self.marked():
                await asyncio.sleep(0.01)

    def marked(self) -> list[int]:
        """List the processes that carry this lab's mark in their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in path.read_bytes():
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found

    def groups(self) -> list[Path]:
        """List the control groups that this lab's launcher left."""
        hierarchy = cgroups.find()
        folders = {*hierarchy.folders.values(), *cgroups.ROOT.iterdir()} if hierarchy else set()
        return [path for folder in folders for path in folder.glob(f"{cgroups.group_name(self.root, '')}*")]

    def containers(self) -> list[str]:
        """List what podman still has of this lab."""
        if self.isolation.mechanism != "podman":
            return []
        return names_of_containers(cgroups.group_name(self.root, ""))


@pytest.fixture(scope="session", params=["bubblewrap", "process", "podman"])
def isolation(request: pytest.FixtureRequest) -> Isolation:
    """Each isolation; a machine with Linux but without working bubblewrap fails here instead of passing unattacked."""
    if request.param == "podman":
        return containers()
    if request.param == "bubblewrap" and sys.platform != "linux":
        return preflight.detect("process")
    return preflight.detect(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose parents any user may pass, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="hothouse-contract-")).resolve()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def launcher_of(root: Path, isolation: Isolation, minimum: Level = "weak") -> LocalLauncher:
    """Make another launcher of the same kind."""
    if isolation.mechanism == "podman":
        return PodmanLauncher(root, lambda: isolation, minimum)
    return LocalLauncher(root, isolation, minimum)


async def make_lab(folder: Path, isolation: Isolation) -> AsyncIterator[Lab]:
    """Yield a lab and see that nothing of it is left."""
    workspace = folder / "workspace"
    workspace.mkdir()
    root = folder / "workloads"
    lab = Lab(launcher_of(root, isolation), isolation, root, workspace, _python(isolation))
    yield lab
    await lab.launcher.stop_all(grace_seconds=0)
    assert lab.marked() == []
    assert lab.groups() == []
    assert lab.containers() == []
    assert not memory_folder(root, "any").parent.exists()
    assert not door_path(root, "any").parent.exists()
    assert "".join(path.read_text() for path in root.glob("*/keeper.err")) == ""


@pytest.fixture
async def lab(folder: Path, isolation: Isolation) -> AsyncIterator[Lab]:
    async for made in make_lab(folder, isolation):
        yield made


@pytest.fixture
async def sandbox(folder: Path) -> AsyncIterator[Lab]:
    """A lab with bubblewrap, whatever the contract's other tests run on."""
    async for made in make_lab(folder, preflight.detect("bubblewrap")):
        yield made


@pytest.fixture
async def box(folder: Path) -> AsyncIterator[Lab]:
    """A lab with podman."""
    async for made in make_lab(folder, containers()):
        yield made


def _python(isolation: Isolation) -> str:
    """Name an interpreter that workloads can reach: a plain process cannot enter another user's home."""
    own = str(Path(sys.base_prefix, "bin", "python3"))
    if isolation.mechanism != "process" or UID is None:
        return own
    return shutil.which("python3", path="/usr/bin:/usr/local/bin") or own
