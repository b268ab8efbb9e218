"""What people have of apps, for quotas."""

from collections.abc import Collection

from hothouse.apps.manifests import Manifest
from hothouse.apps.repository import AppsRepository, DeploymentsRepository, ReleasesRepository
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service.limits import limits_of
from hothouse.apps.service.sizes import AppSizes
from hothouse.database.connection import Document
from hothouse.quotas.amounts import Amounts, HeldDatabase, Holding
from hothouse.quotas.interfaces import DatabaseSizes

UNNAMED_CORES = 1.0
"""What counts for an app that names no limit: it may take any core, and one must not be free of charge."""


class AppHoldings:
    """Tells which apps people have, and what those take: a `Holder` and `DatabaseHolder` of `quotas.interfaces`."""

    def __init__(
        self,
        apps: AppsRepository,
        releases: ReleasesRepository,
        deployments: DeploymentsRepository,
        databases: DatabaseSizes,
        files: AppSizes,
    ) -> None:
        self._apps = apps
        self._releases = releases
        self._deployments = deployments
        self._databases = databases
        self._files = files

    async def held_by(self, owner_ids: Collection[str]) -> list[Holding]:
        """See `Holder`."""
        apps = [one for one in await self._apps.owned_by_any(owner_ids) if one["desired"] != "deleted"]
        running = await releases_of(apps, self._deployments, self._releases)
        sizes = await self._databases.sizes_of([one["database"] for one in apps])
        return [
            Holding(
                kind="app",
                id=one["_id"],
                name=one["name"],
                owner_id=one["owner_id"],
                amounts=Amounts(
                    apps=1,
                    disk_bytes=self._files.of(one["_id"]),
                    database_bytes=sizes.get(one["database"], 0),
                )
                + (to_run(running[one["_id"]]) if one["_id"] in running else Amounts()),
            )
            for one in apps
        ]

    async def databases(self) -> list[HeldDatabase]:
        """See `DatabaseHolder`."""
        apps = [one for one in await self._apps.all() if one["owner_id"]]
        sizes = await self._databases.sizes_of([one["database"] for one in apps])
        return [HeldDatabase(one["database"], one["owner_id"], sizes.get(one["database"], 0)) for one in apps]


async def releases_of(
    apps: list[Document], deployments: DeploymentsRepository, releases: ReleasesRepository
) -> dict[str, Manifest]:
    """Return, by app, the manifests of those that run, or are to; one that is asleep does not."""
    wanted = [one for one in apps if one["desired"] == "running" and not one["is_asleep"]]
    latest = await deployments.get_many([one["deployment_id"] for one in wanted if one["deployment_id"]])
    numbers = {one["_id"]: _release_of(one, latest.get(one["deployment_id"] or "")) for one in wanted}
    asked = {app: number for app, number in numbers.items() if number}
    found = await releases.get_many(list(asked.items()))
    manifests = {app: found.get((app, number)) for app, number in asked.items()}
    return {app: Manifest.model_validate_json(one["manifest"]) for app, one in manifests.items() if one}


def to_run(manifest: Manifest) -> Amounts:
    """Return what an app takes while it runs."""
    limits = limits_of(manifest)
    return Amounts(apps_running=1, cpu=limits.cpu or UNNAMED_CORES, memory_bytes=limits.memory_bytes or 0)


def _release_of(app: Document, latest: Document | None) -> int | None:
    """Return which release of an app runs, or is about to; None for one that never did, and does not try."""
    is_active = latest is not None and latest["state"] in ACTIVE_DEPLOYMENT
    number: int | None = latest["release"] if latest and is_active else app["release"]
    return number
