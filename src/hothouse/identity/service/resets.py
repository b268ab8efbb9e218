"""Resets of passwords by single-use links."""

from datetime import timedelta

from hothouse.database.connection import Document
from hothouse.identity.errors import LinkInvalid
from hothouse.identity.passwords import Passwords
from hothouse.identity.repository import IdentityRepository, LinksRepository
from hothouse.identity.schemas import ResetLink, ResetOffer
from hothouse.identity.service.letters import Letters
from hothouse.identity.service.lockout import ACCOUNT, Lockout
from hothouse.identity.service.sessions import Sessions
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret
from hothouse.kit.problems import Conflict, NotFound

LIFETIME = timedelta(hours=24)


class Resets:
    """Makes links that reset a password, and takes them. A newer link replaces the older ones of the same account."""

    def __init__(
        self,
        repository: IdentityRepository,
        links: LinksRepository,
        passwords: Passwords,
        sessions: Sessions,
        lockout: Lockout,
        letters: Letters,
        clock: Clock,
        main_url: str,
    ) -> None:
        self._repository = repository
        self._links = links
        self._passwords = passwords
        self._sessions = sessions
        self._lockout = lockout
        self._letters = letters
        self._clock = clock
        self._main_url = main_url

    async def issue(self, user_id: str) -> ResetLink:
        """Make a link for an account. Raises: `NotFound`; `Conflict` if it is closed."""
        user = await self._repository.user(user_id)
        if user is None:
            raise NotFound("There is no such account.")
        if not user["is_active"]:
            raise Conflict("This account is deactivated. Reactivate it first.")
        code, until = new_secret(), self._clock.now() + LIFETIME
        await self._links.put_reset({"_id": fingerprint(code), "user_id": user_id, "expires_at": until})
        url = f"{self._main_url}/reset-password#{code}"
        return ResetLink(url=url, expires_at=until, is_mailed=await self._letters.reset(user["email"], url))

    async def look_at(self, code: str) -> ResetOffer:
        """Say whose password a link resets. Raises: `LinkInvalid`."""
        reset, user = await self._get(code)
        return ResetOffer(email=user["email"], expires_at=reset["expires_at"])

    async def reset(self, code: str, password: str) -> None:
        """Set a new password, which ends every session and every lock on the account; API tokens stay.

        Raises: `LinkInvalid`.
        """
        _, user = await self._get(code)
        password_hash = await self._passwords.hash(password)
        if not await self._links.take_reset(fingerprint(code)):
            raise LinkInvalid
        epoch = user.get("epoch", 0) + 1
        if not await self._repository.change_password(user["_id"], user["password_hash"], password_hash, epoch):
            raise LinkInvalid  # the password was changed, or the account closed, at the same moment
        await self._sessions.end_others(user["_id"])
        await self._lockout.forget(ACCOUNT, user["email"])

    async def _get(self, code: str) -> tuple[Document, Document]:
        reset = await self._links.reset(fingerprint(code), self._clock.now())
        user = await self._repository.user(reset["user_id"]) if reset else None
        if reset is None or user is None or not user["is_active"]:
            raise LinkInvalid
        return reset, user
