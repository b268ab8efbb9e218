"""The app's own MongoDB database, and those it may read of other apps, by a genuine PyMongo `AsyncDatabase`.

One client serves the whole process. `Experiment` closes it when the app stops.
"""

import asyncio
import os
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, OperationFailure

VARIABLE = "HOTHOUSE_DATABASE_URI"
_UNAUTHORIZED = 13  # MongoDB's name for the code

Document = dict[str, Any]


class DatabaseNotConfigured(RuntimeError):
    """Say that the app has no usable `HOTHOUSE_DATABASE_URI`, and what to do."""


@dataclass(frozen=True, slots=True)
class _Open:
    client: AsyncMongoClient[Document]
    loop: asyncio.AbstractEventLoop
    uri: str

    @property
    def is_current(self) -> bool:
        return self.uri == os.environ.get(VARIABLE) and self.loop is asyncio.get_running_loop()


_open: _Open | None = None


def open_database(app: str | None = None) -> AsyncDatabase[Document]:
    """Return the app's database, or that of another app by its slug; dates come back aware of their time zone.

    For code outside a request, such as an actor's `start`; must be called from a running event loop. Nothing is
    sent until the first operation. Another app's database is for reading only, once an owner of that app has agreed;
    until then each operation fails in a way that `is_not_granted` knows.

    Raises: DatabaseNotConfigured.
    """
    global _open  # noqa: PLW0603 - a process has one client, which is the point of this module
    if _open is None or not _open.is_current:
        _open = _connect()
    if app is not None:
        return _open.client[app]
    try:
        return _open.client.get_default_database()
    except ConfigurationError as error:
        message = f"{VARIABLE} names no database; end it in one, as in mongodb://127.0.0.1:27017/my_app"
        raise DatabaseNotConfigured(message) from error


def is_not_granted(error: BaseException) -> bool:
    """Tell an operation that failed because this app may not do it, or not yet, from all other failures.

    >>> is_not_granted(OperationFailure("click-tracker has not agreed", 13))
    True
    >>> is_not_granted(OperationFailure("it took too long", 50)), is_not_granted(TimeoutError())
    (False, False)
    """
    return isinstance(error, OperationFailure) and error.code == _UNAUTHORIZED


def _connect() -> _Open:
    uri = os.environ.get(VARIABLE)
    if not uri:
        message = (
            f"{VARIABLE} is not set, so this app has no database. Hothouse sets it for every app it runs; on your own "
            f"machine run `hothouse-sdk dev`, which brings a scratch database, or set "
            f"{VARIABLE}=mongodb://127.0.0.1:27017/my_app"
        )
        raise DatabaseNotConfigured(message)
    try:
        client: AsyncMongoClient[Document] = AsyncMongoClient(
            uri,
            tz_aware=True,
            uuidRepresentation="standard",
            appname=os.environ.get("HOTHOUSE_APP"),
            serverSelectionTimeoutMS=10_000,
        )
    except (ConfigurationError, ValueError) as error:
        message = f"{VARIABLE} is not a MongoDB connection string: {error}"
        raise DatabaseNotConfigured(message) from error
    return _Open(client, asyncio.get_running_loop(), uri)


async def close_database() -> None:
    """Close the process' client if one was opened; using the database again opens another."""
    global _open
    opened, _open = _open, None
    if opened is not None and opened.loop is asyncio.get_running_loop():
        await opened.client.close()


async def _database() -> AsyncDatabase[Document]:
    return open_database()


Database = Annotated[AsyncDatabase[Document], Depends(_database)]
