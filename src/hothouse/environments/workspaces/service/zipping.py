"""Packing a folder while it is being sent: nothing is kept on disk, and little in memory."""

import asyncio
import os
import stat
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from itertools import islice

from hothouse.environments.workspaces.errors import TooManyFiles
from hothouse.environments.workspaces.names import decode, shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.service.telling import telling
from hothouse.kit import beneath, trees

MOST_FILES = 100_000
"""The archive's table of contents is in memory, and written last."""
PIECE = 2**18
SKIPPED_NAME = "NOT IN THIS ARCHIVE.txt"
SKIPPED_SHOWN = 1_000
_FIRST_YEAR, _LAST_YEAR = 1980, 2107


class _Outbox:
    """What a zip is written to; gives back what was written since it was last asked."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


class Zipping:
    """Packs folders of workspaces."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def stream(self, workspace_id: str, path: str) -> AsyncIterator[bytes]:
        """Return the pieces of a zip of a folder. Links and what is no file are left out, and listed in it.

        Raises: `NotFound`, `TooManyFiles`.
        """
        root = await asyncio.to_thread(self._begin, workspace_id, decode(path))
        return _pieces(root)

    def _begin(self, workspace_id: str, path: bytes) -> int:
        """Open the folder, once it is known that it has not too much in it."""
        with self._places.opened(workspace_id, "files") as files, telling(path):
            root = beneath.open_beneath(files, path, beneath.FOLDER)
        with closing(trees.walk(root)) as found:
            if sum(1 for _ in islice(found, MOST_FILES + 1)) > MOST_FILES:
                os.close(root)
                raise TooManyFiles(MOST_FILES)
        return root


async def _pieces(root: int) -> AsyncIterator[bytes]:
    try:
        pieces = zipped(root)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece
    finally:
        os.close(root)


def zipped(root: int) -> Iterator[bytes]:
    """Yield the pieces of a zip of an open folder."""
    outbox, skipped = _Outbox(), list[str]()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]  # asks for no more than these
        for number, found in enumerate(trees.walk(root)):
            if number >= MOST_FILES:
                skipped.append("and what else came meanwhile")
                break
            yield from _added(archive, outbox, found, skipped)
        if skipped:
            archive.writestr(SKIPPED_NAME, "\n".join(["Links, devices, pipes and sockets are left out:", *skipped, ""]))
    yield outbox.take()


def _added(archive: zipfile.ZipFile, outbox: _Outbox, found: trees.Found, skipped: list[str]) -> Iterator[bytes]:
    name = _name(found.path)
    if found.is_folder:
        archive.writestr(_info(f"{name}/", found.about), b"")
        return
    descriptor = _opened(found)
    if descriptor is None:
        if len(skipped) < SKIPPED_SHOWN:
            skipped.append(shown(found.path))
        return
    try:
        with archive.open(_info(name, found.about), "w", force_zip64=True) as target:
            left = found.about.st_size  # one that grows without end is cut
            while left > 0 and (piece := os.read(descriptor, min(PIECE, left))):
                left -= len(piece)
                target.write(piece)
                if data := outbox.take():
                    yield data
    finally:
        os.close(descriptor)


def _opened(found: trees.Found) -> int | None:
    if not found.is_file:
        return None
    with suppress(OSError):
        return beneath.open_file(found.folder, found.name)
    return None


def _name(path: bytes) -> str:
    r"""Return a name for an archive; what is no text, or would be a path elsewhere, is written out."""
    return "/".join(shown(part).replace("\\", "_").replace(":", "_") for part in path.split(b"/"))


def _info(name: str, about: os.stat_result) -> zipfile.ZipInfo:
    moment = time.gmtime(max(0, min(about.st_mtime, 2**32 - 1)))[:6]
    year = min(max(moment[0], _FIRST_YEAR), _LAST_YEAR)
    info = zipfile.ZipInfo(name, (year, *moment[1:]))
    info.create_system = 3
    info.compress_type = zipfile.ZIP_DEFLATED
    kind = stat.S_IFDIR if name.endswith("/") else stat.S_IFREG
    info.external_attr = (kind | (about.st_mode & 0o777)) << 16
    return info
