"""MongoDB's users of single databases: made on demand, limited by MongoDB itself, mended, and given up on."""

import asyncio
import base64
import hmac
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from pymongo.monitoring import CommandListener
from pymongo.uri_parser import parse_uri
from structlog.testing import capture_logs

from hothouse.broker.errors import UpstreamError
from hothouse.broker.upstream import Access, DatabaseUsers, Pools, Server, call, drop_users
from hothouse.database.embedded import EmbeddedMongo

Client = AsyncMongoClient[dict[str, Any]]
KEY = b"the installation's key"
UNAUTHORIZED, WRONG_PASSWORD = 13, 18


class _Heard(CommandListener):
    """Remembers the names of commands about users."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: Any) -> None:
        if "user" in event.command_name.lower():
            self.names.append(event.command_name)

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


@pytest.fixture
def heard() -> _Heard:
    return _Heard()


@pytest.fixture
async def client(mongodb_uri: str, heard: _Heard) -> AsyncIterator[Client]:
    async with Client(mongodb_uri, event_listeners=[heard]) as made:
        yield made


@pytest.fixture
async def database(client: Client) -> AsyncIterator[str]:
    name = f"hh_{uuid.uuid4().hex[:10]}"
    yield name
    await client.drop_database(name)
    await drop_users(client, name)


def _pools(client: Client, key: bytes | None = KEY) -> Pools:
    return Pools(Server(client), DatabaseUsers(client, key))


def _login(mongodb_uri: str, database: str, access: Access, key: bytes = KEY) -> Client:
    """Sign in past the broker, as the one who knows the installation's key could."""
    code = hmac.digest(key, f"{database}/{access}".encode(), "sha256")
    password = base64.urlsafe_b64encode(code).decode().rstrip("=")
    return Client(mongodb_uri, username=f"{database}.{access}", password=password)


async def _open(pools: Pools, database: str, access: Access = Access.OWN) -> str:
    """Open a connection from the pool; return the name of MongoDB's user that it is signed in as, if any."""
    connection = await pools.of(database, access).acquire()
    status = await call(connection, {"connectionStatus": 1, "$db": "admin"})
    connection.give_back()
    return "".join(user["user"] for user in status["authInfo"]["authenticatedUsers"])


async def _roles(client: Client, name: str) -> set[tuple[str, str]]:
    found = (await client.admin.command({"usersInfo": {"user": name, "db": "admin"}}))["users"]
    return {(role["role"], role["db"]) for user in found for role in user["roles"]}


class TestRoles:
    async def test_own(self, client: Client, database: str, mongodb_uri: str) -> None:
        pools = _pools(client)
        assert await _open(pools, database) == f"{database}.own"
        assert await _roles(client, f"{database}.own") == {("readWrite", database), ("dbAdmin", database)}
        pools.close()
        await client[f"{database}_other"].things.insert_one({"_id": 1})
        async with _login(mongodb_uri, database, Access.OWN) as own:
            await own[database].things.insert_one({"_id": 1})
            await own[database].things.create_index("name")
            other = own[f"{database}_other"].things
            for attempt in (other.find_one(), other.insert_one({}), other.drop(), own.admin.command("usersInfo", 1)):
                with pytest.raises(OperationFailure) as refused:
                    await attempt
                assert refused.value.code == UNAUTHORIZED
        assert await client[f"{database}_other"].things.count_documents({"_id": 1}) == 1
        await client.drop_database(f"{database}_other")

    async def test_read(self, client: Client, database: str, mongodb_uri: str) -> None:
        pools = _pools(client)
        assert await _open(pools, database, Access.READ) == f"{database}.read"
        assert await _roles(client, f"{database}.read") == {("read", database)}
        pools.close()
        await client[database].things.insert_one({"_id": 1})
        async with _login(mongodb_uri, database, Access.READ) as reader:
            assert await reader[database].things.find_one() == {"_id": 1}
            things = reader[database].things
            for attempt in (things.insert_one({}), things.drop(), reader[f"{database}_other"].things.find_one()):
                with pytest.raises(OperationFailure) as refused:
                    await attempt
                assert refused.value.code == UNAUTHORIZED


