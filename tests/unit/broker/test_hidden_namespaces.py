"""Commands with something hidden in them, made by the thousand: what is foreign never goes on, what is innocent does.

A command is grown around one forbidden element: stages within stages, expressions, arrays of arrays, references and
code that BSON decoders turn into objects of their own, in any order of keys, in the body or in a document sequence.
"""

import contextlib
import datetime as dt
import string
from collections.abc import Callable
from typing import Any

import bson
import pytest
from bson import Binary, Code, Decimal128, Int64, MinKey, ObjectId, Timestamp
from bson.dbref import DBRef
from bson.max_key import MaxKey
from bson.regex import Regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.raw_client import body, element, message, sequence

from hothouse.broker import policy, walker, wire
from hothouse.broker.commands import COMMANDS, REFUSED_STAGES, STAGES, Policy, Stage
from hothouse.broker.errors import MalformedMessageError, RefusedError
from hothouse.broker.grants import Grant, Place
from hothouse.broker.sandboxes import Sandbox

Document = dict[str, Any]
Hide = Callable[[Any], Any]

OWN, FOREIGN = "hh_own", "hh_foreign"
SLUG, SOURCE = "shop", "hh_source"
MANY = settings(max_examples=200, deadline=None, report_multiple_bugs=False)
SOME = settings(max_examples=80, deadline=None, report_multiple_bugs=False)

# Ordinary values

words = st.text(string.ascii_letters + string.digits + "_ .-äß", min_size=1, max_size=8)
keys = st.text(string.ascii_lowercase, min_size=1, max_size=5)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1).map(Int64),
    st.floats(allow_nan=True),
    words,
    st.binary(max_size=8),
    st.uuids().map(Binary.from_uuid),
    st.binary(min_size=12, max_size=12).map(ObjectId),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)),  # noqa: DTZ001 - as BSON has it
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000).map(
        lambda value: Decimal128(str(value))
    ),
    st.sampled_from([Regex("^a.*b$", "i"), MinKey(), MaxKey(), Timestamp(5, 6), Code("x"), Code("x", {"y": 1})]),
    st.builds(DBRef, keys, st.integers(0, 99)),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
documents = st.dictionaries(keys, values, max_size=3)

# Pipelines as people write them

fields = keys.map("${}".format)
conditions = st.one_of(
    st.dictionaries(keys, scalars, min_size=1, max_size=2),
    st.builds(lambda key, value: {key: {"$gte": value, "$lt": value}}, keys, scalars),
    st.builds(lambda key, value: {key: {"$in": [value]}}, keys, scalars),
    st.builds(lambda key, word: {key: {"$regex": word, "$options": "i"}}, keys, keys),
    st.builds(lambda one, two: {"$or": [{one: 1}, {two: {"$exists": True}}]}, keys, keys),
    st.builds(lambda one, two: {"$expr": {"$gt": [one, two]}}, fields, fields),
)
plain_stages = st.one_of(
    conditions.map(lambda found: {"$match": found}),
    st.builds(lambda key, field: {"$group": {"_id": field, key: {"$sum": 1}}}, keys, fields),
    st.builds(lambda key, field: {"$project": {key: 1, "x": {"$concat": [field, " "]}}}, keys, fields),
    st.builds(lambda key, value: {"$set": {key: {"$literal": value}}}, keys, documents),
    st.dictionaries(keys, st.sampled_from([1, -1]), min_size=1, max_size=2).map(lambda sort: {"$sort": sort}),
    st.integers(1, 100).map(lambda limit: {"$limit": limit}),
    fields.map(lambda field: {"$unwind": {"path": field, "preserveNullAndEmptyArrays": True}}),
    keys.map(lambda key: {"$count": key}),
    st.builds(lambda field: {"$bucketAuto": {"groupBy": field, "buckets": 4}}, fields),
    st.builds(lambda field: {"$sortByCount": field}, fields),
    st.builds(lambda coll: {"$unionWith": coll}, keys),
    st.builds(
        lambda coll, one, two: {"$lookup": {"from": coll, "localField": one, "foreignField": two, "as": "x"}},
        keys, keys, keys,
    ),
    st.builds(
        lambda coll, field: {"$graphLookup": {"from": coll, "startWith": field, "connectFromField": "a",
                                              "connectToField": "b", "as": "x"}},
        keys, fields,
    ),
)  # fmt: skip


