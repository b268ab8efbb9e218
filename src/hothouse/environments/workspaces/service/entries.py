"""What is in a folder, as the API says it."""

import os
import stat
from datetime import UTC, datetime

from hothouse.environments.workspaces.names import encode, shown
from hothouse.environments.workspaces.schemas import FileEntry, Kind
from hothouse.kit.beneath import folder, split


def kind_of(mode: int) -> Kind:
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISREG(mode):
        return "file"
    return "link" if stat.S_ISLNK(mode) else "other"


def etag_of(about: os.stat_result) -> str:
    """Return what changes when a file does; a renamed one keeps it."""
    return f'"{about.st_ino:x}-{about.st_mtime_ns:x}-{about.st_size:x}"'


def entry_of(path: bytes, about: os.stat_result) -> FileEntry:
    kind = kind_of(about.st_mode)
    return FileEntry(
        name=shown(split(path)[1]),
        path=encode(path),
        kind=kind,
        size=about.st_size if kind == "file" else 0,
        modified_at=_time_of(about),
        etag=etag_of(about),
    )


def look(root: int, path: bytes) -> FileEntry:
    """Return what is at a path. Raises: `OSError`."""
    if not path:
        return entry_of(path, os.fstat(root))
    above, name = split(path)
    with folder(root, above) as parent:
        return entry_of(path, os.stat(name, dir_fd=parent, follow_symlinks=False))


def _time_of(about: os.stat_result) -> datetime:
    """Return when it was changed; a time beyond the calendar, which files may have, is its beginning."""
    try:
        return datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
