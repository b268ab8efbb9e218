"""The person that a developer is while trying out an app."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hothouse_sdk.dev.errors import DevError
from hothouse_sdk.users import User

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_NAME_AND_ADDRESS = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>\s*")
_ADDRESS = re.compile(r"\s*(?P<email>(?P<name>[^<>@\s]+)@[^<>@\s]+)\s*")


def parse_user(text: str, groups: Sequence[str] = ()) -> User:
    """Read a person as mail programs write one.

    >>> parse_user("Ada Lovelace <ada@example.org>").name
    'Ada Lovelace'
    >>> parse_user("ada@example.org").name
    'ada'

    Raises: DevError.
    """
    match = _NAME_AND_ADDRESS.fullmatch(text) or _ADDRESS.fullmatch(text)
    if match is None:
        message = f'--as {text!r} is not understood; write it as "Ada <ada@example.org>"'
        raise DevError(message)
    email = match["email"]
    digest = hashlib.sha256(email.lower().encode()).hexdigest()[:12]
    return User(id=f"dev-{digest}", email=email, name=match["name"] or email, groups=tuple(groups))


class ActingUser:
    """Do the gateway's part: drop identity headers of the client, and add those of the acting person."""

    def __init__(self, app: "ASGIApp", headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a connection on as the acting person's."""
        if scope["type"] in {"http", "websocket"}:
            kept = [(name, value) for name, value in scope["headers"] if not name.startswith(b"x-hothouse-")]
            scope = {**scope, "headers": [*kept, *self._headers]}
        await self._app(scope, receive, send)


def dump(user: User | None) -> str:
    """Write the headers of a person, or of nobody, for the process that serves the app."""
    return json.dumps(user.to_headers() if user else {})