def _wrapped(inner: st.SearchStrategy[list[Document]]) -> st.SearchStrategy[list[Document]]:
    nesting = st.one_of(
        st.builds(lambda coll, inside: {"$lookup": {"from": coll, "pipeline": inside, "as": "x"}}, keys, inner),
        st.builds(lambda coll, inside: {"$unionWith": {"coll": coll, "pipeline": inside}}, keys, inner),
        st.builds(lambda one, two: {"$facet": {"one": one, "two": two}}, inner, inner),
        st.builds(lambda inside: {"$rankFusion": {"input": {"pipelines": {"p": inside}}}}, inner),
    )
    return st.lists(plain_stages | nesting, max_size=4)


innocent_pipelines = st.recursive(st.lists(plain_stages, max_size=4), _wrapped, max_leaves=4)
endings = st.sampled_from(
    [[], [{"$out": "x"}], [{"$merge": {"into": "x", "on": "_id"}}], [{"$out": {"db": OWN, "coll": "x"}}]]
)

# The forbidden


def _there(draw: st.DrawFn, coll: Any = "diary") -> Document:
    return _shuffled(draw, {"db": FOREIGN, "coll": coll})


def _shuffled(draw: st.DrawFn, document: Document) -> Document:
    return dict(draw(st.permutations(list(document.items()))))


@st.composite
def foreign_stages(draw: st.DrawFn) -> Document:
    """A stage that names another database, in one of the forms it can take."""
    there = _there(draw)
    name, stage = draw(
        st.sampled_from(
            [
                ("$lookup", {"from": there, "pipeline": [], "as": "x"}),
                ("$lookup", {"from": there, "localField": "a", "foreignField": "b", "as": "x"}),
                ("$lookup", {"db": FOREIGN, "from": "diary", "as": "x"}),
                ("$graphLookup", {"from": there, "startWith": "$a", "as": "x"}),
                ("$unionWith", there),
                ("$unionWith", {**there, "pipeline": []}),
                ("$unionWith", {"coll": there}),
                ("$out", there),
                ("$merge", {"into": there}),
                ("$merge", {"into": there, "whenMatched": [{"$set": {"a": 1}}]}),
                ("$merge", {"into": "own", "db": FOREIGN}),
            ]
        )
    )
    return {name: _shuffled(draw, stage)}


scripts = st.sampled_from(
    [
        {"$where": "true"},
        {"$where": Code("true", {"a": 1})},
        {"$function": {"body": "x", "args": [], "lang": "js"}},
        {"$accumulator": {"init": "x", "accumulate": "x", "lang": "js"}},
        {"$_internalJsEmit": {"eval": "x", "this": "$$ROOT"}},
    ]
)
refused_stages = st.sampled_from(
    [*sorted(REFUSED_STAGES), "$_internalInhibitOptimization", "$mergeCursors", "$nothing"]
)
forbidden_anywhere = foreign_stages() | scripts

# Where it hides

hiding_in_values: st.SearchStrategy[Hide] = st.one_of(
    keys.map(lambda key: lambda inner: {key: inner}),
    st.builds(lambda one, two, value: lambda inner: {one: value, two + "x": inner}, keys, keys, scalars),
    st.just(lambda inner: [inner]),
    st.just(lambda inner: [[], [inner]]),
    values.map(lambda value: lambda inner: [value, inner]),
    keys.map(lambda key: lambda inner: {"$literal": {key: inner}}),
    st.sampled_from(["$and", "$or", "$cond", "$map", "$switch", "$expr", "$elemMatch", "$not", "$nor", "$let"]).map(
        lambda operator: lambda inner: {operator: [inner]}
    ),
    keys.map(lambda key: lambda inner: {"$ref": "own", "$id": 1, key: inner}),
    keys.map(lambda key: lambda inner: {"$ref": "own", "$id": inner}),
    keys.map(lambda key: lambda inner: Code("x", {key: inner})),
)
hiding_in_pipelines: st.SearchStrategy[Hide] = st.one_of(
    keys.map(lambda coll: lambda inner: {"$lookup": {"from": coll, "as": "x", "pipeline": inner}}),
    keys.map(lambda coll: lambda inner: {"$unionWith": {"pipeline": inner, "coll": coll}}),
    keys.map(lambda key: lambda inner: {"$facet": {"zero": [{"$limit": 1}], key: inner}}),
    keys.map(lambda key: lambda inner: {"$rankFusion": {"input": {"pipelines": {key: inner}}}}),
    keys.map(lambda key: lambda inner: {"$scoreFusion": {"input": {"pipelines": {key: inner}}, "score": 1}}),
    st.just(lambda inner: {"$merge": {"into": "own", "whenMatched": inner}}),
)


