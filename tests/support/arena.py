"""Where attacks take place: a victim and an attacker behind one broker, and a close look at what came of it.

An attack may end in one of four ways, and each states which. Whatever it is, no byte that came back may hold anything
of the victim or of the platform, and nothing of theirs may have changed.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.uri_parser import parse_uri
from tests.support.raw_client import GONE, RawClient

from hothouse.broker import wire
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.limits import Limits

Document = dict[str, Any]

OWN, VICTIM, PLATFORM = "{own}", "{victim}", "{platform}"
"""Stand in a case for names of databases that are made up anew for each run."""
DIARY = "diary"

_OUR_OWN_SAYINGS = frozenset(("hello", "saslStart", "saslContinue"))


class Outcome(StrEnum):
    """How an attack ends."""

    REFUSED = "the broker answers with an error, and MongoDB hears nothing of it"
    CLOSED = "the broker hangs up, and MongoDB hears nothing of it"
    HARMLESS = "it may run, or MongoDB refuses it: it reaches nothing but the attacker's own data"
    TAMED = "it runs, but what was wrong with it was taken out before MongoDB saw it"


REFUSED, CLOSED, HARMLESS, TAMED = Outcome


@dataclass(frozen=True)
class Attack:
    """A command and what becomes of it. `db` is where it is sent, unless the command says so itself."""

    name: str
    command: Document
    outcome: Outcome = REFUSED
    db: str = OWN


def cases(attacks: Iterable[Attack]) -> Any:
    """Make a test's parameter `attack`, with the attacks' names as ids, which must differ."""
    listed = list(attacks)
    names = [attack.name for attack in listed]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return pytest.mark.parametrize("attack", listed, ids=names)


def groups(attacks: Iterable[tuple[str, Attack]]) -> Any:
    """Make a test's parameter `attacks`: those that come with the same name of a group, together."""
    by_name: dict[str, list[Attack]] = {}
    for group, attack in attacks:
        by_name.setdefault(group, []).append(attack)
    return pytest.mark.parametrize("attacks", by_name.values(), ids=by_name.keys())


@dataclass
class Person:
    """A workload with a credential."""

    workload_id: str
    database: str
    password: str
    uri: str


