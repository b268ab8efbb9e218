"""Frames that two readers could understand differently, and replies that are not for the one who reads them."""

import struct
import zlib
from typing import Any

import bson
import pytest
from tests.support.arena import CLOSED, DIARY, HARMLESS, REFUSED, Arena, Attack, cases
from tests.support.raw_client import (
    body,
    document,
    element,
    message,
    sequence,
    typed,
)

from hothouse.broker import wire

MORE_TO_COME, EXHAUST = wire.MORE_TO_COME, wire.EXHAUST_ALLOWED
FIND = element("find", DIARY)


def _own(arena: Arena) -> bytes:
    return element("$db", arena.attacker.database)


def _foreign(arena: Arena) -> bytes:
    return element("$db", arena.victim.database)


def _find(arena: Arena, **more: Any) -> bytes:
    return wire.encode_message({"find": "own", **more, "$db": arena.attacker.database})


class TestTwice:
    """What is there twice is read once by each reader, and not by all the same one."""

    async def test_database_first_own_then_foreign(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena), _foreign(arena))), CLOSED)

    async def test_database_first_foreign_then_own(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(FIND, _foreign(arena), _own(arena))), CLOSED)

    async def test_command_twice(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(element("find", "own"), FIND, _own(arena))), CLOSED)

    async def test_body_twice(self, arena: Arena) -> None:
        frame = message(body(element("find", "own"), _own(arena)), body(FIND, _foreign(arena)))
        await arena.attempt_frame(frame, CLOSED)

    async def test_body_twice_foreign_first(self, arena: Arena) -> None:
        frame = message(body(FIND, _foreign(arena)), body(element("find", "own"), _own(arena)))
        await arena.attempt_frame(frame, CLOSED)

    async def test_empty_body_first(self, arena: Arena) -> None:
        await arena.attempt_frame(message(b"\x00" + document(), body(FIND, _own(arena))), CLOSED)

    async def test_empty_body_last(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena)), b"\x00" + document()), CLOSED)

    async def test_database_as_document_sequence(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena)), sequence("$db", {})), CLOSED)

    async def test_database_only_as_document_sequence(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(FIND), sequence("$db", {"x": 1})), CLOSED)

    async def test_sequence_twice(self, arena: Arena) -> None:
        insert = body(element("insert", "written"), _own(arena))
        await arena.attempt_frame(message(insert, sequence("documents", {}), sequence("documents", {})), CLOSED)

    async def test_sequence_and_field(self, arena: Arena) -> None:
        insert = body(element("insert", "written"), element("documents", [{}]), _own(arena))
        await arena.attempt_frame(message(insert, sequence("documents", {})), CLOSED)

    @pytest.mark.parametrize(
        "name",
        ["pipeline", "find", "filter", "lsid", "documents.x", "", "$clusterTime", "cursors", "viewOn", "indexes"],
    )
    async def test_sequence_named_like_another_field(self, arena: Arena, name: str) -> None:
        command = body(element("aggregate", "own"), element("cursor", {}), _own(arena))
        await arena.attempt_frame(message(command, sequence(name, {"$unionWith": DIARY})), CLOSED)

    async def test_namespaces_in_both_forms(self, arena: Arena) -> None:
        own = [{"ns": f"{arena.attacker.database}.own"}]
        command = body(element("bulkWrite", 1), element("nsInfo", own), element("$db", "admin"))
        ops = sequence("ops", {"insert": 0, "document": {}})
        foreign = sequence("nsInfo", {"ns": f"{arena.victim.database}.{DIARY}"})
        await arena.attempt_frame(message(command, ops, foreign), CLOSED)

    async def test_foreign_namespace_in_a_sequence(self, arena: Arena) -> None:
        command = body(element("bulkWrite", 1), element("$db", "admin"))
        ops = sequence("ops", {"insert": 1, "document": {"_id": "x"}})
        names = [{"ns": f"{arena.attacker.database}.own"}, {"ns": f"{arena.victim.database}.{DIARY}"}]
        for sections in ((command, ops, sequence("nsInfo", *names)), (sequence("nsInfo", *names), ops, command)):
            await arena.attempt_frame(message(*sections), REFUSED)

    @pytest.mark.parametrize("key", ["from", "db", "coll", "into", "$lookup"])
    async def test_deep_inside_a_pipeline(self, arena: Arena, key: str) -> None:
        """A parser that takes the first of two keys must not see another than the broker did."""
        there = {"db": arena.victim.database, "coll": DIARY}
        twice = {
            "from": document(element("from", there), element("from", "own"), element("as", "x")),
            "db": document(
                typed(3, "from", document(element("db", there["db"]), element("db", arena.attacker.database),
                                          element("coll", DIARY))),
            ),
            "coll": document(element("coll", there), element("coll", "own")),
            "into": document(element("into", there), element("into", "own")),
        }  # fmt: skip
        name = {"coll": "$unionWith", "into": "$merge"}.get(key, "$lookup")
        if key == "$lookup":
            stage = document(element(name, {"from": there, "as": "x"}), element(name, {"from": "own", "as": "x"}))
        else:
            stage = document(typed(3, name, twice[key]))
        pipeline = typed(4, "pipeline", document(typed(3, "0", stage)))
        command = [element("aggregate", "own"), pipeline, element("cursor", {}), _own(arena)]
        await arena.attempt_frame(message(body(*command)), REFUSED)

    async def test_keys_of_an_array_that_repeat(self, arena: Arena) -> None:
        """Elements of an array are taken in order, whatever they are called."""
        stages = [typed(3, key, bson.encode(stage)) for key, stage in (
            ("0", {"$match": {}}), ("0", {"$unionWith": {"db": arena.victim.database, "coll": DIARY}}),
        )]  # fmt: skip
        pipeline = typed(4, "pipeline", document(*stages))
        command = [element("aggregate", "own"), pipeline, element("cursor", {}), _own(arena)]
        await arena.attempt_frame(message(body(*command)), REFUSED)