@st.composite
def hidden_values(draw: st.DrawFn) -> Any:
    """A value that has something forbidden somewhere inside."""
    value = draw(forbidden_anywhere)
    for hide in draw(st.lists(hiding_in_values, max_size=4)):
        value = hide(value)
    return value


@st.composite
def hidden_pipelines(draw: st.DrawFn) -> list[Document]:
    """A pipeline that has something forbidden somewhere inside: a stage, or a value of a stage."""
    bad = draw(
        st.one_of(
            foreign_stages(),
            refused_stages.map(lambda name: {name: {}}),
            st.builds(
                lambda stage, value: {stage: {"x": value}},
                st.sampled_from(["$match", "$set", "$group"]),
                hidden_values(),
            ),
        )
    )
    pipeline = [*draw(st.lists(plain_stages, max_size=2)), bad, *draw(st.lists(plain_stages, max_size=1))]
    for hide in draw(st.lists(hiding_in_pipelines, max_size=4)):
        pipeline = [*draw(st.lists(plain_stages, max_size=1)), hide(pipeline)]
    return pipeline


PIPELINE_CARRIERS: dict[str, Callable[[list[Document]], Document]] = {
    "aggregate": lambda pipeline: {"aggregate": "own", "pipeline": pipeline, "cursor": {}},
    "explain": lambda pipeline: {"explain": {"aggregate": "own", "pipeline": pipeline, "cursor": {}}},
    "explaining": lambda pipeline: {"aggregate": "own", "pipeline": pipeline, "explain": True},
    "view": lambda pipeline: {"create": "v", "viewOn": "own", "pipeline": pipeline},
    "changed-view": lambda pipeline: {"collMod": "v", "viewOn": "own", "pipeline": pipeline},
}
VALUE_CARRIERS: dict[str, Callable[[Any], Document]] = {
    "filter": lambda value: {"find": "own", "filter": {"x": value}},
    "projection": lambda value: {"find": "own", "projection": {"x": value}},
    "let": lambda value: {"find": "own", "let": {"x": value}},
    "count": lambda value: {"count": "own", "query": {"x": value}},
    "distinct": lambda value: {"distinct": "own", "key": "x", "query": {"x": value}},
    "listing": lambda value: {"listCollections": 1, "filter": {"x": value}},
    "update": lambda value: {"update": "own", "updates": [{"q": {}, "u": {"a": 1}}, {"q": {"x": value}, "u": []}]},
    "update-pipeline": lambda value: {"update": "own", "updates": [{"q": {}, "u": [{"$set": {"x": value}}]}]},
    "delete": lambda value: {"delete": "own", "deletes": [{"q": {"x": value}, "limit": 0}]},
    "find-and-modify": lambda value: {"findAndModify": "own", "query": {}, "update": [{"$set": {"x": value}}]},
    "validator": lambda value: {"create": "own", "validator": {"x": value}},
    "partial": lambda value: {
        "createIndexes": "own",
        "indexes": [{"key": {"a": 1}, "name": "a", "partialFilterExpression": {"x": value}}],
    },
    "bulk": lambda value: {
        "bulkWrite": 1,
        "ops": [{"update": 0, "filter": {"x": value}, "updateMods": {"$set": {"a": 1}}}],
        "nsInfo": [{"ns": f"{OWN}.own"}],
    },
    "explain": lambda value: {"explain": {"find": "own", "filter": {"x": value}}},
}  # fmt: skip
BATCHES = ("documents", "updates", "deletes", "ops", "nsInfo")