class TestMaking:
    async def test_many_at_once_share_one_attempt(self, client: Client, database: str, heard: _Heard) -> None:
        pools = _pools(client)
        lent = await asyncio.gather(*(pools.of(database, Access.OWN).acquire() for _ in range(20)))
        assert len(set(lent)) == 20
        assert heard.names == ["usersInfo", "createUser"]
        pools.close()

    async def test_one_who_leaves_does_not_end_the_attempt_of_others(self, client: Client, database: str) -> None:
        users = DatabaseUsers(client, KEY)
        leaving, staying = (asyncio.create_task(users.ensure(database, Access.OWN)) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        login = await staying
        assert login is not None
        assert login.username == f"{database}.own"

    async def test_next_broker_finds_them(self, client: Client, database: str, heard: _Heard) -> None:
        for _ in range(2):
            pools = _pools(client)
            assert await _open(pools, database) == f"{database}.own"
            pools.close()
        assert heard.names == ["usersInfo", "createUser", "usersInfo"]


class TestMending:
    async def test_other_key(self, client: Client, database: str, mongodb_uri: str, heard: _Heard) -> None:
        for key in (KEY, b"another one"):
            pools = _pools(client, key)
            opened = await asyncio.gather(*(_open(pools, database) for _ in range(5)))
            assert set(opened) == {f"{database}.own"}
            pools.close()
        assert heard.names == ["usersInfo", "createUser", "usersInfo", "usersInfo", "updateUser"]
        async with _login(mongodb_uri, database, Access.OWN) as former:
            with pytest.raises(OperationFailure) as refused:
                await former[database].things.find_one()
            assert refused.value.code == WRONG_PASSWORD

    async def test_other_roles(self, client: Client, database: str) -> None:
        pools = _pools(client)
        await _open(pools, database)
        pools.close()
        too_much = [{"role": "readWriteAnyDatabase", "db": "admin"}]
        await client.admin.command({"updateUser": f"{database}.own", "roles": too_much})
        pools = _pools(client)
        await _open(pools, database)
        pools.close()
        assert await _roles(client, f"{database}.own") == {("readWrite", database), ("dbAdmin", database)}

    async def test_user_is_gone(self, client: Client, database: str) -> None:
        pools = _pools(client)
        kept = await pools.of(database, Access.OWN).acquire()
        await drop_users(client, database)
        assert await _open(pools, database) == f"{database}.own"
        assert kept.is_open
        pools.close()


@pytest.fixture
async def limited(client: Client, database: str, mongodb_uri: str, heard: _Heard) -> AsyncIterator[Client]:
    """A platform whose MongoDB user may not manage users."""
    name, roles = f"{database}.platform", [{"role": "readWrite", "db": database}]
    mechanisms = ["SCRAM-SHA-256"]
    await client.admin.command({"createUser": name, "pwd": "p", "roles": roles, "mechanisms": mechanisms})
    async with Client(mongodb_uri, username=name, password="p", event_listeners=[heard]) as made:
        yield made
    await client.admin.command({"dropUser": name})


@pytest.fixture
async def open_client(tmp_path: Path) -> AsyncIterator[Client]:
    """A client of an embedded MongoDB without access control."""
    server = EmbeddedMongo(tmp_path, tmp_path)
    (tmp_path / "server.toml").touch()
    argv = [word for word in server.argv() if word != "--auth"]
    process = await asyncio.create_subprocess_exec(*argv)
    try:
        async with Client(f"mongodb://127.0.0.1:{server.port}/?directConnection=true") as made:
            yield made
    finally:
        process.terminate()
        await process.wait()


class TestUnavailable:
    async def test_not_allowed_to_manage_users(self, limited: Client, database: str, heard: _Heard) -> None:
        pools = _pools(limited)
        names = [database, *(f"{database}_{number}" for number in range(3))]
        with capture_logs() as logs:
            opened = await asyncio.gather(*(_open(pools, name, access) for name in names for access in Access))
            assert set(opened) == {f"{database}.platform"}
            asked = len(heard.names)
            assert await _open(pools, f"{database}_later") == f"{database}.platform"
            assert len(heard.names) == asked, "not tried again"
        pools.close()
        reason = pools.users.unavailable_reason
        assert reason is not None
        assert "userAdminAnyDatabase" in reason
        said = [entry for entry in logs if entry["event"] == "upstream-users-unavailable"]
        assert [entry["reason"] for entry in said] == [reason]

    async def test_no_key(self, client: Client, database: str, mongodb_uri: str, heard: _Heard) -> None:
        pools = _pools(client, key=None)
        assert await _open(pools, database) == parse_uri(mongodb_uri)["username"]
        assert "HOTHOUSE_BROKER_KEY" in str(pools.users.unavailable_reason)
        assert heard.names == []
        pools.close()

    async def test_server_without_access_control(self, open_client: Client) -> None:
        pools = _pools(open_client)
        assert await _open(pools, "hh_a") == ""
        assert "without access control" in str(pools.users.unavailable_reason)
        pools.close()

    async def test_away_is_not_unavailable(self, client: Client, database: str, heard: _Heard) -> None:
        wrong = Client(serverSelectionTimeoutMS=50, host="mongodb://u:p@127.0.0.1:1")
        users = DatabaseUsers(wrong, KEY)
        with pytest.raises(UpstreamError, match="does not answer"):
            await users.ensure(database, Access.OWN)
        assert users.unavailable_reason is None
        await wrong.close()

    async def test_platform_is_not_let_in(self, mongodb_uri: str, database: str) -> None:
        async with Client(mongodb_uri, username="hothouse", password="wrong") as stranger:
            users = DatabaseUsers(stranger, KEY)
            with pytest.raises(UpstreamError, match="cannot be made now"):
                await users.ensure(database, Access.OWN)
            assert users.unavailable_reason is None


class TestDrop:
    async def test_both_and_again(self, client: Client, database: str) -> None:
        pools = _pools(client)
        for access in Access:
            await _open(pools, database, access)
        pools.close()
        with capture_logs() as logs:
            for _ in range(2):
                await drop_users(client, database)
        assert [await _roles(client, f"{database}.{access}") for access in Access] == [set(), set()]
        assert logs == []

    async def test_not_allowed(self, limited: Client, database: str) -> None:
        with capture_logs() as logs:
            await drop_users(limited, database)
        assert [(entry["event"], entry["user"]) for entry in logs] == [
            ("upstream-user-left", f"{database}.own"),
            ("upstream-user-left", f"{database}.read"),
        ]
