"""Workspaces: making, finding, and laying them out on disk."""

import asyncio
from pathlib import Path

from hothouse.database.connection import Document
from hothouse.environments.errors import WorkspaceTaken
from hothouse.environments.workspaces.errors import WorkspaceBusy
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.problems import NotFound

DEFAULT_NAME = "Home"
KEEPS_OUT = ("clone", "restore")
"""Work during which no environment may have the files."""


class Workspaces:
    """A person's workspaces; each is a folder below `<home>/workspaces`."""

    def __init__(self, workspaces: WorkspacesRepository, clock: Clock, home: Path) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._places = Places(home)

    async def default(self, owner_id: str) -> Document:
        """Return the workspace that one gets without asking for another."""
        if found := await self._workspaces.named(owner_id, DEFAULT_NAME):
            return found
        try:
            return await self.new(owner_id, DEFAULT_NAME)
        except WorkspaceTaken:  # at this very moment
            return await self.default(owner_id)

    async def new(self, owner_id: str, name: str) -> Document:
        """Make an empty one. Raises: `WorkspaceTaken`."""
        workspace = {
            "_id": new_id(),
            "owner_id": owner_id,
            "name": name,
            "busy": None,
            "reason": None,
            "created_at": self._clock.now(),
        }
        await self._workspaces.add(workspace)
        return workspace

    async def owned(self, owner_id: str, workspace_id: str) -> Document:
        """Return a person's workspace. Raises: `NotFound`."""
        found = await self._workspaces.get(workspace_id)
        if found is None or found["owner_id"] != owner_id:
            raise NotFound("There is no such workspace, or it is not yours.")
        return found

    async def get_many(self, workspace_ids: list[str]) -> dict[str, Document]:
        return {one["_id"]: one for one in await self._workspaces.get_many(workspace_ids)}

    def files(self, workspace_id: str) -> Path:
        """Return the folder of a workspace's files. Hostile code writes there: open nothing in it by path."""
        return self._places.part(workspace_id, "files")

    async def prepare(self, workspace_id: str, uid: int | None) -> Path:
        """See to it that the folder is there and belongs, with all in it, to its owner's user; returns it.

        Raises: `NotFound`; `WorkspaceBusy` while it is being restored, or made as a copy.
        """
        found = await self._workspaces.get(workspace_id)
        if found is None:
            raise NotFound("There is no such workspace any more.")
        if (busy := found.get("busy")) and busy["what"] in KEEPS_OUT:
            raise WorkspaceBusy(found["name"])
        return await asyncio.to_thread(self._places.prepare, workspace_id, uid)
