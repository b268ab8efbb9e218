"""Apps keep every slug they have had in `slugs`; apps of before that know only `slug`."""

from hothouse.database.connection import Database

REALM = "local"
FORMER_INDEX = "slug_1"


async def run(database: Database) -> None:
    """Give each app its list of slugs, and let the index on that keep slugs apart instead of the one on `slug`."""
    apps = database["apps"]
    lacking = {"realm": REALM, "slugs": {"$exists": False}}
    await apps.update_many(lacking, [{"$set": {"slugs": ["$slug"], "schema_version": 2}}])
    await apps.create_index("slugs", unique=True)
    if FORMER_INDEX in await apps.index_information():
        await apps.drop_index(FORMER_INDEX)
