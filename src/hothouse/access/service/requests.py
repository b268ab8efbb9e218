"""Asking for access, and answering. Whoever asks learns nothing of what there is."""

from datetime import datetime, timedelta
from typing import Any

from hothouse.access.errors import AlreadyDecided, TooManyRequests
from hothouse.access.interfaces import Resource, ResourceKind
from hothouse.access.repository import RequestsRepository
from hothouse.access.schemas import AccessDecision, AccessRequest, NewAccessRequest, NewGrant, ResourceRef, SubjectInfo
from hothouse.access.service.context import AccessContext
from hothouse.access.service.groups import ref
from hothouse.access.service.sharing import Sharing
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import user
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.identity.service import Letters
from hothouse.kit.ids import new_id
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound, Problem
from hothouse.kit.trail import current_trail

MOST_OPEN = 50
KEPT_OPEN, KEPT_DECIDED = timedelta(days=180), timedelta(days=90)
Found = tuple[ResourceKind, Resource]


class Requests:
    """Takes requests in, shows them to those who decide, and carries out what they decide."""

    def __init__(
        self,
        context: AccessContext,
        repository: RequestsRepository,
        subjects: Subjects,
        sharing: Sharing,
        letters: Letters,
        main_url: str,
    ) -> None:
        self._context = context
        self._repository = repository
        self._subjects = subjects
        self._sharing = sharing
        self._letters = letters
        self._main_url = main_url

    async def ask(self, principal: Principal, new: NewAccessRequest) -> None:
        """Record a request, whether what it is for exists or not: the same is read and written.

        Raises: `TooManyRequests`.
        """
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        own = await self._repository.of(principal.user.id)
        pair = f"{principal.user.id}|{new.kind}:{new.name}"
        if sum(one["state"] == "open" and one["pair"] != pair for one in own) >= MOST_OPEN:
            raise TooManyRequests(MOST_OPEN)
        found = await self._context.find(new.kind, new.name)
        now = self._context.clock.now()
        request: Document = {
            **new.model_dump(),
            "user_id": principal.user.id,
            "resource_id": found[1].id if found and found[0].share else None,
            "state": "open",
            "created_at": now,
            "decided_at": None,
            "decided_by": None,
            "note": "",
            "purge_at": now + KEPT_OPEN,
        }
        await self._repository.put(pair, request, new_id())
        current_trail().concerns(new.kind, None, new.name)
        self._letters.later(self._tell_owner(principal.user.name, found, new.message))

    async def _tell_owner(self, person: str, found: Found | None, message: str) -> bool:
        owner_id = found[1].owner_id if found else None
        owner = await self._context.people.active(owner_id) if owner_id else None
        if found is None or owner is None:
            return False
        url = f"{self._main_url}/requests"
        return await self._letters.access_request(owner.email, person, found[1].title, message, url)

    async def page(self, principal: Principal, state: str, paging: PageRequest) -> Page[AccessRequest]:
        """Return requests that somebody may decide, or might have, the newest first."""
        before = datetime.fromisoformat(paging.after) if isinstance(paging.after, str) else None
        found = await self._decidable(principal, await self._repository.in_state(state, before))
        shown = found[: paging.limit]
        more = len(found) > paging.limit
        return Page(
            items=await self._present([(one, ref(resource)) for one, (_, resource) in shown]),
            next_cursor=encode_cursor(shown[-1][0]["created_at"].isoformat()) if more else None,
        )

    async def count(self, principal: Principal) -> int:
        """Return how many requests wait for somebody."""
        return len(await self._decidable(principal, await self._repository.in_state("open")))

    async def _decidable(self, principal: Principal, requests: list[Document]) -> list[tuple[Document, Found]]:
        found: list[tuple[Document, Found]] = []
        for kind in self._context.kinds:
            of_kind = [one for one in requests if one["kind"] == kind.name and one["resource_id"]]
            ids = {one["resource_id"] for one in of_kind}
            things = await kind.finder.by_ids(ids) if ids and kind.finder else {}
            for one in of_kind:
                thing = things.get(one["resource_id"])
                if thing is not None and await self._may_decide(principal, kind, thing):
                    found.append((one, (kind, thing)))
        return sorted(found, key=lambda pair: pair[0]["created_at"], reverse=True)

    async def _may_decide(self, principal: Principal, kind: ResourceKind, resource: Resource) -> bool:
        if kind.share is None:
            return False
        return (await self._context.authorizer.check(principal, kind.share, resource)).is_allowed

    async def own(self, principal: Principal) -> Page[AccessRequest]:
        """Return what somebody asked for; by name only, for they may not see it."""
        found = await self._repository.of(principal.user_id or "")
        return Page(items=await self._present([(one, _as_asked(one)) for one in found], hide_decider=True))

    async def decide(self, principal: Principal, request_id: str, decision: AccessDecision) -> AccessRequest:
        """Grant or refuse.

        Raises: `NotFound` alike for no request and one that others decide; `AlreadyDecided`, and what giving the role
        raises: then the request stays open.
        """
        request = await self._repository.get(request_id)
        is_for_something = request is not None and request["resource_id"]
        decidable = await self._decidable(principal, [request if request and is_for_something else self._nothing()])
        if request is None or not decidable:
            current_trail().deny("no such request, or it is for others to decide")
            raise NotFound("There is no such request, or it is not for you to decide.")
        _, (kind, resource) = decidable[0]
        current_trail().concerns(resource.kind, resource.id, resource.title)
        if not await self._repository.move(request_id, "open", self._decided(principal, decision)):
            raise AlreadyDecided(request["state"])
        if decision.grant:
            await self._give(principal, kind, resource, request, decision)
        now = await self._repository.get(request_id) or request
        current_trail().change(before={"state": "open"}, after={"state": now["state"]})
        return (await self._present([(now, ref(resource))]))[0]

    def _nothing(self) -> Document:
        """Return a request for nothing, about which the same is looked up as about one for something."""
        kind = next(kind.name for kind in self._context.kinds if kind.shelf is not None)
        return {"kind": kind, "resource_id": "none"}

    def _decided(self, principal: Principal, decision: AccessDecision) -> Document:
        now = self._context.clock.now()
        return {
            "state": "granted" if decision.grant else "refused",
            "decided_at": now,
            "decided_by": principal.user_id,
            "note": decision.note,
            "purge_at": now + KEPT_DECIDED,
        }

    async def _give(
        self, principal: Principal, kind: ResourceKind, resource: Resource, request: Document, decision: AccessDecision
    ) -> None:
        role = decision.role or request["role"]
        new = NewGrant(role=role, expires_at=decision.expires_at, note=decision.note)
        try:
            await self._sharing.give(principal, kind, resource, user(request["user_id"]), new, "request")
        except Problem:
            reopened = {"state": "open", "decided_at": None, "decided_by": None, "note": ""}
            await self._repository.move(request["_id"], "granted", reopened)
            raise

    async def withdraw(self, principal: Principal, request_id: str) -> None:
        """Take back what one asked for. Raises: `NotFound`; `AlreadyDecided`."""
        request = await self._repository.get(request_id)
        if request is None or request["user_id"] != principal.user_id:
            raise NotFound("You made no such request.")
        gone = {"state": "withdrawn", "purge_at": self._context.clock.now() + KEPT_DECIDED}
        if not await self._repository.move(request_id, "open", gone):
            raise AlreadyDecided(request["state"])

    async def _present(
        self, found: list[tuple[Document, ResourceRef]], *, hide_decider: bool = False
    ) -> list[AccessRequest]:
        named = [user(one[key]) for one, _ in found for key in ("user_id", "decided_by") if one[key]]
        people = await self._subjects.describe(named)
        return [_to_request(one, of, people, hide_decider=hide_decider) for one, of in found]


def _as_asked(request: Document) -> ResourceRef:
    return ResourceRef(kind=request["kind"], id="", name=request["name"], title=request["name"])


def _to_request(
    found: Document, resource: ResourceRef, people: dict[str, SubjectInfo], *, hide_decider: bool
) -> AccessRequest:
    by: Any = found["decided_by"]
    shown = ("role", "message", "state", "created_at", "decided_at", "note")
    return AccessRequest(
        id=found["_id"],
        resource=resource,
        person=people[user(found["user_id"])],
        decided_by=people.get(user(by)) if by and not hide_decider else None,
        **{key: found[key] for key in shown},
    )