@st.composite
def frames(draw: st.DrawFn, commands: st.SearchStrategy[Document]) -> bytes:
    """A frame of a command: keys in any order, more fields, batches in the body or in document sequences."""
    command = draw(commands)
    name, *others = command.items()
    extra = draw(st.dictionaries(st.sampled_from(["comment"]), documents, max_size=2))
    rest = dict(draw(st.permutations([*others, *extra.items(), ("$db", command.get("$db", OWN))])))
    sequences = [
        sequence(key, *rest.pop(key)) for key in BATCHES if key in rest and key in command and draw(st.booleans())
    ]
    elements = [element(*name), *(element(key, value) for key, value in rest.items())]
    sections = draw(st.permutations([body(*elements), *sequences]))
    return message(*sections)


def decide(frame: bytes, sandbox: Sandbox | None = None) -> policy.Plan:
    parsed = wire.parse(frame)
    return policy.plan(parsed, policy.rule_for(parsed), sandbox or Sandbox("w-1", OWN))


class TestForeign:
    @pytest.mark.parametrize("carrier", sorted(PIPELINE_CARRIERS))
    @given(data=st.data())
    @settings(max_examples=60, deadline=None)
    def test_in_pipelines(self, data: st.DataObject, carrier: str) -> None:
        frame = data.draw(frames(hidden_pipelines().map(PIPELINE_CARRIERS[carrier])))
        with pytest.raises(RefusedError):
            decide(frame)

    @pytest.mark.parametrize("carrier", sorted(VALUE_CARRIERS))
    @given(data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_in_values(self, data: st.DataObject, carrier: str) -> None:
        frame = data.draw(frames(hidden_values().map(VALUE_CARRIERS[carrier])))
        with pytest.raises(RefusedError):
            decide(frame)

    @given(
        st.lists(keys, max_size=6),
        st.sampled_from(
            [f"{FOREIGN}.x", f"{OWN}2.x", "admin.x", OWN, f"{OWN}.system.x", "", f"{OWN.upper()}.x", None, 1]
        ),
        st.integers(0, 6),
        st.booleans(),
    )
    @SOME
    def test_among_namespaces(self, collections: list[str], foreign: Any, position: int, in_body: bool) -> None:
        names = [{"ns": f"{OWN}.{name}"} for name in collections]
        names.insert(position, {"ns": foreign})
        ops = sequence("ops", {"insert": 0, "document": {}})
        first = [element("bulkWrite", 1), element("$db", "admin")]
        sections = [body(*first, element("nsInfo", names))] if in_body else [sequence("nsInfo", *names), body(*first)]
        with pytest.raises(RefusedError):
            decide(message(*sections, ops))

    @given(st.sampled_from(sorted(COMMANDS)), words | scalars, documents)
    @MANY
    def test_as_the_database(self, name: str, database: Any, rest: Document) -> None:
        """Whatever `$db` is: unless it is the own one (or `admin`, for a few), nothing goes on."""
        assume(database != OWN)
        rule = COMMANDS[name]
        assume(database != "admin" or not rule.on_admin)
        frame = message(
            body(element(name, "own"), *(element(*field) for field in rest.items()), element("$db", database))
        )
        parsed = wire.parse(frame)
        if rule.policy is Policy.ALLOWED:
            with pytest.raises(RefusedError):
                policy.plan(parsed, rule, Sandbox("w-1", OWN))

    @given(hidden_pipelines(), st.sampled_from([SLUG, SOURCE, OWN, FOREIGN]))
    @SOME
    def test_in_what_was_granted(self, pipeline: list[Document], home: str) -> None:
        """On another app's database no other is named either, by whichever name."""
        sandbox = _reader()
        frame = wire.encode_message({"aggregate": "shared", "pipeline": pipeline, "cursor": {}, "$db": SLUG})
        with pytest.raises(RefusedError):
            decide(bson_replaced(frame, home), sandbox)

    @given(innocent_pipelines)
    @SOME
    def test_what_was_not_granted(self, pipeline: list[Document]) -> None:
        """Every collection that a pipeline names must be granted, at any depth; and nothing is written."""
        named = _collections(pipeline)
        frame = wire.encode_message({"aggregate": "shared", "pipeline": pipeline, "cursor": {}, "$db": SLUG})
        if named <= {"shared"}:
            assert SOURCE.encode() in decide(frame, _reader()).payload
        else:
            with pytest.raises(RefusedError):
                decide(frame, _reader())
            everything = _reader("*")
            assert SOURCE.encode() in decide(frame, everything).payload


def bson_replaced(frame: bytes, database: str) -> bytes:
    """Return the frame with the foreign database under another name, inside the pipeline only."""
    command = bson.decode(frame[21:])
    return wire.encode_message({**command, "pipeline": _renamed(command["pipeline"], database)})


def _renamed(value: Any, database: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, database) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, database) for each in value]
    return database if value == FOREIGN else value


