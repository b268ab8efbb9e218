"""Opening what lies below a folder in which hostile code writes: no link is followed, and nothing outside is reached.

Paths are bytes, relative, with `/` between names. The kernel resolves them (`openat2`, Linux 5.6), so that a link
swapped in between changes nothing; where it cannot, they are opened name by name, which is as safe and slower.
Descriptors are the caller's to close.
"""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
MAX_NAME_BYTES, MAX_PATH_BYTES = 255, 4000
_OPENAT2 = 437  # on every architecture
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_NOREPLACE, _EXCHANGE = 1, 2
_TRIES = 32


class _How(ctypes.Structure):
    """What `openat2` is asked for; see openat2(2)."""

    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


class NotPlain(OSError):
    """What was to be opened as a file is a device, pipe or socket."""


_libc = ctypes.CDLL(None, use_errno=True)
_renameat2 = getattr(_libc, "renameat2", None)


def check(path: bytes) -> bytes:
    """Return a path that may be opened; empty is the folder itself.

    Raises: `ValueError` for one that is absolute, leaves the folder, is too long, or no path at all.
    """
    names = path.split(b"/") if path else []
    if any(name in (b"", b".", b"..") or b"\0" in name or len(name) > MAX_NAME_BYTES for name in names):
        raise ValueError("A path has names between slashes, of 1 to 255 bytes each, and neither . nor .. among them.")
    if len(path) > MAX_PATH_BYTES:
        raise ValueError(f"A path has at most {MAX_PATH_BYTES} bytes.")
    return path


def split(path: bytes) -> tuple[bytes, bytes]:
    """Return the folder that a path lies in, and its name there."""
    folder, _, name = path.rpartition(b"/")
    return folder, name


def open_beneath(root: int, path: bytes, flags: int) -> int:
    """Open what exists below `root`. Raises: `OSError`; ELOOP or ENOTDIR for a link on the way or at the end."""
    check(path)
    if not path:
        return os.open(b".", flags, dir_fd=root)
    if HAS_OPENAT2:
        return _openat2(root, path, flags)
    return _walk(root, path, flags)


def _openat2(root: int, path: bytes, flags: int) -> int:
    # Without O_NOFOLLOW, which makes ENOTDIR of a link where a folder is wanted; no link is followed all the same.
    how = _How(flags & ~os.O_NOFOLLOW, 0, _BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS)
    for _ in range(_TRIES):
        descriptor: int = _libc.syscall(_OPENAT2, root, path, ctypes.byref(how), ctypes.sizeof(how))
        if descriptor >= 0:
            return descriptor
        if (number := ctypes.get_errno()) not in (errno.EAGAIN, errno.EINTR):
            break
    raise OSError(number, os.strerror(number), os.fsdecode(path))


def _walk(root: int, path: bytes, flags: int) -> int:
    *folders, name = path.split(b"/")
    inner = os.dup(root)
    try:
        for folder in folders:
            outer, inner = inner, _open_one(inner, folder, FOLDER)
            os.close(outer)
        return _open_one(inner, name, flags | os.O_NOFOLLOW)
    finally:
        os.close(inner)


def _open_one(parent: int, name: bytes, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except NotADirectoryError:
        if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fsdecode(name)) from None
        raise


def _kernel_has_openat2() -> bool:
    if sys.platform != "linux":
        return False
    try:
        root = os.open("/", FOLDER)
    except OSError:
        return False
    try:
        os.close(_openat2(root, b"proc", FOLDER))
    except OSError as error:
        return error.errno not in (errno.ENOSYS, errno.EPERM, errno.EINVAL)
    finally:
        os.close(root)
    return True


HAS_OPENAT2 = _kernel_has_openat2()


@contextmanager
def folder(root: int, path: bytes) -> Iterator[int]:
    """Give a folder below `root`, opened."""
    descriptor = open_beneath(root, path, FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def names(opened: int) -> list[bytes]:
    """Return what is in an open folder."""
    with os.scandir(opened) as entries:
        return [os.fsencode(entry.name) for entry in entries]


def open_file(root: int, path: bytes) -> int:
    """Open a plain file for reading, without ever waiting. Raises: `NotPlain` for what is none."""
    above, name = split(check(path))
    with folder(root, above) as parent:
        _plain(os.stat(name, dir_fd=parent, follow_symlinks=False), path)  # opening a device may do something
        descriptor = os.open(name, FILE, dir_fd=parent)
    try:
        _plain(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _plain(found: os.stat_result, path: bytes) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fsdecode(path))
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fsdecode(path))
    if not stat.S_ISREG(found.st_mode):
        raise NotPlain(errno.EINVAL, "Not a plain file", os.fsdecode(path))


def move(from_folder: int, name: bytes, to_folder: int, new_name: bytes) -> None:
    """Rename, never replacing anything. Raises: `FileExistsError`."""
    if _rename(from_folder, name, to_folder, new_name, _NOREPLACE):
        return
    with suppress(FileNotFoundError):
        os.stat(new_name, dir_fd=to_folder, follow_symlinks=False)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fsdecode(new_name))
    os.rename(name, new_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)


def exchange(one_folder: int, one: bytes, other_folder: int, other: bytes) -> None:
    """Let two things take each other's place, at once where the file system can."""
    if _rename(one_folder, one, other_folder, other, _EXCHANGE):
        return
    aside = one + b".aside"
    os.rename(one, aside, src_dir_fd=one_folder, dst_dir_fd=one_folder)
    os.rename(other, one, src_dir_fd=other_folder, dst_dir_fd=one_folder)
    os.rename(aside, other, src_dir_fd=one_folder, dst_dir_fd=other_folder)


def _rename(from_folder: int, name: bytes, to_folder: int, new_name: bytes, flags: int) -> bool:
    """Rename with flags; false where that is not to be had."""
    if _renameat2 is None:
        return False
    if _renameat2(from_folder, name, to_folder, new_name, flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EOPNOTSUPP) or (number == errno.EINVAL and not _is_supported(to_folder)):
        return False
    raise OSError(number, os.strerror(number), os.fsdecode(name), None, os.fsdecode(new_name))


def _is_supported(place: int) -> bool:
    """Tell EINVAL for what cannot be moved there (into itself) from a file system that knows no flags."""
    if _renameat2 is None:
        return False
    _renameat2(place, b"\xff no such thing", place, b"\xff nor this", _NOREPLACE)
    return ctypes.get_errno() != errno.EINVAL
