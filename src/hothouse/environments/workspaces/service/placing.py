"""Putting what is complete into a workspace by one rename, so that nobody ever sees half of it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from hothouse.environments.workspaces.errors import FileChanged, FileTaken, LinkRefused, NotAFile
from hothouse.environments.workspaces.names import shown
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.service.entries import etag_of
from hothouse.kit import beneath
from hothouse.kit.ids import new_id

FILE_MODE, FOLDER_MODE = 0o644, 0o755
MODES = 0o777


@dataclass(frozen=True, slots=True)
class Replacing:
    """Whether, and what, a file may take the place of: nothing, any file, or only the one with that etag."""

    anything: bool = False
    etag: str | None = None

    @property
    def is_allowed(self) -> bool:
        return self.anything or self.etag is not None

    def check(self, path: bytes, about: os.stat_result) -> None:
        """Raises: `FileTaken`, `FileChanged`; `NotAFile`, `LinkRefused` for what is never replaced."""
        if not self.is_allowed or stat.S_ISDIR(about.st_mode):
            raise FileTaken(shown(path))
        if stat.S_ISLNK(about.st_mode):
            raise LinkRefused(shown(path))
        if not stat.S_ISREG(about.st_mode):
            raise NotAFile(f'"{shown(path)}" is a device, pipe or socket, which is not replaced by a file.')
        if self.etag is not None and self.etag != etag_of(about):
            raise FileChanged(shown(path))


class Placing:
    """Moves things to their place; what it makes belongs to the workspace's owner."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @contextmanager
    def fresh(self, workspace_id: str) -> Iterator[tuple[int, bytes]]:
        """Give a folder out of everybody's reach and a name in it; what is left under that name is removed."""
        with self._places.opened(workspace_id, "uploads") as aside:
            name = f"{new_id()}.tmp".encode()
            try:
                yield aside, name
            finally:
                with suppress(FileNotFoundError, IsADirectoryError):
                    os.unlink(name, dir_fd=aside)
                with suppress(FileNotFoundError, NotADirectoryError):
                    os.rmdir(name, dir_fd=aside)

    @contextmanager
    def parent(self, workspace_id: str, files: int, path: bytes) -> Iterator[int]:
        """Give the folder that a path lies in, opened; it, and those above it, are made where they are missing."""
        above = beneath.split(path)[0]
        try:
            descriptor = beneath.open_beneath(files, above, beneath.FOLDER)
        except FileNotFoundError:
            self._make_all(workspace_id, files, above)
            descriptor = beneath.open_beneath(files, above, beneath.FOLDER)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _make_all(self, workspace_id: str, files: int, path: bytes) -> None:
        names = path.split(b"/")
        for count in range(1, len(names) + 1):
            with suppress(FileExistsError):
                self.make_folder(workspace_id, files, b"/".join(names[:count]))

    def make_folder(self, workspace_id: str, files: int, path: bytes) -> None:
        """Make one folder. Raises: `OSError`."""
        above, name = beneath.split(path)
        uid = self._places.owner_of(workspace_id)
        with beneath.folder(files, above) as parent, self.fresh(workspace_id) as (aside, new):
            os.mkdir(new, dir_fd=aside)
            made = os.open(new, beneath.FOLDER, dir_fd=aside)
            try:
                _hand_over(made, uid, FOLDER_MODE)
            finally:
                os.close(made)
            beneath.move(aside, new, parent, name)

    def put(self, workspace_id: str, path: bytes, source: tuple[int, bytes], replacing: Replacing) -> os.stat_result:
        """Move a complete file to its path; returns what it is there. Raises: `Problem`, `OSError`."""
        folder, name = source
        target = beneath.split(path)[1]
        descriptor = os.open(name, beneath.FILE, dir_fd=folder)
        try:
            _hand_over(descriptor, self._places.owner_of(workspace_id), FILE_MODE)
            os.fsync(descriptor)
            with (
                self._places.opened(workspace_id, "files") as files,
                self.parent(workspace_id, files, path) as parent,
            ):
                try:
                    beneath.move(folder, name, parent, target)
                except FileExistsError:
                    self._replace(path, (folder, name, descriptor), (parent, target), replacing)
                os.fsync(parent)
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)

    def _replace(
        self, path: bytes, source: tuple[int, bytes, int], target: tuple[int, bytes], replacing: Replacing
    ) -> None:
        """Take the place of a file, but only of the one that was looked at: else it is put back."""
        folder, name, descriptor = source
        parent, target_name = target
        before = os.stat(target_name, dir_fd=parent, follow_symlinks=False)
        replacing.check(path, before)
        os.fchmod(descriptor, before.st_mode & MODES)
        beneath.exchange(folder, name, parent, target_name)
        taken = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(taken.st_mode) or etag_of(taken) != etag_of(before):
            beneath.exchange(folder, name, parent, target_name)
            raise FileChanged(shown(path))
        os.unlink(name, dir_fd=folder)


def _hand_over(descriptor: int, uid: int | None, mode: int) -> None:
    if uid is not None:
        os.fchown(descriptor, uid, uid)
    os.fchmod(descriptor, mode)
