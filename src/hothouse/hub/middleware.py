"""What stands before every request: protection from other sites, security headers."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hothouse.hub.problems import respond
from hothouse.kit.problems import Problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; "
    "form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class CrossSite(Problem):
    """A browser sent this on behalf of another site."""

    slug, title, status = "cross-site-request", "Cross-site request refused", 403


class SameSiteOnly:
    """Refuses what changes something and comes from a page of another origin, such as an app's.

    Requests with a token carry no ambient authority and pass; browsers send `Sec-Fetch-Site` or `Origin`.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and self._is_foreign(Headers(scope=scope)):
            problem = CrossSite("This request came from another site's page and was refused. Use Hothouse's own pages.")
            await respond(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        if headers.get("authorization"):
            return False
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site not in ("same-origin", "none")
        return origin is not None and origin not in self._origins and not origin.endswith(f"://{headers.get('host')}")


class SecurityHeaders:
    """Adds the headers that keep browsers from doing more than the pages need."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._headers = dict(SECURITY_HEADERS)
        if is_https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
