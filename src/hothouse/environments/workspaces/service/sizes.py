"""How much workspaces take up: measured beside everything else, and asked before something is written."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import structlog

from hothouse.database.connection import Document
from hothouse.environments.workspaces.errors import NoSpace
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.kit import trees
from hothouse.kit.beneath import FOLDER
from hothouse.kit.clock import Clock
from hothouse.quotas.amounts import Amounts
from hothouse.quotas.service import Quotas

log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=60)
CLEAN_SECONDS = 3600.0
TIDY_BYTES = 256 * 2**20


class Sizes:
    """Measures workspaces, one at a time, and removes what was deleted; `run` must be running for it."""

    def __init__(
        self,
        workspaces: WorkspacesRepository,
        places: Places,
        clock: Clock,
        quota_bytes: int,
        allowed: Callable[[str], Awaitable[int | None]],
        quotas: Quotas,
    ) -> None:
        """Make it; `allowed` says how much a workspace of an owner may hold, None: `quota_bytes`."""
        self._workspaces = workspaces
        self._places = places
        self._clock = clock
        self._quota_bytes = quota_bytes
        self._allowed = allowed
        self._quotas = quotas
        self._wanted: dict[str, None] = {}
        self._is_wanted = asyncio.Event()

    async def quota_of(self, workspace: Document) -> int:
        """Return how much a workspace may take up, in bytes."""
        own = workspace.get("quota_bytes") or await self._allowed(workspace["owner_id"])
        return int(own or self._quota_bytes)

    def want(self, workspace_id: str) -> None:
        """Have a workspace measured soon."""
        self._wanted[workspace_id] = None
        self._is_wanted.set()

    def want_fresh(self, workspace: Document) -> None:
        """Have a workspace measured if that was long ago."""
        size = workspace.get("size")
        if size is None or size["measured_at"] + FRESH < self._clock.now():
            self.want(workspace["_id"])

    def sweep(self) -> None:
        """Have workspaces removed soon that were taken away."""
        self._is_wanted.set()

    async def check(self, workspace: Document, more: int) -> None:
        """See that so many bytes may be written. Raises: `NoSpace`, `QuotaReached`."""
        await self._quotas.check(workspace["owner_id"], Amounts(disk_bytes=more))
        await self._check_room(workspace, more)

    async def _check_room(self, workspace: Document, more: int) -> None:
        now = await self._workspaces.get(workspace["_id"]) or workspace
        self.want_fresh(now)
        size, quota = now.get("size") or await self.measure(workspace["_id"]), await self.quota_of(now)
        if more > 0 and size["bytes"] + more > quota:
            raise NoSpace(
                f'This is more than the workspace "{now["name"]}" may hold: {quota / 2**20:,.0f} MiB, with snapshots '
                "and bin. Delete something, and empty the bin."
            )

    @asynccontextmanager
    async def writing(self, workspace: Document, more: int) -> AsyncIterator[None]:
        """Let so many bytes be written inside the block; they are counted before, and not if that fails.

        Raises: `NoSpace`, `QuotaReached`.
        """
        async with self._quotas.room_for(workspace["owner_id"], Amounts(disk_bytes=more)):
            await self._check_room(workspace, more)
            await self._workspaces.grow(workspace["_id"], more)
        try:
            yield
        except BaseException:
            await self._workspaces.grow(workspace["_id"], -more)
            raise
        self.want_fresh(workspace)

    def beginning(self, owner_id: str) -> AbstractAsyncContextManager[None]:
        """Let somebody have another workspace inside the block, unless their disk is full. Raises: `QuotaReached`."""
        return self._quotas.room_for(owner_id, Amounts(disk_bytes=1))

    @asynccontextmanager
    async def copying(self, workspace: Document, snapshot_id: str | None) -> AsyncIterator[int]:
        """Let the files of a workspace, or of a snapshot, be copied; gives the bytes to `expect` inside the block.

        Raises: `QuotaReached`.
        """
        if not await self._quotas.is_limited(workspace["owner_id"]):  # so nobody needs to know
            yield 0
            return
        needed = await asyncio.to_thread(self._measure_part, workspace["_id"], snapshot_id)
        async with self._quotas.room_for(workspace["owner_id"], Amounts(disk_bytes=max(1, needed))):
            yield needed

    async def expect(self, workspace_id: str, more: int) -> None:
        """Count bytes that are going to be written, until they are measured."""
        found = await self._workspaces.get(workspace_id)
        if found is None or not more:
            return
        if found.get("size"):
            await self._workspaces.grow(workspace_id, more)
        else:
            size = {"bytes": more, "files": 0, "is_whole": True, "measured_at": self._clock.now()}
            await self._workspaces.update(workspace_id, {"size": size})

    async def most(self, workspace_id: str) -> int:
        """Return how large the files may become while an environment has them: as its own and its owner's quotas say.

        Where those are taken already, a little more may come, so that one can start it and tidy up.
        """
        workspace = await self._workspaces.get(workspace_id)
        if workspace is None:  # which its start is going to say
            return self._quota_bytes
        own, size = await self.quota_of(workspace), workspace.get("size")
        if size is None:
            return own
        others = await self._quotas.left(workspace["owner_id"], "disk_bytes")
        used = int(size["bytes"])
        if used > own:  # it was made smaller
            return used + TIDY_BYTES
        return own if others is None else min(own, used + max(int(others), TIDY_BYTES))

    async def left(self, workspace: Document) -> int:
        """Return how many bytes more a workspace may hold, of its own quota and of its owner's."""
        size = workspace.get("size") or {"bytes": 0}
        own = await self.quota_of(workspace) - int(size["bytes"])
        others = await self._quotas.left(workspace["owner_id"], "disk_bytes")
        return own if others is None else min(own, int(others))

    async def measure(self, workspace_id: str) -> Document:
        """Measure a workspace now, and keep what was found."""
        size = await asyncio.to_thread(self._measure, workspace_id)
        found = {
            "bytes": size.bytes,
            "files": size.files,
            "is_whole": size.is_whole,
            "measured_at": self._clock.now(),
        }
        await self._workspaces.update(workspace_id, {"size": found})
        return found

    def _measure(self, workspace_id: str) -> trees.Size:
        with _tolerant(workspace_id):
            self._places.clean(workspace_id)
        return _size_of(self._places.whole(workspace_id))

    def _measure_part(self, workspace_id: str, snapshot_id: str | None) -> int:
        if snapshot_id is None:
            return _size_of(self._places.part(workspace_id, "files")).bytes
        return _size_of(self._places.part(workspace_id, "snapshots") / snapshot_id).bytes

    async def run(self) -> None:
        """Measure what is wanted, and clean up, until cancelled."""
        for going in await self._workspaces.going():  # a hub was killed half-way
            await asyncio.to_thread(self._places.discard, going["_id"])
            await self._workspaces.remove(going["_id"])
        while True:
            self._is_wanted.clear()
            with _tolerant("all"):
                await asyncio.to_thread(self._places.sweep)
            while self._wanted:
                await self.measure(self._wanted.popitem()[0])
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_wanted.wait(), CLEAN_SECONDS)


def _size_of(folder: Path) -> trees.Size:
    try:
        root = os.open(folder, FOLDER)
    except FileNotFoundError:
        return trees.Size(0, 0, is_whole=True)
    try:
        return trees.measure(root)
    finally:
        os.close(root)


@contextmanager
def _tolerant(workspace: str) -> Iterator[None]:
    """Go on when something cannot be removed now: somebody is still writing there."""
    try:
        yield
    except OSError as error:
        log.warning("workspace-not-cleaned", workspace=workspace, error=str(error))
