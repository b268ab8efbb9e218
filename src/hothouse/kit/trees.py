"""Going through trees of files in which hostile code writes: bounded, no link followed, no depth too much."""

import errno
import os
import stat
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hothouse.kit.beneath import FOLDER

MAX_DEPTH = 200
"""Deeper than any honest tree: what lies below is not looked at."""
_TRIES = 100
_ROUNDS, _BATCH = 100_000, 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a tree: its path, the folder it is in, still open, and its name there."""

    path: bytes
    folder: int
    name: bytes
    about: os.stat_result

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.about.st_mode)

    @property
    def is_file(self) -> bool:
        return stat.S_ISREG(self.about.st_mode)


@dataclass(frozen=True, slots=True)
class Size:
    """What a tree takes up on disk. `is_whole`: all of it was counted."""

    bytes: int
    files: int
    is_whole: bool


def walk(root: int) -> Generator[Found]:
    """Yield all below an open folder, folders before what is in them; what vanishes meanwhile is left out."""
    stack = [(os.dup(root), b"", os.scandir(root))]
    try:
        while stack:
            folder, prefix, entries = stack[-1]
            entry = next(entries, None)
            if entry is None:
                entries.close()
                os.close(stack.pop()[0])
                continue
            name = os.fsencode(entry.name)
            with suppress(OSError):
                found = Found(prefix + name, folder, name, os.stat(name, dir_fd=folder, follow_symlinks=False))
                yield found
                if found.is_folder and len(stack) < MAX_DEPTH:
                    inner = os.open(name, FOLDER, dir_fd=folder)
                    stack.append((inner, found.path + b"/", os.scandir(inner)))
    finally:
        for folder, _, entries in stack:
            entries.close()
            os.close(folder)


def measure(root: int, *, most_files: int = 1_000_000, seconds: float = 30) -> Size:
    """Count bytes and files, each file once however many names it has, and give up at a bound."""
    total = count = 0
    seen: set[tuple[int, int]] = set()
    until = time.monotonic() + seconds
    for found in walk(root):
        about = found.about
        if about.st_nlink > 1 and not found.is_folder:
            if (about.st_dev, about.st_ino) in seen:
                continue
            seen.add((about.st_dev, about.st_ino))
        total += about.st_blocks * 512
        count += 1
        if count >= most_files or time.monotonic() > until:
            return Size(total, count, is_whole=False)
    return Size(total, count, is_whole=True)


def give(root: int, uid: int) -> None:
    """Make all below an open folder, and lastly the folder itself, belong to a user and their group."""
    for found in walk(root):
        if (found.about.st_uid, found.about.st_gid) != (uid, uid):
            with suppress(FileNotFoundError):
                os.chown(found.name, uid, uid, dir_fd=found.folder, follow_symlinks=False)
    os.chown(root, uid, uid)


def remove(parent: int, name: bytes) -> None:
    """Remove a file or a whole folder; what is not there is no error.

    Folders inside are first moved up to the outermost one, so that any depth takes two open descriptors.
    Raises: `OSError`, also when somebody goes on writing there.
    """
    root = _opened(parent, name)
    if root is None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=parent)
        return
    try:
        for _ in range(_TRIES):
            _flatten(root)
            with suppress(OSError):
                os.rmdir(name, dir_fd=parent)
                return
        os.rmdir(name, dir_fd=parent)
    except FileNotFoundError:
        return
    finally:
        os.close(root)


def _opened(parent: int, name: bytes) -> int | None:
    """Open a folder, whatever it was set to, so that it can be emptied; None for what is no folder."""
    try:
        return os.open(name, FOLDER, dir_fd=parent)
    except PermissionError:
        pass
    except OSError:  # a file, a link, or nothing
        return None
    known = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        Path(f"/proc/self/fd/{known}").chmod(0o700)
    finally:
        os.close(known)
    return os.open(name, FOLDER, dir_fd=parent)


def _flatten(root: int) -> None:
    """Empty a folder; folders that are moved up meanwhile are found in the next round."""
    _make_writable(root)
    number = 0
    for _ in range(_ROUNDS):
        names = [os.fsencode(entry.name) for entry in islice(os.scandir(root), _BATCH)]
        if not names:
            return
        for name in names:
            inner = _opened(root, name)
            if inner is None:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=root)
                continue
            try:
                number = _lift(root, inner, number)
            finally:
                os.close(inner)
            with suppress(OSError):  # somebody is still writing there
                os.rmdir(name, dir_fd=root)


def _lift(root: int, inner: int, number: int) -> int:
    """Empty a folder by moving what folders it has to the root, under names nobody has; return the next number."""
    _make_writable(inner)
    while entries := list(islice(os.scandir(inner), _BATCH)):
        before = number
        for entry in entries:
            name = os.fsencode(entry.name)
            if entry.is_dir(follow_symlinks=False):
                number = _lift_folder(root, inner, name, number)
            else:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=inner)
        if number - before > _ROUNDS:
            break
    return number


def _lift_folder(root: int, inner: int, name: bytes, number: int) -> int:
    for following in range(number + 1, number + _TRIES):
        try:
            os.rename(name, b".gone-%d" % following, src_dir_fd=inner, dst_dir_fd=root)
        except FileNotFoundError:
            return following
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        else:
            return following
    raise OSError(errno.EBUSY, "Somebody keeps writing to what is being removed")


def _make_writable(folder: int) -> None:
    if os.geteuid() != 0:
        with suppress(OSError):
            os.fchmod(folder, 0o700)
