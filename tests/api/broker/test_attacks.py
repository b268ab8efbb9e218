"""Attacks: a workload with a good credential tries to reach what is not its own."""

import asyncio
import struct
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson import Binary, Code, Int64, Timestamp
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError
from tests.support.raw_client import RawClient, body, document, element, message, sequence

from hothouse.broker import wire
from hothouse.broker.commands import COMMANDS, REFUSED_STAGES, Policy
from hothouse.broker.limits import Limits

from .conftest import Platform, Workload

VICTIM = "hh_victim"
SECRET = "the victim's secret"

STAGES_TO_VICTIM: list[list[dict[str, Any]]] = [
    [{"$lookup": {"from": {"db": VICTIM, "coll": "diary"}, "pipeline": [], "as": "x"}}],
    [{"$lookup": {"from": "own", "pipeline": [{"$unionWith": {"db": VICTIM, "coll": "diary"}}], "as": "x"}}],
    [{"$graphLookup": {"from": {"db": VICTIM, "coll": "diary"}, "startWith": 1, "connectFromField": "a",
                       "connectToField": "b", "as": "x"}}],
    [{"$unionWith": {"db": VICTIM, "coll": "diary", "pipeline": []}}],
    [{"$unionWith": {"coll": {"db": VICTIM, "coll": "diary"}, "pipeline": []}}],
    [{"$facet": {"x": [{"$unionWith": {"db": VICTIM, "coll": "diary"}}]}}],
    [{"$facet": {"x": [{"$lookup": {"from": {"db": VICTIM, "coll": "diary"}, "as": "y", "pipeline": []}}]}}],
    [{"$out": {"db": VICTIM, "coll": "diary"}}],
    [{"$out": {"s3": {"bucket": "x"}}}],
    [{"$merge": {"into": {"db": VICTIM, "coll": "diary"}}}],
    [{"$merge": {"into": {"db": VICTIM, "coll": "diary"}, "whenMatched": "replace"}}],
    [{"$rankFusion": {"input": {"pipelines": {"a": [{"$unionWith": {"db": VICTIM, "coll": "diary"}}]}}}}],
    [{"$changeStream": {"allChangesForCluster": True}}],
    [{"$lookup": {"from": "system.views", "pipeline": [], "as": "x"}}],
    [{"$out": "system.js"}],
    [{"$match": {"$expr": {"$function": {"body": "function() {return 1}", "args": [], "lang": "js"}}}}],
    [{"$group": {"_id": None, "x": {"$accumulator": {"init": "", "accumulate": "", "lang": "js"}}}}],
    [{"$match": {"$where": "true"}}],
    [{"$project": {"x": {"$_internalJsEmit": {"eval": "1", "this": "$$ROOT"}}}}],
    [{"$mergeCursors": {}}],
    [{"$notAStage": 1}],
]  # fmt: skip

