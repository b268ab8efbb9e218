"""Connections to the platform's MongoDB."""

from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from hothouse.settings import Settings

Document = dict[str, Any]
Database = AsyncDatabase[Document]


class DatabaseUnreachable(Exception):
    """No MongoDB server answers where the settings say."""


def connect(settings: Settings, *, app_name: str) -> AsyncMongoClient[Document]:
    """Open a client for one process of the platform; the connection itself is made on first use.

    Raises: `DatabaseUnreachable` when the settings name no server.
    """
    if settings.mongodb.uri is None:
        raise DatabaseUnreachable(
            "No MongoDB is configured: set HOTHOUSE_MONGODB_URI, or run `hothouse up`, which brings its own."
        )
    return AsyncMongoClient(
        settings.mongodb.uri.get_secret_value(),
        appname=f"hothouse-{app_name}",
        tz_aware=True,
        maxPoolSize=20,
        serverSelectionTimeoutMS=10_000,
        heartbeatFrequencyMS=2_000,
    )


async def check(client: AsyncMongoClient[Document]) -> None:
    """Make sure that the server answers.

    Raises: `DatabaseUnreachable` with the driver's reason.
    """
    try:
        await client.admin.command("ping")
    except PyMongoError as error:
        raise DatabaseUnreachable(f"MongoDB does not answer: {error}. Check HOTHOUSE_MONGODB_URI.") from error
