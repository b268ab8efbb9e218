"""Uploads that can be resumed: a file arrives in parts, out of everybody's reach, and appears when it is whole.

How far an upload is, is the length of what is there: a part is written only once all of it arrived, so what a crash
cuts short is still the beginning of the file.
"""

import asyncio
import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from hothouse.database.connection import Document
from hothouse.environments.workspaces.errors import ChecksumWrong, PathRefused, UploadOutOfStep
from hothouse.environments.workspaces.names import decode_some, encode, shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.schemas import FileEntry, FileUpload, NewUpload
from hothouse.environments.workspaces.service.editing import NEW_FILE
from hothouse.environments.workspaces.service.entries import entry_of
from hothouse.environments.workspaces.service.placing import Placing, Replacing
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.telling import telling
from hothouse.kit import beneath, trees
from hothouse.kit.ids import new_id
from hothouse.kit.problems import Conflict, NotFound
from hothouse.kit.trail import current_trail

CHUNK_BYTES = 8 * 2**20
KEPT_SECONDS = 3 * 86_400
MOST = 1_000
"""Uploads that a workspace may have under way."""
NOTE, DATA = b"about.json", b"data"
NOTE_BYTES = 32_768
_ID = re.compile(r"[a-z0-9]{16}\Z")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """What arrived: where it begins, and its checksum as the header `Content-Digest` gives it."""

    offset: int
    content: bytes
    digest: str | None = None

    def check(self) -> None:
        """Raises: `ChecksumWrong`; also for a checksum that is none we know."""
        if self.digest is None:
            return
        given = _DIGEST.match(self.digest.strip())
        made = base64.b64encode(hashlib.sha256(self.content).digest()).decode()
        if given is None or not hmac.compare_digest(given[1], made):
            raise ChecksumWrong


class FileUploads:
    """Takes files in."""

    def __init__(self, places: Places, placing: Placing, sizes: Sizes) -> None:
        self._places = places
        self._placing = placing
        self._sizes = sizes

    async def begin(self, workspace: Document, asked: NewUpload) -> FileUpload:
        """Announce a file; an empty one arrives at once. Raises: `FileTaken`, `FileChanged`, `NoSpace`."""
        path = decode_some(asked.path)
        await self._sizes.check(workspace, asked.size)
        current_trail().change(after={"path": shown(path), "size": asked.size})
        return await asyncio.to_thread(self._begin, workspace["_id"], path, asked)

    def _begin(self, workspace_id: str, path: bytes, asked: NewUpload) -> FileUpload:
        self._check_target(workspace_id, path, _replacing(asked))
        upload_id = new_id()
        with self._places.opened(workspace_id, "uploads") as uploads, telling(path):
            self._make_room(uploads)
            os.mkdir(upload_id, 0o711, dir_fd=uploads)
            with beneath.folder(uploads, upload_id.encode()) as folder:
                os.close(os.open(DATA, NEW_FILE, 0o600, dir_fd=folder))
                with os.fdopen(os.open(NOTE, NEW_FILE, 0o600, dir_fd=folder), "w") as note:
                    note.write(asked.model_copy(update={"path": encode(path)}).model_dump_json())
        if asked.size == 0:
            return self._add(workspace_id, upload_id, Part(0, b""), overwrite=False)
        return _told(upload_id, asked, 0, path)

    def _check_target(self, workspace_id: str, path: bytes, replacing: Replacing) -> None:
        """Tell at once what would only be told when all has arrived."""
        above, name = beneath.split(path)
        with self._places.opened(workspace_id, "files") as files, suppress(FileNotFoundError), telling(path):
            try:
                with beneath.folder(files, above) as parent:
                    about = os.stat(name, dir_fd=parent, follow_symlinks=False)
            except FileNotFoundError:
                return
            replacing.check(path, about)

    def _make_room(self, uploads: int) -> None:
        """Remove what nobody went on with. Raises: `Conflict` when there is too much under way."""
        until = time.time() - KEPT_SECONDS
        names = beneath.names(uploads)
        if len(names) < MOST:
            return
        for name in names:
            with suppress(FileNotFoundError):
                if os.stat(name, dir_fd=uploads, follow_symlinks=False).st_mtime < until:
                    trees.remove(uploads, name)
                    return
        raise Conflict(f"{MOST} uploads into this workspace are under way. Finish or cancel some.")

    async def unfinished(self, workspace: Document) -> list[FileUpload]:
        """Return what has not arrived wholly, to go on with."""
        return await asyncio.to_thread(self._unfinished, workspace["_id"])

    def _unfinished(self, workspace_id: str) -> list[FileUpload]:
        found = []
        with self._places.opened(workspace_id, "uploads") as uploads:
            for name in filter(_ID.match, map(os.fsdecode, beneath.names(uploads))):
                with suppress(OSError, ValueError), beneath.folder(uploads, name.encode()) as folder:
                    asked = _note(folder)
                    found.append(_told(name, asked, _offset(folder), decode_some(asked.path)))
        return sorted(found, key=lambda upload: upload.path)

    async def show(self, workspace: Document, upload_id: str) -> FileUpload:
        """Say how far an upload is. Raises: `NotFound`."""
        return await asyncio.to_thread(self._show, workspace["_id"], upload_id)

    def _show(self, workspace_id: str, upload_id: str) -> FileUpload:
        with self._opened(workspace_id, upload_id) as (folder, asked):
            return _told(upload_id, asked, _offset(folder), decode_some(asked.path))

    async def add(self, workspace: Document, upload_id: str, part: Part, *, overwrite: bool) -> FileUpload:
        """Add a part; with the last one the file appears.

        An empty part at the end, with `overwrite`, has a file replaced for which the upload was not meant at first.
        Raises: `UploadOutOfStep`, `ChecksumWrong`, `NoSpace`, `NotFound`; `FileTaken`, `FileChanged` with the last one.
        """
        async with self._sizes.writing(workspace, len(part.content)):
            told = await asyncio.to_thread(self._add, workspace["_id"], upload_id, part, overwrite=overwrite)
        if told.entry is not None:
            current_trail().change(after={"path": told.name, "size": told.size, "overwrite": overwrite})
        return told

    def _add(self, workspace_id: str, upload_id: str, part: Part, *, overwrite: bool) -> FileUpload:
        part.check()
        with self._opened(workspace_id, upload_id) as (folder, asked):
            path = decode_some(asked.path)
            with _locked(folder) as data, telling(path):
                offset = _append(data, part, asked.size)
                if offset < asked.size:
                    return _told(upload_id, asked, offset, path)
                if asked.sha256 is not None and not hmac.compare_digest(_digest(data), asked.sha256):
                    os.ftruncate(data, 0)
                    raise ChecksumWrong
                replacing = Replacing(anything=True) if overwrite else _replacing(asked)
                about = self._placing.put(workspace_id, path, (folder, DATA), replacing)
        self._forget(workspace_id, upload_id)
        return _told(upload_id, asked, asked.size, path, entry_of(path, about))

    async def cancel(self, workspace: Document, upload_id: str) -> None:
        """Remove what has arrived of a file. Raises: `NotFound`."""
        await asyncio.to_thread(self._cancel, workspace["_id"], upload_id)

    def _cancel(self, workspace_id: str, upload_id: str) -> None:
        with self._opened(workspace_id, upload_id):
            self._forget(workspace_id, upload_id)

    def _forget(self, workspace_id: str, upload_id: str) -> None:
        with self._places.opened(workspace_id, "uploads") as uploads:
            trees.remove(uploads, upload_id.encode())

    @contextmanager
    def _opened(self, workspace_id: str, upload_id: str) -> Iterator[tuple[int, NewUpload]]:
        """Give an upload's folder, opened, and what was announced. Raises: `NotFound`."""
        missing = NotFound("There is no such upload any more. Begin it anew.")
        if not _ID.match(upload_id):
            raise missing
        with self._places.opened(workspace_id, "uploads") as uploads:
            try:
                folder = beneath.open_beneath(uploads, upload_id.encode(), beneath.FOLDER)
            except OSError as error:
                raise missing from error
        try:
            try:
                asked, _ = _note(folder), _offset(folder)
            except (OSError, ValueError) as error:
                raise missing from error
            yield folder, asked
        finally:
            os.close(folder)


