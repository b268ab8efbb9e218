"""What an app's workloads are run from."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from hothouse.apps.builds import has_spares
from hothouse.apps.jobs import app_uid
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.sources import lay_out
from hothouse.apps.reconciler.specs import Start, basis_of, health_of, make_spare, make_spec
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.identities import app_token
from hothouse.apps.service.limits import limits_for, limits_of
from hothouse.apps.service.sealed import SecretReads
from hothouse.broker.credentials import CredentialStore
from hothouse.database.connection import Document
from hothouse.kit.ids import fingerprint
from hothouse.launch.interfaces import WorkloadSpec
from hothouse.workloads.interfaces import Run, owner_key


def owner(app: Document) -> str:
    """Return the key under which an app's workloads are recorded."""
    return owner_key("app", app["_id"])


def promised(release: Document) -> Document:
    """Return what a workload of a release is promised of the machine."""
    limits = limits_of(Manifest.model_validate_json(release["manifest"]))
    return {"cpu": limits.cpu, "memory_bytes": limits.memory_bytes, "gpus": 0}


class AppRuns:
    """Prepares the starts of releases."""

    def __init__(self, context: AppsContext, credentials: CredentialStore, reads: SecretReads) -> None:
        self._context = context
        self._credentials = credentials
        self._reads = reads

    def of(self, app: Document, release: Document, workload: Document) -> Run:
        """Return what a workload of an app is run from."""
        return self._run(app, release, partial(self._spec, app, release, workload))

    def spare_of(self, app: Document, release: Document, spare: Document) -> Run:
        """Return what a spare of an app is run from."""
        return self._run(app, release, partial(self._spare, app, release, spare))

    def has_spares(self, release: Document) -> bool:
        """Tell whether a release can have spares."""
        return has_spares(Manifest.model_validate_json(release["manifest"]), Path(release["environment"]))

    async def spare_basis(self, app: Document, release: Document, spare: Document) -> str:
        """Return the basis of a spare as it would be made now. Raises: `LaunchError`, `OSError`."""
        return basis_of(await self._spare(app, release, spare))

    def _run(self, app: Document, release: Document, spec: Callable[[], Awaitable[WorkloadSpec]]) -> Run:
        return Run(
            host=self._context.settings.app_url(app["slug"]).partition("//")[2],
            health=health_of(Manifest.model_validate_json(release["manifest"])),
            spec=spec,
        )

    async def _spare(self, app: Document, release: Document, spare: Document) -> WorkloadSpec:
        """Prepare what a spare needs and return what to run; nothing secret is read for it."""
        uid = app_uid(self._context.settings, app)
        source = await lay_out(self._context.store, self._context.settings.home, release, uid)
        without = {**app, "secrets": {}}
        start = Start(app=without, release=release, workload=spare, source=source, uid=uid, password="", token="")
        return make_spare(self._context, start, told=app["secrets"])

    async def _spec(self, app: Document, release: Document, workload: Document) -> WorkloadSpec:
        """Prepare what a workload needs and return what to run.

        Password and token are derived and not random: when this is repeated because a hub died right here, the
        workload that it may have started keeps credentials that work.
        """
        uid, identity = app_uid(self._context.settings, app), workload["_id"]
        password = self._context.secrets.derive(f"workloads/{identity}")
        limits = limits_for(app, Manifest.model_validate_json(release["manifest"]), self._context.settings)
        token = app_token(self._context.secrets, identity)
        source, _, _ = await asyncio.gather(
            lay_out(self._context.store, self._context.settings.home, release, uid),
            self._credentials.issue(workload_id=identity, database=app["database"], password=password, limits=limits),
            self._context.workloads.update(identity, {"token_hash": fingerprint(token)}),
        )
        start = Start(
            app=app, release=release, workload=workload, source=source, uid=uid, password=password, token=token
        )
        spec = make_spec(self._context, start)
        await self._reads.note(app, release, workload)
        return spec
