"""How the keys of secrets are put together: what is sealed with them, and who is told of each read."""

from collections.abc import Awaitable, Callable

from hothouse.apps.service import AppsContext
from hothouse.apps.service.sealed import SealedSettings, SecretReads
from hothouse.audit.service import Audit, Draft
from hothouse.database.connection import Database, Document
from hothouse.database.leases import Lease
from hothouse.identity.factors.service.sealed import SealedFactors
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.kit.trail import Thing
from hothouse.secrets.interfaces import Sealed
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import Rotation


def make_rotation(database: Database, ring: KeyRing, context: AppsContext, clock: Clock, holder: str) -> Rotation:
    """Make what changes the key; whoever comes to keep sealed values is to be listed here."""
    sealed: list[Sealed] = [SealedSettings(context.apps), SealedFactors(database)]
    return Rotation(ring, MarksRepository(database), sealed, Lease(database, clock, "keys", holder, seconds=30))


def make_reads(context: AppsContext, audit: Audit) -> SecretReads:
    """Make what puts down which workload got which secrets."""
    return SecretReads(context.secret_reads, context.clock, _recorder(audit))


def _recorder(audit: Audit) -> Callable[[Document, Document], Awaitable[None]]:
    async def record(app: Document, read: Document) -> None:
        about = (Thing("app", app["_id"], app["slug"]), Thing("workload", read["_id"]))
        after = {"names": read["names"], "release": read["release"]}
        await audit.record(Draft("secrets.read", about=about, after=after))

    return record
