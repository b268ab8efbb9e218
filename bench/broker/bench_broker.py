"""What the broker costs: the same work with PyMongo directly on the embedded MongoDB and through the broker.

Each row is measured in turns, direct and through the broker, several times in one run; shown are the medians of the
rates and of the ratios of neighbours. The embedded MongoDB, the broker and this client are three processes that share
the machine's cores, as they do in an installation on a laptop.

    python bench/broker/bench_broker.py [--rounds 25] [--seconds 0.25] [--check]
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection

from hothouse.broker.credentials import CredentialStore
from hothouse.database.embedded import EmbeddedMongo

DATABASE = "hh_bench"
DOCUMENTS = 5000
AT_ONCE = 32

Collection = AsyncCollection[dict[str, Any]]
Work = Callable[["Target"], Awaitable[int]]


@dataclass(frozen=True)
class Row:
    """One line of the table: `work` does some operations and returns how many."""

    name: str
    unit: str
    work: Work
    target: float | None = None


class Target:
    """One way to the data: directly or through the broker, by PyMongo async and sync."""

    def __init__(self, uri: str) -> None:
        self.client = AsyncMongoClient[dict[str, Any]](uri, maxPoolSize=AT_ONCE)
        self.sync = MongoClient[dict[str, Any]](uri)
        self.items: Collection = self.client[DATABASE].items
        self.scratch: Collection = self.client[DATABASE].scratch
        self.sync_items = self.sync[DATABASE].items
        self.counter = 0

    def next_id(self) -> int:
        self.counter += 7919
        return self.counter % DOCUMENTS

    async def close(self) -> None:
        await self.client.close()
        self.sync.close()


async def find_one(target: Target) -> int:
    for _ in range(50):
        await target.items.find_one({"_id": target.next_id()})
    return 50


async def find_one_sync(target: Target) -> int:
    for _ in range(50):
        target.sync_items.find_one({"_id": target.next_id()})
    return 50


async def update_one(target: Target) -> int:
    for _ in range(20):
        await target.items.update_one({"_id": target.next_id()}, {"$inc": {"n": 1}})
    return 20


async def at_once(single: Work, target: Target) -> int:
    return sum(await asyncio.gather(*(single(target) for _ in range(AT_ONCE))))


async def find_few(target: Target) -> int:
    for _ in range(5):
        await target.items.find_one({"_id": target.next_id()})
    return 5


async def update_few(target: Target) -> int:
    for _ in range(2):
        await target.items.update_one({"_id": target.next_id()}, {"$inc": {"n": 1}})
    return 2


async def insert_thousand(target: Target) -> int:
    await target.scratch.insert_many([{"n": number, "text": "x" * 200} for number in range(1000)])
    return 1


async def read_all(target: Target) -> int:
    return len(await target.items.find({}).to_list()) // DOCUMENTS


ROWS = [
    Row("find by id, one at a time", "/s", find_one, 0.65),
    Row("find by id, one at a time, sync driver", "/s", find_one_sync, 0.65),
    Row("update by id, one at a time", "/s", update_one, 0.65),
    Row(f"find by id, {AT_ONCE} at once", "/s", lambda target: at_once(find_few, target)),
    Row(f"update by id, {AT_ONCE} at once", "/s", lambda target: at_once(update_few, target)),
    Row("insert of 1,000 documents", "/s", insert_thousand),
    Row("cursor over 5,000 documents", "/s", read_all, 0.9),
]


async def rate(work: Work, target: Target, seconds: float) -> float:
    """Return operations per second over about `seconds`."""
    done, begin = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begin) < seconds or not done:
        done += await work(target)
    return done / elapsed


async def measure(row: Row, direct: Target, broker: Target, rounds: int, seconds: float) -> tuple[float, float, float]:
    """Return the medians of the direct rate, the broker's rate and their ratio."""
    pairs = []
    for number in range(rounds + 1):
        order = (direct, broker) if number % 2 else (broker, direct)
        rates = {id(target): await rate(row.work, target, seconds) for target in order}
        if number:
            pairs.append((rates[id(direct)], rates[id(broker)]))
    return (
        statistics.median(first for first, _ in pairs),
        statistics.median(second for _, second in pairs),
        statistics.median(second / first for first, second in pairs),
    )


@contextlib.asynccontextmanager
async def broker_process(mongodb_uri: str, home: Path) -> AsyncIterator[tuple[int, int]]:
    """Run `hothouse broker` on a free port; gives the port and the process id."""
    environment = {**os.environ, "HOTHOUSE_HOME": str(home), "HOTHOUSE_MONGODB_URI": mongodb_uri}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hothouse.cli", "broker",
        env={**environment, "HOTHOUSE_BROKER_PORT": "0"}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            event = json.loads(line)
            if event.get("event") == "ready":
                yield event["port"], process.pid
                break
        else:
            raise SystemExit("The broker did not start.")
    finally:
        process.terminate()
        await process.wait()


async def run(options: argparse.Namespace) -> bool:
    """Print the table; return whether every target was reached."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedMongo(Path(folder) / "database", Path(folder) / "keys")
        await server.start()
        try:
            return await with_server(server, Path(folder), options)
        finally:
            await server.stop()


async def with_server(server: EmbeddedMongo, home: Path, options: argparse.Namespace) -> bool:
    async with broker_process(server.uri, home) as (port, pid), AsyncMongoClient[dict[str, Any]](server.uri) as admin:
        issued = await CredentialStore(admin.hothouse).issue(workload_id="bench", database=DATABASE)
        uri = f"mongodb://{issued.username}:{issued.password}@127.0.0.1:{port}/{DATABASE}?directConnection=true"
        direct, broker = Target(server.uri), Target(f"{uri}&authSource={DATABASE}")
        await direct.items.insert_many([{"_id": n, "n": 0, "text": "x" * 200} for n in range(DOCUMENTS)])
        reached = True
        print(f"{'':42} {'direct':>10} {'broker':>10} {'ratio':>7}  target")
        for row in ROWS:
            if options.only and options.only not in row.name:
                continue
            first, second, ratio = await measure(row, direct, broker, options.rounds, options.seconds)
            wanted = f">= {row.target:.2f}" if row.target else ""
            print(f"{row.name:42} {first:8.1f}{row.unit} {second:8.1f}{row.unit} {ratio:7.2f}  {wanted}", flush=True)
            reached = reached and ratio >= (row.target or 0)
            await direct.scratch.drop()
        memory = psutil.Process(pid).memory_full_info()
        print(f"memory of the broker: {memory.pss / 2**20:.0f} MiB (PSS)")
        await direct.close()
        await broker.close()
        return reached


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=0.25, help="length of one measurement")
    parser.add_argument("--only", default="", help="part of a row's name")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    if not asyncio.run(run(options)) and options.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
