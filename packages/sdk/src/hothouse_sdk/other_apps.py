"""Calling other apps, and being called by them.

An app calls in its own name: the platform gives it a token, another one at each start, and owners of other apps grant
the app access like a person. Nothing but apps can be reached with it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import HTTPConnection

TOKEN, PATTERN, PLATFORM = "HOTHOUSE_APP_TOKEN", "HOTHOUSE_APPS_URL", "HOTHOUSE_URL"


class NotOnThePlatform(Exception):
    """The app was not started by Hothouse, so it has no token to call others with."""


@dataclass(frozen=True, slots=True)
class OtherApp:
    """Where another app is, and what to send with each request, for whatever HTTP client.

    The token is in `headers`: send them nowhere else, and follow no redirects to elsewhere with them.
    """

    slug: str
    base_url: str
    headers: Mapping[str, str] = field(repr=False)


def other_app(slug: str, environment: Mapping[str, str] | None = None) -> OtherApp:
    """Return how to call another app. Raises: `NotOnThePlatform`.

    >>> given = {"HOTHOUSE_APP_TOKEN": "t", "HOTHOUSE_APPS_URL": "https://{app}.apps.example.org", "HOTHOUSE_URL": "https://x"}
    >>> stats = other_app("stats", given)
    >>> stats.base_url, stats.headers
    ('https://stats.apps.example.org', {'Authorization': 'Bearer t'})
    """
    known = os.environ if environment is None else environment
    token, pattern, platform = (known.get(name, "") for name in (TOKEN, PATTERN, PLATFORM))
    if not token or not pattern:
        message = f"{TOKEN} is not set: apps call each other only where Hothouse runs them."
        raise NotOnThePlatform(message)
    address = pattern.replace("{app}", slug)
    headers = {"Authorization": f"Bearer {token}"}
    host = urlsplit(address).netloc
    if platform and (urlsplit(address).hostname or "").endswith(".localhost"):
        return OtherApp(slug, platform, {**headers, "Host": host})  # names that only browsers look up by themselves
    return OtherApp(slug, address, headers)


@dataclass(frozen=True, slots=True)
class CallingApp:
    """An app that calls this one in its own name."""

    id: str
    slug: str

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "CallingApp | None":
        """Read the app from request headers; None where a person asks, or nobody known.

        >>> CallingApp.from_headers({"x-hothouse-app": "stats", "x-hothouse-app-id": "a1"})
        CallingApp(id='a1', slug='stats')
        """
        app_id = headers.get("x-hothouse-app-id", "").strip()
        return cls(app_id, headers.get("x-hothouse-app", "").strip()) if app_id else None


async def calling_app(connection: HTTPConnection) -> CallingApp | None:
    """Return the app that a request or WebSocket is from, None where it is from no app."""
    return CallingApp.from_headers(connection.headers)


OptionalCallingApp = Annotated[CallingApp | None, Depends(calling_app)]
