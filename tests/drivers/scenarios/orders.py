"""Orders of people: what pipelines work on."""

from typing import Any

from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows


async def write_orders(world: World) -> None:
    await world.db.orders.insert_many(
        [{"_id": n, "who": n % 3, "sum": n * 10, "items": [{"k": "a", "n": n}, {"k": "b", "n": 1}]} for n in range(9)]
    )
    await world.db.people.insert_many(
        [
            {"_id": 0, "name": "Ada", "boss": None},
            {"_id": 1, "name": "Bob", "boss": 0},
            {"_id": 2, "name": "Cy", "boss": 1},
        ]
    )


async def run(world: World, *stages: dict[str, Any], on: str = "orders", **options: Any) -> Any:
    return await attempt(rows(world.db[on].aggregate(list(stages), **options)))