class TestLayout:
    async def test_sequence_before_the_body(self, arena: Arena) -> None:
        insert = body(element("insert", "written"), _own(arena))
        reply = await arena.attempt_frame(message(sequence("documents", {"_id": "first"}), insert), HARMLESS)
        assert reply is not None
        assert reply["ok"] == 1

    async def test_sequences_of_another_command(self, arena: Arena) -> None:
        insert = body(element("insert", "written"), _own(arena))
        frame = message(insert, sequence("updates", {"q": {}, "u": {}}), sequence("documents", {"_id": "second"}))
        await arena.attempt_frame(frame, HARMLESS)

    @pytest.mark.parametrize("kind", [2, 3, 127, 255])
    async def test_kinds_of_sections(self, arena: Arena, kind: int) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena)), bytes([kind]) + document()), CLOSED)

    @pytest.mark.parametrize("flags", [4, 8, 1 << 15, 0xFFFC])
    async def test_flags_that_must_be_understood(self, arena: Arena, flags: int) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena)), flags=flags), CLOSED)

    @pytest.mark.parametrize("flags", [EXHAUST, 1 << 17, 0xFFFF0000])
    async def test_flags_that_may_be_ignored(self, arena: Arena, flags: int) -> None:
        await arena.attempt_frame(message(body(FIND, _own(arena)), flags=flags), HARMLESS)

    @pytest.mark.parametrize("checksum", [b"\x00" * 4, b"\xff" * 4, struct.pack("<I", zlib.crc32(b"x"))], ids=repr)
    async def test_checksum_is_taken_off(self, arena: Arena, checksum: bytes) -> None:
        frame = message(body(FIND, _own(arena)), checksum, flags=wire.CHECKSUM_PRESENT)
        await arena.attempt_frame(frame, HARMLESS)
        assert not any(each[16] & wire.CHECKSUM_PRESENT for each in arena.sent)

    async def test_checksum_that_is_a_part_of_the_command(self, arena: Arena) -> None:
        """A reader that does not know of checksums would see another command."""
        await arena.attempt_frame(message(body(FIND, _own(arena)), flags=wire.CHECKSUM_PRESENT), CLOSED)

    @pytest.mark.parametrize(
        "opcode", [0, 1, 1000, 2001, 2002, 2005, 2006, 2007, 2010, 2011, 2012, 2014, -1, 2**31 - 1]
    )
    async def test_opcodes(self, arena: Arena, opcode: int) -> None:
        """Compressed, legacy, of the time in between, invented."""
        inner = message(body(FIND, _own(arena)))
        await arena.attempt_frame(inner[:12] + struct.pack("<i", opcode) + inner[16:], CLOSED)

    async def test_compressed(self, arena: Arena) -> None:
        inner = message(body(FIND, _foreign(arena)))[16:]
        packed = struct.pack("<iiB", wire.OP_MSG, len(inner), 2) + zlib.compress(inner)
        await arena.attempt_frame(struct.pack("<iiii", 16 + len(packed), 1, 0, 2012) + packed, CLOSED)

    @pytest.mark.parametrize(
        "collection", ["admin.$cmd", "{own}.$cmd", "{victim}.$cmd", "{victim}.diary", "admin.system.users"]
    )
    async def test_legacy_query(self, arena: Arena, collection: str) -> None:
        name = arena.fill(collection).encode() + b"\x00"
        content = struct.pack("<i", 0) + name + struct.pack("<ii", 0, -1) + bson.encode({"find": DIARY})
        await arena.attempt_frame(struct.pack("<iiii", 16 + len(content), 1, 0, wire.OP_QUERY) + content, CLOSED)

    async def test_legacy_query_that_wraps_a_command(self, arena: Arena) -> None:
        query = {"$query": {"isMaster": 1}, "$readPreference": {"mode": "primary"}}
        content = struct.pack("<i", 0) + b"admin.$cmd\x00" + struct.pack("<ii", 0, -1) + bson.encode(query)
        await arena.attempt_frame(struct.pack("<iiii", 16 + len(content), 1, 0, wire.OP_QUERY) + content, CLOSED)

    @pytest.mark.parametrize("length", [-(2**31), -1, 0, 15, 16, 25, 48_016_385, 2**31 - 1])
    async def test_lengths_of_frames(self, arena: Arena, length: int) -> None:
        frame = _find(arena)
        await arena.attempt_frame(struct.pack("<i", length) + frame[4:], CLOSED)

    @pytest.mark.parametrize("length", [-1, 0, 4, 2**30, 2**31 - 1])
    async def test_lengths_of_bodies(self, arena: Arena, length: int) -> None:
        frame = _find(arena)
        await arena.attempt_frame(frame[:21] + struct.pack("<i", length) + frame[25:], CLOSED)

    @pytest.mark.parametrize("length", [-1, 0, 4, 200, 2**31 - 1])
    async def test_lengths_of_nested_documents(self, arena: Arena, length: int) -> None:
        filtered = typed(3, "filter", struct.pack("<i", length) + bytes(1))
        await arena.attempt_frame(message(body(FIND, filtered, _own(arena))), CLOSED)

    @pytest.mark.parametrize("length", [-1, 0, 3, 100, 2**31 - 1])
    async def test_lengths_of_sequences(self, arena: Arena, length: int) -> None:
        broken = b"\x01" + struct.pack("<i", length) + b"documents\x00" + document()
        await arena.attempt_frame(message(body(element("insert", "x"), _own(arena)), broken), CLOSED)

    async def test_document_that_reaches_out_of_its_sequence(self, arena: Arena) -> None:
        inside = struct.pack("<i", 64) + bytes(4)
        broken = b"\x01" + struct.pack("<i", 4 + 10 + len(inside)) + b"documents\x00" + inside
        await arena.attempt_frame(
            message(broken, body(element("insert", "x"), _own(arena), element("x", "y" * 99))), CLOSED
        )

    async def test_body_that_ends_early(self, arena: Arena) -> None:
        """What stands behind the end of a document is another command to one who reads on."""
        content = element("find", "own") + _own(arena) + b"\x00" + FIND + _foreign(arena)
        early = b"\x00" + struct.pack("<i", len(content) + 5) + content + b"\x00"
        await arena.attempt_frame(message(early), CLOSED)

    async def test_pipeline_that_ends_early(self, arena: Arena) -> None:
        stage = bson.encode({"$unionWith": {"db": arena.victim.database, "coll": DIARY}})
        inside = typed(3, "0", bson.encode({"$match": {}})) + b"\x00" + typed(3, "1", stage)
        pipeline = typed(4, "pipeline", document(inside))
        command = [element("aggregate", "own"), pipeline, element("cursor", {}), _own(arena)]
        await arena.attempt_frame(message(body(*command)), REFUSED)

    @pytest.mark.parametrize("kind", [20, 21, 100, 126, 128, 254])
    async def test_types_that_do_not_exist(self, arena: Arena, kind: int) -> None:
        await arena.attempt_frame(message(body(FIND, typed(kind, "x", b""), _own(arena))), CLOSED)

    @pytest.mark.parametrize("depth", [200, 1000, 5000, 100_000])
    async def test_deep_nesting(self, arena: Arena, depth: int) -> None:
        heads = b"".join(struct.pack("<i", 5 + 8 * (depth - level)) + b"\x03x\x00" for level in range(depth))
        deep = heads + document() + b"\x00" * depth
        for key in ("filter", "pipeline"):
            name = "find" if key == "filter" else "aggregate"
            held = deep if key == "filter" else document(typed(3, "0", deep))
            elements = element(name, "own"), typed(3 if key == "filter" else 4, key, held), _own(arena)
            await arena.attempt_frame(message(body(*elements)), HARMLESS if key == "filter" else REFUSED)


