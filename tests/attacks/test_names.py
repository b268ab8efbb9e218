"""Names of databases and collections: other types, other cases, look-alikes, and what a server might make of them."""

import uuid
from typing import Any

import pytest
from bson import Binary, Code, Decimal128, Int64, MinKey, ObjectId, Timestamp
from bson.dbref import DBRef
from bson.max_key import MaxKey
from bson.regex import Regex
from tests.support.arena import CLOSED, DIARY, HARMLESS, OWN, REFUSED, VICTIM, Arena, Attack, Outcome, cases, groups
from tests.support.raw_client import body, element, message, text, typed

SYMBOL, JAVASCRIPT, SCOPED, POINTER, UNDEFINED = 14, 13, 15, 12, 6

DATABASES = {
    "upper-case": "{VICTIM}",
    "own-in-upper-case": "{OWN}",
    "with-a-dot": f"{OWN}.{VICTIM}",
    "with-a-collection": f"{VICTIM}.{DIARY}",
    "with-a-space-behind": f"{VICTIM} ",
    "own-with-a-space-behind": f"{OWN} ",
    "own-with-a-space-in-front": f" {OWN}",
    "with-a-mark-in-front": f"\ufeff{OWN}",
    "with-a-zero": f"{OWN}\x00{VICTIM}",
    "own-cut-short-by-a-zero": f"{OWN}\x00",
    "with-a-slash": f"{OWN}/../{VICTIM}",
    "with-a-backslash": f"{OWN}\\{VICTIM}",
    "with-a-quote": f'{OWN}"',
    "with-a-new-line": f"{OWN}\n",
    "with-a-dollar": f"{OWN}$",
    "with-a-look-alike": "h\u04bb_x",
    "with-full-width-letters": "\uff48\uff48_x",
    "with-a-combining-mark": f"{OWN}\u0301",
    "with-a-joiner": f"{OWN}\u200d",
    "pattern": ".*",
    "command": "$cmd",
    "external": "$external",
    "empty": "",
    "star": "*",
    "own-and-more": f"{OWN}2",
    "start-of-own": "hh_",
}

COLLECTIONS = {
    "empty": "",
    "views": "system.views",
    "javascript": "system.js",
    "profile": "system.profile",
    "users": "system.users",
    "indexes": "system.indexes",
    "namespaces": "system.namespaces",
    "buckets": "system.buckets.own",
    "sessions": "system.sessions",
    "invented": "system.whatever",
    "nothing-but-system": "system.",
    "command": "$cmd",
    "command-aggregate": "$cmd.aggregate",
    "command-of-the-server": "$cmd.sys.inprog",
    "dollar": "$own",
    "dot-in-front": ".own",
    "zero-inside": "own\x00system.users",
    "zero-in-front": "\x00",
    "number": 1,
    "long": Int64(1),
    "double": 1.0,
    "decimal": Decimal128("1"),
    "true": True,
    "null": None,
    "collection-id": Binary.from_uuid(uuid.UUID(int=1)),
    "bytes": b"own",
    "document": {"db": VICTIM, "coll": DIARY},
    "reference": DBRef(DIARY, 1, VICTIM),
    "array": [VICTIM, DIARY],
    "pattern": Regex(".*"),
    "date": Timestamp(1, 1),
    "object-id": ObjectId(b"0" * 12),
    "min-key": MinKey(),
    "max-key": MaxKey(),
}

HARMLESS_COLLECTIONS = {
    "namespace": f"{VICTIM}.{DIARY}",
    "namespace-of-users": "admin.system.users",
    "own-system": "own.system.users",
    "upper-case": "SYSTEM.USERS",
    "space-in-front": " system.users",
    "mark-in-front": "\ufeffsystem.users",
    "look-alike": "\u0455ystem.users",
    "full-width": "\uff53ystem.users",
    "path": f"../{VICTIM}/{DIARY}",
    "backslash": f"..\\{VICTIM}",
    "quote": 'a",key_format=u,type="file',
    "colon": "table:secantus_users",
    "new-line": "a\nb",
    "pattern": f".*|^{VICTIM}\\.",
    "star": "*",
    "percent": "%s%n{0}",
    "dot-behind": "own.",
    "two-dots": "own..x",
    "long": "x" * 235,
    "too-long": "x" * 256,
    "of-another-way": "\u202ereversed",
    "emoji": "\U0001f3db",
    "state-of-encryption": "enxcol_.own.esc",
}

