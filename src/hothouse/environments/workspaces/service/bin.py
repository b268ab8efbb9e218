"""The bin: what was deleted in the file browser, until it is put back or the bin is emptied.

Each thing lies in a folder of its own, with a note of where it was. The note is written first, so that nothing is in
the bin of which is not known where it belongs.
"""

import asyncio
import json
import os
import re
from contextlib import suppress
from datetime import UTC, datetime

from hothouse.database.connection import Document
from hothouse.environments.workspaces.names import decode_some, encode, shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.schemas import BinEntry, FileEntry
from hothouse.environments.workspaces.service.editing import NEW_FILE
from hothouse.environments.workspaces.service.entries import kind_of, look
from hothouse.environments.workspaces.service.placing import Placing
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.telling import telling
from hothouse.kit import beneath
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

ENTRY = re.compile(r"[0-9]{15}-[a-z0-9]{8}\Z")
NOTE, THING = b"about.json", b"thing"
NOTE_BYTES = 32_768


class Bin:
    """Deletes, and takes back."""

    def __init__(self, places: Places, placing: Placing, sizes: Sizes, clock: Clock) -> None:
        self._places = places
        self._placing = placing
        self._sizes = sizes
        self._clock = clock

    async def delete(self, workspace: Document, path: str) -> BinEntry:
        """Put something into the bin, a link as the link it is. Raises: `NotFound`."""
        decoded = decode_some(path)
        current_trail().change(before={"path": shown(decoded)})
        return await asyncio.to_thread(self._delete, workspace["_id"], decoded)

    def _delete(self, workspace_id: str, path: bytes) -> BinEntry:
        now = self._clock.now()
        entry_id = f"{int(now.timestamp() * 1000):015d}-{new_id(8)}"
        above, name = beneath.split(path)
        with (
            self._places.opened(workspace_id, "files") as files,
            self._places.opened(workspace_id, "bin") as bin_folder,
            telling(path),
            beneath.folder(files, above) as parent,
        ):
            os.stat(name, dir_fd=parent, follow_symlinks=False)
            os.mkdir(entry_id, 0o711, dir_fd=bin_folder)
            with beneath.folder(bin_folder, entry_id.encode()) as place:
                with os.fdopen(os.open(NOTE, NEW_FILE, 0o600, dir_fd=place), "w") as note:
                    json.dump({"path": encode(path)}, note)
                try:
                    beneath.move(parent, name, place, THING)
                except OSError:
                    os.unlink(NOTE, dir_fd=place)
                    os.rmdir(entry_id, dir_fd=bin_folder)
                    raise
            return _entry(bin_folder, entry_id)

    async def page(self, workspace: Document, paging: PageRequest) -> Page[BinEntry]:
        """List what is in the bin, newest first."""
        return await asyncio.to_thread(self._page, workspace["_id"], paging.after_text, paging.limit)

    def _page(self, workspace_id: str, after: str | None, limit: int) -> Page[BinEntry]:
        with self._places.opened(workspace_id, "bin") as bin_folder:
            ids = sorted(filter(ENTRY.match, map(os.fsdecode, beneath.names(bin_folder))), reverse=True)
            rest = [one for one in ids if after is None or one < after]
            items = []
            for one in rest[:limit]:
                with suppress(OSError, ValueError, KeyError):  # taken back at this moment, or by a crash never filled
                    items.append(_entry(bin_folder, one))
        return Page(items=items, next_cursor=encode_cursor(rest[limit - 1]) if len(rest) > limit else None)

    async def restore(self, workspace: Document, entry_id: str) -> FileEntry:
        """Put something back where it was. Raises: `NotFound`; `FileTaken` when something else is there by now."""
        return await asyncio.to_thread(self._restore, workspace["_id"], _checked(entry_id))

    def _restore(self, workspace_id: str, entry_id: str) -> FileEntry:
        with self._places.opened(workspace_id, "bin") as bin_folder:
            path = decode_some(_found(bin_folder, entry_id).path)
            current_trail().change(after={"path": shown(path)})
            with (
                self._places.opened(workspace_id, "files") as files,
                telling(path),
                self._placing.parent(workspace_id, files, path) as parent,
                beneath.folder(bin_folder, entry_id.encode()) as place,
            ):
                beneath.move(place, THING, parent, beneath.split(path)[1])
                os.unlink(NOTE, dir_fd=place)
                os.rmdir(entry_id, dir_fd=bin_folder)
                return look(files, path)

    async def remove(self, workspace: Document, entry_id: str) -> None:
        """Remove one thing for good. Raises: `NotFound`."""
        found = await asyncio.to_thread(self._remove, workspace["_id"], _checked(entry_id))
        current_trail().change(before={"path": found.name})
        self._sizes.want(workspace["_id"])

    def _remove(self, workspace_id: str, entry_id: str) -> BinEntry:
        with self._places.opened(workspace_id, "bin") as bin_folder:
            found = _found(bin_folder, entry_id)
            self._places.take_away(workspace_id, bin_folder, entry_id.encode())
            return found

    async def empty(self, workspace: Document) -> None:
        """Remove all that is in the bin for good."""
        await asyncio.to_thread(self._empty, workspace["_id"])
        self._sizes.want(workspace["_id"])

    def _empty(self, workspace_id: str) -> None:
        with self._places.opened(workspace_id, "bin") as bin_folder:
            for name in beneath.names(bin_folder):
                with suppress(FileNotFoundError):
                    self._places.take_away(workspace_id, bin_folder, name)


def _checked(entry_id: str) -> str:
    if not ENTRY.match(entry_id):
        raise _nothing()
    return entry_id


def _nothing() -> NotFound:
    return NotFound("There is no such thing in the bin any more.")


def _found(bin_folder: int, entry_id: str) -> BinEntry:
    try:
        return _entry(bin_folder, entry_id)
    except (OSError, ValueError, KeyError) as error:
        raise _nothing() from error


def _entry(bin_folder: int, entry_id: str) -> BinEntry:
    """Read one entry. Raises: `OSError`, `ValueError`, `KeyError` for one that is not whole."""
    with beneath.folder(bin_folder, entry_id.encode()) as place:
        with os.fdopen(beneath.open_file(place, NOTE)) as note:
            path = str(json.loads(note.read(NOTE_BYTES))["path"])
        about = os.stat(THING, dir_fd=place, follow_symlinks=False)
    return BinEntry(
        id=entry_id,
        name=shown(decode_some(path)),
        path=path,
        kind=kind_of(about.st_mode),
        deleted_at=datetime.fromtimestamp(int(entry_id[:15]) / 1000, UTC),
    )
