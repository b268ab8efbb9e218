"""The storage quota, as an app meets it."""

from typing import Any

import pytest
from bson import Int64
from pymongo import AsyncMongoClient, DeleteOne, InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import OperationFailure
from tests.support.waiting import eventually

from hothouse.broker.errors import Code
from hothouse.broker.limits import Limits

from .conftest import Platform

MIB = 2**20
Collection = AsyncCollection[dict[str, Any]]


async def refusal(collection: Collection) -> OperationFailure | None:
    """Write a little; return why that was refused, if it was."""
    try:
        await collection.insert_one({"text": "x" * 100_000})
    except OperationFailure as error:
        return error
    return None


async def is_written(collection: Collection) -> bool:
    return await refusal(collection) is None


class TestQuota:
    async def test_refuses_writes_only_and_for_no_longer_than_needed(self, platform: Platform) -> None:
        workload = await platform.workload(limits=Limits(storage_bytes=2 * MIB))
        async with AsyncMongoClient[dict[str, Any]](workload.uri) as client:
            own = client.get_default_database()["c"]
            await own.insert_many([{"text": "x" * 100_000} for _ in range(30)])
            error: OperationFailure = await eventually(lambda: refusal(own), "the database is full")
            assert error.code == Code.OutOfDiskSpace
            assert "2.0 MiB are allowed" in str(error)
            await self.check_while_full(own)
            assert await own.find_one() is not None
            assert (await own.delete_many({})).deleted_count > 20
            await eventually(lambda: is_written(own), "there is room again")
        await platform.direct.drop_database(workload.database)

    async def check_while_full(self, own: Collection) -> None:
        for write in (
            own.update_one({}, {"$set": {"a": 1}}),
            own.find_one_and_update({}, {"$set": {"a": 1}}),
            own.create_index("a"),
            own.aggregate([{"$out": "copy"}]),
            own.bulk_write([InsertOne({})]),
            own.database.client.bulk_write([InsertOne({}, namespace=own.full_name)]),
            own.database.client.bulk_write([UpdateOne({}, {"$set": {"a": 1}}, namespace=own.full_name)]),
        ):
            with pytest.raises(OperationFailure, match="full"):
                await write
        await own.bulk_write([DeleteOne({"_id": 0})])
        await own.database.client.bulk_write([DeleteOne({"_id": 0}, namespace=own.full_name)])
        await own.find_one_and_delete({"_id": 0})
        await own.aggregate([{"$match": {"a": Int64(1)}}])

    async def test_an_admin_allows_more(self, platform: Platform) -> None:
        workload = await platform.workload(limits=Limits(storage_bytes=2 * MIB))
        async with AsyncMongoClient[dict[str, Any]](workload.uri) as client:
            own = client.get_default_database()["c"]
            await own.insert_many([{"text": "x" * 100_000} for _ in range(30)])
            await eventually(lambda: refusal(own), "the database is full")
            await platform.credentials.set_limits(workload.database, Limits(storage_bytes=50 * MIB))
            await eventually(lambda: is_written(own), "there is room", 5)
        await platform.direct.drop_database(workload.database)
