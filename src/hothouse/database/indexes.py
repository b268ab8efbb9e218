"""Indexes: each feature declares its own beside its queries, and the hub makes them at start."""

from collections.abc import Mapping, Sequence

from pymongo import IndexModel

from hothouse.database.connection import Database

Indexes = Mapping[str, Sequence[IndexModel]]


async def ensure(database: Database, *declared: Indexes) -> None:
    """Create every declared index that is missing; harmless when several processes do it at once."""
    for indexes in declared:
        for collection, models in indexes.items():
            await database[collection].create_indexes(list(models))
