"""Accounts are admins, developers or members of the platform; those of before were admins, or users who published."""

from hothouse.database.connection import Database

REALM = "local"
INDEXES = {"users": ["realm", "role", "number"], "invitations": ["realm", "created_at"]}
FORMER, NOW = "user", "developer"


async def run(database: Database) -> None:
    """Make every user of before a developer, and those who are invited as one."""
    for collection, index in INDEXES.items():
        await database[collection].create_index(index)
        await database[collection].update_many({"realm": REALM, "role": FORMER}, {"$set": {"role": NOW}})
