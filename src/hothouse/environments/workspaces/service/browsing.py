"""Looking into workspaces: what is in a folder, and what is in a file."""

import asyncio
import heapq
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from hothouse.environments.workspaces.errors import NotEditable
from hothouse.environments.workspaces.names import decode, decode_some, encode, shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.schemas import FileEntry, FileText
from hothouse.environments.workspaces.service.entries import entry_of, look
from hothouse.environments.workspaces.service.telling import telling
from hothouse.kit.beneath import folder, open_file
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import Invalid

TEXT_BYTES = 2**20
PIECE = 2**18


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that is open for reading; whoever has it closes it."""

    descriptor: int
    entry: FileEntry

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to `end`, and close it. Raises: `EOFError` when it became shorter."""
        try:
            while start < end:
                piece = os.pread(self.descriptor, min(PIECE, end - start), start)
                if not piece:
                    raise EOFError(f"the file {self.entry.name} became shorter while it was read")
                start += len(piece)
                yield piece
        finally:
            os.close(self.descriptor)

    def close(self) -> None:
        os.close(self.descriptor)


class Browsing:
    """Reads what is in workspaces."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def page(self, workspace_id: str, path: str, paging: PageRequest) -> Page[FileEntry]:
        """List a folder: folders first, then by name. Raises: `NotFound`, `LinkRefused`."""
        return await asyncio.to_thread(self._page, workspace_id, decode(path), paging.limit, _position(paging))

    def _page(self, workspace_id: str, path: bytes, limit: int, after: tuple[int, bytes] | None) -> Page[FileEntry]:
        with self._places.opened(workspace_id, "files") as root, telling(path), folder(root, path) as opened:
            with os.scandir(opened) as entries:  # however many there are, only a page of them is kept
                keys = (_key(entry) for entry in entries)
                found = heapq.nsmallest(limit + 1, (key for key in keys if after is None or key > after))
            prefix = path + b"/" if path else b""
            items = []
            for _, name in found[:limit]:
                with suppress(FileNotFoundError):
                    items.append(entry_of(prefix + name, os.stat(name, dir_fd=opened, follow_symlinks=False)))
        cursor = encode_cursor([found[limit - 1][0], encode(found[limit - 1][1])]) if len(found) > limit else None
        return Page(items=items, next_cursor=cursor)

    async def look(self, workspace_id: str, path: str) -> FileEntry:
        """Say what is at a path. Raises: `NotFound`, `LinkRefused`."""
        return await asyncio.to_thread(self._look, workspace_id, decode(path))

    def _look(self, workspace_id: str, path: bytes) -> FileEntry:
        with self._places.opened(workspace_id, "files") as root, telling(path):
            return look(root, path)

    async def open(self, workspace_id: str, path: str) -> OpenedFile:
        """Open a file. Raises: `NotFound`, `LinkRefused`, `NotAFile`."""
        return await asyncio.to_thread(self._open, workspace_id, decode_some(path))

    def _open(self, workspace_id: str, path: bytes) -> OpenedFile:
        with self._places.opened(workspace_id, "files") as root, telling(path):
            descriptor = open_file(root, path)
        return OpenedFile(descriptor, entry_of(path, os.fstat(descriptor)))

    async def text(self, workspace_id: str, path: str) -> FileText:
        """Return a text file. Raises: `NotEditable` when it is too large, or no text; as `open` does."""
        return await asyncio.to_thread(self._text, workspace_id, decode_some(path))

    def _text(self, workspace_id: str, path: bytes) -> FileText:
        opened = self._open(workspace_id, path)
        try:
            content = os.pread(opened.descriptor, TEXT_BYTES + 1, 0)
            entry = entry_of(path, os.fstat(opened.descriptor))
        finally:
            opened.close()
        return FileText(entry=entry, text=as_text(path, content))


def as_text(path: bytes, content: bytes) -> str:
    """Return what an editor may have. Raises: `NotEditable`."""
    if len(content) > TEXT_BYTES:
        raise NotEditable(f'"{shown(path)}" has more than {TEXT_BYTES // 2**20} MiB. Download it to edit it.')
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise NotEditable(f'"{shown(path)}" is no text in UTF-8. Download it to edit it.') from error
    if "\0" in text:
        raise NotEditable(f'"{shown(path)}" is no text. Download it to edit it.')
    return text


def _key(entry: os.DirEntry[str]) -> tuple[int, bytes]:
    return (0 if entry.is_dir(follow_symlinks=False) else 1, os.fsencode(entry.name))


def _position(paging: PageRequest) -> tuple[int, bytes] | None:
    """Return after what the page begins. Raises: `Invalid` for a cursor of another list."""
    match paging.after:
        case None:
            return None
        case [0 | 1 as rank, str(name)]:
            return rank, decode_some(name, "/cursor")
    raise Invalid("This cursor is of another list; start again without it.")
