"""Changing what is in workspaces: folders, texts, and where things are."""

import asyncio
import os

from hothouse.database.connection import Document
from hothouse.environments.workspaces.errors import FileChanged, NotEditable
from hothouse.environments.workspaces.names import decode_some, shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.schemas import FileEntry
from hothouse.environments.workspaces.service.browsing import TEXT_BYTES
from hothouse.environments.workspaces.service.entries import entry_of, look
from hothouse.environments.workspaces.service.placing import Placing, Replacing
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.telling import telling
from hothouse.kit import beneath
from hothouse.kit.trail import current_trail

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Editing:
    """Makes folders, writes texts, moves things."""

    def __init__(self, places: Places, placing: Placing, sizes: Sizes) -> None:
        self._places = places
        self._placing = placing
        self._sizes = sizes

    async def make_folder(self, workspace: Document, path: str) -> FileEntry:
        """Make a folder. Raises: `FileTaken`, `NotFound`, `NoSpace`."""
        decoded = decode_some(path)
        await self._sizes.check(workspace, 1)
        current_trail().change(after={"path": shown(decoded)})
        return await asyncio.to_thread(self._make_folder, workspace["_id"], decoded)

    def _make_folder(self, workspace_id: str, path: bytes) -> FileEntry:
        with self._places.opened(workspace_id, "files") as files, telling(path):
            self._placing.make_folder(workspace_id, files, path)
            return look(files, path)

    async def write(self, workspace: Document, path: str, text: str, etag: str | None) -> FileEntry:
        """Make a text file, or, with its etag, replace one.

        Raises: `FileTaken` without an etag, `FileChanged`, `NotEditable`, `NoSpace`.
        """
        decoded, content = decode_some(path), _encoded(text)
        if len(content) > TEXT_BYTES:
            raise NotEditable(f"A text may have {TEXT_BYTES // 2**20} MiB at most here. Upload it as a file.")
        current_trail().change(after={"path": shown(decoded), "size": len(content)})
        async with self._sizes.writing(workspace, len(content)):
            return await asyncio.to_thread(self._write, workspace["_id"], decoded, content, etag)

    def _write(self, workspace_id: str, path: bytes, content: bytes, etag: str | None) -> FileEntry:
        if etag is not None:
            self._check_there(workspace_id, path)
        with self._placing.fresh(workspace_id) as (aside, name), telling(path):
            with os.fdopen(os.open(name, NEW_FILE, 0o600, dir_fd=aside), "wb") as file:
                file.write(content)
            return entry_of(path, self._placing.put(workspace_id, path, (aside, name), Replacing(etag=etag)))

    def _check_there(self, workspace_id: str, path: bytes) -> None:
        """Raises: `FileChanged` when what was read is gone: it must not come back by being saved."""
        try:
            with self._places.opened(workspace_id, "files") as files:
                look(files, path)
        except FileNotFoundError as error:
            raise FileChanged(shown(path)) from error
        except OSError:
            return  # told when it is written

    async def move(self, workspace: Document, path: str, to: str) -> FileEntry:
        """Give something another path; nothing is ever replaced. Raises: `FileTaken`, `NotFound`, `PathRefused`."""
        before, after = decode_some(path), decode_some(to, "/to")
        current_trail().change(before={"path": shown(before)}, after={"path": shown(after)})
        return await asyncio.to_thread(self._move, workspace["_id"], before, after)

    def _move(self, workspace_id: str, path: bytes, to: bytes) -> FileEntry:
        with self._places.opened(workspace_id, "files") as files:
            with telling(path):
                look(files, path)
            with telling(to), beneath.folder(files, beneath.split(to)[0]) as target:
                with beneath.folder(files, beneath.split(path)[0]) as source:
                    beneath.move(source, beneath.split(path)[1], target, beneath.split(to)[1])
                return look(files, to)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotEditable("This is no text that can be written as UTF-8.") from error
