"""The sealed secrets of apps: sealed anew when keys change, and read when a workload starts."""

from collections.abc import Awaitable, Callable

from hothouse.apps.repository import AppsRepository, SecretReadsRepository
from hothouse.database.connection import Document
from hothouse.kit.clock import Clock
from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.interfaces import Resealed

Tell = Callable[[Document, Document], Awaitable[None]]


class SealedSettings:
    """The secrets of apps, for a change of keys."""

    def __init__(self, apps: AppsRepository) -> None:
        self._apps = apps

    async def reseal(self, ring: KeyRing) -> Resealed:
        done = Resealed()
        for app in await self._apps.all():
            anew = self._anew(ring, app, done)
            if not anew:
                continue
            # As a change of the settings, so that one that is made at the same moment does not bring the old ones back.
            version = app["settings_version"]
            fields = {"secrets": app["secrets"] | anew, "settings_version": version + 1}
            await self._apps.update(app["_id"], fields, settings_version=version)
            done.count += len(anew)
        return done

    def _anew(self, ring: KeyRing, app: Document, done: Resealed) -> dict[str, str]:
        anew = {}
        for name, sealed in app["secrets"].items():
            if ring.is_current(sealed):
                continue
            place = place_of(app, name)
            try:
                anew[name] = ring.seal(ring.open(sealed, place), place)
            except Conflict:
                done.unreadable.append(f"app {app['slug']}: {name}")
        return anew


class SecretReads:
    """Puts down which workload got which secrets, before it gets them."""

    def __init__(self, reads: SecretReadsRepository, clock: Clock, tell: Tell) -> None:
        """Make it; `tell` is given the app and the read, to put it on the record of who did what."""
        self._reads = reads
        self._clock = clock
        self._tell = tell

    async def note(self, app: Document, release: Document, workload: Document) -> None:
        """Put down that a workload is about to get the secrets of its app; safe to repeat."""
        if not app["secrets"]:
            return
        read = {
            "_id": workload["_id"],
            "app_id": app["_id"],
            "release": release["number"],
            "names": sorted(app["secrets"]),
            "at": self._clock.now(),
        }
        if await self._reads.add(read):
            await self._tell(app, read)

    async def forget(self, app: Document) -> None:
        """Leave nothing of an app that is deleted; what is on record stays."""
        await self._reads.remove(app["_id"])


def place_of(app: Document, name: str) -> str:
    """Return the place for which a secret of an app is sealed."""
    return f"{app['_id']}/{name}"
