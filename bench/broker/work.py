"""The work that is measured, and the rows of the table."""

import os
from dataclasses import dataclass
from typing import Any, Protocol

from gridfs.asynchronous import AsyncGridFSBucket
from pace import rate, rate_sync
from pymongo import AsyncMongoClient, MongoClient

DOCUMENTS = 5000
ORDERS = 6000
KINDS = 3
FILE_BYTES = 5 * 2**20
MOST_AT_ONCE = 32

ONE_AT_A_TIME = 0.75
IN_BULK = 0.9


@dataclass(frozen=True)
class Row:
    """One line of the table: which work, how many of it at once, and the least share of the direct rate."""

    name: str
    work: str
    at_once: int = 1
    target: float | None = None
    least_seconds: float = 0.0
    """How long it is measured at least: a rate of one operation says little."""

    @property
    def title(self) -> str:
        return f"{self.name}, {self.at_once} at once" if self.at_once > 1 else self.name


def _rows() -> list[Row]:
    rows = []
    for name, work in (("find by id", "find"), ("update by id", "update"), ("insert of one document", "insert")):
        rows += [Row(name, work, at_once, ONE_AT_A_TIME if at_once == 1 else None) for at_once in (1, 8, MOST_AT_ONCE)]
    rows.insert(1, Row("find by id, sync driver", "find_sync", target=ONE_AT_A_TIME))
    return [
        *rows,
        Row("insert of 1,000 documents", "insert_thousand", target=ONE_AT_A_TIME),
        Row("cursor over 5,000 documents", "read_all", target=IN_BULK),
        Row("aggregation over 2,000 documents", "aggregate", target=IN_BULK),
        Row("GridFS, 5 MB up", "upload", target=IN_BULK, least_seconds=1.5),
        Row("GridFS, 5 MB down", "download", target=IN_BULK),
    ]


ROWS = _rows()


class Way(Protocol):
    """One way to the data."""

    async def seed(self) -> None:
        """Write what is read."""

    async def rate(self, row: Row, seconds: float) -> float | None:
        """Return the operations per second of a row's work; None when this way has no such work."""

    async def tidy(self) -> None:
        """Remove what was written by measuring."""


class Driver:
    """PyMongo on a connection string: directly on MongoDB, or through the broker."""

    def __init__(self, uri: str, database: str) -> None:
        self._client = AsyncMongoClient[dict[str, Any]](uri, maxPoolSize=MOST_AT_ONCE)
        self._sync = MongoClient[dict[str, Any]](uri)
        self._database = self._client[database]
        self._bucket = AsyncGridFSBucket(self._database)
        self._sync_items = self._sync[database].items
        self._content = os.urandom(FILE_BYTES)
        self._file: Any = None
        self._counter = 0

    async def seed(self) -> None:
        await self._database.items.insert_many([{"_id": n, "n": 0, "text": "x" * 200} for n in range(DOCUMENTS)])
        await self._database.orders.create_index("kind")
        orders = [{"_id": n, "kind": n % KINDS, "who": n % 50, "sum": n} for n in range(ORDERS)]
        await self._database.orders.insert_many(orders)

    async def rate(self, row: Row, seconds: float) -> float | None:
        if row.work == "find_sync":
            return rate_sync(self._find_sync, seconds)
        if row.work == "download" and self._file is None:
            self._file = await self._bucket.upload_from_stream("read", self._content)
        return await rate(getattr(self, f"_{row.work}"), seconds, row.at_once)

    async def tidy(self) -> None:
        # The embedded server drops slowly, a sync for each document, and deletes quickly.
        for name in ("scratch", "fs.files", "fs.chunks"):
            await self._database[name].delete_many({})
        self._file = None

    async def close(self) -> None:
        await self._client.close()
        self._sync.close()

    def _next_id(self) -> int:
        self._counter += 7919
        return self._counter % DOCUMENTS

    async def _find(self) -> None:
        await self._database.items.find_one({"_id": self._next_id()})

    def _find_sync(self) -> None:
        self._sync_items.find_one({"_id": self._next_id()})

    async def _update(self) -> None:
        await self._database.items.update_one({"_id": self._next_id()}, {"$inc": {"n": 1}})

    async def _insert(self) -> None:
        await self._database.scratch.insert_one({"n": self._next_id(), "text": "x" * 200})

    async def _insert_thousand(self) -> None:
        await self._database.scratch.insert_many([{"n": number, "text": "x" * 200} for number in range(1000)])

    async def _read_all(self) -> None:
        assert len(await self._database.items.find({}).to_list()) == DOCUMENTS

    async def _aggregate(self) -> None:
        group = {"_id": "$who", "total": {"$sum": "$sum"}}
        cursor = await self._database.orders.aggregate([{"$match": {"kind": 1}}, {"$group": group}])
        assert await cursor.to_list()

    async def _upload(self) -> None:
        await self._bucket.upload_from_stream("written", self._content)

    async def _download(self) -> None:
        stream = await self._bucket.open_download_stream(self._file)
        assert len(await stream.read()) == FILE_BYTES
