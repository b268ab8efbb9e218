r"""Where a workspace keeps what: all below `<home>/workspaces/<id>`, on one file system, so that a rename moves it.

    files/        what environments see; hostile code writes there
    bin/          what was deleted in the file browser, each in a folder of its own
    uploads/      files that are arriving
    snapshots/    by id
    staging/      copies that are being made
    gone/         what is being removed

Only `files` is ever shown to an environment. A limit on disk space is to be put around the whole: then snapshots, the
bin and uploads count as well.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from hothouse.kit import beneath, trees
from hothouse.kit.beneath import FOLDER
from hothouse.kit.ids import new_id

Part = Literal["files", "bin", "uploads", "snapshots", "staging", "gone"]
GONE = ".gone"


class Places:
    """The folders of all workspaces of an installation."""

    def __init__(self, home: Path) -> None:
        self._root = home / "workspaces"

    def whole(self, workspace_id: str) -> Path:
        return self._root / workspace_id

    def part(self, workspace_id: str, part: Part) -> Path:
        return self.whole(workspace_id) / part

    @contextmanager
    def opened(self, workspace_id: str, part: Part) -> Iterator[int]:
        """Give one of the folders, opened; it is made where it is missing."""
        path = self.part(workspace_id, part)
        try:
            descriptor = os.open(path, FOLDER)
        except FileNotFoundError:
            path.mkdir(parents=True, exist_ok=True, mode=0o755 if part == "files" else 0o711)
            descriptor = os.open(path, FOLDER)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def prepare(self, workspace_id: str, uid: int | None) -> Path:
        """See to it that the files' folder is there and all in it is a user's; the former owner's becomes theirs."""
        with self.opened(workspace_id, "files") as files:
            if uid is not None and os.fstat(files).st_uid != uid:
                trees.give(files, uid)
        return self.part(workspace_id, "files")

    def owner_of(self, workspace_id: str) -> int | None:
        """Return whom new files are to belong to, where the platform may choose."""
        if os.geteuid() != 0:
            return None
        with self.opened(workspace_id, "files") as files:
            return os.fstat(files).st_uid

    def take_away(self, workspace_id: str, folder: int, name: bytes) -> None:
        """Take something out of a folder of a workspace at once; `clean` removes it."""
        with self.opened(workspace_id, "gone") as gone:
            beneath.move(folder, name, gone, new_id().encode())

    def clean(self, workspace_id: str) -> None:
        """Remove what was taken away. Raises: `OSError` when somebody goes on writing there."""
        if self.part(workspace_id, "gone").exists():
            with self.opened(workspace_id, "gone") as gone:
                _empty(gone)

    def discard(self, workspace_id: str) -> None:
        """Take a whole workspace away at once; `sweep` removes it."""
        (self._root / GONE).mkdir(parents=True, exist_ok=True, mode=0o711)
        with suppress(FileNotFoundError):
            self.whole(workspace_id).rename(self._root / GONE / f"{workspace_id}-{new_id()}")

    def sweep(self) -> None:
        """Remove workspaces that were taken away. Raises: as `clean` does."""
        try:
            gone = os.open(self._root / GONE, FOLDER)
        except FileNotFoundError:
            return
        try:
            _empty(gone)
        finally:
            os.close(gone)


def _empty(folder: int) -> None:
    for name in beneath.names(folder):
        trees.remove(folder, name)
