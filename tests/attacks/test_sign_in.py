"""Getting in without a credential or with a wrong one, and what can be learnt by trying."""

import contextlib
import statistics
import struct
import time
from collections.abc import AsyncIterator
from typing import Any

import bson
import pytest
from bson import Int64
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from tests.support.arena import DIARY, Arena, Person
from tests.support.raw_client import GONE, RawClient
from tests.support.sign_in import Exchange, client_first, is_in, sasl_start

from hothouse.broker import wire
from hothouse.broker.commands import COMMANDS

Reply = dict[str, Any]


@pytest.fixture
async def stranger(arena: Arena) -> AsyncIterator[RawClient]:
    client = await arena.connect(arena.attacker.uri, sign_in=False)
    yield client
    client.abort()


class TestBefore:
    @pytest.mark.parametrize("name", sorted(COMMANDS))
    async def test_commands(self, arena: Arena, stranger: RawClient, name: str) -> None:
        """Nothing but what a driver needs to introduce itself is answered, and MongoDB hears nothing of it."""
        arena.sent.clear()
        reply = await stranger.command({name: "own", "$db": arena.attacker.database})
        await arena.check(bytes(stranger.received))
        assert not arena.sent
        if not COMMANDS[name].before_login:
            assert (reply["ok"], reply["code"]) == (0, 13)

    async def test_hello_says_nothing_of_the_server_behind(self, arena: Arena, stranger: RawClient) -> None:
        for name in ("hello", "isMaster", "ismaster", "buildInfo"):
            reply = await stranger.command({name: 1, "$db": "admin", "comment": "x", "topologyVersion": {}})
            assert not {"topologyVersion", "lastWrite", "electionId", "gitVersion", "openssl"} & reply.keys()
        await arena.check(bytes(stranger.received))

    async def test_awaitable_hello_does_not_hang(self, stranger: RawClient) -> None:
        hello = {"hello": 1, "maxAwaitTimeMS": 86_400_000, "$db": "admin"}
        frame = wire.encode_message({**hello, "topologyVersion": {"processId": bson.ObjectId(), "counter": Int64(1)}})
        assert (await stranger.exchange(frame[:16] + struct.pack("<I", wire.EXHAUST_ALLOWED) + frame[20:]))["ok"] == 1

    async def test_large_frame(self, stranger: RawClient) -> None:
        stranger.writer.write(wire.encode_message({"hello": 1, "x": "x" * 100_000, "$db": "admin"}))
        assert await stranger.is_closed_by_peer()

    async def test_announced_large_frame(self, stranger: RawClient) -> None:
        stranger.writer.write(struct.pack("<iiii", 48_000_000, 1, 0, wire.OP_MSG))
        assert await stranger.is_closed_by_peer()

    async def test_command_right_behind_the_last_step(self, arena: Arena, stranger: RawClient) -> None:
        """Frames that came in the same breath are judged after the sign-in, not as if it had succeeded."""
        fields = await Exchange(stranger, arena.attacker).start()
        wrong = {"saslContinue": 1, "payload": f"c=biws,r={fields['r']},p=AAAA".encode(), "$db": "admin"}
        find = {"find": "own", "$db": arena.attacker.database}
        stranger.writer.write(wire.encode_message(wrong) + wire.encode_message(find))
        assert (await stranger.read_reply())["code"] == 18
        assert (await stranger.read_reply())["code"] == 13