def _reader(*collections: str) -> Sandbox:
    sandbox = Sandbox("w-1", OWN)
    grant = Grant(SOURCE, (SLUG,), frozenset(collections or ("shared",)))
    sandbox.places[SLUG] = Place(SLUG, SOURCE, grant)
    return sandbox


def _collections(pipeline: Any) -> set[str]:
    """Return the collections that an innocent pipeline names."""
    found: set[str] = set()
    for stage in pipeline:
        ((name, inside),) = stage.items()
        if name in ("$lookup", "$graphLookup", "$unionWith"):
            found.add(inside if isinstance(inside, str) else inside.get("from", inside.get("coll")))
            found |= _collections(inside.get("pipeline", []) if isinstance(inside, dict) else [])
        elif name == "$facet":
            found |= set().union(*map(_collections, inside.values()))
        elif name == "$rankFusion":
            found |= set().union(*map(_collections, inside["input"]["pipelines"].values()))
    return found


class TestInnocent:
    @given(innocent_pipelines, endings, st.sampled_from(["aggregate", "explain", "explaining"]))
    @MANY
    def test_pipelines(self, pipeline: list[Document], ending: list[Document], carrier: str) -> None:
        decided = decide(wire.encode_message({**PIPELINE_CARRIERS[carrier]([*pipeline, *ending]), "$db": OWN}))
        assert decided.payload

    @given(frames(st.builds(lambda made, value: made(value), st.sampled_from(list(VALUE_CARRIERS.values())), values)))
    @MANY
    def test_values(self, frame: bytes) -> None:
        assert decide(frame).payload

    @given(st.lists(st.dictionaries(keys, values | hidden_values(), max_size=3), min_size=1, max_size=3), st.booleans())
    @MANY
    def test_documents_are_data(self, inserted: list[Document], in_body: bool) -> None:
        """What is stored may look like anything."""
        first = [element("insert", "own"), element("$db", OWN)]
        if in_body:
            frame = message(body(*first, element("documents", inserted)))
        else:
            frame = message(body(*first), sequence("documents", *inserted))
        sent = wire.parse(bytes(decide(frame).payload))
        kept = sent.decode_sequence(b"documents") or sent.decode()["documents"]
        assert [bson.encode(each) for each in kept] == [bson.encode(each) for each in inserted]

    def test_the_generator_knows_each_stage_that_nests(self) -> None:
        """A stage of the table that holds pipelines or names must be made above."""
        made = {"$lookup", "$graphLookup", "$unionWith", "$out", "$merge", "$facet", "$rankFusion", "$scoreFusion"}
        assert {name for name, stage in STAGES.items() if stage not in (Stage.PLAIN, Stage.CHANGE_STREAM)} == made


