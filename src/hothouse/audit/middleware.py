"""Putting requests on record: those that change something, and those that are refused for lack of permission.

The order is: permission is found; what is about to be done is announced; it is done; its entry is appended; only then
the answer begins. So whatever was answered is in the record, and what was cut short in between is found announced and
is entered as unknown. Where the announcement cannot be written nothing is done.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hothouse.audit.service import Audit, Draft
from hothouse.kit.trail import Thing, Trail, following

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSALS = frozenset({401, 403, 429})
API, INTERNAL = "/api/v1/", "/internal/v1/"
UNANNOUNCED = frozenset({"auth.login", "auth.second-step", "auth.logout", "device.token"})
"""What need not be announced: a session whose secret was never answered is of no use to anybody."""
READING = frozenset(
    {
        "invitations.show",
        "passwords.show-reset",
        "device.begin",
        "device.show",
        "sign-in-providers.begin",
    }
)
"""What only reads, though it is sent as if it changed something: its code must not stand in an address. A device that
begins to wait, or a browser that leaves for a provider, changes nothing for anybody."""
PARTS = frozenset({"workspace-uploads.add"})
"""What comes in many parts, and changes something with the last one only, which says what."""
KINDS = {"slug": "app", "reader": "app"}
"""What parameters of paths name, where their own name does not say it."""


class Audited:
    """Gives each request a trail and records what it says; stands outside of all other middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        audit: Audit | None = getattr(scope["app"].state, "audit", None) if scope["type"] == "http" else None
        if audit is None or not scope["path"].startswith((API, INTERNAL)):
            await self._app(scope, receive, send)
            return
        request = Request(audit, scope)

        async def once_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                await request.answered(message["status"])
            await send(message)

        with following(request.trail):
            try:
                await self._app(scope, receive, once_recorded)
            except Exception:
                await request.answered(500)
                raise


@dataclass(slots=True)
class Request:
    """One request on its way into the record."""

    audit: Audit
    scope: Scope
    trail: Trail = field(init=False)
    announced: Draft | None = None
    is_recorded: bool = False

    def __post_init__(self) -> None:
        self.trail = Trail(permitted=self._announce if self.changes_something else None)

    @property
    def changes_something(self) -> bool:
        return self.scope["method"] not in SAFE_METHODS and not self.is_internal

    @property
    def is_internal(self) -> bool:
        return bool(self.scope["path"].startswith(INTERNAL))

    async def _announce(self) -> None:
        draft = self._draft()
        if draft.action not in UNANNOUNCED | READING:
            self.announced = await self.audit.announce(draft)

    async def answered(self, status: int) -> None:
        """Record how it ended, before anybody is told."""
        if self.is_recorded:
            return
        self.is_recorded = True
        if self._is_denied(status):
            await self._denied(status)
        elif self.changes_something and self._is_worth_recording(status):
            result, reason = ("done", None) if status < 400 else ("failed", self.trail.problem)
            draft = replace(self._draft(), status=status, reason=reason)
            await self.audit.record(replace(draft, result="failed") if result == "failed" else draft)
        elif self.announced is not None:
            await self.audit.withdraw(self.announced)

    async def _denied(self, status: int) -> None:
        reason = self.trail.denied or self.trail.problem or f"answered {status}"
        draft = replace(self._draft(), result="denied", status=status, reason=reason)
        if self.announced is not None:
            await self.audit.record(draft)
        else:
            await self.audit.record_denied(draft)

    def _is_worth_recording(self, status: int) -> bool:
        """Tell whether something was, or may have been, changed: an invalid request did nothing."""
        if self._draft().action in READING:
            return False
        if self._draft().action in PARTS:
            return bool(self.trail.after)
        return status < 400 or status >= 500 or bool(self.trail.before or self.trail.after)

    def _is_denied(self, status: int) -> bool:
        """Tell a denied attempt from a page that asks whether somebody is signed in, and is told that nobody is."""
        if status == 401 and self.scope["method"] in SAFE_METHODS:
            return "authorization" in Headers(scope=self.scope)
        return self.trail.denied is not None or status in REFUSALS

    def _draft(self) -> Draft:
        route = self.scope.get("route")
        action = getattr(route, "operation_id", None) or f"{self.scope['method']} {self.scope['path']}"[:200]
        draft = replace(self.announced or Draft(action=action), address=self._address(), about=())
        draft = draft.told_by(self.trail)
        return replace(draft, action=action, about=(*draft.about, *self._named_in_path(draft.about)))

    def _named_in_path(self, known: tuple[Thing, ...]) -> list[Thing]:
        """Return what the path names, unless the trail says it better."""
        kinds = {thing.kind for thing in known}
        found = []
        for name, value in self.scope.get("path_params", {}).items():
            kind = KINDS.get(name, name.removesuffix("_id"))
            is_known = (name == "slug" and kind in kinds) or any(str(value) in (one.id, one.name) for one in known)
            if not is_known:
                found.append(Thing(kind, None, str(value)[:200]))
        return found

    def _address(self) -> str:
        forwarded: Any = Headers(scope=self.scope).get("x-forwarded-for", "")
        client = self.scope.get("client")
        return str(forwarded).split(",")[0].strip() or (client[0] if client else "unknown")