@pytest.fixture(scope="module")
async def taught(arena: Arena) -> dict[str, Any]:
    good = {"find": DIARY, "filter": {"a": "12345678"}, "$db": arena.attacker.database}
    raw = await arena.raw()
    for _ in range(60):
        assert (await raw.command(good))["ok"] == 1
    return good


class TestShapes:
    """The broker remembers what commands look like that were in order; others may look alike."""

    @cases(
        [
            Attack("another-database", {"$db": "{victim}"}),
            Attack("another-collection", {"find": "$iary"}),
            Attack("system-collection", {"find": "\x00iary"}),
            Attack("javascript", {"filter": {"$where": "123"}}),
            Attack("another-field", {"$ilter": {"a": "12345678"}}),
        ]
    )
    async def test_of_the_same_length(self, arena: Arena, taught: dict[str, Any], attack: Attack) -> None:
        await arena.attempt(Attack(attack.name, {**taught, **attack.command}))

    async def test_another_command(self, arena: Arena, taught: dict[str, Any]) -> None:
        bad = {"drop": DIARY, "filter": {"a": "12345678"}, "$db": arena.victim.database}
        await arena.attempt(Attack("", bad))

    async def test_field_hidden_in_what_may_differ(self, arena: Arena, taught: dict[str, Any]) -> None:
        """Where a filter stood, put one that ends early and a second `$db` behind it."""
        frame = wire.encode_message(taught)
        at = frame.index(b"\x02a\x00")
        hidden = b"\x00" + b"\x02$db\x00" + b"\x02\x00\x00\x00"
        changed = frame[:at] + hidden + frame[at + len(hidden) :]
        await arena.attempt_frame(changed, HARMLESS)
        assert not any(arena.victim.database.encode() in each for each in arena.sent)
