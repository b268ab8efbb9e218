"""Making sure that it is still the person: before what could lock them out, or let somebody else in."""

from datetime import timedelta

from hothouse.identity.errors import ProofNeeded, WrongPassword
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.service.lockout import ACCOUNT, Lockout
from hothouse.identity.service.sessions import Sessions
from hothouse.kit.clock import Clock

FRESH = timedelta(minutes=10)


class Proofs:
    """Asks for the password, or a sign-in of a moment ago, which is all that an account without a password has."""

    def __init__(
        self,
        repository: IdentityRepository,
        passwords: Passwords,
        lockout: Lockout,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._passwords = passwords
        self._lockout = lockout
        self._sessions = sessions
        self._clock = clock

    async def demand(self, principal: Principal, password: str | None) -> None:
        """Let pass who knows the account's password, or has just signed in.

        Raises: `WrongPassword`, `TooManyAttempts`; `ProofNeeded` if neither is there.
        """
        if password is None:
            began = await self._sessions.began_at(principal.session_id) if principal.session_id else None
            if began is None or self._clock.now() - began > FRESH:
                raise ProofNeeded
            return
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        await self._lockout.count(ACCOUNT, principal.user.email)
        document = await self._repository.user(principal.user.id)
        if document is None or not await self._passwords.verify(password, document["password_hash"]):
            raise WrongPassword
        await self._lockout.forget(ACCOUNT, principal.user.email)