def _replacing(asked: NewUpload) -> Replacing:
    return Replacing(anything=asked.overwrite, etag=asked.etag)


def _note(folder: int) -> NewUpload:
    """Read what was announced. Raises: `OSError`, `ValueError`."""
    with os.fdopen(beneath.open_file(folder, NOTE)) as note:
        return NewUpload.model_validate(json.loads(note.read(NOTE_BYTES)))


def _offset(folder: int) -> int:
    return os.stat(DATA, dir_fd=folder, follow_symlinks=False).st_size


@contextmanager
def _locked(folder: int) -> Iterator[int]:
    """Give the data file to one request at a time. Raises: `NotFound` when it has arrived meanwhile."""
    try:
        data = os.open(DATA, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise NotFound("There is no such upload any more. Begin it anew.") from error
    try:
        fcntl.flock(data, fcntl.LOCK_EX)
        yield data
    finally:
        os.close(data)


def _append(data: int, part: Part, size: int) -> int:
    """Write a part whole or not at all; returns how much is there then. Raises: `UploadOutOfStep`, `OSError`."""
    offset = os.fstat(data).st_size
    if part.offset != offset:
        raise UploadOutOfStep(offset)
    if offset + len(part.content) > size:
        raise PathRefused(f"The upload was announced with {size} bytes; this would be more.", "")
    written = 0
    try:
        while written < len(part.content):
            written += os.pwrite(data, memoryview(part.content)[written:], offset + written)
    except OSError:
        os.ftruncate(data, offset)
        raise
    return offset + written


def _digest(data: int) -> str:
    digest, position = hashlib.sha256(), 0
    while piece := os.pread(data, 2**20, position):
        digest.update(piece)
        position += len(piece)
    return digest.hexdigest()


def _told(upload_id: str, asked: NewUpload, offset: int, path: bytes, entry: FileEntry | None = None) -> FileUpload:
    return FileUpload(
        id=upload_id,
        name=shown(path),
        path=encode(path),
        size=asked.size,
        offset=offset,
        chunk_bytes=CHUNK_BYTES,
        entry=entry,
    )