COMMANDS: dict[str, dict[str, Any]] = {
    "find": {},
    "aggregate": {"pipeline": [], "cursor": {}},
    "count": {},
    "distinct": {"key": "x"},
    "insert": {"documents": [{}]},
    "update": {"updates": [{"q": {}, "u": {"$set": {"a": 1}}, "upsert": True}]},
    "delete": {"deletes": [{"q": {}, "limit": 0}]},
    "findAndModify": {"query": {}, "update": {"$set": {"a": 1}}, "upsert": True},
    "create": {},
    "collMod": {},
    "drop": {},
    "createIndexes": {"indexes": [{"key": {"a": 1}, "name": "a"}]},
    "dropIndexes": {"index": "*"},
    "listIndexes": {},
    "collStats": {},
    "validate": {},
    "convertToCapped": {"size": 4096},
    "listSearchIndexes": {},
    "createSearchIndexes": {"indexes": [{"definition": {}}]},
}
_ONE_IS_THE_DATABASE = {"number", "long", "double"}


class TestDatabases:
    @groups(
        (name, Attack(f"{command}-on-{name}", {command: DIARY, **COMMANDS[command]}, REFUSED, database))
        for name, database in DATABASES.items()
        for command in ("find", "insert", "create")
    )
    async def test_names(self, arena: Arena, attacks: list[Attack]) -> None:
        upper = {"{VICTIM}": arena.victim.database.upper(), "{OWN}": arena.attacker.database.upper()}
        for attack in attacks:
            database = upper.get(attack.db, attack.db)
            await arena.attempt_each([Attack(attack.name, attack.command, REFUSED, database)])

    @pytest.mark.parametrize(
        "value",
        [1, None, [OWN], {"db": OWN}, DBRef("x", 1, OWN), Regex(OWN), b"x", MinKey(), True],
        ids=lambda value: type(value).__name__,
    )
    async def test_types(self, arena: Arena, value: Any) -> None:
        await arena.attempt(Attack("", {"find": "own", "$db": value}))

    @pytest.mark.parametrize("name", ["victim", "attacker"])
    @pytest.mark.parametrize("kind", [SYMBOL, JAVASCRIPT], ids=["symbol", "javascript"])
    async def test_texts_that_are_no_strings(self, arena: Arena, kind: int, name: str) -> None:
        database = getattr(arena, name).database
        frame = message(body(element("find", DIARY), typed(kind, "$db", text(database))))
        await arena.attempt_frame(frame, REFUSED if name == "victim" else HARMLESS)

    async def test_none_at_all(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(element("find", DIARY))), REFUSED)

    async def test_undefined(self, arena: Arena) -> None:
        await arena.attempt_frame(message(body(element("find", DIARY), typed(UNDEFINED, "$db", b""))), REFUSED)

    async def test_pointer(self, arena: Arena) -> None:
        pointer = typed(POINTER, "$db", text(arena.victim.database) + bytes(12))
        await arena.attempt_frame(message(body(element("find", DIARY), pointer)), REFUSED)

    async def test_not_utf8(self, arena: Arena) -> None:
        database = arena.attacker.database.encode()
        for raw in (database[:-1] + b"\xff", b"\xc0\x80" + database, database + b"\xed\xa0\x80"):
            await arena.attempt_frame(message(body(element("find", DIARY), typed(2, "$db", text(raw)))), REFUSED)


