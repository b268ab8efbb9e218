"""How features tell quotas what people have."""

from collections.abc import Collection
from typing import Protocol

from hothouse.quotas.amounts import HeldDatabase, Holding


class Holder(Protocol):
    """A feature that holds things of people.

    It is asked at each check, so it answers from what is recorded and measures nothing then.
    """

    async def held_by(self, owner_ids: Collection[str]) -> list[Holding]:
        """Return what these people have; what is being deleted counts no more."""
        ...


class DatabaseHolder(Protocol):
    """A feature that gives people databases."""

    async def databases(self) -> list[HeldDatabase]:
        """Return everybody's databases."""
        ...


class DatabaseSizes(Protocol):
    """Knows how much databases take."""

    async def sizes_of(self, databases: Collection[str]) -> dict[str, int]:
        """Return the bytes of each database that was ever measured, with what was probably written since."""
        ...
