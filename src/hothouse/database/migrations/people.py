"""Accounts have a number, in the order they were made, and words by which they are found."""

from hothouse.database.connection import Database
from hothouse.kit.prefixes import prefixes, search_words

REALM = "local"


async def run(database: Database) -> None:
    """Give each account of before its number and words; the first keeps the lowest number."""
    users = database["users"]
    await users.create_index("schema_version")
    former = await users.find({"schema_version": 1, "realm": REALM}).sort("created_at", 1).to_list()
    taken = {one["number"] async for one in users.find({"schema_version": 2}, {"number": 1})} if former else set()
    number = max(taken, default=0)
    for user in former:
        number += 1
        words = search_words([user["name"], user["email"]])
        found_by = {"number": number, "words": words, "prefixes": prefixes(words), "is_active": True}
        await users.update_one({"_id": user["_id"], "schema_version": 1}, {"$set": {**found_by, "schema_version": 2}})
    if former:
        await database["counters"].update_one({"_id": "users"}, {"$max": {"value": number}}, upsert=True)
