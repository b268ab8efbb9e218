"""What stands before every request: size limits, protection from other sites, security headers."""

import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hothouse.hub.problems import TooLarge, respond
from hothouse.kit.problems import Problem
from hothouse.kit.visiting import SAFE_METHODS, is_foreign

UPLOAD_PATH = "/api/v1/uploads"
UPLOAD_BYTES = 101 * 2**20  # an archive may have 100 MiB; the rest is for the multipart framing
PART_PATH = re.compile(r"/api/v1/workspaces/[a-z0-9]+/uploads/[a-z0-9]+\Z")
PART_BYTES = 8 * 2**20  # of a file that is uploaded to a workspace
BODY_BYTES = 2 * 2**20
UI_STYLES = (
    "'sha256-skqujXORqzxt1aE0NNXxujEanPTX6raoqSscTV/Ww/Y='",  # VueUse: no transitions while light turns to dark
)
"""The only texts that the web UI's libraries may put into a `<style>`. A browser's console says the hash of another."""
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        " ".join(["style-src 'self'", *UI_STYLES]),
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for what does not know `frame-ancestors`
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
}
HSTS = "max-age=31536000"


class CrossSite(Problem):
    """A browser sent this on behalf of another site."""

    slug, title, status = "cross-site-request", "Cross-site request refused", 403


class OwnPagesOnly:
    """Refuses what a browser sends for a page of another origin, such as an app's; following a link here is no such.

    Requests with a token carry no ambient authority and pass.
    """

    def __init__(self, app: ASGIApp, main_url: str) -> None:
        self._app = app
        self._main = main_url.lower().encode()
        self._scheme = self._main.partition(b"://")[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_foreign(scope):
            problem = CrossSite("This request came from another site's page and was refused. Use Hothouse's own pages.")
            await respond(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() == b"bearer" and token.strip():  # then cookies are not looked at
            return False
        own = (self._main, b"%b://%b" % (self._scheme, headers.get(b"host", b"").lower()))
        return is_foreign(headers, own, is_safe=scope["method"] in SAFE_METHODS)


class BodyLimit:
    """Refuses bodies that are too large, announced or not, before they are kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _limit(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await respond(TooLarge())(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)  # the one error that FastAPI lets through while it reads a body
            return message

        await self._app(scope, counted, send)


def _limit(path: str) -> int:
    if path == UPLOAD_PATH:
        return UPLOAD_BYTES
    return PART_BYTES if PART_PATH.match(path) else BODY_BYTES


class SecurityHeaders:
    """Adds the headers that keep browsers from doing more than the pages need, and from keeping answers of the API."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def security_headers(*, is_https: bool) -> dict[str, str]:
    """Return the headers of every answer."""
    return {**SECURITY_HEADERS, "Strict-Transport-Security": HSTS} if is_https else dict(SECURITY_HEADERS)