COMMANDS_TO_VICTIM: list[dict[str, Any]] = [
    {"find": "diary", "$db": VICTIM},
    {"find": "diary", "$db": "admin"},
    {"find": "system.users", "$db": "admin"},
    {"find": "oplog.rs", "$db": "local"},
    {"find": "settings", "$db": "config"},
    {"insert": "diary", "documents": [{}], "$db": VICTIM},
    {"update": "diary", "updates": [{"q": {}, "u": {"$set": {"a": 1}}}], "$db": VICTIM},
    {"delete": "diary", "deletes": [{"q": {}, "limit": 0}], "$db": VICTIM},
    {"findAndModify": "diary", "query": {}, "remove": True, "$db": VICTIM},
    {"aggregate": "diary", "pipeline": [], "cursor": {}, "$db": VICTIM},
    {"aggregate": 1, "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": "admin"},
    {"count": "diary", "$db": VICTIM},
    {"distinct": "diary", "key": "_id", "$db": VICTIM},
    {"drop": "diary", "$db": VICTIM},
    {"dropDatabase": 1, "$db": VICTIM},
    {"listCollections": 1, "$db": VICTIM},
    {"listIndexes": "diary", "$db": VICTIM},
    {"createIndexes": "diary", "indexes": [{"key": {"a": 1}, "name": "a"}], "$db": VICTIM},
    {"dbStats": 1, "$db": VICTIM},
    {"collStats": "diary", "$db": VICTIM},
    {"validate": "diary", "$db": VICTIM},
    {"renameCollection": f"{VICTIM}.diary", "to": "OWN.stolen", "$db": "admin"},
    {"renameCollection": "OWN.own", "to": f"{VICTIM}.diary", "dropTarget": True, "$db": "admin"},
    {"renameCollection": "OWN.own", "to": "OWN.system.js", "$db": "admin"},
    {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}], "nsInfo": [{"ns": f"{VICTIM}.diary"}], "$db": "admin"},
    {"bulkWrite": 1, "ops": [{"insert": 1, "document": {}}], "nsInfo": [{"ns": "OWN.a"}, {"ns": f"{VICTIM}.diary"}],
     "$db": "admin"},
    {"bulkWrite": 1, "ops": [{"update": 0, "filter": {"$where": "1"}, "updateMods": {"$set": {"a": 1}}}],
     "nsInfo": [{"ns": "OWN.a"}], "$db": "admin"},
    {"explain": {"find": "diary", "$db": VICTIM}, "$db": "OWN"},
    {"explain": {"aggregate": "own", "pipeline": [{"$unionWith": {"db": VICTIM, "coll": "diary"}}], "cursor": {}},
     "$db": "OWN"},
    {"explain": {"explain": {"find": "own"}}, "$db": "OWN"},
    {"explain": {"dropDatabase": 1}, "$db": "OWN"},
    {"create": "v", "viewOn": "own", "pipeline": [{"$unionWith": {"db": VICTIM, "coll": "diary"}}], "$db": "OWN"},
    {"create": "v", "viewOn": "system.views", "pipeline": [], "$db": "OWN"},
    {"create": "v", "storageEngine": {"wiredTiger": {"configString": "x"}}, "$db": "OWN"},
    {"collMod": "v", "viewOn": "own", "pipeline": [{"$lookup": {"from": {"db": VICTIM, "coll": "diary"}, "as": "x"}}],
     "$db": "OWN"},
    {"createIndexes": "own", "indexes": [{"key": {"a": 1}, "name": "a", "storageEngine": {"x": {}}}], "$db": "OWN"},
    {"insert": "system.views", "documents": [{"_id": "OWN.v", "viewOn": "a", "pipeline": []}], "$db": "OWN"},
    {"insert": "system.js", "documents": [{"_id": "f"}], "$db": "OWN"},
    {"find": "$cmd", "$db": "OWN"},
    {"find": 1, "$db": "OWN"},
    {"find": Binary.from_uuid(uuid.UUID(int=1)), "$db": "OWN"},
    {"find": "own", "filter": {"$where": "sleep(1000)"}, "$db": "OWN"},
    {"find": "own", "filter": {"$where": Code("true")}, "$db": "OWN"},
    {"find": "own", "filter": {"a": [{"b": {"$expr": {"$function": {"body": "1", "args": [], "lang": "js"}}}}]},
     "$db": "OWN"},
    {"update": "own", "updates": [{"q": {}, "u": [{"$lookup": {"from": {"db": VICTIM, "coll": "diary"}, "as": "x"}}]}],
     "$db": "OWN"},
    {"find": "own", "$db": "OWN", "$audit": {"$impersonatedUsers": []}},
    {"find": "own", "$db": "OWN", "$_resumeAfter": {}},
    {"aggregate": "own", "pipeline": [], "cursor": {}, "fromMongos": True, "$db": "OWN"},
    {"aggregate": 1, "pipeline": [{"$currentOp": {"allUsers": True}}], "cursor": {}, "$db": "OWN"},
    {"aggregate": 1, "pipeline": [{"$match": {}}], "cursor": {}, "$db": "OWN"},
    {"mapReduce": "own", "map": "x", "reduce": "x", "out": {"inline": 1}, "$db": "OWN"},
    {"applyOps": [{"op": "i", "ns": f"{VICTIM}.diary", "o": {}}], "$db": "OWN"},
    {"endSessions": [{"id": Binary.from_uuid(uuid.UUID(int=1)), "uid": b"x" * 32}], "$db": "admin"},
    {"find": "own", "$db": "OWN", "lsid": {"id": Binary.from_uuid(uuid.UUID(int=1)), "uid": b"x" * 32}},
    {"listDatabases": 1, "filter": {"$where": "1"}, "$db": "admin"},
    {"ourOwnInvention": 1, "$db": "OWN"},
]  # fmt: skip


@pytest.fixture
async def victim(platform: Platform) -> AsyncIterator[None]:
    diary = platform.direct[VICTIM].diary
    await diary.insert_one({"_id": 1, "text": SECRET})
    yield
    try:
        assert await diary.find({}).to_list() == [{"_id": 1, "text": SECRET}]
        assert await platform.direct[VICTIM].list_collection_names() == ["diary"]
    finally:
        await platform.direct.drop_database(VICTIM)


