"""BSON types, and documents at the limits."""

import datetime as dt
import math
import struct
import uuid
from typing import Any

import bson
from bson import Binary, Code, DatetimeMS, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.raw_bson import RawBSONDocument
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario

_EXACT: CodecOptions[Any] = CodecOptions(
    tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_MS, uuid_representation=UuidRepresentation.STANDARD
)
KNOWN_ID = ObjectId("5f0000000000000000000001")


async def _there_and_back(world: World, values: dict[str, Any]) -> dict[str, Any]:
    items = world.db.get_collection("items", codec_options=_EXACT)
    await items.insert_one({"_id": 1, **values})
    found = await items.find_one({"_id": 1})
    assert found == {"_id": 1, **values}
    return {key: [type(value).__name__, value] for key, value in found.items()}


@scenario
async def types_numbers(world: World) -> object:
    return await _there_and_back(
        world,
        {
            "int": 2**31 - 1, "least int": -(2**31), "long": 2**63 - 1, "least long": Int64(-(2**63)),
            "small long": Int64(7),
            "double": 1.5, "tiny": 5e-324, "huge": 1.7976931348623157e308, "infinite": math.inf, "minus": -0.0,
            "decimal": Decimal128("1.10"), "digits": Decimal128("9.999999999999999999999999999999999E+6144"),
            "no decimal": Decimal128("Infinity"), "true": True, "none": None,
        },
    )  # fmt: skip


@scenario
async def types_not_a_number(world: World) -> object:
    await world.items.insert_one({"_id": 1, "double": math.nan, "decimal": Decimal128("NaN")})
    found = await world.items.find_one({"_id": 1})
    return [math.isnan(found["double"]), str(found["decimal"]), await world.items.count_documents({"double": math.nan})]


@scenario
async def types_binary(world: World) -> object:
    subtypes = [*range(10), 128, 255]
    return await _there_and_back(
        world,
        {f"subtype {each}": Binary(bytes(range(16)), each) for each in subtypes if each not in (0, 4)}
        | {"bytes": bytes(range(256)), "empty": b"", "uuid": uuid.UUID(int=5)},
    )


@scenario
async def types_times(world: World) -> object:
    return await _there_and_back(
        world,
        {
            "before 1970": DatetimeMS(-1_000_000_000_123), "epoch": DatetimeMS(0),
            "year 1": DatetimeMS(-62135596800000), "year 9999": DatetimeMS(253402300799999),
            "timestamp": Timestamp(1, 2), "last timestamp": Timestamp(2**32 - 1, 2**32 - 1),
        },
    )  # fmt: skip


@scenario
async def types_times_beyond_calendars(world: World) -> object:
    return await _there_and_back(world, {"beyond": DatetimeMS(2**62), "least": DatetimeMS(-(2**62))})


@scenario
async def types_as_python_dates(world: World) -> object:
    when = dt.datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=dt.UTC)
    await world.items.insert_one({"_id": 1, "when": when, "last": dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)})
    return [await world.items.find_one({"when": {"$lt": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}})]


@scenario
async def types_others(world: World) -> object:
    return await _there_and_back(
        world,
        {
            "id": KNOWN_ID, "text": "Grüße 🎉 \x00 end", "empty": "", "regex": Regex("a.*c", "imx"),
            "plain regex": Regex("x"),
            "code": Code("function () {}"), "scoped": Code("x", {"y": 1, "z": {"w": [1]}}), "ref": DBRef("other", 5),
            "full ref": DBRef("other", KNOWN_ID, "elsewhere", more=1), "least": MinKey(), "most": MaxKey(),
            "array": [1, "two", [3, []], {}], "document": {"a": {"b": {}}},
        },
    )  # fmt: skip


def _element(kind: int, key: str, value: bytes) -> bytes:
    return bytes([kind]) + key.encode() + b"\x00" + value


@scenario
async def types_out_of_use(world: World) -> object:
    """Symbol, undefined and DBPointer, byte by byte: drivers cannot make them any more."""
    symbol = _element(14, "symbol", struct.pack("<i", 4) + b"abc\x00")
    undefined = _element(6, "undefined", b"")
    pointer = _element(12, "pointer", struct.pack("<i", 4) + b"a.b\x00" + KNOWN_ID.binary)
    content = bson.encode({"_id": 1})[4:-1] + symbol + undefined + pointer
    raw = struct.pack("<i", len(content) + 5) + content + b"\x00"
    items = world.db.get_collection("items", codec_options=CodecOptions(document_class=RawBSONDocument))
    written = await attempt(items.insert_one(RawBSONDocument(raw)))
    found = await attempt(items.find_one({"_id": 1}))
    return [written, list(found.raw) if isinstance(found, RawBSONDocument) else found]


