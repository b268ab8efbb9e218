"""Background work of this feature: building releases."""

import os
from pathlib import Path
from typing import Any

from obstore.store import ObjectStore

from hothouse.apps.builds import Builder, BuildFailed, BuildOptions, BuildRequest
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.sources import lay_out
from hothouse.apps.repository import AppsRepository, ReleasesRepository
from hothouse.database.connection import Database, Document
from hothouse.jobs.interfaces import Handler, JobFailed, WriteLine
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.errors import LaunchError
from hothouse.launch.preflight import detect
from hothouse.settings import Settings
from hothouse.storage.objects import open_store

BUILD_UID_OFFSET = 0  # apps count from 1, see `AppsRepository.next_uid_offset`
SOURCE_BUILD_UID_OFFSET = 1_000_000  # far above any app


class BuildRelease:
    """Builds a release: lays its source out, locks and installs what it requires."""

    def __init__(self, settings: Settings, database: Database, store: ObjectStore, builder: Builder) -> None:
        self._settings = settings
        self._apps = AppsRepository(database)
        self._releases = ReleasesRepository(database)
        self._store = store
        self._builder = builder

    async def __call__(self, job: Document, write: WriteLine) -> dict[str, Any]:
        """Build, or go on building, the release a job names. Raises: `JobFailed` with `step` and `log_tail`."""
        release = await self._releases.by_id(job["args"]["release_id"])
        app = await self._apps.get(release["app_id"]) if release else None
        if release is None or app is None:
            raise JobFailed("the release does not exist any more")
        source = await lay_out(self._store, self._settings.home, release, app_uid(self._settings, app))
        return await self._build(release, source, write)

    async def abandon(self, job: Document) -> None:
        """End what runs of a build that was called off."""
        identity: str = job["args"]["release_id"]
        await self._builder.cancel(identity, identity.rpartition("-")[0])

    async def _build(self, release: Document, source: Path, write: WriteLine) -> dict[str, Any]:
        request = BuildRequest(
            build_id=release["_id"],
            app_id=release["app_id"],
            source=source,
            manifest=Manifest.model_validate_json(release["manifest"]),
            lock=release["lock"],
        )
        try:
            result = await self._builder.build(request, lambda line: write("stdout", line))
        except BuildFailed as error:
            write("stderr", error.reason)
            raise JobFailed(error.reason, step=error.step, log_tail=list(error.log_tail)) from error
        except LaunchError as error:
            raise JobFailed(f"the build could not be started on this machine: {error}") from error
        return {"lock": result.lock, "lock_digest": result.lock_digest, "environment": str(result.env_path)}


def app_uid(settings: Settings, app: Document) -> int | None:
    """Return the user id that is the app's own, where the platform may change user ids."""
    return settings.launch.first_uid + int(app["uid_offset"]) if os.getuid() == 0 else None


def make_builder(settings: Settings) -> Builder:
    """Make what builds on this machine."""
    # Builds fetch packages, also from an index in the lab's own network: they share the machine's.
    launcher = LocalLauncher(
        settings.home / "builds",
        detect(settings.launch.isolation, "shared"),
        settings.launch.minimum_for("builds"),
    )
    first = settings.launch.first_uid if os.getuid() == 0 else None
    options = BuildOptions(
        sdk_wheel=settings.builds.sdk_wheel,
        timeout_seconds=settings.builds.timeout_seconds,
        uid=first + BUILD_UID_OFFSET if first is not None else None,
        source_uid=first + SOURCE_BUILD_UID_OFFSET if first is not None else None,
    )
    return Builder(settings.home, launcher, options)


def handlers(settings: Settings, database: Database, builder: Builder) -> dict[str, Handler]:
    """Return what does the jobs of this feature, by kind of job."""
    return {"build": BuildRelease(settings, database, open_store(settings), builder)}
