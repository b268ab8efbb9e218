"""Who may open which app: the hub's decisions, remembered for as long as it says."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hothouse.gateway.credentials import Credential
from hothouse.gateway.errors import HubAway
from hothouse.gateway.hub import Hub
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

    @property
    def is_allowed(self) -> bool:
        return self.outcome == "allowed"

    @property
    def is_known_person(self) -> bool:
        return bool(self.headers)


ANONYMOUS = Decision("allowed")
SIGN_IN = Decision("sign-in")


@dataclass(slots=True)
class _Entry:
    decision: Decision
    decided_at: float
    expires_at: float


class Admission:
    """Asks the hub once per app and credential, however many requests wait, and again when the answer expires.

    While the hub is away the last answer holds for ten minutes, so that running apps go on.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._entries: dict[tuple[str, bytes], _Entry] = {}
        self._flights: dict[tuple[str, bytes], asyncio.Task[Decision | HubAway]] = {}

    def recall(self, route: Route, credential: Credential | None) -> Decision | None:
        """Return the decision if it is known without asking."""
        if credential is None:
            return ANONYMOUS if route.access == "public" else SIGN_IN
        entry = self._entries.get((route.app_id, credential.digest))
        return entry.decision if entry is not None and entry.expires_at > self._loop.time() else None

    async def decide(self, route: Route, credential: Credential | None) -> Decision:
        """Return the decision, asking the hub if need be. Raises: HubAway."""
        known = self.recall(route, credential)
        if known is not None or credential is None:
            return known or SIGN_IN
        key = (route.app_id, credential.digest)
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = self._loop.create_task(self._ask(key, credential))
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        answer = await asyncio.shield(flight)
        if isinstance(answer, HubAway):
            raise answer
        return answer

    async def _ask(self, key: tuple[str, bytes], credential: Credential) -> Decision | HubAway:
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
            entry.expires_at = self._loop.time() + RETRY_SECONDS
            return entry.decision
        if status != 200:  # the credential, or the app, is not what it was
            self._entries.pop(key, None)
            return SIGN_IN
        decision = _read(answer)
        self._remember(key, decision, asked_at, min(float(answer["ttl_seconds"]), MAX_TTL_SECONDS))
        return decision

    def _remember(self, key: tuple[str, bytes], decision: Decision, asked_at: float, ttl_seconds: float) -> None:
        if len(self._entries) >= MAX_DECISIONS:
            for old in list(self._entries)[: MAX_DECISIONS // 10]:
                del self._entries[old]
        self._entries.pop(key, None)
        self._entries[key] = _Entry(decision, asked_at, asked_at + ttl_seconds)

    def forget(self, app_id: str) -> None:
        """Ask again about everyone at an app, because who may open it has changed."""
        for key in [key for key in self._entries if key[0] == app_id]:
            del self._entries[key]


def _read(answer: dict[str, Any]) -> Decision:
    identity = answer.get("identity")
    if not identity:
        return Decision(answer["outcome"])
    return Decision(answer["outcome"], identity["email"], identity_headers(identity))


def identity_headers(identity: dict[str, Any]) -> bytes:
    """Return the header lines that name a person; everything but plain characters is percent-encoded."""
    groups = ",".join(_plain(group) for group in identity.get("groups") or ())
    return (
        f"x-hothouse-user: {_plain(identity['user_id'])}\r\n"
        f"x-hothouse-email: {_plain(identity['email'])}\r\n"
        f"x-hothouse-name: {_plain(identity['name'])}\r\n"
        f"x-hothouse-groups: {groups}\r\n"
    ).encode("ascii")


def _plain(text: str) -> str:
    return quote(text, safe="@+._-")
