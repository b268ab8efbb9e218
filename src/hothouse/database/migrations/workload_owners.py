"""Workloads name what they run for in `owner`; those of before were of apps, by `app_id`."""

from hothouse.database.connection import Database

FORMER_INDEX = "app_id_1"


async def run(database: Database) -> None:
    """Give each workload its owner, and drop the index that served the former field."""
    workloads = database["workloads"]
    if FORMER_INDEX not in await workloads.index_information():
        return
    lacking = {"owner": {"$exists": False}}
    anew = [{"$set": {"owner": {"$concat": ["app:", "$app_id"]}, "schema_version": 2}}]
    await workloads.update_many(lacking, anew)
    await workloads.drop_index(FORMER_INDEX)
