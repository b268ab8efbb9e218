"""The measured work through mdb-engine's scoped wrapper; runs in its virtual environment, asked by wrapper.py.

The wrapper is made as its documentation shows, with its defaults: every filter gets a condition on `app_id`, and
indexes are made for what is asked. Files go through its upload service, which is what it has for them.
"""

import asyncio
import json
import logging
import os
import sys
from typing import Any

from mdb_engine.database import ScopedMongoWrapper
from mdb_engine.uploads.service import UploadService
from motor.motor_asyncio import AsyncIOMotorClient
from pace import rate

APP = "bench"
DOCUMENTS = 5000
ORDERS = 6000
KINDS = 3
FILE_BYTES = 5 * 2**20
KIND_OF_FILE = "image/png"


class Scoped:
    """The works, by name as in work.py."""

    def __init__(self, uri: str, database: str) -> None:
        self._real = AsyncIOMotorClient(uri, maxPoolSize=32)[database]
        self._db = ScopedMongoWrapper(real_db=self._real, read_scopes=[APP], write_scope=APP)
        config = {"max_size": FILE_BYTES, "allowed_types": [KIND_OF_FILE]}
        self._uploads = UploadService(self._real, APP, config)
        self._content = bytearray(os.urandom(FILE_BYTES))
        self._file: str | None = None
        self._counter = 0

    async def answer(self, question: dict[str, Any]) -> float | None:
        if question["do"] in ("seed", "tidy"):
            await getattr(self, question["do"])()
            return None
        if question["do"] == "download" and self._file is None:
            self._file = await self.upload()
        return await rate(getattr(self, question["do"]), question["seconds"], question["at_once"])

    async def seed(self) -> None:
        # It would make this index by itself, while documents are being inserted: the embedded server hangs on that.
        for name in ("items", "orders", "scratch"):
            await self._real[f"{APP}_{name}"].create_index("app_id", name="auto_app_id_asc")
        await self._db.items.insert_many([{"_id": n, "n": 0, "text": "x" * 200} for n in range(DOCUMENTS)])
        await self._db.orders.index_manager.create_index("kind", name="kind_1")
        orders = [{"_id": n, "kind": n % KINDS, "who": n % 50, "sum": n} for n in range(ORDERS)]
        await self._db.orders.insert_many(orders)

    async def tidy(self) -> None:
        for name in await self._real.list_collection_names():
            if not name.endswith(("items", "orders")):
                await self._real[name].delete_many({})
        self._file = None

    def _next_id(self) -> int:
        self._counter += 7919
        return self._counter % DOCUMENTS

    async def find(self) -> None:
        assert await self._db.items.find_one({"_id": self._next_id()})

    async def update(self) -> None:
        await self._db.items.update_one({"_id": self._next_id()}, {"$inc": {"n": 1}})

    async def insert(self) -> None:
        await self._db.scratch.insert_one({"n": self._next_id(), "text": "x" * 200})

    async def insert_thousand(self) -> None:
        await self._db.scratch.insert_many([{"n": number, "text": "x" * 200} for number in range(1000)])

    async def read_all(self) -> None:
        assert len(await self._db.items.find({}).to_list(None)) == DOCUMENTS

    async def aggregate(self) -> None:
        group = {"_id": "$who", "total": {"$sum": "$sum"}}
        assert await self._db.orders.aggregate([{"$match": {"kind": 1}}, {"$group": group}]).to_list(None)

    async def upload(self) -> str:
        # It stores the same content once only, so each upload differs in its first bytes.
        self._content[:8] = os.urandom(8)
        return (await self._uploads.store(bytes(self._content), KIND_OF_FILE)).file_hash

    async def download(self) -> None:
        found = await self._uploads.retrieve(self._file or "", ".png")
        assert found is not None
        assert len(found[0]) == FILE_BYTES


async def main() -> None:
    logging.disable(logging.WARNING)
    scoped = Scoped(sys.argv[1], sys.argv[2])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        answer = await scoped.answer(json.loads(line))
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


asyncio.run(main())