class TestCollections:
    @groups(
        (name, Attack(f"{command}-{name}", {command: collection, **rest}))
        for command, rest in COMMANDS.items()
        for name, collection in COLLECTIONS.items()
        if command != "aggregate" or name not in _ONE_IS_THE_DATABASE
    )
    async def test_refused(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @cases(
        Attack(f"{command}-{name}", {command: collection, **COMMANDS[command]}, HARMLESS)
        for name, collection in HARMLESS_COLLECTIONS.items()
        for command in ("insert", "find", "drop")
    )
    async def test_own_after_all(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @pytest.mark.parametrize("kind", [SYMBOL, JAVASCRIPT, POINTER, SCOPED, UNDEFINED])
    @pytest.mark.parametrize("command", ["find", "insert", "drop", "aggregate"])
    async def test_deprecated_types(self, arena: Arena, command: str, kind: int) -> None:
        inner = b"\x05\x00\x00\x00\x00"
        scoped = text("own") + inner
        values = {
            POINTER: text("own") + bytes(12),
            SCOPED: (len(scoped) + 4).to_bytes(4, "little") + scoped,
            UNDEFINED: b"",
        }
        elements = typed(kind, command, values.get(kind, text("own"))), element("$db", arena.attacker.database)
        await arena.attempt_frame(message(body(*elements)), REFUSED)

    @pytest.mark.parametrize("raw", [b"\xff", b"own\x00\xff", b"\xc0\xaesystem.users", b"\xed\xa0\x80"], ids=repr)
    async def test_not_utf8(self, arena: Arena, raw: bytes) -> None:
        frame = message(body(typed(2, "find", text(raw)), element("$db", arena.attacker.database)))
        await arena.attempt_frame(frame, REFUSED)

    @pytest.mark.parametrize("length", [0, -1, 2, 2**31 - 1, 5000], ids=str)
    async def test_wrong_lengths(self, arena: Arena, length: int) -> None:
        name = typed(2, "find", length.to_bytes(4, "little", signed=True) + b"own\x00")
        await arena.attempt_frame(message(body(name, element("$db", arena.attacker.database))), CLOSED)


NAMESPACES: dict[str, tuple[Any, Outcome]] = {
    "victims": (f"{VICTIM}.{DIARY}", REFUSED),
    "victims-in-upper-case": ("{VICTIM}.diary", REFUSED),
    "own-in-upper-case": ("{OWN}.diary", REFUSED),
    "admin": ("admin.system.users", REFUSED),
    "oplog": ("local.oplog.rs", REFUSED),
    "platform": ("{platform}.broker_credentials", REFUSED),
    "longer-than-own": (f"{OWN}2.own", REFUSED),
    "shorter-than-own": ("hh_.own", REFUSED),
    "no-collection": (OWN, REFUSED),
    "no-collection-but-a-dot": (f"{OWN}.", REFUSED),
    "no-database": (".own", REFUSED),
    "own-system": (f"{OWN}.system.views", REFUSED),
    "own-command": (f"{OWN}.$cmd", REFUSED),
    "own-with-zero": (f"{OWN}\x00.own", REFUSED),
    "collection-with-zero": (f"{OWN}.own\x00{VICTIM}", REFUSED),
    "own-with-space": (f"{OWN} .own", REFUSED),
    "empty": ("", REFUSED),
    "null": (None, REFUSED),
    "number": (1, REFUSED),
    "document": ({"db": OWN, "coll": "own"}, REFUSED),
    "reference": (DBRef("own", 1, OWN), REFUSED),
    "code": (Code(f"{VICTIM}.{DIARY}"), REFUSED),
    "pattern": (Regex(f"{OWN}.own"), REFUSED),
    "own-but-dotted": (f"{OWN}.{VICTIM}.{DIARY}", HARMLESS),
}


class TestNamespaces:
    @cases(
        Attack(f"{name}-{where}", command, outcome, "admin")
        for name, (namespace, outcome) in NAMESPACES.items()
        for where, command in {
            "renamed": {"renameCollection": namespace, "to": f"{OWN}.stolen"},
            "renamed-to": {"renameCollection": f"{OWN}.own", "to": namespace},
            "renamed-over": {"renameCollection": f"{OWN}.own", "to": namespace, "dropTarget": True},
            "bulk-insert": {
                "bulkWrite": 1,
                "ops": [{"insert": 0, "document": {"_id": "bulk"}}],
                "nsInfo": [{"ns": namespace}],
            },
            "bulk-delete-second": {
                "bulkWrite": 1,
                "ops": [{"delete": 1, "filter": {}, "multi": True}],
                "nsInfo": [{"ns": f"{OWN}.own"}, {"ns": namespace}],
            },
        }.items()
    )
    async def test_rename_and_bulk_write(self, arena: Arena, attack: Attack) -> None:
        upper = {"{VICTIM}": arena.victim.database.upper(), "{OWN}": arena.attacker.database.upper()}
        command = attack.command
        for stand_in, name in upper.items():
            command = _replaced(command, stand_in, name)
        await arena.attempt(Attack(attack.name, command, attack.outcome, attack.db))
        if arena.sent:
            await arena.furnish()


def _replaced(value: Any, old: str, new: str) -> Any:
    if type(value) is str:
        return value.replace(old, new)
    if type(value) is dict:
        return {key: _replaced(each, old, new) for key, each in value.items()}
    return [_replaced(each, old, new) for each in value] if type(value) is list else value