class TestAnything:
    @given(st.sampled_from(sorted(COMMANDS)), values, st.dictionaries(st.sampled_from(
        ["pipeline", "viewOn", "explain", "nsInfo", "ops", "cursors", "collection", "filter", "lsid", "to", "updates",
         "documents", "readConcern", "maxTimeMS", "txnNumber", "startTransaction", "noCursorTimeout", "cursor"]),
        values | hidden_pipelines() | hidden_values(), max_size=4))  # fmt: skip
    @MANY
    def test_is_decided(self, name: str, value: Any, rest: Document) -> None:
        """Nothing but a decision comes of a command, however senseless; and what goes on is for the own database."""
        command = {name: value, **{key: each for key, each in rest.items() if key != name}, "$db": OWN}
        frame = wire.encode_message(command)
        sandbox = Sandbox("w-1", OWN)
        parsed = wire.parse(frame)
        try:
            rule = policy.rule_for(parsed)
            if rule.policy is not Policy.ALLOWED:
                return
            decided = policy.plan(parsed, rule, sandbox)
        except (RefusedError, MalformedMessageError):
            return
        if decided.answer is None:
            sent = wire.parse(bytes(decided.payload))
            assert sent.text(b"$db") == OWN
            assert name == "insert" or FOREIGN.encode() not in sent.frame

    @given(
        st.lists(
            st.dictionaries(st.sampled_from(sorted(STAGES)), values, min_size=1, max_size=1), min_size=1, max_size=3
        ),
        st.sampled_from(sorted(PIPELINE_CARRIERS)),
        st.sampled_from([OWN, SLUG]),
    )
    @MANY
    def test_stages_of_any_form(self, pipeline: list[Document], carrier: str, database: str) -> None:
        """A stage may be followed by anything: it is passed on or refused."""
        frame = wire.encode_message({**PIPELINE_CARRIERS[carrier](pipeline), "$db": database})
        with contextlib.suppress(RefusedError):
            assert decide(frame, _reader("*")).payload

    @given(st.binary(max_size=120), st.sampled_from(["find", "insert", "aggregate", "getMore", "bulkWrite", "explain"]))
    @MANY
    def test_rubbish_behind_a_command(self, rubbish: bytes, name: str) -> None:
        first = element(name, "own") + element("$db", OWN)
        frame = message(body(first + rubbish))
        try:
            payload = decide(frame).payload
        except (RefusedError, MalformedMessageError):
            return
        assert wire.parse(bytes(payload)).text(b"$db") == OWN


paddings = st.integers(10, 150).map(lambda length: {"pad": "p" * length})
shaped_commands = st.one_of(
    st.builds(lambda found, limit: {"find": "own", "filter": found, "limit": limit}, paddings, st.integers(0, 99)),
    st.builds(lambda found, never: {"find": "own", "filter": found, "noCursorTimeout": never}, paddings, st.booleans()),
    st.builds(lambda found: {"count": "own", "query": found}, paddings),
    st.builds(lambda found: {"insert": "own", "documents": [found], "ordered": True}, paddings),
    st.builds(lambda found: {"update": "own", "updates": [{"q": found, "u": {"$set": found}}]}, paddings),
    st.builds(lambda found: {"delete": "own", "deletes": [{"q": found, "limit": 1}]}, paddings),
    st.builds(lambda found: {"findAndModify": "own", "query": found, "update": {"$set": {"a": 1}}}, paddings),
    st.builds(lambda found: {"find": "own", "comment": found, "readConcern": {"level": "x" * 40}}, paddings),
    st.builds(lambda found: {"insert": "own", "documents": [found], "writeConcern": {"w": "x" * 40}}, paddings),
)
session_fields = st.fixed_dictionaries(
    {},
    optional={
        "lsid": st.uuids().map(lambda session: {"id": Binary.from_uuid(session)}),
        "txnNumber": st.integers(0, 99).map(Int64),
        "autocommit": st.just(False),
        "$clusterTime": st.just({"clusterTime": Timestamp(9, 9), "signature": {"hash": b"h" * 20, "keyId": Int64(1)}}),
        "maxTimeMS": st.integers(1, 40_000),
    },
)
insides = st.one_of(
    st.dictionaries(keys, scalars, max_size=2),
    forbidden_anywhere.map(lambda value: {"x": value}),
    st.sampled_from(
        [
            {"afterOpTime": {"ts": Timestamp(2**31, 1), "t": Int64(1)}},
            {"provenance": "internalWriteDefault"},
            {"$_waitLastStableRecoveryTimestamp": True},
            {"id": Binary(b"x" * 16, 4), "uid": Binary(b"y" * 32)},
            {"$where": "true"},
        ]
    ),
)