@dataclass
class Arena:
    """A broker with a spy behind it. Make it with `opened`."""

    address: tuple[str, int]
    direct: AsyncMongoClient[Document]
    platform: AsyncDatabase[Document]
    mongodb_uri: str
    sent: list[bytes] = field(default_factory=list)
    """What reached MongoDB since `sent.clear()`, but for sign-ins."""
    hidden: list[bytes] = field(default_factory=list)
    """What else must not come back."""
    watched: list[str] = field(default_factory=list)
    """Databases that must stay as they are besides the victim's."""

    def __post_init__(self) -> None:
        self.token = uuid.uuid4().hex[:8]
        self.secret = f"canary-{uuid.uuid4().hex}"
        self.credentials = CredentialStore(self.platform)
        self._before: Document = {}
        self._raw: RawClient | None = None
        self._clients: list[RawClient] = []

    async def open(self) -> None:
        """Let the victim move in, and remember how everything looks."""
        self.victim = await self.person(f"hh_{self.token}v")
        self.attacker = await self.person(f"hh_{self.token}a")
        home = self.direct[self.victim.database]
        await home[DIARY].insert_many([{"_id": number, "text": f"{self.secret}-{number}"} for number in range(5)])
        await home[DIARY].create_index("text", name=f"index-{self.secret}")
        await home.create_collection(f"drawer-{self.secret}", capped=True, size=4096)
        await self.platform.people.insert_one({"_id": 1, "password": self.secret})
        await self.furnish()
        client = await RawClient.connect(self.victim.uri)
        await client.command({"find": DIARY, "$db": self.victim.database})
        await client.close()
        await self.raw()
        self._before = await self._look()

    async def settle(self) -> None:
        """Take everything for right as it is now: a test has changed it on purpose."""
        if self._before:
            self._before = await self._look()

    async def furnish(self) -> None:
        """Give the attacker the collection `own` as it was."""
        own = self.direct[self.attacker.database].own
        await own.drop()
        await own.insert_many([{"_id": number, "n": number} for number in range(10)])

    async def close(self) -> None:
        for client in self._clients:
            client.abort()
        for database in await self._databases():
            await self.direct.drop_database(database)

    async def person(self, database: str, limits: Limits | None = None) -> Person:
        workload_id = f"w-{uuid.uuid4().hex[:8]}"
        issued = await self.credentials.issue(workload_id=workload_id, database=database, limits=limits)
        await self.settle()
        return Person(workload_id, database, issued.password, self.uri(workload_id, issued.password, database))

    def uri(self, username: str, password: str, database: str, source: str | None = None) -> str:
        host, port = self.address
        options = f"authSource={source or database}&directConnection=true&authMechanism=SCRAM-SHA-256"
        return f"mongodb://{username}:{password}@{host}:{port}/{database}?{options}"

    async def connect(self, uri: str, *, sign_in: bool = True) -> RawClient:
        """Return a connection that ends with the arena, if not before."""
        client = await RawClient.connect(uri, sign_in=sign_in)
        self._clients.append(client)
        return client

    async def raw(self) -> RawClient:
        """Return the attacker's connection, a new one when it was closed."""
        if self._raw is None or self._raw.reader.at_eof() or self._raw.writer.is_closing():
            self._raw = await self.connect(self.attacker.uri)
        return self._raw

    def fill(self, value: Any) -> Any:
        """Put the names of databases where a case has their stand-ins."""
        if type(value) is str:
            for stand_in, name in self._names().items():
                value = value.replace(stand_in, name)
            return value
        if isinstance(value, dict):
            return {self.fill(key): self.fill(each) for key, each in value.items()}
        return [self.fill(each) for each in value] if type(value) is list else value

    def _names(self) -> dict[str, str]:
        return {OWN: self.attacker.database, VICTIM: self.victim.database, PLATFORM: self.platform.name}

    async def attempt(self, attack: Attack) -> Document | None:
        """Send an attack's command, and check what came of it; returns the reply, None when the broker hung up."""
        command = self.fill(attack.command)
        return await self.attempt_frame(
            wire.encode_message({**command, "$db": command.get("$db", self.fill(attack.db))}), attack.outcome
        )

    async def attempt_each(self, attacks: Iterable[Attack]) -> None:
        """Attempt one after the other; a failure names the attack."""
        for attack in attacks:
            try:
                await self.attempt(attack)
            except AssertionError as error:
                error.add_note(f"The attack was: {attack.name}")
                raise

    async def attempt_frame(self, frame: bytes, outcome: Outcome) -> Document | None:
        """Send a frame, and check what came of it."""
        raw = await self.raw()
        raw.received.clear()
        self.sent.clear()
        try:
            reply = await raw.exchange(frame)
        except GONE:
            raw.abort()
            reply, self._raw = None, None
        await self.check(bytes(raw.received), frame)
        if outcome is REFUSED:
            assert reply is not None, "the broker hung up"
            assert (reply["ok"], bool(reply["errmsg"])) == (0, True), reply
        elif outcome is CLOSED:
            assert reply is None, reply
        if outcome in (REFUSED, CLOSED):
            assert not self.sent, self.sent
        return reply

    async def check(self, received: bytes = b"", asked: bytes = b"") -> None:
        """Fail when something leaked or changed; what was not even sent on cannot have changed anything.

        What the attacker said itself in `asked` may be repeated.
        """
        for canary in self._canaries():
            assert canary not in received or canary in asked, received
        if not self.sent:
            return
        for frame in self.sent:
            assert not self._names_victim(frame), frame
        found = await self._look()
        assert found == self._before

    def _names_victim(self, frame: bytes) -> bool:
        """Tell whether a command that reached MongoDB was for the victim's database."""
        value = wire.parse(frame).raw(b"$db")
        return value is not None and self.victim.database.encode() + b"\x00" in value

    def _canaries(self) -> list[bytes]:
        parsed = parse_uri(self.mongodb_uri)
        hosts = [f"{host}:{port}" for host, port in parsed["nodelist"]]
        return [
            each.encode() for each in (self.secret, parsed["password"], self.victim.password, *hosts) if each
        ] + self.hidden

    async def _databases(self) -> list[str]:
        names = await self.direct.list_database_names()
        return sorted(name for name in names if self.token in name.lower() or name == self.platform.name)

    async def _look(self) -> Document:
        """Return all that must stay as it is."""
        attacker = self.attacker.database
        return {
            "databases": [name for name in await self._databases() if name != attacker],
            **{name: await _contents(self.direct[name]) for name in (self.victim.database, *self.watched)},
            "platform": await _contents(self.platform, ("people", "broker_credentials", "data_grants")),
            "users": await self._users(),
        }

    async def _users(self) -> list[Any]:
        """Return MongoDB's users, but for those that brokers make for the databases of workloads."""
        found = []
        for database in ("admin", self.victim.database):
            users: Iterable[Document] = (await self.direct[database].command("usersInfo"))["users"]
            found += [
                (database, user["user"], sorted((role["db"], role["role"]) for role in user["roles"]))
                for user in users
                if not user["user"].startswith("hh_")
            ]
        return sorted(found)


async def _contents(database: AsyncDatabase[Document], only: tuple[str, ...] | None = None) -> Document:
    """Return collections with their options, indexes and documents."""
    contents: Document = {}
    async for entry in await database.list_collections():
        name = entry["name"]
        if only is None or name in only:
            has_indexes = entry["type"] == "collection"
            indexes = sorted(
                [index["name"] async for index in await database[name].list_indexes()] if has_indexes else []
            )
            contents[name] = (entry.get("options"), indexes, await database[name].find({}).sort("_id").to_list())
    return contents


def spy(sent: list[bytes], send: Callable[[Any, bytes], None]) -> Callable[[Any, bytes], None]:
    """Wrap what sends to MongoDB, so that all it sends is noted."""

    def sending(connection: Any, payload: bytes | bytearray, *more: Any) -> None:
        if wire.parse(bytes(payload)).name not in _OUR_OWN_SAYINGS:
            sent.append(bytes(payload))
        send(connection, payload, *more)  # type: ignore[call-arg]

    return sending
