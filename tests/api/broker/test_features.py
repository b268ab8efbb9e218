"""What apps do with MongoDB, through the broker with PyMongo: it works as it does directly."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from bson import Binary, Decimal128, Int64, ObjectId, Regex, Timestamp
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo import (
    AsyncMongoClient,
    DeleteOne,
    IndexModel,
    InsertOne,
    MongoClient,
    ReplaceOne,
    UpdateOne,
    WriteConcern,
)
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError, OperationFailure
from pymongo.read_concern import ReadConcern

from .conftest import Platform, Workload

Database = AsyncDatabase[dict[str, Any]]


class TestDocuments:
    async def test_crud(self, own: Database) -> None:
        await own.items.insert_one({"_id": 1, "n": 1})
        assert (await own.items.update_one({"_id": 1}, {"$inc": {"n": 2}})).modified_count == 1
        assert await own.items.find_one({"_id": 1}) == {"_id": 1, "n": 3}
        assert await own.items.find_one_and_update({"_id": 1}, {"$set": {"n": 9}}, return_document=True) == {
            "_id": 1,
            "n": 9,
        }
        assert await own.items.count_documents({"n": 9}) == 1
        assert await own.items.distinct("n") == [9]
        assert await own.items.estimated_document_count() == 1
        assert (await own.items.delete_one({"_id": 1})).deleted_count == 1

    async def test_every_bson_type(self, own: Database) -> None:
        document = {
            "_id": ObjectId(),
            "types": [1, Int64(2), 2.5, "text", True, None, b"bytes", Binary(b"x", 5), Decimal128("1.10")],
            "when": dt.datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - as PyMongo gives it back
            "stamp": Timestamp(1, 2),
            "pattern": Regex("a.c", "i"),
            "nested": {"a": {"b": [{"c": 1}]}},
        }
        await own.items.insert_one(document)
        assert await own.items.find_one({"_id": document["_id"]}) == document

    async def test_data_that_looks_like_commands_is_data(self, own: Database) -> None:
        document = {"_id": 1, "text": "$where", "$db": "x", "odd": {"$lookup": {"from": {"db": "admin", "coll": "x"}}}}
        await own.items.insert_one(document)
        assert await own.items.find_one({"text": "$where"}) == document

    async def test_bulk_and_errors(self, own: Database) -> None:
        result = await own.items.bulk_write(
            [
                InsertOne({"_id": 1}),
                UpdateOne({"_id": 2}, {"$set": {"n": 1}}, upsert=True),
                ReplaceOne({"_id": 1}, {"n": 5}),
                DeleteOne({"_id": 2}),
            ]
        )
        assert (result.inserted_count, result.upserted_count, result.deleted_count) == (1, 1, 1)
        with pytest.raises(DuplicateKeyError):
            await own.items.insert_one({"_id": 1})

    async def test_client_bulk_write(self, client: AsyncMongoClient[dict[str, Any]], own: Database) -> None:
        result = await client.bulk_write(
            [InsertOne({"_id": 1}, namespace=f"{own.name}.a"), InsertOne({"_id": 2}, namespace=f"{own.name}.b")]
        )
        assert result.inserted_count == 2
        assert await own.b.find_one({"_id": 2}) == {"_id": 2}

    async def test_large_batches_both_ways(self, own: Database) -> None:
        await own.items.insert_many([{"_id": number, "text": "x" * 1000} for number in range(3000)])
        assert len(await own.items.find({}).to_list()) == 3000

    async def test_a_document_of_16_megabytes(self, own: Database) -> None:
        text = "x" * (16 * 2**20 - 100)
        await own.items.insert_one({"_id": 1, "text": text})
        found = await own.items.find_one({"_id": 1})
        assert found is not None
        assert found["text"] == text

    async def test_unacknowledged_writes_stay_in_order(self, own: Database) -> None:
        careless = own.get_collection("items", write_concern=WriteConcern(w=0))
        for number in range(20):
            await careless.insert_one({"_id": number})
        await own.items.insert_one({"_id": "last"})
        assert await own.items.count_documents({}) == 21


class TestAggregation:
    async def test_stages(self, own: Database) -> None:
        await own.orders.insert_many([{"_id": n, "who": n % 2, "sum": n} for n in range(4)])
        await own.people.insert_many([{"_id": 0, "name": "Ada"}, {"_id": 1, "name": "Bob"}])
        cursor = await own.orders.aggregate(
            [
                {"$group": {"_id": "$who", "total": {"$sum": "$sum"}}},
                {"$lookup": {"from": "people", "localField": "_id", "foreignField": "_id", "as": "person"}},
                {"$unwind": "$person"},
                {"$sort": {"_id": 1}},
                {"$project": {"_id": 0, "total": 1, "name": "$person.name"}},
            ]
        )
        assert await cursor.to_list() == [{"total": 2, "name": "Ada"}, {"total": 4, "name": "Bob"}]

    async def test_facet_union_and_out(self, own: Database) -> None:
        await own.a.insert_many([{"_id": 1}, {"_id": 2}])
        await own.b.insert_one({"_id": 3})
        await (await own.a.aggregate([{"$unionWith": {"coll": "b", "pipeline": []}}, {"$out": "c"}])).to_list()
        assert await own.c.count_documents({}) == 3
        faceted = await (await own.c.aggregate([{"$facet": {"all": [{"$count": "n"}]}}])).to_list()
        assert faceted == [{"all": [{"n": 3}]}]
        await (await own.c.aggregate([{"$merge": {"into": {"db": own.name, "coll": "d"}}}])).to_list()
        assert await own.d.count_documents({}) == 3

    async def test_view(self, own: Database) -> None:
        await own.a.insert_many([{"_id": 1, "n": 1}, {"_id": 2, "n": 2}])
        await own.create_collection("v", viewOn="a", pipeline=[{"$match": {"n": 2}}])
        assert [row["_id"] async for row in own.v.find({})] == [2]

    async def test_explain_does_not_name_the_server(self, own: Database) -> None:
        await own.items.insert_one({"_id": 1})
        explained = await own.items.find({"_id": 1}).explain()
        assert "queryPlanner" in explained
        assert "serverInfo" not in explained


class TestCursors:
    async def test_many_batches(self, own: Database) -> None:
        await own.items.insert_many([{"_id": n} for n in range(500)])
        assert [row["_id"] async for row in own.items.find({}, batch_size=50)] == list(range(500))

    async def test_closing_early(self, own: Database) -> None:
        await own.items.insert_many([{"_id": n} for n in range(500)])
        cursor = own.items.find({}, batch_size=50)
        await cursor.next()
        await cursor.close()
        assert await own.items.find_one({"_id": 5}) == {"_id": 5}

    async def test_change_stream(self, own: Database) -> None:
        async with await own.items.watch(max_await_time_ms=200) as stream:
            await own.items.insert_one({"_id": 1})
            async with asyncio.timeout(10):
                change = await stream.next()
        assert (change["operationType"], change["documentKey"]) == ("insert", {"_id": 1})

    async def test_change_stream_on_the_database(self, own: Database) -> None:
        async with await own.watch(max_await_time_ms=200) as stream:
            await own.other.insert_one({"_id": 1})
            async with asyncio.timeout(10):
                assert (await stream.next())["ns"]["coll"] == "other"


class TestSessions:
    async def test_transaction_commits_and_aborts(
        self, client: AsyncMongoClient[dict[str, Any]], own: Database
    ) -> None:
        await own.create_collection("items")
        async with client.start_session() as session:
            async with await session.start_transaction():
                await own.items.insert_one({"_id": 1}, session=session)
                assert await own.items.find_one({"_id": 1}) is None
            assert await own.items.find_one({"_id": 1}) == {"_id": 1}
            await session.start_transaction()
            await own.items.insert_one({"_id": 2}, session=session)
            await session.abort_transaction()
        assert await own.items.find_one({"_id": 2}) is None

    async def test_causal_consistency(self, client: AsyncMongoClient[dict[str, Any]], own: Database) -> None:
        items = own.get_collection("items", read_concern=ReadConcern("majority"))
        async with client.start_session(causal_consistency=True) as session:
            await items.insert_one({"_id": 1}, session=session)
            assert await items.find_one({"_id": 1}, session=session) == {"_id": 1}


class TestIndexesAndCollections:
    async def test_indexes(self, own: Database) -> None:
        await own.items.create_indexes([IndexModel("a", unique=True), IndexModel([("b", 1), ("c", -1)])])
        assert {index["name"] async for index in await own.items.list_indexes()} == {"_id_", "a_1", "b_1_c_-1"}
        await own.items.drop_index("a_1")
        assert "a_1" not in await own.items.index_information()

    async def test_collections(self, own: Database, client: AsyncMongoClient[dict[str, Any]]) -> None:
        await own.create_collection("one", validator={"$jsonSchema": {"required": ["a"]}})
        with pytest.raises(OperationFailure):
            await own.one.insert_one({"b": 1})
        await own.one.rename("two")
        assert await own.list_collection_names() == ["two"]
        await own.two.drop()
        assert await client.list_database_names() == [own.name]
        assert (await own.command("dbStats"))["ok"] == 1
        assert (await client.server_info())["version"]

    async def test_drop_database(self, own: Database, client: AsyncMongoClient[dict[str, Any]]) -> None:
        await own.items.insert_one({})
        await client.drop_database(own.name)
        assert await own.list_collection_names() == []

    async def test_gridfs(self, own: Database) -> None:
        bucket = AsyncGridFSBucket(own)
        content = bytes(range(256)) * 4096
        file_id = await bucket.upload_from_stream("big", content)
        stream = await bucket.open_download_stream(file_id)
        assert await stream.read() == content


class TestHello:
    async def test_names_the_broker_only(
        self, client: AsyncMongoClient[dict[str, Any]], platform: Platform, mongodb_uri: str
    ) -> None:
        hello = await client.admin.command("hello")
        here = f"127.0.0.1:{platform.address[1]}"
        assert hello["hosts"] == [here]
        assert hello["me"] == hello["primary"] == here
        upstream = mongodb_uri.rpartition("@")[2].partition("/")[0]
        assert upstream not in str(hello)

    async def test_a_driver_that_follows_the_replica_set_stays_here(self, workload: Workload) -> None:
        uri = workload.uri.replace("directConnection=true", "replicaSet=hothouse")
        async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
            await client.get_default_database().items.insert_one({"_id": 1})

    async def test_auth_source_admin(self, workload: Workload) -> None:
        uri = workload.uri.replace(f"authSource={workload.database}", "authSource=admin")
        async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
            await client.get_default_database().items.find_one({"_id": 1})


class TestSynchronousDriver:
    async def test_sweep(self, workload: Workload) -> None:
        await asyncio.to_thread(_synchronous_sweep, workload.uri)


def _synchronous_sweep(uri: str) -> None:
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
        own = client.get_default_database()
        own.items.insert_many([{"_id": number} for number in range(300)])
        assert sum(1 for _ in own.items.find({}, batch_size=20)) == 300
        with client.start_session() as session, session.start_transaction():
            own.items.update_one({"_id": 1}, {"$set": {"n": 1}}, session=session)
        assert own.items.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        with own.items.watch(max_await_time_ms=100) as stream:
            own.items.delete_one({"_id": 2})
            assert stream.next()["operationType"] == "delete"