@scenario
async def types_raw_documents_keep_their_bytes(world: World) -> object:
    raw = bson.encode({"_id": 1, "z": 1, "a": [Decimal128("1.0"), Int64(2)], "m": {"y": 1, "x": 2}})
    items = world.db.get_collection("items", codec_options=CodecOptions(document_class=RawBSONDocument))
    await items.insert_one(RawBSONDocument(raw))
    return (await items.find_one({"_id": 1})).raw == raw


@scenario
async def types_sort_order(world: World) -> object:
    values = [
        MaxKey(),
        Regex("a"),
        Timestamp(1, 1),
        DatetimeMS(0),
        True,
        KNOWN_ID,
        b"x",
        [5],
        {"a": 1},
        "text",
        3,
        Decimal128("2.5"),
        None,
        MinKey(),
    ]
    await world.items.insert_many([{"_id": n, "v": value} for n, value in enumerate(values)])
    kinds = await attempt(rows(world.items.aggregate([{"$sort": {"_id": 1}}, {"$project": {"t": {"$type": "$v"}}}])))
    return [[row["_id"] for row in await rows(world.items.find({}, {"_id": 1}).sort([("v", 1), ("_id", 1)]))], kinds]


@scenario
async def types_as_ids(world: World) -> object:
    ids = [1, 1.5, "text", KNOWN_ID, {"a": 1, "b": 2}, b"bytes", True, DatetimeMS(5), Decimal128("7"), MinKey(), None]
    await world.items.insert_many([{"_id": each, "n": n} for n, each in enumerate(ids)])
    found = [await world.items.find_one({"_id": each}) for each in ids]
    return [
        [row["n"] for row in found],
        await attempt(world.items.insert_one({"_id": 1.0})),
        await attempt(world.items.insert_one({"_id": [1]})),
    ]


@scenario
async def names_of_fields(world: World) -> object:
    odd = {"_id": 1, "": "empty", "with.dot": 1, "$dollar": 2, "ünï": 3, "a b": 4, "0": 5, "deep": {"x.y": 1, "$z": 2}}
    written = await attempt(world.items.insert_one(odd))
    many = {f"field {n}": n for n in range(2000)}
    await world.items.insert_one({"_id": 2, **many})
    return [
        written,
        await world.items.find_one({"_id": 1}),
        (await world.items.find_one({"_id": 2})) == {"_id": 2, **many},
    ]


@scenario
async def deep_documents(world: World) -> object:
    deep: dict[str, Any] = {"end": 1}
    for _ in range(95):
        deep = {"d": deep}
    await world.items.insert_one({"_id": 1, "deep": deep})
    too_deep: dict[str, Any] = {"end": 1}
    for _ in range(250):
        too_deep = {"d": too_deep}
    refused = await attempt(world.items.insert_one({"_id": 2, "deep": too_deep}))
    return [(await world.items.find_one({"_id": 1}))["deep"] == deep, refused]


@scenario
async def document_of_15_megabytes(world: World) -> object:
    text = "0123456789abcdef" * (15 * 2**16)
    await world.items.insert_one({"_id": 1, "text": text})
    await world.items.update_one({"_id": 1}, {"$set": {"n": 1}})
    found = await world.items.find_one({"_id": 1})
    size = await attempt(rows(world.items.aggregate([{"$project": {"size": {"$bsonSize": "$$ROOT"}}}])))
    return [found["text"] == text, found["n"], size]


@scenario
async def document_that_is_too_large(world: World) -> object:
    text = "x" * (17 * 2**20)
    refused = await attempt(world.items.insert_one({"_id": 1, "text": text}))
    return [refused, await world.items.count_documents({})]


@scenario
async def batches_of_many_megabytes(world: World) -> object:
    """More than one message both ways: the driver splits what it sends, the server what it answers."""
    await world.items.insert_many([{"_id": n, "text": "x" * 2**20} for n in range(24)])
    return [[row["_id"], len(row["text"])] for row in await rows(world.items.find({}).sort("_id"))]
