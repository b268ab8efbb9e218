"""Many apps at once: connections of many sandboxes, each doing work, and what memory the broker takes for them.

Fails when a single connection or command was refused. What is counted are the connections that the broker's process
holds; each client has a few more than its pool, with which its driver watches the server.

    python bench/broker/bench_connections.py [--connections 500] [--sandboxes 50] [--seconds 10] [--uri URI]
"""

import argparse
import asyncio
import contextlib
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import psutil
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from stack import Stack, running_stack

MIB = 2**20
KEEP_SECONDS = 60
DOCUMENT = {"n": 0, "text": "x" * 500}

Client = AsyncMongoClient[dict[str, Any]]


class Work:
    """What all connections do, counted."""

    def __init__(self) -> None:
        self.done = 0
        self.errors: Counter[str] = Counter()

    async def keep_going(self, client: Client, key: str, until: float) -> None:
        """Write, read and change documents of one's own until the time is up."""
        items = client.get_default_database().items
        number = 0
        while time.perf_counter() < until or not number:
            number += 1
            document = {"_id": f"{key}-{number}", **DOCUMENT}
            try:
                await items.insert_one(document)
                assert await items.find_one({"_id": document["_id"]}) == document
                await items.update_one({"_id": document["_id"]}, {"$inc": {"n": 1}})
            except PyMongoError as error:
                self.errors[f"{type(error).__name__}: {str(error)[:100]}"] += 1
            else:
                self.done += 3


@contextlib.asynccontextmanager
async def connected(stack: Stack, databases: list[str], each: int) -> AsyncIterator[list[Client]]:
    """Open a client per sandbox whose pool holds `each` connections."""
    uris = [await stack.issue(f"bench-{name}", name) for name in databases]
    patience = {"serverSelectionTimeoutMS": KEEP_SECONDS * 1000, "connectTimeoutMS": KEEP_SECONDS * 1000}
    clients = [Client(uri, minPoolSize=each, maxPoolSize=each, **patience) for uri in uris]
    try:
        yield clients
    finally:
        for client in clients:
            await client.close()


def open_connections(stack: Stack) -> int:
    """Count the connections of clients that the broker holds."""
    found = psutil.Process(stack.pid).net_connections("tcp")
    return sum(1 for each in found if each.status == psutil.CONN_ESTABLISHED and each.laddr.port == stack.port)


async def wait_for_connections(stack: Stack, wanted: int) -> int:
    """Return how many there are once there are as many as wanted, or the time is up."""
    deadline = time.perf_counter() + KEEP_SECONDS
    # Nothing tells of a connection in another process; it is asked for now and then.
    while (count := open_connections(stack)) < wanted and time.perf_counter() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return count


class MemoryWatch:
    """Follows the broker's memory while something goes on."""

    def __init__(self, stack: Stack) -> None:
        self.highest = 0
        self._stack = stack

    async def follow(self) -> None:
        while True:
            self.highest = max(self.highest, await asyncio.to_thread(self._stack.memory))
            await asyncio.sleep(0.5)

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.follow())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def do_work(clients: list[Client], each: int, seconds: float) -> Work:
    """Let every connection of every client work."""
    work, until = Work(), time.perf_counter() + seconds
    tasks = (work.keep_going(client, str(number), until) for client in clients for number in range(each))
    await asyncio.gather(*tasks)
    return work


async def run(options: argparse.Namespace) -> bool:
    """Print the figures; return whether everything went well."""
    each = options.connections // options.sandboxes
    databases = [f"hh_bench_{number:03}" for number in range(options.sandboxes)]
    async with running_stack(options.uri) as stack:
        memory = {"before": stack.memory()}
        watch = MemoryWatch(stack)
        try:
            async with connected(stack, databases, each) as clients:
                await asyncio.gather(*(client.admin.command("ping") for client in clients))
                # Each client has one more, with which it watches the server.
                wanted = options.connections + options.sandboxes
                count = await wait_for_connections(stack, wanted)
                memory["connected"] = stack.memory()
                begin = time.perf_counter()
                async with watch.following():
                    work = await do_work(clients, each, options.seconds)
                took = time.perf_counter() - begin
                memory |= {"at most, while they work": watch.highest, "after the work": stack.memory()}
            memory["after they left"] = stack.memory()
        finally:
            await stack.drop(*databases)
    report(work, count, took, memory)
    return not work.errors and count >= wanted


def report(work: Work, count: int, took: float, memory: dict[str, int]) -> None:
    print(f"{count} connections, {sum(work.errors.values())} refusals or errors")
    for error, times in work.errors.most_common(5):
        print(f"  {times} x {error}")
    print(f"{work.done} commands in {took:.1f} s: {work.done / took:.0f} per second")
    before = memory["before"]
    for when, size in memory.items():
        share = (size - before) / count / 1024
        print(f"memory of the broker {when + ':':26} {size / MIB:6.1f} MiB, {share:5.1f} KiB a connection")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--sandboxes", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10, help="how long they work")
    parser.add_argument("--uri", default=None, help="a MongoDB to measure on; without it an embedded one is started")
    if not asyncio.run(run(parser.parse_args())):
        sys.exit(1)


if __name__ == "__main__":
    main()
