"""Accounts: the first one by the set-up link, the others by an admin."""

from dataclasses import dataclass
from typing import Any

from hothouse.identity.errors import EmailTaken, SetupCodeInvalid, SetupDone
from hothouse.identity.passwords import Passwords
from hothouse.identity.repository import IdentityRepository, PeopleRepository
from hothouse.identity.schemas import NewUser, SetupRequest, User
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_id, new_secret


def to_user(document: dict[str, Any]) -> User:
    return User(id=document["_id"], **{key: document[key] for key in ("name", "email", "role", "created_at")})


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """What of an account decides on who gets in.

    `is_email_proven`: somebody else than its person vouches that its address is that person's own.
    """

    user: User
    is_active: bool
    is_email_proven: bool
    has_password: bool


def _standing(document: dict[str, Any] | None) -> AccountStanding | None:
    if document is None:
        return None
    return AccountStanding(
        to_user(document),
        is_active=document["is_active"],
        is_email_proven=document.get("is_email_proven", True),
        has_password=document["password_hash"] is not None,
    )


class Accounts:
    """Makes and finds accounts."""

    def __init__(
        self, repository: IdentityRepository, people: PeopleRepository, passwords: Passwords, clock: Clock
    ) -> None:
        self._repository = repository
        self._people = people
        self._passwords = passwords
        self._clock = clock

    async def is_setup_needed(self) -> bool:
        return not await self._people.has_admin()

    async def new_setup_code(self) -> str | None:
        """Make a single-use set-up code that replaces any earlier one; None once there is an account."""
        if await self._people.has_admin():
            return None
        code = new_secret()
        await self._repository.put_setup_code(fingerprint(code))
        return code

    async def set_up(self, request: SetupRequest) -> User:
        """Make the first admin. Raises: `SetupDone`, `SetupCodeInvalid`."""
        if await self._people.has_admin():
            raise SetupDone
        password_hash = await self._passwords.hash(request.password)
        if not await self._repository.take_setup_code(fingerprint(request.code)):
            raise SetupCodeInvalid
        return await self._add(request.name, request.email, password_hash, "admin")

    async def create(self, new: NewUser, *, is_email_proven: bool = True) -> User:
        """Make an account. Raises: `EmailTaken`."""
        if await self._repository.user_by_email(new.email):
            raise EmailTaken(new.email)
        password_hash = await self._passwords.hash(new.password)
        return await self._add(new.name, new.email, password_hash, new.role, is_email_proven=is_email_proven)

    async def admit(self, name: str, email: str, role: str) -> User:
        """Make an account without a password, for somebody whose address is proven. Raises: `EmailTaken`."""
        return await self._add(name, email, None, role)

    async def ensure_admin(self, email: str, password: str) -> User | None:
        """Make the admin that the settings name, unless there is an account already."""
        if await self._people.has_admin():
            return None
        name = email.partition("@")[0].replace(".", " ").title()
        return await self._add(name, email, await self._passwords.hash(password), "admin")

    async def _add(
        self, name: str, email: str, password_hash: str | None, role: str, *, is_email_proven: bool = True
    ) -> User:
        user = {
            "_id": new_id(),
            "name": name,
            "email": email.lower(),
            "role": role,
            "password_hash": password_hash,
            "is_email_proven": is_email_proven,
            "created_at": self._clock.now(),
        }
        await self._people.add(user)
        return to_user(user)

    async def rename(self, user: User, name: str) -> User:
        """Change what a person is called."""
        await self._people.rename({"_id": user.id, "email": user.email}, name)
        return user.model_copy(update={"name": name})

    async def get(self, user_id: str) -> User | None:
        document = await self._repository.user(user_id)
        return to_user(document) if document else None

    async def get_many(self, user_ids: set[str]) -> dict[str, User]:
        """Return the accounts among the ids that exist, by id."""
        return {document["_id"]: to_user(document) for document in await self._repository.users(sorted(user_ids))}

    async def standing(self, user_id: str) -> AccountStanding | None:
        """Return what of an account decides on who gets in."""
        return _standing(await self._repository.user(user_id))

    async def standing_by_email(self, email: str) -> AccountStanding | None:
        """Return what of the account with an address decides on who gets in."""
        return _standing(await self._repository.user_by_email(email))

    async def note_email_proven(self, user_id: str) -> None:
        """Note that the address of an account is its person's own."""
        await self._repository.note_email_proven(user_id)

    async def by_email(self, email: str) -> User | None:
        document = await self._repository.user_by_email(email)
        return to_user(document) if document else None

    async def first(self) -> User | None:
        """Return the account that was made first, the admin who set the platform up."""
        found = await self._people.oldest()
        return to_user(found) if found else None
