"""What whoever holds the platform's files may do to get in again, where nobody can do it for them over the API."""

import getpass

from hothouse.audit.dependencies import AuditServices
from hothouse.audit.service import PLATFORM, Draft
from hothouse.database.connection import connect
from hothouse.hub.identifying import make_identity
from hothouse.identity.schemas import User
from hothouse.kit.clock import SystemClock
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import Thing
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import open_keys
from hothouse.settings import Settings


async def reset_second_factor(settings: Settings, email: str) -> User:
    """Take the second factor of an account away, on record as the doing of the machine's user; its sessions end.

    Raises: `NotFound` without such an account, or when it has none; `AuditAway`, `KeysDoNotFit`,
    `DatabaseUnreachable`, `PyMongoError`.
    """
    clock = SystemClock()
    async with connect(settings, app_name="admin") as client:
        database = client[settings.mongodb.database]
        keys = await open_keys(settings.keys_dir / "secrets.key", MarksRepository(database))
        identity = make_identity(settings, database, keys, clock)
        user = await identity.accounts.by_email(email.strip().lower())
        if user is None or not await identity.factors.is_on(user.id):
            raise NotFound(f"There is no account {email}, or it has no second factor.")
        audit = AuditServices.make(database, clock, settings.keys_dir, settings.audit.retention_days)
        about = (Thing("user", user.id, user.email),)
        draft = Draft("users.reset-second-factor", who=PLATFORM, about=about, after={"machine_user": getpass.getuser()})
        draft = await audit.record.announce(draft)
        await identity.factors.reset(user.id)
        await audit.record.record(draft)
        await audit.close()
        return user
