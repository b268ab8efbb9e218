"""Limit the space that a folder may take: by a file system of its own in an image beside it, where root can mount one.

The image of `home` is `home.disk` next to it, a sparse ext4 image that is mounted over the folder. It lives and goes
with the folder's parent, which only the platform may write to. Elsewhere a folder can be measured, and no more.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hothouse.launch import images
from hothouse.launch.backends.local.keeper.disk import sizes
from hothouse.launch.errors import DiskError

SPARE_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUsage:
    """What a folder takes; `limit_bytes` is `None` where nothing but watching limits it."""

    used_bytes: int
    limit_bytes: int | None


def ensure(folder: Path, size_bytes: int) -> bool:
    """Give a folder a file system of this size, or leave it as it is and return False where that cannot be done.

    Cheap where it is mounted already. What the folder holds is moved in. Another size takes effect when
    it is mounted next: a smaller one only if everything fits, a larger one at once where root has CAP_SYS_RESOURCE.

    Raises:
        DiskError: the image cannot be made, mounted or changed; the message says what to do.
    """
    if not can_mount():
        return False
    with locked(folder):
        ensure_locked(folder, size_bytes)
    return True


def release(folder: Path) -> bool:
    """Unmount a folder's image; False where somebody still uses it. What it holds stays in the image."""
    with locked(folder):
        return release_locked(folder)


def release_below(folder: Path) -> list[Path]:
    """Unmount every image mounted below a folder; returns those that somebody still uses."""
    mounted = [path for path, _ in images.mounts() if path.is_relative_to(folder.resolve())]
    return [path for path in sorted(mounted, reverse=True) if images.loop_of(path) and not release(path)]


def usage(folder: Path) -> DiskUsage:
    """Measure what a folder takes.

    Raises:
        TooDeep: its folders are nested too deeply to be measured.
    """
    if images.loop_of(folder):
        found = os.statvfs(folder)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        return DiskUsage(used_bytes=used, limit_bytes=found.f_blocks * found.f_frsize)
    return DiskUsage(used_bytes=sum(sizes(str(folder))), limit_bytes=None)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep everybody else from mounting or unmounting a folder's image."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fd = os.open(images.beside(folder, ".disk.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def ensure_locked(folder: Path, size_bytes: int) -> None:
    """Do what `ensure` does, for a caller who holds the lock. Raises: DiskError."""
    image, wanted = images.image_of(folder), _image_bytes(size_bytes)
    folder.mkdir(parents=True, exist_ok=True)
    if loop := images.loop_of(folder):
        images.grow_mounted(image, loop, wanted)
        return
    images.finish_move(folder, image)
    if not image.exists():
        images.make(folder, image, wanted)
    images.mount_image(folder, image, wanted)


def attach(folder: Path) -> None:
    """Mount a folder's image if it has one, as large as it is. Raises: DiskError."""
    if images.image_of(folder).exists():
        with locked(folder):
            if images.loop_of(folder) is None:
                images.mount_image(folder, images.image_of(folder), None)


def release_locked(folder: Path) -> bool:
    """Do what `release` does, for a caller who holds the lock."""
    while images.loop_of(folder):
        if subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode:
            return False
    return True


@cache
def can_mount() -> bool:
    """Tell whether images work here, by making and mounting one."""
    if sys.platform != "linux" or os.geteuid() != 0 or any(shutil.which(name) is None for name in images.PROGRAMS):
        return False
    with tempfile.TemporaryDirectory(prefix="hothouse-disk-") as scratch:
        folder = Path(scratch, "trial")
        try:
            ensure_locked(folder, 2**20)
        except (DiskError, OSError):
            return False
        works = images.loop_of(folder) is not None
        return release_locked(folder) and works


def _image_bytes(size_bytes: int) -> int:
    """Add what the file system itself takes, so that as much can be stored as was promised."""
    return (size_bytes + size_bytes // 16 + SPARE_BYTES) // 4096 * 4096
