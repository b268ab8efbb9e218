"""Beginning and ending to act as somebody else, and telling them that it happened."""

from datetime import datetime, timedelta

from hothouse.database.connection import Document
from hothouse.identity.devices import Visitor
from hothouse.identity.impersonation.errors import CannotImpersonate
from hothouse.identity.impersonation.repository import ImpersonationsRepository
from hothouse.identity.impersonation.schemas import Impersonation, NewImpersonation, Somebody
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import User
from hothouse.identity.service.accounts import to_user
from hothouse.identity.service.sessions import Sessions, may_be_impersonated
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound


class Impersonations:
    """Opens sessions that stand for one person and are another's. Each hangs on the admin's own, and ends with it."""

    def __init__(
        self, repository: ImpersonationsRepository, accounts: IdentityRepository, sessions: Sessions, clock: Clock
    ) -> None:
        self._repository = repository
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock

    async def begin(
        self, principal: Principal, user_id: str, new: NewImpersonation, visitor: Visitor
    ) -> tuple[Impersonation, str]:
        """Return what began, and the secret of its session. Raises: `NotFound`, `CannotImpersonate`."""
        if principal.user is None or principal.session_id is None or principal.impersonator is not None:
            raise CannotImpersonate("View as somebody else from a browser where you are signed in as yourself.")
        document = await self._accounts.user(user_id)
        if document is None:
            raise NotFound("There is no such account.")
        _check(document, principal.user)
        now = self._clock.now()
        until = now + timedelta(minutes=new.minutes)
        # What is open at apps in the admin's own name would go on in it: apps are opened anew, as the other person.
        await self._sessions.end_at_apps(principal.session_id)
        secret = await self._sessions.open_as(document, principal.session_id, principal.user.id, until, visitor)
        began = {
            "_id": fingerprint(secret),
            "user_id": user_id,
            "person": _somebody(to_user(document)),
            "by": _somebody(principal.user),
            "reason": new.reason,
            "began_at": now,
            "expires_at": until,
        }
        await self._repository.add(began)
        return _shown(began), secret

    async def current(self, principal: Principal) -> Impersonation | None:
        """Return under what the caller acts as somebody else; None when they are themselves."""
        if principal.impersonator is None or principal.session_id is None:
            return None
        found = await self._repository.get(principal.session_id)
        return _shown(found) if found else None

    async def stop(self, secret: str) -> Impersonation | None:
        """End it; None when it had ended before, or never began."""
        session_id = fingerprint(secret)
        found = await self._repository.get(session_id)
        if found is None:
            return None
        await self._sessions.end(session_id)
        is_ended = await self._repository.end(session_id, self._clock.now())
        return _shown(found) if is_ended else None

    async def page(self, user: User, paging: PageRequest) -> Page[Impersonation]:
        """Return when the person was acted as, the newest first."""
        before = datetime.fromisoformat(paging.after) if paging.after else None
        found = await self._repository.page(user.id, before, paging.limit + 1)
        shown = [_shown(one) for one in found[: paging.limit]]
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].began_at.isoformat()) if more else None)


def _check(document: Document, by: User) -> None:
    """Raises: `CannotImpersonate`."""
    if document["_id"] == by.id:
        raise CannotImpersonate("This is yourself.")
    if not document["is_active"]:
        raise CannotImpersonate(f"The account of {document['name']} is deactivated.")
    if not may_be_impersonated(to_user(document)):
        raise CannotImpersonate(f"{document['name']} administers this Hothouse, too: nobody acts as another admin.")


def _somebody(user: User) -> dict[str, str]:
    return {"id": user.id, "name": user.name, "email": user.email}


def _shown(found: Document) -> Impersonation:
    return Impersonation(
        id=found["_id"],
        person=Somebody(**found["person"]),
        by=Somebody(**found["by"]),
        ended_at=found.get("ended_at"),
        **{key: found[key] for key in ("reason", "began_at", "expires_at")},
    )