@st.composite
def taught(draw: st.DrawFn) -> tuple[Sandbox, bytes]:
    """A sandbox that has learnt the shape of a command, and that command."""
    command = {**draw(shaped_commands), **draw(session_fields), "$db": OWN}
    name, *others = command.items()
    rest = dict(draw(st.permutations(others)))
    batches = [sequence(key, *rest.pop(key)) for key in BATCHES if key in rest and draw(st.booleans())]
    frame = message(body(element(*name), *(element(*field) for field in rest.items())), *batches)
    sandbox = Sandbox("w-1", OWN)
    for _ in range(4):
        parsed = wire.parse(frame)
        rule = policy.rule_for(parsed)
        made = policy.plan(parsed, rule, sandbox)
        sandbox.shapes.consider(parsed, rule, made)
    return sandbox, frame


def _agrees_with_the_long_way(sandbox: Sandbox, frame: bytes) -> bool:
    """Fail when a frame fits a shape but would be refused, or sent on differently; tell whether it fits."""
    shape = sandbox.shapes.find(frame)
    if shape is None:
        return False
    expected = decide(frame, sandbox)
    assert bytes(shape.rewrite(frame, sandbox.own_session)) == bytes(expected.payload)
    assert (shape.plan.opens_cursor, shape.plan.growth) == (expected.opens_cursor, expected.growth)
    return True


class TestShapes:
    """Whatever fits a shape that was learnt would be decided just the same the long way."""

    @given(taught(), st.data())
    @SOME
    def test_bytes_changed(self, made: tuple[Sandbox, bytes], data: st.DataObject) -> None:
        sandbox, frame = made
        changed = bytearray(frame)
        for _ in range(data.draw(st.integers(1, 4))):
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
        _agrees_with_the_long_way(sandbox, bytes(changed))

    @given(taught(), st.data())
    @MANY
    def test_a_field_filled_with_something_else(self, made: tuple[Sandbox, bytes], data: st.DataObject) -> None:
        """Put another document of the same length where one stood."""
        sandbox, frame = made
        parsed = wire.parse(frame)
        places = [each for each in parsed.elements.values() if each.type in (wire.DOCUMENT, wire.ARRAY)]
        assume(places)
        place = data.draw(st.sampled_from(places))
        room, inside = place.end - place.start, bson.encode(data.draw(insides))
        rest = room - len(inside) - len(element("pad", ""))
        assume(rest >= 0)
        inside = room.to_bytes(4, "little") + inside[4:-1] + element("pad", "p" * rest) + b"\x00"
        _agrees_with_the_long_way(sandbox, frame[: place.start] + inside + frame[place.end :])

    @given(taught(), st.uuids())
    @SOME
    def test_another_session(self, made: tuple[Sandbox, bytes], session: Any) -> None:
        sandbox, frame = made
        place = wire.parse(frame).elements.get(b"lsid")
        assume(place is not None)
        assert place is not None
        at = place.start + 13
        changed = frame[:at] + session.bytes + frame[at + 16 :]
        if _agrees_with_the_long_way(sandbox, changed):
            shape = sandbox.shapes.find(changed)
            assert shape is not None
            assert session.bytes not in bytes(shape.rewrite(changed, sandbox.own_session))

    def test_a_shape_is_learnt_at_all(self) -> None:
        sandbox = Sandbox("w-1", OWN)
        frame = wire.encode_message({"find": "own", "filter": {"a": 1}, "$db": OWN})
        for _ in range(20):
            parsed = wire.parse(frame)
            rule = policy.rule_for(parsed)
            made = policy.plan(parsed, rule, sandbox)
            sandbox.shapes.consider(parsed, rule, made)
        other = wire.encode_message({"find": "own", "filter": {"a": 2}, "$db": OWN})
        assert _agrees_with_the_long_way(sandbox, other)

    @given(hidden_values())
    @SOME
    def test_what_is_forbidden_is_suspicious(self, value: Any) -> None:
        """The quick look at a command's bytes finds whatever the thorough one would."""
        assert walker.find_suspicious(bson.encode({"x": value}))
