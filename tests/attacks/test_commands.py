"""Every command there is: those a workload must not use, and those it may, at somebody else's."""

import pytest
from tests.support.arena import CLOSED, DIARY, OWN, REFUSED, VICTIM, Arena, Attack, cases, groups

from hothouse.broker.commands import COMMANDS, Policy

from .mongod import INTERNAL_COMMANDS, SERVER_COMMANDS, TEST_COMMANDS

ALLOWED = sorted(name for name, rule in COMMANDS.items() if rule.policy is Policy.ALLOWED)
FOREIGN_DATABASES = (VICTIM, "config", "local", "{platform}", "$external", "test", "")
"""`admin` is apart: drivers send some commands there."""

ARGUMENTS = {
    "_mergeAuthzCollections": {"tempUsersCollection": "{own}.own", "db": "", "drop": True},
    "applyOps": {"_": [{"op": "i", "ns": f"{VICTIM}.{DIARY}", "o": {"_id": "applied"}}]},
    "clone": {"_": "{victim}"},
    "cloneCollectionAsCapped": {"_": DIARY, "toCollection": "own2", "size": 4096},
    "clusterAggregate": {"_": DIARY, "pipeline": [], "cursor": {}},
    "clusterFind": {"_": DIARY},
    "clusterInsert": {"_": DIARY, "documents": [{"_id": "clustered"}]},
    "configureFailPoint": {"_": "failCommand", "mode": "alwaysOn", "data": {"failCommands": ["find"]}},
    "copydb": {"fromdb": VICTIM, "todb": OWN},
    "createUser": {"_": "{token}-mine", "pwd": "x", "roles": ["root"]},
    "dataSize": {"_": f"{VICTIM}.{DIARY}"},
    "filemd5": {"_": 1, "root": "fs"},
    "godinsert": {"_": DIARY, "obj": {"_id": "god"}},
    "grantRolesToUser": {"_": "{own}.own", "roles": ["root"]},
    "httpClientRequest": {"uri": "http://localhost/"},
    "internalRenameIfOptionsAndIndexesMatch": {"from": "{own}.own", "to": f"{VICTIM}.{DIARY}"},
    "mapReduce": {"_": DIARY, "map": "x", "reduce": "x", "out": {"replace": "stolen", "db": OWN}},
    "moveCollection": {"_": f"{VICTIM}.{DIARY}", "toShard": "x"},
    "profile": {"_": 2},
    "setParameter": {"notablescan": True},
    "shutdown": {"force": True},
    "updateUser": {"_": "{own}.own", "roles": ["root"]},
    "usersInfo": {"_": {"forAllDBs": True}, "showCredentials": True},
}


def _command(name: str) -> dict[str, object]:
    rest = dict(ARGUMENTS.get(name, {}))
    return {name: rest.pop("_", 1), **rest}


