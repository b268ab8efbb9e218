"""Sign-in by password and the sessions it opens."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from hothouse.database.connection import Document
from hothouse.identity.devices import LONGEST, Visitor, browser_of, system_of
from hothouse.identity.errors import InvalidCredentials
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import ACTING, ANYONE, Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import Device, Session, User
from hothouse.identity.service.accounts import to_user
from hothouse.identity.service.lockout import ACCOUNT, ADDRESS, Lockout
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound

SESSION_LIFETIME = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=1)
NOBODY_SEEN = Visitor("unknown", "")


@dataclass(frozen=True, slots=True)
class SignedInBy:
    """The OpenID provider at which a session began. `key` names the session there, `hint` reminds it of that."""

    provider: str
    key: str | None = None
    hint: str | None = None


class Sessions:
    """Opens, reads and ends sessions. The browser holds the secret, the database only its fingerprint.

    An account has an epoch, which a change of password or the end of the account moves on. A session holds only in
    the epoch it was opened in, so one that is opened while the password changes is worth nothing.
    """

    def __init__(self, repository: IdentityRepository, passwords: Passwords, lockout: Lockout, clock: Clock) -> None:
        self._repository = repository
        self._passwords = passwords
        self._lockout = lockout
        self._clock = clock
        self.may_impersonate: Callable[[Principal], Awaitable[bool]] = _admins_only
        """Says who may act as others at all; the hub has its authorizer say it."""

    async def active_users(self, since: datetime) -> int:
        """Return how many people were here since a moment."""
        return len(await self._repository.users_since(since))

    async def check_password(self, email: str, password: str, visitor: Visitor) -> Document:
        """Return the account that an address and a password belong to.

        Raises: `InvalidCredentials`, `TooManyAttempts`.
        """
        await self._lockout.count(ADDRESS, visitor.address)
        await self._lockout.count(ACCOUNT, email.lower())
        document = await self._repository.user_by_email(email)
        if not await self._passwords.verify(password, document["password_hash"] if document else None):
            raise InvalidCredentials
        if document is None or not document["is_active"]:
            raise InvalidCredentials
        await self._lockout.forget(ACCOUNT, email.lower())
        await self._lockout.forgive(ADDRESS, visitor.address)
        return document

    async def open(self, user: User, visitor: Visitor = NOBODY_SEEN, by: SignedInBy | None = None) -> str:
        """Open a session on the main origin and return its secret. Raises: `NotFound` without such an account."""
        document = await self._repository.user(user.id)
        if document is None:
            raise NotFound
        return await self.open_for(document, visitor, by)

    async def open_for(self, user: Document, visitor: Visitor, by: SignedInBy | None = None) -> str:
        """Open a session in the epoch that an account had when it was read."""
        secret = new_secret()
        await self._add(
            secret, user["_id"], None, None, [user.get("epoch", 0)], visitor, {"by": asdict(by)} if by else None
        )
        return secret

    async def open_as(
        self, user: Document, parent_id: str, impersonator_id: str, until: datetime, visitor: Visitor
    ) -> str:
        """Open a session in which somebody else acts as a person, and which ends with their own at last."""
        secret, more = new_secret(), {"impersonator_id": impersonator_id, "expires_at": until}
        await self._add(secret, user["_id"], None, parent_id, [user.get("epoch", 0)], visitor, more)
        return secret

    async def open_for_app(self, user_id: str, app_id: str, parent_id: str) -> str:
        """Open a session on an app's origin, which ends with the one it came from, and return its secret."""
        secret = new_secret()
        parent = await self._repository.session(parent_id, self._clock.now())
        epochs = parent.get("epochs", [0]) if parent else []  # without epochs it stands for nobody
        await self._add(secret, user_id, app_id, parent_id, epochs, NOBODY_SEEN)
        return secret

    async def _add(
        self,
        secret: str,
        user_id: str,
        app_id: str | None,
        parent_id: str | None,
        epochs: list[int],
        visitor: Visitor,
        more: Document | None = None,
    ) -> None:
        now = self._clock.now()
        session = {
            "_id": fingerprint(secret),
            "user_id": user_id,
            "created_at": now,
            "expires_at": now + SESSION_LIFETIME,
            "app_id": app_id,
            "epochs": epochs,
            **_seen(visitor, now),
        }
        more = {**(more or {}), "parent_id": parent_id} if parent_id else more or {}
        await self._repository.add_session(session | more)

    async def principal(self, secret: str, *, app_id: str | None = None, visitor: Visitor | None = None) -> Principal:
        """Return who a session secret stands for on the given origin; anyone when it stands for nobody."""
        session = await self._repository.session(fingerprint(secret), self._clock.now())
        if session is None or session["app_id"] != app_id:
            return ANYONE
        principal = await self._holder(session)
        if principal.user is not None:
            await self._touch(session, visitor)
        return principal

    async def renewed(self, principal: Principal) -> Principal:
        """Return who the session of a principal stands for by now."""
        session = await self._repository.session(principal.session_id or "", self._clock.now())
        return await self._holder(session) if session else ANYONE

    async def _holder(self, session: Document) -> Principal:
        """Return who a session stands for; one that came from another only as long as that stands for somebody."""
        document = await self._repository.user(session["user_id"])
        if document is None or not document["is_active"]:
            return ANYONE
        if document.get("epoch", 0) not in session.get("epochs", [0]):
            return ANYONE
        user, above = to_user(document), ANYONE
        if parent_id := session.get("parent_id"):
            parent = await self._repository.session(parent_id, self._clock.now())
            above = await self._holder(parent) if parent else ANYONE
            if above.user is None:
                return ANYONE
        impersonator = above.impersonator
        if by := session.get("impersonator_id"):
            if above.user_id != by or not await self._may_act_as(above, user):
                return ANYONE
            impersonator = above.user
        ids = (session["_id"], *above.credentials)
        scopes = (ACTING,) if impersonator else None
        return Principal(user, "session", session["_id"], ids, scopes, impersonator)

    async def _may_act_as(self, principal: Principal, user: User) -> bool:
        may = principal.impersonator is None and may_be_impersonated(user)
        return may and await self.may_impersonate(principal)

    async def _touch(self, session: Document, visitor: Visitor | None) -> None:
        now = self._clock.now()
        last: datetime = session.get("last_used_at") or session["created_at"]
        if now - last < TOUCH_EVERY:
            return
        sessions = [session["_id"], *filter(None, [session.get("parent_id")])]
        await self._repository.touch_sessions(sessions, _seen(visitor, now) if visitor else {"last_used_at": now})

    async def is_open(self, session_id: str) -> bool:
        return await self._repository.session(session_id, self._clock.now()) is not None

    async def page(self, principal: Principal, paging: PageRequest) -> Page[Session]:
        """Return the caller's sessions, the newest first."""
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        before = paging.after_time
        found = await self._repository.sessions_page(principal.user.id, self._clock.now(), before, paging.limit + 1)
        shown = [_to_session(one, principal.session_id) for one in found[: paging.limit]]
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].created_at.isoformat()) if more else None)

    async def end_own(self, user: User, session_id: str) -> None:
        """End one session of a person. Raises: `NotFound` when they have no such session."""
        if not await self._repository.is_own_session(user.id, session_id):
            raise NotFound
        await self._repository.remove_session(session_id)

    async def end_others(self, user_id: str, keep: str | None = None) -> None:
        """End every session of a person but `keep` and those on apps' origins that came from it."""
        await self._repository.remove_sessions(user_id, keep)

    async def end_at_apps(self, session_id: str) -> None:
        """End what hangs on a session: its sessions on apps' origins, and those in which it acts as somebody else."""
        await self._repository.remove_sessions_under(session_id)

    async def end_for_app(self, app_id: str) -> None:
        """End every session on an app's origin, and drop what was to become one."""
        await self._repository.remove_sessions_of_app(app_id)

    async def signed_in_by(self, session_id: str) -> SignedInBy | None:
        """Return the provider at which a session began; None for one that began with a password."""
        session = await self._repository.session(session_id, self._clock.now())
        return SignedInBy(**session["by"]) if session and session.get("by") else None

    async def began_at(self, session_id: str) -> datetime | None:
        """Return when the person of a session signed in."""
        session = await self._repository.session(session_id, self._clock.now())
        return session["created_at"] if session else None

    async def end_by_key(self, key: str) -> int:
        """End the sessions that began with a certain session at a provider; says how many."""
        return await self._end_all(await self._repository.sessions_by_key(key))

    async def end_by_provider(self, user_id: str, provider: str) -> int:
        """End a person's sessions that began at a provider; says how many."""
        return await self._end_all(await self._repository.sessions_by_provider(user_id, provider))

    async def _end_all(self, sessions: list[Document]) -> int:
        for session in sessions:
            await self._repository.remove_session(session["_id"])
        return len(sessions)

    async def end(self, session_id: str) -> None:
        await self._repository.remove_session(session_id)


def may_be_impersonated(user: User) -> bool:
    """Tell whether admins may act as somebody: never as one of their own kind."""
    return user.role != "admin"


async def _admins_only(principal: Principal) -> bool:
    return principal.is_admin


def _seen(visitor: Visitor, now: datetime) -> Document:
    return {"last_used_at": now, "address": visitor.address, "user_agent": visitor.user_agent[:LONGEST]}


def _to_session(found: Document, current_id: str | None) -> Session:
    agent = found.get("user_agent", "")
    return Session(
        id=found["_id"],
        device=Device(browser=browser_of(agent), system=system_of(agent)),
        address=found.get("address", NOBODY_SEEN.address),
        last_used_at=found.get("last_used_at", found["created_at"]),
        is_current=found["_id"] == current_id,
        **{key: found[key] for key in ("created_at", "expires_at")},
    )