@pytest.fixture
async def raw(workload: Workload) -> AsyncIterator[RawClient]:
    client = await RawClient.connect(workload.uri)
    yield client
    await client.close()


def _owned(value: Any, database: str) -> Any:
    """Fill in the workload's own database for OWN."""
    if isinstance(value, dict):
        return {key: _owned(each, database) for key, each in value.items()}
    if isinstance(value, list):
        return [_owned(each, database) for each in value]
    return value.replace("OWN", database) if type(value) is str else value


@pytest.mark.usefixtures("victim")
class TestOtherDatabases:
    async def test_commands(self, raw: RawClient, workload: Workload) -> None:
        for command in COMMANDS_TO_VICTIM:
            reply = await raw.command(_owned(command, workload.database))
            assert (reply["ok"], SECRET in str(reply)) == (0, False), command
            assert reply["errmsg"], command
            assert reply["code"] in (2, 13, 73, 40415), command

    async def test_stages_in_aggregate_views_and_explain(self, raw: RawClient, workload: Workload) -> None:
        for pipeline in STAGES_TO_VICTIM:
            aggregate = {"aggregate": "own", "pipeline": pipeline, "cursor": {}}
            for command in (
                aggregate,
                {"explain": aggregate},
                {"create": "v", "viewOn": "own", "pipeline": pipeline},
                {"collMod": "v", "viewOn": "own", "pipeline": pipeline},
            ):
                reply = await raw.command({**command, "$db": workload.database})
                assert (reply["ok"], reply["code"]) == (0, 13), command

    async def test_dotted_names_stay_inside(self, raw: RawClient, workload: Workload) -> None:
        """A name that looks like a namespace is a collection of one's own."""
        await raw.command({"insert": "own", "documents": [{"_id": 1}], "$db": workload.database})
        for pipeline in (
            [{"$unionWith": f"{VICTIM}.diary"}],
            [{"$lookup": {"from": f"{VICTIM}.diary", "pipeline": [], "as": "x"}}],
            [{"$merge": f"{VICTIM}.diary"}],
        ):
            command = {"aggregate": "own", "pipeline": pipeline, "cursor": {}, "$db": workload.database}
            assert SECRET not in str(await raw.command(command))
        assert SECRET not in str(await raw.command({"find": f"{VICTIM}.diary", "$db": workload.database}))

    async def test_list_databases_shows_the_own_one_only(self, raw: RawClient, workload: Workload) -> None:
        for extra in ({}, {"nameOnly": True}, {"authorizedDatabases": False}):
            reply = await raw.command({"listDatabases": 1, **extra, "$db": "admin"})
            assert [entry["name"] for entry in reply["databases"]] == [workload.database]

    async def test_fields_that_appear_twice(self, workload: Workload) -> None:
        own = element("$db", workload.database)
        for frame in (
            message(body(element("find", "diary"), own, element("$db", VICTIM))),
            message(body(element("find", "diary"), element("$db", VICTIM), own)),
            message(body(element("insert", "a"), own), sequence("documents", {}), sequence("documents", {})),
            message(body(element("insert", "a"), element("documents", []), own), sequence("documents", {})),
            message(body(element("find", "diary"), own), body(element("find", "diary"), element("$db", VICTIM))),
            message(body(element("find", "diary"), own), sequence("$db", {})),
        ):
            raw = await RawClient.connect(workload.uri)
            raw.writer.write(frame)
            assert await raw.is_closed_by_peer()
            await raw.close()

    async def test_nested_fields_that_appear_twice(self, raw: RawClient, workload: Workload) -> None:
        """A parser that takes the first of two keys must not see another than the broker did."""
        foreign = element("from", {"db": VICTIM, "coll": "diary"})
        stage = document(b"\x03$lookup\x00" + document(foreign, element("from", "own"), element("as", "x")))
        pipeline = b"\x04pipeline\x00" + document(b"\x030\x00" + stage)
        command = [element("aggregate", "own"), pipeline, element("cursor", {}), element("$db", workload.database)]
        assert (await raw.exchange(message(body(*command))))["ok"] == 0

    async def test_a_good_shape_does_not_open_the_door(self, raw: RawClient, workload: Workload) -> None:
        """Teach the broker the shape of a find, then send others of the same length."""
        good = {"find": "diary", "filter": {"a": "12345678"}, "$db": workload.database}
        for _ in range(40):
            assert (await raw.command(good))["ok"] == 1
        foreign = VICTIM.ljust(len(workload.database), "x")
        for bad in (
            {**good, "$db": foreign},
            {**good, "find": "$iary"},
            {**good, "filter": {"$where": "123"}},
            {"drop": "diary", "filter": {"a": "12345678"}, "$db": foreign},
        ):
            assert (await raw.command(bad)).get("code") == 13, bad
        assert (await raw.command(good))["ok"] == 1