class TestNotForWorkloads:
    """Commands of the manual, of a cluster's members and of the server's own tests."""

    @groups(
        (f"command-{name}", Attack(f"command-{name}-on-{where}", _command(name), REFUSED, db))
        for name in [*INTERNAL_COMMANDS, *TEST_COMMANDS, *SERVER_COMMANDS]
        for where, db in (("own", OWN), ("admin", "admin"))
    )
    async def test_refused(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    def test_the_lists_hold_what_the_table_refuses(self) -> None:
        """What the table refuses on purpose is attacked here; so is much that it does not name."""
        refused = {name for name, rule in COMMANDS.items() if rule.policy is Policy.REFUSED}
        attacked = {*INTERNAL_COMMANDS, *TEST_COMMANDS, *SERVER_COMMANDS}
        assert refused - attacked - {"$eval", "connectionStats"} == set()
        assert not attacked & {name for name, rule in COMMANDS.items() if rule.policy is not Policy.REFUSED}

    @cases(
        Attack(f"name-{label}", {name: 1, "$db": OWN})
        for label, name in {
            "with-another-case": "FIND",
            "with-a-space-behind": "find ",
            "with-a-dot": "find.x",
            "with-a-dollar": "$find",
            "with-a-look-alike": "f\u0456nd",
            "with-a-mark-in-front": "\ufefffind",
            "empty": "",
            "of-two-mebibytes": "x" * 2**21,
            "of-a-field": "$db2",
            "eval-with-a-dollar": "$eval",
        }.items()
    )
    async def test_names_of_commands(self, arena: Arena, attack: Attack) -> None:
        reply = await arena.attempt(attack)
        assert reply is not None
        assert len(reply["errmsg"]) < 1000

    async def test_database_first_and_command_second(self, arena: Arena) -> None:
        """The first field is the command, whatever follows it."""
        await arena.attempt(Attack("", {"$db": OWN, "find": DIARY}))


class TestSomebodyElses:
    """Commands that are allowed at home, sent to a database that is not the workload's."""

    @pytest.mark.parametrize("name", ALLOWED)
    async def test_foreign_database(self, arena: Arena, name: str) -> None:
        await arena.attempt_each(Attack(f"{name}-on-{db}", {name: DIARY}, REFUSED, db) for db in FOREIGN_DATABASES)

    @pytest.mark.parametrize("name", [name for name in ALLOWED if not COMMANDS[name].on_admin])
    async def test_admin(self, arena: Arena, name: str) -> None:
        await arena.attempt(Attack(name, {name: "system.users"}, REFUSED, "admin"))

    @cases(
        [
            Attack("read-users", {"find": "system.users"}, REFUSED, "admin"),
            Attack("read-the-oplog", {"find": "oplog.rs"}, REFUSED, "local"),
            Attack("read-startup-log", {"find": "startup_log"}, REFUSED, "local"),
            Attack("read-sessions", {"find": "system.sessions"}, REFUSED, "config"),
            Attack("read-retryable-writes", {"find": "transactions"}, REFUSED, "config"),
            Attack("read-credentials", {"find": "broker_credentials"}, REFUSED, "{platform}"),
            Attack("read-grants", {"find": "data_grants"}, REFUSED, "{platform}"),
            Attack(
                "grant-oneself",
                {"insert": "data_grants", "documents": [{"_id": "x", "reader_database": OWN, "names": ["x"]}]},
                REFUSED,
                "{platform}",
            ),
            Attack(
                "insert",
                {"insert": DIARY, "documents": [{"_id": "was here"}], "writeConcern": {"w": 0}},
                REFUSED,
                VICTIM,
            ),
            Attack("update", {"update": DIARY, "updates": [{"q": {}, "u": {"$set": {"a": 1}}}]}, REFUSED, VICTIM),
            Attack("upsert", {"update": DIARY, "updates": [{"q": {}, "u": {}, "upsert": True}]}, REFUSED, VICTIM),
            Attack("delete-everything", {"delete": DIARY, "deletes": [{"q": {}, "limit": 0}]}, REFUSED, VICTIM),
            Attack("find-and-remove", {"findAndModify": DIARY, "query": {}, "remove": True}, REFUSED, VICTIM),
            Attack("count", {"count": DIARY, "query": {"text": {"$regex": "^canary"}}}, REFUSED, VICTIM),
            Attack("distinct", {"distinct": DIARY, "key": "text"}, REFUSED, VICTIM),
            Attack("drop-database", {"dropDatabase": 1}, REFUSED, VICTIM),
            Attack("list-collections", {"listCollections": 1, "nameOnly": True}, REFUSED, VICTIM),
            Attack("list-indexes", {"listIndexes": DIARY}, REFUSED, VICTIM),
            Attack("statistics", {"dbStats": 1}, REFUSED, VICTIM),
            Attack("validate", {"validate": DIARY, "full": True}, REFUSED, VICTIM),
            Attack("cap", {"convertToCapped": DIARY, "size": 4096}, REFUSED, VICTIM),
            Attack("explain", {"explain": {"find": DIARY}}, REFUSED, VICTIM),
            Attack("explain-there-from-here", {"explain": {"find": DIARY, "$db": VICTIM}}),
            Attack("explain-of-explain", {"explain": {"explain": {"find": DIARY, "$db": VICTIM}}}),
            Attack("explain-of-a-drop", {"explain": {"dropDatabase": 1}}),
            Attack("explain-of-a-refused-command", {"explain": {"mapReduce": DIARY}}),
            Attack("explain-of-bulk-write", {"explain": {"bulkWrite": 1, "nsInfo": [{"ns": f"{VICTIM}.{DIARY}"}]}}),
            Attack("explain-of-nothing", {"explain": {}}),
            Attack("explain-of-a-string", {"explain": "find"}),
            Attack("explain-of-a-reference", {"explain": {"$ref": "find", "$id": 1, "find": DIARY, "$db": VICTIM}}),
            Attack("explain-of-a-collection-of-the-server", {"explain": {"find": "system.users"}}),
            Attack("explain-with-an-internal-field", {"explain": {"find": "own", "fromMongos": True}}),
            Attack("explain-with-a-dollar-field", {"explain": {"find": "own", "$audit": {}}}),
        ]
    )
    async def test_by_hand(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)


class TestAnswered:
    """Commands that the broker answers itself never tell where MongoDB is or who else is there."""

    @pytest.mark.parametrize("db", [OWN, "admin"], ids=["own", "admin"])
    @pytest.mark.parametrize("name", sorted(name for name, rule in COMMANDS.items() if rule.policy is Policy.ANSWERED))
    async def test_never_sent_on(self, arena: Arena, name: str, db: str) -> None:
        client = await arena.raw()
        arena.sent.clear()
        await client.command({name: 1, "$db": arena.fill(db)})
        await arena.check(bytes(client.received))
        assert not arena.sent

    @cases(
        [
            Attack("databases-by-expression", {"listDatabases": 1, "filter": {"$where": "1"}}, REFUSED, "admin"),
            Attack("databases-by-pattern", {"listDatabases": 1, "filter": {"name": {"$regex": "."}}}, REFUSED, "admin"),
            Attack("databases-by-size", {"listDatabases": 1, "filter": {"sizeOnDisk": {"$gt": 0}}}, REFUSED, "admin"),
            Attack("databases-of-the-victim", {"listDatabases": 1}, REFUSED, VICTIM),
            Attack("status-of-the-victim", {"connectionStatus": 1, "showPrivileges": True}, REFUSED, VICTIM),
            Attack("session-of-the-victim", {"startSession": 1}, REFUSED, VICTIM),
        ]
    )
    async def test_asked_too_much(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @pytest.mark.parametrize(
        "extra", [{}, {"nameOnly": True}, {"authorizedDatabases": False}, {"filter": None}], ids=str
    )
    async def test_databases_are_the_own_one(self, arena: Arena, extra: dict[str, object]) -> None:
        reply = await (await arena.raw()).command({"listDatabases": 1, **extra, "$db": "admin"})
        assert [entry["name"] for entry in reply["databases"]] == [arena.attacker.database]

    async def test_hello_names_the_broker_only(self, arena: Arena) -> None:
        client = await arena.raw()
        command = {"hello": 1, "client": {}, "saslSupportedMechs": f"{arena.victim.database}.x", "loadBalanced": True}
        reply = await client.command({**command, "$db": arena.victim.database})
        await arena.check(bytes(client.received))
        assert reply["hosts"] == [f"{arena.address[0]}:{arena.address[1]}"]
        assert not {"hosts", "passives", "arbiters", "tags"} & reply.keys() - {"hosts"}

    async def test_command_that_is_closed_upon(self, arena: Arena) -> None:
        """A name that is no text at all is no command."""
        frame = b"".join((b"\x1f\x00\x00\x00", bytes(8), b"\xdd\x07\x00\x00", bytes(5), b"\x0a\x00\x00\x00",
                          b"\x08\xff\xfe\x00\x01\x00"))  # fmt: skip
        await arena.attempt_frame(frame, CLOSED)
