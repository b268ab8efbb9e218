"""Apps keep the paths that everyone may ask in `public_paths`; apps of before that have none."""

from hothouse.database.connection import Database

REALM = "local"


async def run(database: Database) -> None:
    """Give each app the empty list."""
    lacking = {"realm": REALM, "public_paths": {"$exists": False}}
    await database["apps"].update_many(lacking, {"$set": {"public_paths": []}})