class TestTable:
    async def test_every_refused_command(self, raw: RawClient, workload: Workload) -> None:
        refused = [name for name, rule in COMMANDS.items() if rule.policy is Policy.REFUSED]
        for name in refused:
            for database in (workload.database, "admin"):
                reply = await raw.command({name: 1, "$db": database})
                assert (reply["ok"], reply["code"], reply["codeName"]) == (0.0, 13, "Unauthorized"), name
                assert name in reply["errmsg"]

    async def test_every_refused_stage(self, raw: RawClient, workload: Workload) -> None:
        for name in REFUSED_STAGES:
            command = {"aggregate": "own", "pipeline": [{name: {}}], "cursor": {}, "$db": workload.database}
            assert (await raw.command(command))["code"] == 13

    async def test_every_allowed_command_is_held_to_the_own_database(self, raw: RawClient) -> None:
        for name in (name for name, rule in COMMANDS.items() if rule.policy is Policy.ALLOWED):
            reply = await raw.command({name: "diary", "$db": VICTIM})
            assert (reply["ok"], reply["code"]) == (0, 13), name


class TestCursorsAndSessions:
    async def test_cursor_of_another_workload(self, platform: Platform, workload: Workload, raw: RawClient) -> None:
        await raw.command({"insert": "a", "documents": [{"_id": n} for n in range(10)], "$db": workload.database})
        opened = await raw.command({"find": "a", "batchSize": 2, "$db": workload.database})
        cursor_id = Int64(opened["cursor"]["id"])
        thief = await RawClient.connect((await platform.workload(workload.database)).uri)
        more = {"getMore": cursor_id, "collection": "a", "$db": workload.database}
        assert (await thief.command(more))["code"] == 43
        killed = await thief.command({"killCursors": "a", "cursors": [cursor_id], "$db": workload.database})
        assert killed["cursorsNotFound"] == [cursor_id]
        assert len((await raw.command(more))["cursor"]["nextBatch"]) == 8
        await thief.close()

    async def test_invented_cursors(self, raw: RawClient, workload: Workload) -> None:
        for cursor_id in (1, 2**40, -1, 2**63 - 1):
            reply = await raw.command({"getMore": Int64(cursor_id), "collection": "a", "$db": workload.database})
            assert reply["code"] == 43

    async def test_own_and_invented_cursors_killed_together(self, raw: RawClient, workload: Workload) -> None:
        await raw.command({"insert": "a", "documents": [{"_id": n} for n in range(10)], "$db": workload.database})
        opened = await raw.command({"find": "a", "batchSize": 2, "$db": workload.database})
        cursor_id = Int64(opened["cursor"]["id"])
        reply = await raw.command({"killCursors": "a", "cursors": [cursor_id, Int64(99)], "$db": workload.database})
        assert (reply["cursorsKilled"], reply["cursorsNotFound"]) == ([cursor_id], [99])

    async def test_session_of_another_workload(self, platform: Platform, workload: Workload, raw: RawClient) -> None:
        """Know another's session and transaction numbers: they still cannot be used or ended."""
        lsid = {"id": Binary.from_uuid(uuid.uuid4())}
        inside = {"lsid": lsid, "txnNumber": Int64(1), "autocommit": False}
        await raw.command({"create": "a", "$db": workload.database})
        begun = {"insert": "a", "documents": [{"_id": 1}], **inside, "startTransaction": True}
        assert (await raw.command({**begun, "$db": workload.database}))["ok"] == 1
        thief = await RawClient.connect((await platform.workload()).uri)
        assert (await thief.command({"abortTransaction": 1, **inside, "$db": "admin"}))["ok"] == 0
        await thief.command({"endSessions": [lsid], "$db": "admin"})
        assert (await raw.command({"commitTransaction": 1, **inside, "$db": "admin"}))["ok"] == 1
        assert await platform.direct[workload.database].a.find_one({"_id": 1}) == {"_id": 1}
        await thief.close()

    async def test_retried_write_is_done_once(self, raw: RawClient, workload: Workload, platform: Platform) -> None:
        """Send a write twice, as a driver does that lost the first answer, even on another connection."""
        lsid = {"id": Binary.from_uuid(uuid.uuid4())}
        write = {"update": "a", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}, "upsert": True}]}
        command = {**write, "lsid": lsid, "txnNumber": Int64(1), "$db": workload.database}
        other = await RawClient.connect(workload.uri)
        assert [(await client.command(command))["n"] for client in (raw, other)] == [1, 1]
        assert await platform.direct[workload.database].a.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        await other.close()

    async def test_forged_cluster_time(self, raw: RawClient, workload: Workload, platform: Platform) -> None:
        """The server's clock is everybody's; a workload must not move it."""
        signature = {"hash": b"\x00" * 20, "keyId": Int64(0)}
        time = {"clusterTime": Timestamp(2**32 - 2, 1), "signature": signature}
        assert (await raw.command({"find": "a", "$db": workload.database, "$clusterTime": time}))["ok"] == 1
        now = (await platform.direct.admin.command("hello"))["$clusterTime"]["clusterTime"]
        assert now.time < 2**32 - 1000


