"""Asking for copies: snapshots, the way back to them, and clones; a job makes each."""

import asyncio
import os
from contextlib import suppress

from hothouse.database.connection import Document
from hothouse.environments.errors import WorkspaceInUse
from hothouse.environments.workspaces.errors import NoSpace, WorkspaceBusy
from hothouse.environments.workspaces.interfaces import UidOf, WorkspaceUsers
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.repository import SnapshotsRepository, WorkspacesRepository
from hothouse.environments.workspaces.schemas import WorkspaceSnapshot
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.workspaces import Workspaces
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import Conflict, NotFound
from hothouse.kit.trail import current_trail

KIND = "workspace"
MOST_SNAPSHOTS = 100


class Copies:
    """Makes and removes snapshots, goes back to them, and clones."""

    def __init__(
        self,
        workspaces: WorkspacesRepository,
        snapshots: SnapshotsRepository,
        making: Workspaces,
        jobs: Jobs,
        sizes: Sizes,
        users: WorkspaceUsers,
        uid_of: UidOf,
        places: Places,
        clock: Clock,
    ) -> None:
        self._workspaces = workspaces
        self._snapshots = snapshots
        self._making = making
        self._jobs = jobs
        self._sizes = sizes
        self._users = users
        self._uid_of = uid_of
        self._places = places
        self._clock = clock

    async def page(self, workspace: Document, paging: PageRequest) -> Page[WorkspaceSnapshot]:
        """List snapshots, newest first."""
        await self.mend(workspace)
        found = await self._snapshots.page(workspace["_id"], paging.after_time, paging.limit + 1)
        shown = found[: paging.limit]
        cursor = encode_cursor(shown[-1]["created_at"].isoformat()) if len(found) > paging.limit else None
        return Page(items=[_told(one) for one in shown], next_cursor=cursor)

    async def snapshot(self, workspace: Document, name: str) -> WorkspaceSnapshot:
        """Have a snapshot made. Raises: `WorkspaceBusy`, `NoSpace`, `QuotaReached`."""
        if await self._snapshots.count(workspace["_id"]) >= MOST_SNAPSHOTS:
            raise Conflict(f"There are {MOST_SNAPSHOTS} snapshots already. Delete some first.")
        room = await self._room(workspace)
        snapshot = {
            "_id": new_id(),
            "workspace_id": workspace["_id"],
            "name": name,
            "state": "making",
            "reason": None,
            "job_id": _job_id(),
            "created_at": self._clock.now(),
        }
        async with self._sizes.copying(workspace, None) as needed:
            await self._claim(workspace, "snapshot", snapshot["job_id"])
            await self._sizes.expect(workspace["_id"], needed)
        await self._snapshots.add(snapshot)
        await self._begin(workspace, workspace["_id"], snapshot["job_id"], "snapshot", snapshot["_id"], room)
        current_trail().change(after={"snapshot": name})
        return _told(snapshot)

    async def restore(self, workspace: Document, snapshot_id: str) -> str:
        """Have the files made as they were; what they are now becomes a snapshot. Returns the job's id.

        Raises: `NotFound`, `WorkspaceBusy`, `NoSpace`; `WorkspaceInUse` while an environment runs on it.
        """
        snapshot = await self._ready(workspace, snapshot_id)
        room, job_id = await self._room(workspace), _job_id()
        async with self._sizes.copying(workspace, snapshot_id) as needed:
            await self._claim(workspace, "restore", job_id)
            await self._sizes.expect(workspace["_id"], needed)
        if running := await self._users.users_of(workspace["_id"], is_running=True):
            await self._workspaces.update(workspace["_id"], {"busy": None}, **{"busy.job_id": job_id})
            raise WorkspaceInUse(workspace["name"], running)
        await self._begin(workspace, workspace["_id"], job_id, "restore", snapshot_id, room, snapshot["name"])
        current_trail().change(after={"snapshot": snapshot["name"]})
        return job_id

    async def clone(self, workspace: Document, name: str, snapshot_id: str | None) -> Document:
        """Have a copy of a workspace, or of one of its snapshots, made for the same owner.

        Raises: `WorkspaceTaken`, `NotFound`, `QuotaReached`.
        """
        if snapshot_id is not None:
            await self._ready(workspace, snapshot_id)
        if (busy := workspace.get("busy")) and busy["what"] != "snapshot":
            raise WorkspaceBusy(workspace["name"])
        job_id, room = _job_id(), await self._sizes.left({"owner_id": workspace["owner_id"]})
        async with self._sizes.copying(workspace, snapshot_id) as needed:
            clone = await self._making.new(workspace["owner_id"], name)
            await self._sizes.expect(clone["_id"], needed)
        await self._claim(clone, "clone", job_id)
        await self._begin(workspace, clone["_id"], job_id, "clone", snapshot_id, room)
        current_trail().change(after={"workspace_id": clone["_id"], "name": name})
        return await self._workspaces.get(clone["_id"]) or clone

    async def remove(self, workspace: Document, snapshot_id: str) -> None:
        """Remove a snapshot. Raises: `NotFound`; `WorkspaceBusy` while something is copied."""
        snapshot = await self._snapshots.get(snapshot_id)
        if snapshot is None or snapshot["workspace_id"] != workspace["_id"]:
            raise _no_snapshot()
        await self.mend(workspace)
        if (now := await self._workspaces.get(workspace["_id"])) and now.get("busy"):
            raise WorkspaceBusy(workspace["name"])
        await asyncio.to_thread(self._take_away, workspace["_id"], snapshot_id)
        await self._snapshots.remove(snapshot_id)
        current_trail().change(before={"snapshot": snapshot["name"]})
        self._sizes.want(workspace["_id"])

    def _take_away(self, workspace_id: str, snapshot_id: str) -> None:
        with self._places.opened(workspace_id, "snapshots") as snapshots, suppress(FileNotFoundError):
            self._places.take_away(workspace_id, snapshots, os.fsencode(snapshot_id))

    async def mend(self, workspace: Document) -> Document:
        """Return a workspace as it is; work is over that ended without putting that down."""
        busy = workspace.get("busy")
        if not busy:
            return workspace
        job = await self._jobs.get(busy["job_id"])
        if job is not None and job["state"] not in ("done", "failed"):
            return workspace
        reason = (job or {}).get("error", {"reason": "It was never begun."}) or {}
        fields = {"busy": None, "reason": reason.get("reason"), "is_failed": busy["what"] == "clone" and bool(reason)}
        if await self._workspaces.update(workspace["_id"], fields, **{"busy.job_id": busy["job_id"]}) and reason:
            for one in await self._snapshots.page(workspace["_id"], None, MOST_SNAPSHOTS):
                if one["job_id"] == busy["job_id"]:
                    await self._snapshots.update(one["_id"], {"state": "failed", "reason": reason.get("reason")})
        return await self._workspaces.get(workspace["_id"]) or workspace

    async def _ready(self, workspace: Document, snapshot_id: str) -> Document:
        snapshot = await self._snapshots.get(snapshot_id)
        if snapshot is None or snapshot["workspace_id"] != workspace["_id"] or snapshot["state"] != "ready":
            raise _no_snapshot()
        return snapshot

    async def _room(self, workspace: Document) -> int:
        """Return how many bytes may be added. Raises: `NoSpace`."""
        await self._sizes.measure(workspace["_id"])
        room = await self._sizes.left(await self._workspaces.get(workspace["_id"]) or workspace)
        if room <= 0:
            raise NoSpace(f'The workspace "{workspace["name"]}" is full. Delete something, and empty the bin.')
        return room

    async def _claim(self, workspace: Document, what: str, job_id: str) -> None:
        """Have nothing else done with it meanwhile. Raises: `WorkspaceBusy`."""
        await self.mend(workspace)
        busy = {"what": what, "job_id": job_id}
        if not await self._workspaces.update(workspace["_id"], {"busy": busy, "reason": None}, busy=None):
            raise WorkspaceBusy(workspace["name"])

    async def _begin(
        self,
        workspace: Document,
        target_id: str,
        job_id: str,
        what: str,
        snapshot_id: str | None,
        most_bytes: int,
        former: str = "",
    ) -> None:
        uid = await self._uid_of(workspace["owner_id"])
        await asyncio.to_thread(self._places.prepare, workspace["_id"], uid)
        args = {
            "what": what,
            "job_id": job_id,
            "workspace_id": workspace["_id"],
            "target_id": target_id,
            "snapshot_id": snapshot_id,
            "former_id": new_id(),
            "former_name": f"Before going back to {former}"[:80],
            "most_bytes": most_bytes,
            "uid": uid,
        }
        await self._jobs.enqueue(job_id, KIND, args)


def _job_id() -> str:
    return f"{KIND}-{new_id()}"


def _no_snapshot() -> NotFound:
    return NotFound("There is no such snapshot, or it is not complete.")


def _told(snapshot: Document) -> WorkspaceSnapshot:
    return WorkspaceSnapshot(
        id=snapshot["_id"],
        name=snapshot["name"],
        created_at=snapshot["created_at"],
        state=snapshot["state"],
        reason=snapshot["reason"],
        job_id=snapshot["job_id"],
    )
