"""Who may open which app: the hub's decisions, remembered for as long as it says."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from hothouse.gateway.credentials import Credential
from hothouse.gateway.errors import HubAway
from hothouse.gateway.hub import Hub
from hothouse.gateway.notices import NOBODY, Identity, Notice
from hothouse.gateway.table import Route

MAX_TTL_SECONDS = 30.0
STALE_SECONDS = 600.0
RETRY_SECONDS = 2.0
"""How long a decision is used without asking again after the hub was found away."""
MAX_DECISIONS = 20_000


@dataclass(frozen=True, slots=True)
class Decision:
    """`allowed`, `sign-in` or `forbidden`; `headers` are the lines that tell the app who asks."""

    outcome: str
    email: str = ""
    headers: bytes = b""
    identity: Identity = NOBODY

    @property
    def is_allowed(self) -> bool:
        return self.outcome == "allowed"

    @property
    def is_known_person(self) -> bool:
        return bool(self.headers)

    def upholds(self, earlier: "Decision") -> bool:
        """Whether what was begun under an earlier decision may go on under this one."""
        return self.is_allowed and self.identity.covers(earlier.identity)


ANONYMOUS = Decision("allowed")
SIGN_IN = Decision("sign-in")


Key = tuple[str, bytes]
"""App and digest of the credential."""


@dataclass(slots=True)
class _Entry:
    decision: Decision
    decided_at: float
    expires_at: float
    is_overtaken: bool = False


@dataclass(slots=True)
class _Flight:
    """A question under way, and what the hub had to tell meanwhile."""

    task: asyncio.Task[_Entry | HubAway]
    notices: list[Notice] = field(default_factory=list)


class Admission:
    """Asks the hub once per app and credential, however many requests wait, and again when the answer expires.

    While the hub is away the last answer holds for ten minutes, so that running apps go on. What a notice concerns is
    asked anew, also if the question was under way when it came: no answer from before a notice is used after it.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._entries: dict[Key, _Entry] = {}
        self._flights: dict[Key, _Flight] = {}

    def recall(self, route: Route, credential: Credential | None) -> Decision | None:
        """Return the decision if it is known without asking."""
        if credential is None:
            return ANONYMOUS if route.access == "public" else SIGN_IN
        entry = self._entries.get((route.app_id, credential.digest))
        return entry.decision if entry is not None and entry.expires_at > self._loop.time() else None

    async def decide(self, route: Route, credential: Credential | None) -> Decision:
        """Return the decision, asking the hub if need be. Raises: HubAway."""
        while True:
            known = self.recall(route, credential)
            if known is not None or credential is None:
                return known or SIGN_IN
            answer = await asyncio.shield(self._flight((route.app_id, credential.digest), credential).task)
            if isinstance(answer, HubAway):
                raise answer
            if not answer.is_overtaken:  # by a notice that came after the answer and before this went on
                return answer.decision

    def _flight(self, key: Key, credential: Credential) -> _Flight:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(self._loop.create_task(self._ask(key, credential)))
            flight.task.add_done_callback(lambda _: self._flights.pop(key, None))
        return flight

    async def _ask(self, key: Key, credential: Credential) -> _Entry | HubAway:
        """Ask until the answer is from after every notice that concerns it."""
        notices = self._flights[key].notices
        while True:
            notices.clear()
            answer = await self._ask_once(key, credential)
            if isinstance(answer, HubAway):
                return answer
            overtaking = [notice for notice in notices if notice.concerns(key[0], answer.decision.identity)]
            if not overtaking:
                return answer
            if not all(notice.is_general for notice in overtaking):
                self._entries.pop(key, None)

    async def _ask_once(self, key: Key, credential: Credential) -> _Entry | HubAway:
        question = {
            "app_id": key[0],
            "app_session": None if credential.is_token else credential.value,
            "bearer": credential.value if credential.is_token else None,
        }
        asked_at = self._loop.time()
        try:
            status, answer = await self._hub.post("/admit", question)
        except HubAway as away:
            entry = self._entries.get(key)
            if entry is None or entry.decided_at + STALE_SECONDS < asked_at:
                return away
            entry.expires_at, entry.is_overtaken = self._loop.time() + RETRY_SECONDS, False
            return entry
        if status != 200:  # the credential, or the app, is not what it was
            self._entries.pop(key, None)
            return _Entry(SIGN_IN, asked_at, asked_at)
        return self._remember(key, _read(answer), asked_at, min(float(answer["ttl_seconds"]), MAX_TTL_SECONDS))

    def _remember(self, key: Key, decision: Decision, asked_at: float, ttl_seconds: float) -> _Entry:
        if len(self._entries) >= MAX_DECISIONS:
            for old in list(self._entries)[: MAX_DECISIONS // 10]:
                del self._entries[old]
        self._entries.pop(key, None)
        entry = self._entries[key] = _Entry(decision, asked_at, asked_at + ttl_seconds)
        return entry

    def take(self, notice: Notice) -> None:
        """Ask again about whatever a notice concerns.

        After a general notice the last answer still holds in case the hub goes away again before it was asked.
        """
        for flight in self._flights.values():
            flight.notices.append(notice)
        for key, entry in list(self._entries.items()):
            if notice.concerns(key[0], entry.decision.identity):
                entry.is_overtaken, entry.expires_at = True, 0.0
                if not notice.is_general:
                    del self._entries[key]


def _read(answer: dict[str, Any]) -> Decision:
    identity = answer.get("identity")
    if not identity:
        return Decision(answer["outcome"])
    return Decision(
        answer["outcome"],
        identity["email"],
        identity_headers(identity) + _assertion_header(answer.get("assertion")),
        Identity(
            identity["user_id"], frozenset(identity.get("groups") or ()), frozenset(answer.get("credentials") or ())
        ),
    )


def identity_headers(identity: dict[str, Any]) -> bytes:
    """Return the header lines that name a person, or an app; everything but plain characters is percent-encoded."""
    if app := identity.get("app"):
        app_id = identity["user_id"].removeprefix("app:")
        return f"x-hothouse-app: {_plain(app)}\r\nx-hothouse-app-id: {_plain(app_id)}\r\n".encode("ascii")
    by = identity.get("impersonator")
    acting = f"x-hothouse-impersonator: {_plain(by)}\r\n" if by else ""
    groups = ",".join(_plain(group) for group in identity.get("groups") or ())
    return (
        f"x-hothouse-user: {_plain(identity['user_id'])}\r\n"
        f"x-hothouse-email: {_plain(identity['email'])}\r\n"
        f"x-hothouse-name: {_plain(identity['name'])}\r\n"
        f"x-hothouse-groups: {groups}\r\n{acting}"
    ).encode("ascii")


def _assertion_header(assertion: str | None) -> bytes:
    return f"x-hothouse-assertion: {_plain(assertion)}\r\n".encode("ascii") if assertion else b""


def _plain(text: str) -> str:
    return quote(text, safe="@+._-")
