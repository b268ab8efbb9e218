"""How the keys of secrets are put together: what is sealed with them, and who is told of each read."""

from collections.abc import Awaitable, Callable

from hothouse.apps.service import AppsContext
from hothouse.apps.service.sealed import SealedSettings, SecretReads
from hothouse.audit.service import Audit, Draft
from hothouse.database.connection import Database, Document
from hothouse.database.leases import Lease
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.service.sealed import SealedFiles
from hothouse.identity.factors.service.sealed import SealedFactors
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.kit.trail import Thing
from hothouse.secrets.interfaces import Sealed
from hothouse.secrets.personal.repository import PersonalSecretsRepository
from hothouse.secrets.personal.service import PersonalSecrets, SealedPersonalSecrets
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import Rotation


def make_rotation(database: Database, ring: KeyRing, context: AppsContext, clock: Clock, holder: str) -> Rotation:
    """Make what changes the key; whoever comes to keep sealed values is to be listed here."""
    sealed: list[Sealed] = [
        SealedSettings(context.apps),
        SealedFactors(database),
        SealedPersonalSecrets(database),
        SealedFiles(EnvironmentsRepository(database)),
    ]
    return Rotation(ring, MarksRepository(database), sealed, Lease(database, clock, "keys", holder, seconds=30))


def make_reads(context: AppsContext, audit: Audit) -> SecretReads:
    """Make what puts down which workload got which secrets."""
    return SecretReads(context.secret_reads, context.clock, _recorder(audit))


def make_personal(database: Database, ring: KeyRing, clock: Clock, holder: str, audit: Audit) -> PersonalSecrets:
    """Make what keeps the secrets of people, and puts on record which workload was given which."""

    async def record(user_id: str, workload_id: str, names: list[str]) -> None:
        about = (Thing("user", user_id), Thing("workload", workload_id))
        await audit.record(Draft("secrets.read", about=about, after={"names": names}))

    changing = Lease(database, clock, "personal-secrets", holder)
    return PersonalSecrets(PersonalSecretsRepository(database), ring, clock, changing, record)


def _recorder(audit: Audit) -> Callable[[Document, Document], Awaitable[None]]:
    async def record(app: Document, read: Document) -> None:
        about = (Thing("app", app["_id"], app["slug"]), Thing("workload", read["_id"]))
        after = {"names": read["names"], "release": read["release"]}
        await audit.record(Draft("secrets.read", about=about, after=after))

    return record
