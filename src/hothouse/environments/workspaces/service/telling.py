"""Saying what the system refused in the words of the API."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from hothouse.environments.workspaces.errors import (
    FileTaken,
    LinkRefused,
    NoSpace,
    NoSuchFile,
    NotAFile,
    PathRefused,
    WriteRefused,
)
from hothouse.environments.workspaces.names import shown
from hothouse.kit.beneath import NotPlain
from hothouse.kit.problems import Problem

FULL = "The disk, or what this workspace may take of it, is full. Delete something, and empty the bin."


@contextmanager
def telling(path: bytes) -> Iterator[None]:
    """Turn errors about what is at `path` into problems."""
    try:
        yield
    except OSError as error:
        raise problem_of(error, path) from error


def problem_of(error: OSError, path: bytes) -> Problem:
    """Return the problem that an error of the system is."""
    name = shown(path) or "/"
    number = error.errno
    if isinstance(error, NotPlain):
        return NotAFile(f'"{name}" is a device, pipe or socket. Only files can be read.')
    if number in (errno.ENOENT, errno.ENOTDIR):
        return NoSuchFile(name)
    if number == errno.ELOOP:
        return LinkRefused(name)
    if number in (errno.EEXIST, errno.ENOTEMPTY):
        return FileTaken(name)
    if number == errno.EISDIR:
        return NotAFile(f'"{name}" is a folder.')
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoSpace(FULL)
    if number == errno.ENAMETOOLONG:
        return PathRefused("This path is too long for the file system.")
    if number == errno.EINVAL:
        return PathRefused("A folder cannot be moved into itself.", "/to")
    return WriteRefused(name, os.strerror(number or errno.EIO))
