"""Deciding on grants as the hub does, for attacks on them."""

from tests.support.arena import Arena, Person
from tests.support.raw_client import GONE
from tests.support.waiting import eventually

SHOP, SHOP_BEFORE = "shop", "old-shop"


async def grant(arena: Arena, source: Person, *collections: str, names: tuple[str, ...] = (SHOP, SHOP_BEFORE)) -> None:
    """Decide as the hub does; no collections take back what was granted."""
    key = {"_id": f"reader.{source.workload_id}"}
    decision = {
        "schema_version": 1,
        "reader_id": "reader",
        "source_id": source.workload_id,
        "reader_database": arena.attacker.database,
        "source_database": source.database,
        "names": list(names),
        "collections": list(collections),
        "considered": ["shared"],
        "state": "granted" if collections else "taken-back",
    }
    await arena.platform.data_grants.replace_one(key, decision, upsert=True)
    await arena.settle()


async def until_readable(arena: Arena, collection: str = "shared", *, readable: bool = True) -> None:
    """Wait until the broker has heard of a decision."""

    async def as_wanted() -> bool:
        raw = await arena.raw()
        try:
            reply = await raw.command({"count": collection, "$db": SHOP})
        except GONE:  # it was under way when the grant ended
            raw.abort()
            return False
        return bool(reply["ok"]) is readable

    await eventually(as_wanted, "the broker hears of it", 5)
