"""Indexes that no query needs any more are dropped: each costs something at every write."""

from hothouse.database.connection import Database

FORMER = {
    "users": ("realm_1_created_at_1", "prefixes_1", "realm_1_is_active_1", "realm_1_role_1_is_active_1"),
    "sessions": ("user_id_1",),
}


async def run(database: Database) -> None:
    """Drop those that are still there."""
    for collection, former in FORMER.items():
        there = await database[collection].index_information()
        for name in there.keys() & set(former):
            await database[collection].drop_index(name)
