"""Changing a password."""

from hothouse.identity.errors import WrongPassword
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.service.lockout import ACCOUNT, Lockout
from hothouse.identity.service.sessions import Sessions


class Credentials:
    """Replaces passwords; whatever was signed in by the former one ends."""

    def __init__(
        self, repository: IdentityRepository, passwords: Passwords, lockout: Lockout, sessions: Sessions
    ) -> None:
        self._repository = repository
        self._passwords = passwords
        self._lockout = lockout
        self._sessions = sessions

    async def change(self, principal: Principal, current: str, new: str) -> None:
        """Change the caller's password and end all sessions but this one; API tokens stay.

        Raises: `WrongPassword` if `current` is not the password, `TooManyAttempts`.
        """
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        user = principal.user
        await self._lockout.count(ACCOUNT, user.email)
        document = await self._repository.user(user.id)
        if document is None or not await self._passwords.verify(current, document["password_hash"]):
            raise WrongPassword
        await self._lockout.forget(ACCOUNT, user.email)
        epoch = document.get("epoch", 0) + 1
        if principal.session_id:  # before the epoch changes: this session must not fail meanwhile
            await self._repository.carry_over_session(principal.session_id, epoch)
        new_hash = await self._passwords.hash(new)
        if not await self._repository.change_password(user.id, document["password_hash"], new_hash, epoch):
            raise WrongPassword  # it was changed at the same moment
        await self._sessions.end_others(user.id, principal.session_id)
