"""Carrying a sign-in over from the main origin to an app's origin."""

import re
import secrets
from urllib.parse import parse_qs, quote, urlsplit

from hothouse.gateway.cookies import removals
from hothouse.gateway.errors import HandoverFailed
from hothouse.gateway.hub import Hub
from hothouse.gateway.replies import Replies
from hothouse.gateway.site import Site
from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.request import Request
from hothouse.kit.visiting import only_cookie

PATH = b"/.hothouse/handover"
STATE_SECONDS = 600
STATE = re.compile(r"[A-Za-z0-9_-]{22,86}")


class Handover:
    """Sends visitors to sign in, and takes them back with a single-use code.

    The code is only good together with the state in this browser's cookie, so nobody can be made to use a code that
    somebody else got.
    """

    def __init__(self, site: Site, hub: Hub, replies: Replies) -> None:
        self._site = site
        self._hub = hub
        self._replies = replies

    def begin(self, exchange: Exchange, slug: str) -> None:
        """Send the visitor to the main origin, to come back signed in to the address with that slug, where he is."""
        # Tabs that are opened at the same time share the state, or the last one would invalidate the others.
        state = self._state(exchange.request) or secrets.token_urlsafe(32)
        target = quote(exchange.request.target.decode("ascii"), safe="/")
        location = f"{self._site.main_url}/api/v1/auth/handover?app={slug}&state={state}&next={target}"
        cookie = self._cookie(self._site.handover_cookie, state, STATE_SECONDS)
        self._replies.redirect(exchange, location, [cookie, *removals(self._site, exchange.request.path)])

    async def complete(self, exchange: Exchange, app_id: str) -> None:
        """Exchange the code for a session on this origin. Raises: HandoverFailed, HubAway."""
        query = parse_qs(exchange.request.target.partition(b"?")[2].decode("ascii"))
        code = query.get("code", [""])[0]
        state = self._state(exchange.request)
        if not code or state is None:
            raise HandoverFailed
        status, answer = await self._hub.post("/handover", {"app_id": app_id, "code": code, "state": state})
        if status != 200:
            raise HandoverFailed
        cookies = [
            self._cookie(self._site.session_cookie, answer["app_session"], int(answer["max_age_seconds"])),
            self._cookie(self._site.handover_cookie, "", 0),
        ]
        self._replies.redirect(exchange, local_path(query.get("next", ["/"])[0]), cookies)

    def _state(self, request: Request) -> str | None:
        state = only_cookie(request.first.get(b"cookie", b""), self._site.handover_cookie)
        return state if state is not None and STATE.fullmatch(state) else None

    def _cookie(self, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if self._site.is_https else ""
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def local_path(target: str) -> str:
    """Return `target` if it is a path on this origin, else `/`; fit for a `Location` header."""
    is_plain = target.isprintable() and target.isascii() and "\\" not in target and " " not in target
    if not is_plain or not target.startswith("/") or target.startswith("//") or target.encode().startswith(PATH):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