class TestProof:
    async def test_right_one(self, arena: Arena, stranger: RawClient) -> None:
        exchange = Exchange(stranger, arena.attacker)
        reply = await exchange.finish(exchange.final(await exchange.start()))
        assert reply["ok"] == 1
        assert await is_in(stranger, arena.attacker.database)

    @pytest.mark.parametrize(
        "payload",
        [b"", b"c=biws", b"c=biws,r={r}", b"c=biws,r={r},p=", b"c=biws,r={r},p=AAAA", b"c=biws,r={r},p=!!!!",
         b"c=biws,r={r},p=" + b"A" * 44, b"c=biws,r={r},p=" + b"A" * 43 + b"=", b"p=x,c=biws,r={r}",
         b"c=,r={r},p=" + b"A" * 43 + b"=", b"\xff" * 40, b"v=" + b"A" * 43 + b"="],
        ids=range(12),
    )  # fmt: skip
    async def test_wrong(self, arena: Arena, stranger: RawClient, payload: bytes) -> None:
        exchange = Exchange(stranger, arena.attacker)
        fields = await exchange.start()
        reply = await exchange.finish(payload.replace(b"{r}", fields["r"].encode()))
        assert (reply["ok"], reply["code"]) == (0, 18)
        assert not await is_in(stranger, arena.attacker.database)

    @pytest.mark.parametrize("kind", ["int", "null", "document", "missing"])
    async def test_of_another_type(self, arena: Arena, stranger: RawClient, kind: str) -> None:
        await Exchange(stranger, arena.attacker).start()
        payload = {"int": {"payload": 1}, "null": {"payload": None}, "document": {"payload": {}}, "missing": {}}[kind]
        reply = await stranger.command({"saslContinue": 1, **payload, "$db": "admin"})
        assert reply["ok"] == 0
        assert not await is_in(stranger, arena.attacker.database)

    async def test_replayed(self, arena: Arena, stranger: RawClient) -> None:
        """A proof that was overheard is good for one challenge only."""
        overheard = Exchange(stranger, arena.attacker)
        proof = overheard.final(await overheard.start())
        assert (await overheard.finish(proof))["ok"] == 1
        thief = await arena.connect(arena.attacker.uri, sign_in=False)
        again = Exchange(thief, arena.attacker)
        await again.start()
        assert (await again.finish(proof))["code"] == 18
        thief.abort()

    async def test_used_twice_on_one_challenge(self, arena: Arena, stranger: RawClient) -> None:
        exchange = Exchange(stranger, arena.attacker)
        proof = exchange.final(await exchange.start(options={"skipEmptyExchange": True}))
        assert (await exchange.finish(b"c=biws,r=x,p=AAAA"))["code"] == 18
        assert (await exchange.finish(proof))["ok"] == 0
        assert not await is_in(stranger, arena.attacker.database)

    @pytest.mark.parametrize("nonce", ["", "x", "clientnonce"])
    async def test_nonce_cut_short(self, arena: Arena, stranger: RawClient, nonce: str) -> None:
        exchange = Exchange(stranger, arena.attacker)
        fields = await exchange.start()
        reply = await exchange.finish(exchange.final(fields, nonce=nonce or fields["r"][:-1]))
        assert reply["code"] == 18

    async def test_nonce_is_new_each_time_and_long(self, arena: Arena, stranger: RawClient) -> None:
        nonces = {(await Exchange(stranger, arena.attacker).start())["r"] for _ in range(3)}
        assert len(nonces) == 3
        assert all(len(nonce) >= len("clientnonce") + 24 for nonce in nonces)

    @pytest.mark.parametrize("header", [b"p=tls-unique,,", b"n,a=admin,", b"x,,", b",,", b"n,", b"n,,m=ext,"], ids=repr)
    async def test_headers(self, stranger: RawClient, arena: Arena, header: bytes) -> None:
        """Channel binding, another authorisation identity, extensions: none of them is spoken here."""
        payload = header + f"n={arena.attacker.workload_id},r=abc".encode()
        reply = await stranger.command(sasl_start(payload))
        fields = reply.get("payload")
        assert reply["ok"] == 0 or not await self._gets_in(stranger, arena, bytes(fields))

    async def _gets_in(self, stranger: RawClient, arena: Arena, _challenge: bytes) -> bool:
        await stranger.command({"saslContinue": 1, "payload": b"c=biws,r=x,p=AAAA", "$db": "admin"})
        return await is_in(stranger, arena.attacker.database)

    async def test_channel_binding_downgrade(self, arena: Arena, stranger: RawClient) -> None:
        """The last step must repeat the header of the first."""
        exchange = Exchange(stranger, arena.attacker, header=b"y,,")
        fields = await exchange.start()
        assert (await exchange.finish(exchange.final(fields, channel=b"n,,")))["code"] == 18

    async def test_iterations_are_never_few(self, arena: Arena, stranger: RawClient) -> None:
        for username in (arena.attacker.workload_id, arena.victim.workload_id, "nobody"):
            reply = await stranger.command(sasl_start(client_first(username)))
            assert int(bytes(reply["payload"]).rpartition(b"i=")[2]) >= 4096

    async def test_with_another_ones_name(self, arena: Arena, stranger: RawClient) -> None:
        """Prove to be the attacker, but say to be the victim."""
        confused = Person(arena.victim.workload_id, arena.victim.database, arena.attacker.password, "")
        exchange = Exchange(stranger, confused)
        assert (await exchange.finish(exchange.final(await exchange.start())))["code"] == 18
        assert not await is_in(stranger, arena.victim.database)

    @pytest.mark.parametrize("is_victim_first", [True, False], ids=["victim-first", "victim-last"])
    async def test_name_twice(self, arena: Arena, stranger: RawClient, is_victim_first: bool) -> None:
        """Two names in the first step: whichever is taken, the proof is of the one whose password is known."""
        exchange = Exchange(stranger, arena.attacker)
        names = [arena.attacker.workload_id, arena.victim.workload_id]
        one, two = reversed(names) if is_victim_first else names
        exchange.bare = f"n={one},r=abc,n={two}".encode()
        await exchange.finish(exchange.final(await exchange.start()))
        assert not await is_in(stranger, arena.victim.database)


