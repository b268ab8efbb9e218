"""The disks of workloads: made ready before a workload starts, unmounted when none uses them any more."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from hothouse.launch import disks
from hothouse.launch.errors import DiskError
from hothouse.launch.interfaces import Isolation, WorkloadSpec

from .keeper.disk import TooDeep
from .plans import imaged_mounts, watched_mounts


@contextmanager
def made_ready(spec: WorkloadSpec, isolation: Isolation) -> Iterator[None]:
    """Mount the images of a workload, and see that nobody unmounts them before it is on record as running.

    Raises:
        DiskError: an image cannot be had, or what is only watched is full already.
    """
    size = spec.limits.disk_bytes or 0
    _refuse_full(spec.workload_id, [mount.source for mount in watched_mounts(spec, isolation)], size)
    with ExitStack() as stack:
        for folder in sorted(mount.source for mount in imaged_mounts(spec, isolation)):
            stack.enter_context(disks.locked(folder))
            disks.ensure_locked(folder, size)
        yield


def release(record: dict[str, Any], others: Iterable[dict[str, Any]]) -> None:
    """Unmount what an ended workload used, but for what others that run use, too."""
    mine = record.get("disks", ())
    if not mine:
        return
    with ExitStack() as stack:
        for name in sorted(mine):
            stack.enter_context(disks.locked(Path(name)))
        used = {name for other in others for name in other.get("disks", ())}
        for name in mine:
            if name not in used:
                disks.release_locked(Path(name))


def _refuse_full(workload_id: str, folders: list[Path], size: int) -> None:
    try:
        used = sum(disks.usage(folder).used_bytes for folder in folders)
    except TooDeep as error:
        raise DiskError(f"{workload_id} may not start: its folders are nested too deeply to be measured") from error
    if used > size > 0:
        raise DiskError(
            f"{workload_id} may not start: its folders hold {used / 2**20:.0f} MiB of the {size / 2**20:.0f} MiB "
            "it may use: delete files or raise the limit"
        )