class TestSignIn:
    async def test_nothing_works_before_it(self, workload: Workload) -> None:
        raw = await RawClient.connect(workload.uri, sign_in=False)
        for name in COMMANDS:
            if not COMMANDS[name].before_login:
                reply = await raw.command({name: "a", "$db": workload.database})
                assert (reply["ok"], reply["code"]) == (0, 13), name
        assert (await raw.command({"ping": 1, "$db": "admin"}))["ok"] == 1
        await raw.close()

    async def test_wrong_password_name_and_database(self, workload: Workload, platform: Platform) -> None:
        uris = (
            platform.uri(workload.workload_id, "wrong", workload.database),
            platform.uri("nobody", "wrong", workload.database),
            workload.uri.replace(f"authSource={workload.database}", f"authSource={VICTIM}"),
        )
        for uri in uris:
            async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
                with pytest.raises(OperationFailure) as caught:
                    await client[workload.database].a.find_one({})
                assert caught.value.code == 18

    async def test_other_mechanisms(self, workload: Workload) -> None:
        raw = await RawClient.connect(workload.uri, sign_in=False)
        for mechanism in ("SCRAM-SHA-1", "PLAIN", "MONGODB-X509"):
            reply = await raw.command(
                {"saslStart": 1, "mechanism": mechanism, "payload": b"n,,n=a,r=b", "$db": "admin"}
            )
            assert reply["code"] == 334
        await raw.close()

    async def test_proof_without_start_and_empty_proof(self, workload: Workload) -> None:
        raw = await RawClient.connect(workload.uri, sign_in=False)
        assert (await raw.command({"saslContinue": 1, "payload": b"", "$db": "admin"}))["ok"] == 0
        start = {"saslStart": 1, "mechanism": "SCRAM-SHA-256", "$db": workload.database}
        first = f"n,,n={workload.workload_id},r=abc".encode()
        assert (await raw.command({**start, "payload": first}))["ok"] == 1
        assert (await raw.command({"saslContinue": 1, "payload": b"", "$db": "admin"}))["code"] in (17, 18)
        assert (await raw.command({"find": "a", "$db": workload.database}))["code"] == 13
        await raw.close()

    async def test_revoked_credential_loses_its_connections(
        self, workload: Workload, platform: Platform, raw: RawClient
    ) -> None:
        async with AsyncMongoClient[dict[str, Any]](workload.uri, serverSelectionTimeoutMS=5000) as client:
            own = client.get_default_database()
            await own.a.insert_one({"_id": 1})
            async with await own.a.watch(max_await_time_ms=60_000) as stream:
                waiting = asyncio.create_task(stream.next())
                begin = time.monotonic()
                await platform.credentials.revoke(workload.workload_id)
                assert await raw.is_closed_by_peer()
                with pytest.raises(PyMongoError):
                    await waiting
                assert time.monotonic() - begin < 2
            with pytest.raises(OperationFailure) as caught:
                await own.a.find_one({})
            assert caught.value.code == 18

    async def test_reissued_credential_ends_the_old_one(
        self, workload: Workload, platform: Platform, raw: RawClient
    ) -> None:
        await platform.credentials.issue(workload_id=workload.workload_id, database=workload.database)
        assert await raw.is_closed_by_peer()


