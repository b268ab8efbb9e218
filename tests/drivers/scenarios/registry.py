"""Scenarios: what apps do with MongoDB, written once and run in several ways."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class World:
    """What a scenario may use. Its database is empty when it begins."""

    client: Any
    name: str
    """The database's name."""
    bucket: Callable[..., Any]
    """Makes a GridFS bucket of the database."""

    @property
    def db(self) -> Any:
        return self.client[self.name]

    @property
    def items(self) -> Any:
        return self.db.items


Scenario = Callable[[World], Awaitable[Any]]

SCENARIOS: dict[str, Scenario] = {}


def scenario(function: Scenario) -> Scenario:
    """Register a scenario by its name; what it returns must be the same directly and through the broker."""
    name = function.__name__
    assert name not in SCENARIOS, f"two scenarios are called {name}"
    SCENARIOS[name] = function
    return function


async def rows(cursor: Any) -> list[Any]:
    """Read a cursor, or an awaitable of one, to its end."""
    if hasattr(cursor, "__await__"):
        cursor = await cursor
    return [row async for row in cursor]
