"""The workload's door: the unix socket by which the platform reaches it, in a folder that no workload can alter."""

import errno
import os
import socket
import stat

BACKLOG = 512


def bind(path: str) -> socket.socket:
    """Listen at `path`, in place of what a killed keeper left there. Raises: OSError."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    for _ in range(5):
        _make_folder(os.path.dirname(path))  # noqa: PTH120 - see log.py
        _unlink(path)
        try:
            listener.bind(path)
        except FileNotFoundError:  # another keeper that ended took the folder away as empty
            continue
        listener.listen(BACKLOG)
        return listener
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def remove(path: str) -> None:
    """Take a door away, and its folder with the last one."""
    _unlink(path)
    try:
        os.rmdir(os.path.dirname(path))  # noqa: PTH106, PTH120 - see log.py
    except OSError:
        return


def _make_folder(folder: str) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103 - see log.py
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(errno.EPERM, "it is open to other users", folder)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108 - see log.py
    except FileNotFoundError:
        return