class TestGarbage:
    FRAMES = (
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        struct.pack("<iiii", 2**31 - 1, 1, 0, wire.OP_MSG),
        struct.pack("<iiii", -1, 1, 0, wire.OP_MSG),
        struct.pack("<iiii", 4, 1, 0, wire.OP_MSG),
        struct.pack("<iiii", 0, 1, 0, wire.OP_MSG),
        struct.pack("<iiii", 30, 1, 0, 2012) + bytes(14),
        struct.pack("<iiii", 30, 1, 0, 2002) + bytes(14),
        message(body(element("find", "a")), flags=4),
        message(b"\x02" + document()),
        message(b"\x00" + struct.pack("<i", 2**30)),
        message(b"\x00" + struct.pack("<i", 100) + b"\x02find\x00\xff\xff\xff\x7f" + bytes(88)),
        message(body(b"\x14x\x00")),
        message(body(b"\x03x\x00" + struct.pack("<i", 50))),
        message(b"\x01" + struct.pack("<i", 20) + b"documents\x00" + bytes(6)),
        message(body(b"\x02\xff\xfe\x00" + struct.pack("<i", 1) + b"\x00")),
        message(),
    )

    async def test_closes_that_connection_alone(self, workload: Workload, raw: RawClient) -> None:
        for frame in self.FRAMES:
            for sign_in in (True, False):
                bad = await RawClient.connect(workload.uri, sign_in=sign_in)
                bad.writer.write(frame)
                assert await bad.is_closed_by_peer(), frame
                await bad.close()
        assert (await raw.command({"find": "a", "$db": workload.database}))["ok"] == 1

    async def test_large_frame_before_sign_in(self, workload: Workload) -> None:
        raw = await RawClient.connect(workload.uri, sign_in=False)
        raw.writer.write(wire.encode_message({"hello": 1, "x": "x" * 100_000, "$db": "admin"}))
        assert await raw.is_closed_by_peer()
        await raw.close()

    async def test_deep_nesting(self, raw: RawClient, workload: Workload) -> None:
        deep = document()
        for _ in range(5000):
            deep = document(b"\x03x\x00" + deep)
        pipeline = b"\x04pipeline\x00" + document(b"\x030\x00" + deep)
        command = [element("aggregate", "a"), pipeline, element("cursor", {}), element("$db", workload.database)]
        assert (await raw.exchange(message(body(*command))))["ok"] == 0

    async def test_byte_by_byte_and_many_at_once(self, workload: Workload) -> None:
        raw = await RawClient.connect(workload.uri)
        frame = wire.encode_message({"find": "a", "$db": workload.database})
        for at in range(len(frame)):
            raw.writer.write(frame[at : at + 1])
            await raw.writer.drain()
        raw.writer.write(frame * 50)
        for _ in range(51):
            assert wire.decode_reply(await raw.read_frame())["ok"] == 1
        await raw.close()

    async def test_checksum_is_accepted(self, raw: RawClient, workload: Workload) -> None:
        find = body(element("find", "a"), element("$db", workload.database))
        assert (await raw.exchange(message(find, b"\x00\x00\x00\x00", flags=wire.CHECKSUM_PRESENT)))["ok"] == 1


class TestSlowness:
    async def test_client_that_never_reads_is_closed(
        self, workload: Workload, raw: RawClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hothouse.broker.core.SLOW_READER_SECONDS", 0.2)
        big = {"insert": "a", "documents": [{"_id": 1, "text": "x" * 15_000_000}], "$db": workload.database}
        assert (await raw.command(big))["ok"] == 1
        slow = await RawClient.connect(workload.uri)
        slow.stop_reading()
        slow.writer.write(wire.encode_message({"find": "a", "$db": workload.database}))
        assert (await raw.command({"count": "a", "$db": workload.database}))["n"] == 1
        await slow.peer_gone()
        await slow.close()
        assert (await raw.command({"count": "a", "$db": workload.database}))["n"] == 1

    async def test_client_that_says_nothing_is_closed(
        self, workload: Workload, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hothouse.broker.core.HANDSHAKE_SECONDS", 0.2)
        silent = await RawClient.connect(workload.uri, sign_in=False)
        assert await silent.is_closed_by_peer()
        await silent.close()

    async def test_too_many_connections(self, platform: Platform) -> None:
        workload = await platform.workload(limits=Limits(connections=3))
        open_ones = [await RawClient.connect(workload.uri) for _ in range(3)]
        with pytest.raises(AssertionError, match="maxPoolSize"):
            await RawClient.connect(workload.uri)
        for each in open_ones:
            await each.close()
