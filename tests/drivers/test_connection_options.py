"""Connection strings and client options as apps write them."""

import asyncio
import re
import uuid
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import ConfigurationError, OperationFailure, ServerSelectionTimeoutError
from pymongo.server_api import ServerApi

from .conftest import Broker, Ways
from .node_runner import node_runner
from .plain import attempt, plain

FOLLOWS = {"directConnection": "", "replicaSet": "hothouse"}
"""Options of a driver that follows the replica set it is told of."""


async def _works(uri: str, **options: Any) -> dict[str, Any]:
    """Write and read with such a client; return what it was told about the server."""
    async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000, **options) as client:
        items = client.get_default_database().items
        key = uuid.uuid4().hex
        await items.insert_one({"_id": key, "n": 1})
        assert await items.find_one_and_update({"_id": key}, {"$inc": {"n": 1}}, return_document=True) == {
            "_id": key,
            "n": 2,
        }
        return await client.admin.command("hello")


class TestPyMongo:
    @pytest.mark.parametrize(
        "options",
        [
            FOLLOWS,
            {"directConnection": ""},
            {"authMechanism": ""},
            {"authSource": "admin"},
            {"appName": "an%20app"},
            {"compressors": "zlib"},
            {**FOLLOWS, "readPreference": "secondaryPreferred"},
            {**FOLLOWS, "readPreference": "nearest", "maxStalenessSeconds": "120"},
            {"w": "majority", "journal": "true", "readConcernLevel": "majority"},
            {"retryWrites": "false", "retryReads": "false"},
            {"timeoutMS": "10000"},
            {"maxPoolSize": "1", "minPoolSize": "1", "maxIdleTimeMS": "100"},
            {"heartbeatFrequencyMS": "500", "serverMonitoringMode": "stream"},
            {"uuidRepresentation": "standard", "tz_aware": "true"},
        ],
        ids=lambda options: "&".join(f"{name}={value}" for name, value in options.items()),
    )
    async def test_works(self, broker: Broker, ways: Ways, options: dict[str, str]) -> None:
        hello = await _works(await broker.workload_uri(ways.broker_database, **options))
        assert "compression" not in hello
        assert hello["hosts"] == [f"127.0.0.1:{broker.port}"]

    @pytest.mark.parametrize("is_strict", [False, True])
    async def test_server_api(self, ways: Ways, is_strict: bool) -> None:
        """The fields that a driver then adds to every command are carried on."""
        api = {"server_api": ServerApi("1", strict=is_strict, deprecation_errors=True)}
        assert await self._with_api(ways.broker_uri, ways.broker_database, api) == await self._with_api(
            ways.direct_uri, ways.direct_database, api
        )

    async def _with_api(self, uri: str, database: str, options: dict[str, Any]) -> Any:
        async with AsyncMongoClient[dict[str, Any]](uri, **options) as client:
            db = client[database]
            await db.api.drop()
            done = [
                await attempt(db.api.insert_one({"_id": 1})),
                await attempt(db.api.find({}).to_list()),
                await attempt(db.api.distinct("_id")),
                await attempt(db.api.create_index("a")),
                await attempt(db.list_collection_names(filter={"name": "api"})),
                await attempt(db.command("collStats", "api", scale=1)),
                await attempt(db.api.aggregate([{"$count": "n"}])),
            ]
            kept = [each if isinstance(each, (list, str)) else type(each).__name__ for each in done]
            errors = [each["code"] for each in done if isinstance(each, dict) and "error" in each]
            return plain([kept, errors], database)

    async def test_load_balanced(self, broker: Broker, ways: Ways) -> None:
        uri = await broker.workload_uri(ways.broker_database, directConnection="", loadBalanced="true")
        with pytest.raises(ConfigurationError, match="load balancing mode"):
            await _works(uri)

    async def test_secondary_only(self, broker: Broker, ways: Ways) -> None:
        uri = await broker.workload_uri(ways.broker_database, **FOLLOWS, readPreference="secondary")
        async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=300) as client:
            with pytest.raises(ServerSelectionTimeoutError):
                await client.get_default_database().items.find_one({})

    async def test_another_replica_set(self, broker: Broker, ways: Ways) -> None:
        uri = await broker.workload_uri(ways.broker_database, directConnection="", replicaSet="rs0")
        with pytest.raises(ServerSelectionTimeoutError, match="rs0"):
            async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=300) as client:
                await client.admin.command("ping")

    @pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "PLAIN"])
    async def test_another_mechanism(self, broker: Broker, ways: Ways, mechanism: str) -> None:
        uri = await broker.workload_uri(ways.broker_database, authMechanism=mechanism)
        with pytest.raises(OperationFailure, match="SCRAM-SHA-256"):
            await _works(uri)

    async def test_wrong_password(self, broker: Broker, ways: Ways) -> None:
        uri = await broker.workload_uri(ways.broker_database)
        login = uri.partition("@")[0].rpartition(":")[0]
        with pytest.raises(OperationFailure) as refused:
            await _works(uri.replace(uri.partition("@")[0], f"{login}:wrong"))
        assert (refused.value.code, refused.value.details and refused.value.details["codeName"]) == (
            18,
            "AuthenticationFailed",
        )

    async def test_many_clients_at_once(self, broker: Broker, ways: Ways) -> None:
        uri = await broker.workload_uri(ways.broker_database, **FOLLOWS)
        await asyncio.gather(*(_works(uri) for _ in range(20)))


class TestNode:
    @pytest.mark.parametrize(
        ("options", "client_options"),
        [
            (FOLLOWS, {}),
            ({"directConnection": ""}, {}),
            ({"authMechanism": "", "compressors": "zlib"}, {}),
            ({**FOLLOWS, "readPreference": "secondaryPreferred", "w": "majority"}, {}),
            ({}, {"serverApi": {"version": "1", "strict": True, "deprecationErrors": True}}),
            ({"timeoutMS": "10000"}, {}),
            ({"heartbeatFrequencyMS": "500", "serverMonitoringMode": "stream"}, {}),
            ({"maxPoolSize": "1"}, {"retryWrites": False, "enableUtf8Validation": False}),
        ],
        ids=[
            "follows",
            "discovers",
            "compressors",
            "secondaryPreferred",
            "serverApi",
            "timeoutMS",
            "stream",
            "pool of 1",
        ],
    )
    async def test_works(
        self, broker: Broker, ways: Ways, options: dict[str, str], client_options: dict[str, Any]
    ) -> None:
        await asyncio.to_thread(ways.empty)
        uri = await broker.workload_uri(ways.broker_database, **options)
        with node_runner(uri, ways.broker_database, **client_options) as node:
            assert node.run("insert_one")[2] == {"$numberInt": "2"}

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({"directConnection": "", "loadBalanced": "true"}, "load balancing mode"),
            ({**FOLLOWS, "replicaSet": "rs0", "serverSelectionTimeoutMS": "300"}, "timed out|rs0|selection"),
            ({"authMechanism": "SCRAM-SHA-1"}, "SCRAM-SHA-256"),
        ],
        ids=["loadBalanced", "another replica set", "another mechanism"],
    )
    async def test_is_told(self, broker: Broker, ways: Ways, options: dict[str, str], expected: str) -> None:
        uri = await broker.workload_uri(ways.broker_database, **options)
        with node_runner(uri, ways.broker_database) as node:
            error = node.run("insert_one")
        assert re.search(expected, error["message"]), error
