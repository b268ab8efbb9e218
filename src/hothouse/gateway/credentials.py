"""What a request carries to say who asks, and whether another site's page made the browser send it."""

import hashlib
from dataclasses import dataclass

from hothouse.gateway.wire.request import Request
from hothouse.kit import visiting
from hothouse.kit.visiting import only_cookie

TOKEN_PREFIX = b"hh_"


@dataclass(frozen=True, slots=True)
class Credential:
    """A session on an app's origin, or an API token."""

    value: str
    is_token: bool

    @property
    def digest(self) -> bytes:
        """What stands for the credential in caches."""
        return hashlib.sha256(f"{self.is_token:d}{self.value}".encode("latin-1")).digest()


def platform_token(request: Request) -> str | None:
    """Return the API token of this platform in `Authorization`; `None` for anything else there."""
    value = request.first.get(b"authorization")
    if value is None:
        return None
    scheme, _, token = value.partition(b" ")
    token = token.strip()
    return token.decode("latin-1") if scheme.lower() == b"bearer" and token.startswith(TOKEN_PREFIX) else None


def find_credential(request: Request, session_cookie: str) -> Credential | None:
    """Return the credential of a request to an app; a token comes before a session."""
    if (token := platform_token(request)) is not None:
        return Credential(token, is_token=True)
    cookies = request.first.get(b"cookie")
    if cookies and (session := only_cookie(cookies, session_cookie)):
        return Credential(session, is_token=False)
    return None


def is_foreign(request: Request, origin: bytes) -> bool:
    """Whether a browser sent this for a page of another origin, other than by going there in a tab."""
    return visiting.is_foreign(request.first, (origin,), is_safe=request.is_safe and not request.is_websocket)
