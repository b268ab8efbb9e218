"""What people have of environments and workspaces, for quotas."""

from collections.abc import Callable, Collection

from hothouse.database.connection import Document
from hothouse.environments.owners import OwnersRepository
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.templates.schemas import Size
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.quotas.amounts import Amounts, HeldDatabase, Holding
from hothouse.quotas.interfaces import DatabaseSizes

DATABASE_NAME = "Database of environments"


class EnvironmentHoldings:
    """Tells which environments people have that run, and their databases: a `Holder` and `DatabaseHolder`."""

    def __init__(
        self, environments: EnvironmentsRepository, owners: OwnersRepository, databases: DatabaseSizes
    ) -> None:
        self._environments = environments
        self._owners = owners
        self._databases = databases

    async def held_by(self, owner_ids: Collection[str]) -> list[Holding]:
        """See `Holder`. One that is asleep counts like one that runs: it keeps its memory, and wakes without asking."""
        every = await self._environments.of_any(owner_ids)
        running = [
            Holding(
                kind="environment", id=one["_id"], name=one["name"], owner_id=one["owner_id"], amounts=_amounts(one)
            )
            for one in every
            if one["desired"] == "running"
        ]
        databases = [
            Holding(
                kind="database",
                id=one.name,
                name=DATABASE_NAME,
                owner_id=one.owner_id,
                amounts=Amounts(database_bytes=one.bytes),
            )
            for one in await self._measured(await self._owners.known(owner_ids))
        ]
        return [*running, *databases]

    async def databases(self) -> list[HeldDatabase]:
        """See `DatabaseHolder`."""
        return await self._measured(await self._owners.all())

    async def _measured(self, owners: list[Document]) -> list[HeldDatabase]:
        sizes = await self._databases.sizes_of([one["database"] for one in owners])
        return [HeldDatabase(one["database"], one["_id"], sizes.get(one["database"], 0)) for one in owners]


class WorkspaceHoldings:
    """Tells which workspaces people have; see `quotas.interfaces.Holder`."""

    def __init__(self, workspaces: WorkspacesRepository, want_fresh: Callable[[Document], None]) -> None:
        """Make it; `want_fresh` has a workspace measured soon whose size is of long ago."""
        self._workspaces = workspaces
        self._want_fresh = want_fresh

    async def held_by(self, owner_ids: Collection[str]) -> list[Holding]:
        """See `Holder`."""
        found = await self._workspaces.of_any(owner_ids)
        for one in found:
            self._want_fresh(one)
        return [
            Holding(
                kind="workspace",
                id=one["_id"],
                name=one["name"],
                owner_id=one["owner_id"],
                amounts=Amounts(disk_bytes=(one.get("size") or {}).get("bytes", 0)),
            )
            for one in found
        ]


def taken_by(size: Size) -> Amounts:
    """Return what an environment of a size takes while it runs."""
    return Amounts(environments=1, cpu=size.cpu, memory_bytes=size.memory_bytes)


def _amounts(environment: Document) -> Amounts:
    return taken_by(Size.model_validate(environment["spec"]["size"]))
