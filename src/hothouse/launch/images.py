"""Make, mount and change the image that holds a folder's files (see `disks`). Callers hold the folder's lock."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from hothouse.launch.errors import DiskError

PROGRAMS = ("mkfs.ext4", "e2fsck", "resize2fs", "mount", "umount", "losetup", "cp")
COMMAND_SECONDS = 60.0
COPY_SECONDS = 3600.0
DETACH_SECONDS = 5.0
_OPTIONS = "nosuid,nodev,noatime,discard,errors=remount-ro"
_MKFS = ("-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1")


def image_of(folder: Path) -> Path:
    """Name the image of a folder."""
    return beside(folder, ".disk")


def beside(folder: Path, ending: str) -> Path:
    """Name what lies next to a folder and goes with it."""
    return folder.with_name(folder.name + ending)


def mount_image(folder: Path, image: Path, wanted: int | None) -> None:
    """Mount an image at its folder, brought to the size wanted.

    Unmounted here, a sandbox may still have it mounted: then that device is taken, for a second one on the same image
    would destroy it. Or the kernel is just taking the device back, and gives it to another image in a moment.
    """
    if any(folder.iterdir()):
        raise DiskError(f"{folder} holds files that are not in its image: move them away, or into it by hand")
    deadline = time.monotonic() + DETACH_SECONDS
    while True:
        loop = _attached(image)
        if loop is None and wanted is not None:
            _resize_unmounted(image, wanted)
        try:
            _mount(folder, loop or image)
            if loop_of(folder):
                break
            _run("umount", str(folder))  # the device was another image's by then
        except DiskError:
            if loop is None or time.monotonic() > deadline:
                raise
        time.sleep(0.02)
    if loop is not None and wanted is not None:
        grow_mounted(image, loop, wanted)


def _mount(folder: Path, source: Path | str) -> None:
    options = _OPTIONS if isinstance(source, str) else f"loop,{_OPTIONS}"
    _run("mount", "-t", "ext4", "-o", options, str(source), str(folder))


def _attached(image: Path) -> str | None:
    """Name the loop device that has an image, mounted anywhere."""
    said = _run("losetup", "--noheadings", "--output", "NAME", "--associated", str(image))
    return said.split()[0] if said.split() else None


def make(folder: Path, image: Path, wanted: int) -> None:
    """Make the image with all that the folder holds; whatever moment this is cut short at, nothing is lost."""
    partial, moving = beside(folder, ".disk.partial"), beside(folder, ".disk.moving")
    owner = folder.stat()
    folder.rename(moving)
    folder.mkdir(mode=0o755)
    with partial.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        os.ftruncate(file.fileno(), wanted)
    try:
        _run("mkfs.ext4", *_MKFS, str(partial))
        _mount(folder, partial)
        try:
            (folder / "lost+found").rmdir()
            _run("cp", "-a", "--", f"{moving}/.", str(folder), seconds=COPY_SECONDS)
            os.chown(folder, owner.st_uid, owner.st_gid)
            folder.chmod(owner.st_mode & 0o7777)
        finally:
            _run("umount", str(folder))
    except DiskError:
        partial.unlink()
        folder.rmdir()
        moving.rename(folder)
        raise
    partial.rename(image)
    shutil.rmtree(moving)


def finish_move(folder: Path, image: Path) -> None:
    """Clear up after a `make` that was cut short."""
    partial, moving = beside(folder, ".disk.partial"), beside(folder, ".disk.moving")
    if partial.exists():
        while os.path.ismount(folder):
            _run("umount", str(folder))
        partial.unlink()
    if moving.exists() and image.exists():
        shutil.rmtree(moving)
    elif moving.exists():
        folder.rmdir()
        moving.rename(folder)


def grow_mounted(image: Path, loop: str, wanted: int) -> None:
    """Make a mounted image larger, where that is permitted."""
    if image.stat().st_size < wanted and _may_resize_mounted():
        os.truncate(image, wanted)
        _run("losetup", "--set-capacity", loop)
        _run("resize2fs", loop)


def _may_resize_mounted() -> bool:
    """Tell whether we have CAP_SYS_RESOURCE, which root of a container may lack."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    capabilities = int(status.partition("CapEff:")[2].split()[0], 16)
    return bool(capabilities >> 24 & 1)


def _resize_unmounted(image: Path, wanted: int) -> None:
    present = image.stat().st_size
    if present == wanted:
        return
    _run("e2fsck", "-f", "-p", str(image), good=(0, 1), seconds=COPY_SECONDS)
    if present < wanted:
        os.truncate(image, wanted)
        _run("resize2fs", str(image))
        return
    try:
        _run("resize2fs", str(image), f"{wanted // 1024}K", seconds=COPY_SECONDS)
    except DiskError as error:
        raise DiskError(
            f"{image} cannot be made as small as {wanted / 2**20:.0f} MiB, it holds more: delete files first, "
            "or leave the limit as it was"
        ) from error
    os.truncate(image, wanted)


def loop_of(folder: Path) -> str | None:
    """Name the loop device by which a folder's image is mounted on it; `None` where it is not."""
    real, image = folder.resolve(), image_of(folder).resolve()
    for path, source in mounts():
        if path == real and source.startswith("/dev/loop"):
            backing = Path("/sys/block", source.removeprefix("/dev/"), "loop", "backing_file")
            try:
                if Path(backing.read_text().strip()) == image:
                    return source
            except OSError:
                continue
    return None


def mounts() -> list[tuple[Path, str]]:
    """List what is mounted, as (folder, source)."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        before, _, after = line.partition(" - ")
        found.append((Path(_unescaped(before.split()[4])), after.split()[1]))
    return found


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def _run(*command: str, good: tuple[int, ...] = (0,), seconds: float = COMMAND_SECONDS) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DiskError(f"a disk image could not be handled: {error}") from error
    if done.returncode not in good:
        raise DiskError(f"a disk image could not be handled: {' '.join(command)}: {done.stderr.strip()[-500:]}")
    return done.stdout
