"""The person using the app, as the gateway states them in `X-Hothouse-*` headers.

The gateway removes such headers from what a client sends, so on the platform they can be trusted. An app that
is reachable without the gateway must not rely on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, HTTPException
from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in person.

    >>> ada = User(id="u1", email="ada@example.org", name="Ada Lovelace", groups=("maths",))
    >>> ada.initials, ada.is_in("maths")
    ('AL', True)
    """

    id: str
    email: str
    name: str
    groups: tuple[str, ...] = ()

    @property
    def initials(self) -> str:
        """One or two capital letters for an avatar."""
        words = self.name.split() or [self.email or "?"]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()

    def is_in(self, group: str) -> bool:
        """Tell whether the user belongs to a group."""
        return group in self.groups

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "User | None":
        """Read the user from request headers; None where nobody is signed in.

        >>> User.from_headers({"x-hothouse-user": "u1", "x-hothouse-name": "Zo%C3%AB"}).name
        'Zoë'
        >>> User.from_headers({}) is None
        True
        """
        user_id = headers.get("x-hothouse-user", "").strip()
        if not user_id:
            return None
        email = headers.get("x-hothouse-email", "").strip()
        groups = headers.get("x-hothouse-groups", "").split(",")
        return cls(
            id=user_id,
            email=email,
            name=unquote(headers.get("x-hothouse-name", "")).strip() or email,
            groups=tuple(group.strip() for group in groups if group.strip()),
        )

    def to_headers(self) -> dict[str, str]:
        """Write the headers that `from_headers` reads; for tests and the development server.

        >>> User.from_headers(User("u1", "zoe@example.org", "Zoë").to_headers()).name
        'Zoë'
        """
        return {
            "x-hothouse-user": self.id,
            "x-hothouse-email": self.email,
            "x-hothouse-name": quote(self.name),
            "x-hothouse-groups": ",".join(self.groups),
        }


async def current_user(connection: HTTPConnection) -> User | None:
    """Return the user of a request or WebSocket, None where nobody is signed in."""
    return User.from_headers(connection.headers)


async def require_user(connection: HTTPConnection) -> User:
    """Return the user of a request or WebSocket; answer 401 where nobody is signed in."""
    user = User.from_headers(connection.headers)
    if user is None:
        raise HTTPException(401, "Sign in to Hothouse to use this part of the app.")
    return user


CurrentUser = Annotated[User, Depends(require_user)]
OptionalUser = Annotated[User | None, Depends(current_user)]