class TestMechanisms:
    @pytest.mark.parametrize(
        "mechanism",
        ["SCRAM-SHA-1", "PLAIN", "MONGODB-X509", "MONGODB-CR", "GSSAPI", "MONGODB-AWS", "MONGODB-OIDC",
         "scram-sha-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "", 1, None, {"$gt": ""}],
        ids=str,
    )  # fmt: skip
    async def test_others(self, arena: Arena, stranger: RawClient, mechanism: Any) -> None:
        reply = await stranger.command({**sasl_start(client_first(arena.attacker.workload_id)), "mechanism": mechanism})
        assert (reply["ok"], reply["code"]) == (0, 334)

    @pytest.mark.parametrize("name", ["authenticate", "getnonce", "logout", "copydbgetnonce"])
    async def test_old_commands(self, stranger: RawClient, name: str) -> None:
        reply = await stranger.command({name: 1, "user": "x", "mechanism": "MONGODB-X509", "$db": "$external"})
        assert reply["code"] == 13

    async def test_speculative_of_another_mechanism(self, arena: Arena, stranger: RawClient) -> None:
        speculative = {"authenticate": 1, "mechanism": "MONGODB-X509", "db": "$external"}
        reply = await stranger.command({"hello": 1, "speculativeAuthenticate": speculative, "$db": "admin"})
        assert "speculativeAuthenticate" not in reply
        assert not await is_in(stranger, arena.attacker.database)

    async def test_speculative_twice(self, arena: Arena, stranger: RawClient) -> None:
        """The second challenge replaces the first, whose proof is then worth nothing."""
        exchange = Exchange(stranger, arena.attacker)
        fields = await exchange.start()
        proof = exchange.final(fields)
        speculative = {**sasl_start(exchange.header + exchange.bare), "db": "admin"}
        del speculative["$db"]
        reply = await stranger.command({"hello": 1, "speculativeAuthenticate": speculative, "$db": "admin"})
        assert reply["speculativeAuthenticate"]["payload"]
        assert (await exchange.finish(proof))["code"] == 18

    async def test_speculative_of_strange_forms(self, stranger: RawClient) -> None:
        for form in (
            1,
            [],
            None,
            {"saslStart": 1},
            {"saslStart": 1, "payload": 1},
            {"$ref": "x", "$id": 1, "saslStart": 1},
        ):
            reply = await stranger.command({"hello": 1, "speculativeAuthenticate": form, "$db": "admin"})
            assert "speculativeAuthenticate" not in reply

    async def test_signed_in_twice(self, arena: Arena) -> None:
        """A connection belongs to one workload for good."""
        client = await arena.connect(arena.attacker.uri)
        assert (await client.command(sasl_start(client_first(arena.attacker.workload_id))))["ok"] == 0
        victim = {**sasl_start(client_first(arena.victim.workload_id)), "db": "admin"}
        await client.command({"hello": 1, "speculativeAuthenticate": victim, "$db": "admin"})
        assert (await client.command({"saslContinue": 1, "payload": b"x", "$db": "admin"}))["ok"] == 0
        assert not await is_in(client, arena.victim.database)
        client.abort()

    @pytest.mark.parametrize("source", ["{victim}", "{platform}", "local", "$external", ""])
    async def test_another_source(self, arena: Arena, stranger: RawClient, source: str) -> None:
        """A credential is of one database; it may be presented there, and at `admin` as drivers do."""
        exchange = Exchange(stranger, arena.attacker)
        fields = await exchange.start(**{"$db": arena.fill(source)})
        assert (await exchange.finish(exchange.final(fields)))["code"] == 18


class TestNames:
    @pytest.mark.parametrize("name", ["", "nobody", "x" * 1500, "a=2Cb=3Dc", "\u00e9", "admin", "{platform}", "$where"])
    async def test_unknown_ones_are_challenged_alike(self, arena: Arena, stranger: RawClient, name: str) -> None:
        """Nothing of the answer tells whether a name exists."""
        known = await stranger.command(sasl_start(client_first(arena.attacker.workload_id)))
        unknown = await stranger.command(sasl_start(client_first(name)))
        again = await stranger.command(sasl_start(client_first(name)))
        shapes = [[(part[:2], len(part)) for part in bytes(reply["payload"]).split(b",")] for reply in (known, unknown)]
        assert shapes[0] == shapes[1]
        assert bytes(unknown["payload"]).split(b",")[1:] == bytes(again["payload"]).split(b",")[1:]
        assert known.keys() == unknown.keys()

    async def test_refusals_are_alike(self, arena: Arena) -> None:
        replies = []
        for uri in (
            arena.uri(arena.victim.workload_id, "wrong", arena.victim.database),
            arena.uri("nobody", "wrong", arena.victim.database),
            arena.uri(arena.victim.workload_id, "wrong", arena.attacker.database),
        ):
            async with AsyncMongoClient[Reply](uri, serverSelectionTimeoutMS=5000) as client:
                with pytest.raises(OperationFailure) as caught:
                    await client[arena.victim.database][DIARY].find_one({})
                details = dict(caught.value.details or {})
                replies.append((caught.value.code, details.get("errmsg")))
        assert len(set(replies)) == 1
        assert replies[0][0] == 18

    async def test_time_does_not_tell_either(self, arena: Arena) -> None:
        """The first step takes about as long for a name that exists as for one that does not."""
        times: dict[str, list[float]] = {arena.victim.workload_id: [], "w-00000000": []}
        for _ in range(40):
            for name, taken in times.items():
                client = await arena.connect(arena.attacker.uri, sign_in=False)
                begin = time.perf_counter()
                await client.command(sasl_start(client_first(name)))
                taken.append(time.perf_counter() - begin)
                client.abort()
        known, unknown = (statistics.median(taken) for taken in times.values())
        assert 0.4 < known / unknown < 2.5

    async def test_first_steps_are_counted(self, arena: Arena, stranger: RawClient) -> None:
        """Each costs a look into the platform's database: nobody may ask for ever on one connection."""
        with contextlib.suppress(*GONE):
            for number in range(100):
                await stranger.command(sasl_start(client_first(f"guess-{number}")))
            pytest.fail("the broker answers for ever")

    async def test_passwords_cannot_be_tried_for_ever(self, arena: Arena, stranger: RawClient) -> None:
        with contextlib.suppress(*GONE):
            for _ in range(100):
                await Exchange(stranger, arena.attacker).start()
                await stranger.command({"saslContinue": 1, "payload": b"c=biws,r=x,p=AAAA", "$db": "admin"})
            pytest.fail("the broker answers for ever")
