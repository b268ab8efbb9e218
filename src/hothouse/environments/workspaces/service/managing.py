"""Workspaces as their owners see them: list, make, rename, delete."""

import asyncio

from hothouse.database.connection import Document
from hothouse.environments.errors import WorkspaceInUse
from hothouse.environments.workspaces.errors import NotConfirmed, TooManyWorkspaces, WorkspaceBusy
from hothouse.environments.workspaces.interfaces import UidOf, WorkspaceUsers
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.repository import SnapshotsRepository, WorkspacesRepository
from hothouse.environments.workspaces.schemas import JobLine, Workspace, WorkspaceJob, WorkspaceSize
from hothouse.environments.workspaces.service.copies import Copies
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.workspaces import DEFAULT_NAME, KEEPS_OUT, Workspaces
from hothouse.jobs.service import Jobs
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

STATES = {"clone": "copying", "restore": "restoring", "snapshot": "ready"}
MOST_LINES = 500
MOST = 100
"""Workspaces that one person may have."""


class Managing:
    """Everything about workspaces but what is in them."""

    def __init__(
        self,
        workspaces: WorkspacesRepository,
        snapshots: SnapshotsRepository,
        making: Workspaces,
        copies: Copies,
        jobs: Jobs,
        sizes: Sizes,
        users: WorkspaceUsers,
        uid_of: UidOf,
        places: Places,
    ) -> None:
        self._workspaces = workspaces
        self._snapshots = snapshots
        self._making = making
        self._copies = copies
        self._jobs = jobs
        self._sizes = sizes
        self._users = users
        self._uid_of = uid_of
        self._places = places

    async def page(self, owner_id: str, paging: PageRequest) -> Page[Workspace]:
        """List a person's workspaces by name; the default one is there from the beginning."""
        await self._making.default(owner_id)
        found = await self._workspaces.page_of(owner_id, paging.after_text, paging.limit + 1)
        shown = found[: paging.limit]
        cursor = encode_cursor(shown[-1]["name"]) if len(found) > paging.limit else None
        return Page(items=[await self.present(one) for one in shown], next_cursor=cursor)

    async def create(self, owner_id: str, name: str) -> Workspace:
        """Make an empty one. Raises: `WorkspaceTaken`, `TooManyWorkspaces`, `QuotaReached`."""
        await self._check_count(owner_id)
        async with self._sizes.beginning(owner_id):
            made = await self._making.new(owner_id, name)
        current_trail().concerns("workspace", made["_id"], name)
        return await self.present(made)

    async def clone(self, workspace: Document, name: str, snapshot_id: str | None) -> Workspace:
        """Have it copied; see `Copies.clone`."""
        await self._check_count(workspace["owner_id"])
        return await self.present(await self._copies.clone(workspace, name, snapshot_id))

    async def _check_count(self, owner_id: str) -> None:
        if len(await self._workspaces.of(owner_id)) >= MOST:
            raise TooManyWorkspaces(MOST)

    async def rename(self, workspace: Document, name: str) -> Workspace:
        """Give it another name. Raises: `WorkspaceTaken`."""
        current_trail().change(before={"name": workspace["name"]}, after={"name": name})
        await self._workspaces.update(workspace["_id"], {"name": name})
        return await self.present({**workspace, "name": name})

    async def delete(self, workspace: Document, confirm: str) -> None:
        """Delete it with all its files and snapshots.

        Raises: `NotConfirmed`; `WorkspaceInUse` while an environment has it; `WorkspaceBusy`.
        """
        if confirm != workspace["name"]:
            raise NotConfirmed(workspace["name"])
        await self._copies.mend(workspace)
        if not await self._workspaces.let_go(workspace["_id"]):  # no environment can take it from now on
            raise WorkspaceBusy(workspace["name"])
        if users := await self._users.users_of(workspace["_id"]):
            await self._workspaces.keep(workspace["_id"])
            raise WorkspaceInUse(workspace["name"], users)
        await asyncio.to_thread(self._places.discard, workspace["_id"])
        await self._snapshots.remove_all(workspace["_id"])
        await self._workspaces.remove(workspace["_id"])
        self._sizes.sweep()

    async def for_writing(self, workspace: Document) -> Document:
        """Return it once its files may be changed. Raises: `WorkspaceBusy`."""
        now = await self._copies.mend(workspace)
        if (busy := now.get("busy")) and busy["what"] in KEEPS_OUT:
            raise WorkspaceBusy(now["name"])
        await asyncio.to_thread(self._places.prepare, now["_id"], await self._uid_of(now["owner_id"]))
        return now

    async def present(self, workspace: Document) -> Workspace:
        """Say what there is to say of one."""
        now = await self._copies.mend(workspace)
        self._sizes.want_fresh(now)
        busy, size = now.get("busy"), now.get("size")
        state = STATES[busy["what"]] if busy else "failed" if now.get("is_failed") else "ready"
        return Workspace(
            id=now["_id"],
            name=now["name"],
            created_at=now["created_at"],
            is_default=now["name"] == DEFAULT_NAME,
            state=state,
            reason=now.get("reason"),
            job_id=busy["job_id"] if busy else None,
            size=WorkspaceSize(**size) if size else None,
            quota_bytes=await self._sizes.quota_of(now),
            used_by=await self._users.users_of(now["_id"]),
        )

    async def job(self, workspace: Document, job_id: str) -> WorkspaceJob:
        """Say how work on a workspace stands. Raises: `NotFound`."""
        job = await self._jobs.get(job_id)
        if job is None or workspace["_id"] not in (job["args"].get("workspace_id"), job["args"].get("target_id")):
            raise NotFound("There is no such work on this workspace.")
        lines = (await self._jobs.log_lines(job_id))[-MOST_LINES:]
        return WorkspaceJob(
            id=job_id,
            what=job["args"]["what"],
            state=job["state"],
            reason=(job["error"] or {}).get("reason"),
            log=[JobLine(offset=line["offset"], at=line["at"], text=line["text"]) for line in lines],
        )
