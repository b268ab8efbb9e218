"""Sign-in by password and the sessions it opens."""

from datetime import timedelta

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from hothouse.database.connection import Document
from hothouse.identity.errors import InvalidCredentials, TooManyAttempts
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import User
from hothouse.identity.service.accounts import to_user
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret

SESSION_LIFETIME = timedelta(days=14)
ATTEMPTS_PER_ACCOUNT = RateLimitItemPerMinute(10)
ATTEMPTS_PER_ADDRESS = RateLimitItemPerMinute(30)


class Sessions:
    """Opens, reads and ends sessions. The browser holds the secret, the database only its fingerprint."""

    def __init__(self, repository: IdentityRepository, passwords: Passwords, clock: Clock) -> None:
        self._repository = repository
        self._passwords = passwords
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def sign_in(self, email: str, password: str, address: str) -> tuple[User, str]:
        """Check a password and open a session; returns the account and the session's secret.

        Raises: `InvalidCredentials`, `TooManyAttempts`.
        """
        await self._count_attempt(email.lower(), address)
        document = await self._repository.user_by_email(email)
        if not await self._passwords.verify(password, document["password_hash"] if document else None):
            raise InvalidCredentials
        assert document is not None  # noqa: S101 -- verify is false without a stored hash
        user = to_user(document)
        return user, await self.open(user)

    async def _count_attempt(self, email: str, address: str) -> None:
        for limit, key in ((ATTEMPTS_PER_ACCOUNT, f"account:{email}"), (ATTEMPTS_PER_ADDRESS, f"address:{address}")):
            if not await self._limiter.hit(limit, key):
                window = await self._limiter.get_window_stats(limit, key)
                raise TooManyAttempts(max(1, int(window.reset_time - self._clock.now().timestamp()) + 1))

    async def open(self, user: User) -> str:
        """Open a session on the main origin and return its secret."""
        secret, now = new_secret(), self._clock.now()
        await self._repository.add_session(
            {
                "_id": fingerprint(secret),
                "user_id": user.id,
                "created_at": now,
                "expires_at": now + SESSION_LIFETIME,
                "app_id": None,
            }
        )
        return secret

    async def open_for_app(self, user_id: str, app_id: str, parent_id: str) -> str:
        """Open a session on an app's origin, which ends with the one it came from, and return its secret."""
        secret, now = new_secret(), self._clock.now()
        await self._repository.add_session(
            {
                "_id": fingerprint(secret),
                "user_id": user_id,
                "created_at": now,
                "expires_at": now + SESSION_LIFETIME,
                "app_id": app_id,
                "parent_id": parent_id,
            }
        )
        return secret

    async def principal(self, secret: str, *, app_id: str | None = None) -> Principal:
        """Return who a session secret stands for on the given origin; anyone when it stands for nobody."""
        session = await self._repository.session(fingerprint(secret), self._clock.now())
        if session is None or session["app_id"] != app_id:
            return ANYONE
        return await self._holder(session)

    async def renewed(self, principal: Principal) -> Principal:
        """Return who the session of a principal stands for by now."""
        session = await self._repository.session(principal.session_id or "", self._clock.now())
        return await self._holder(session) if session else ANYONE

    async def _holder(self, session: Document) -> Principal:
        """Return who a session stands for; one on an app's origin only as long as the one it came from."""
        ids = tuple(one for one in (session["_id"], session.get("parent_id")) if one)
        if len(ids) > 1 and not await self.is_open(ids[1]):
            return ANYONE
        user = await self._repository.user(session["user_id"])
        return Principal(to_user(user), "session", session["_id"], ids) if user else ANYONE

    async def is_open(self, session_id: str) -> bool:
        return await self._repository.session(session_id, self._clock.now()) is not None

    async def end_for_app(self, app_id: str) -> None:
        """End every session on an app's origin, and drop what was to become one."""
        await self._repository.remove_sessions_of_app(app_id)

    async def end(self, session_id: str) -> None:
        await self._repository.remove_session(session_id)
