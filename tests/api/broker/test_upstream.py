"""The broker's own way to MongoDB."""

import asyncio
import datetime as dt
import ipaddress
import weakref
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pymongo import AsyncMongoClient
from tests.support.waiting import eventually

from hothouse.broker.errors import UpstreamError
from hothouse.broker.upstream import Access, DatabaseUsers, Pools, Server, UpstreamConnection, UpstreamPool
from hothouse.broker.upstream import pool as pool_module
from hothouse.broker.upstream import waiters as waiters_module
from hothouse.database.embedded import EmbeddedMongo


def _write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that vouches for itself; return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return files


@pytest.fixture
async def tls_uri(tmp_path: Path) -> AsyncIterator[str]:
    """Connection string of an embedded MongoDB that speaks only TLS."""
    server = EmbeddedMongo(tmp_path / "database", tmp_path / "keys")
    await server.prepare()
    certificate, key = _write_certificate(tmp_path)
    uri = f"{server.uri}&tls=true&tlsCAFile={certificate}"
    process = await asyncio.create_subprocess_exec(
        *server.argv(), "--tls-cert-file", certificate, "--tls-key-file", key
    )
    try:
        yield uri
    finally:
        process.terminate()
        await process.wait()


class TestServer:
    async def test_tls_and_password_from_the_connection_string(self, tls_uri: str) -> None:
        async with AsyncMongoClient[dict[str, Any]](tls_uri) as client:
            pool = UpstreamPool(Server(client))
            connection = await pool.acquire()
            assert connection.is_open
            pool.close()

    async def test_other_mechanism_is_refused(self, mongodb_uri: str) -> None:
        uri = mongodb_uri.replace("authSource=admin", "authSource=admin&authMechanism=SCRAM-SHA-1")
        async with AsyncMongoClient[dict[str, Any]](uri) as client:
            with pytest.raises(UpstreamError):
                await Server(client).open(lambda _connection: None)


Lending = asyncio.Task[UpstreamConnection]


@pytest.fixture
async def client(mongodb_uri: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as made:
        yield made


@pytest.fixture
async def make_pools(client: AsyncMongoClient[dict[str, Any]]) -> AsyncIterator[Callable[..., Pools]]:
    """Make pools that sign in as the platform's own user, which is quicker."""
    made: list[Pools] = []

    def make(**limits: int) -> Pools:
        made.append(Pools(Server(client), DatabaseUsers(client, None), **limits))
        return made[-1]

    yield make
    for pools in made:
        pools.close()
        assert len(pools) == 0, "every place was given back"


async def _begin(*tasks: Lending) -> None:
    """Let tasks run as far as they get without anything happening outside."""
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


class TestPool:
    async def test_lends_again_and_makes_others_wait(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        pool = UpstreamPool(Server(client), max_connections=1)
        first = await pool.acquire()
        waiting = asyncio.create_task(pool.acquire())
        impatient = asyncio.create_task(pool.acquire())
        await _begin(waiting, impatient)
        impatient.cancel()
        first.give_back()
        assert await waiting is first
        pool.give(first)
        assert pool.take() is first
        pool.close()

    async def test_mongodb_stays_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pool_module, "WAIT_SECONDS", 0.0)
        uri = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"
        async with AsyncMongoClient[dict[str, Any]](uri) as nowhere:
            pools = Pools(Server(nowhere), DatabaseUsers(nowhere, b"key"))
            with pytest.raises(UpstreamError, match="cannot be reached"):
                await pools.check()
            with pytest.raises(UpstreamError, match="cannot be reached"):
                await pools.of("hh_a", Access.OWN).acquire()
            assert len(pools) == 0


class TestPools:
    async def test_one_per_database_and_access(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools()
        await pools.check()
        own = pools.of("hh_a", Access.OWN)
        assert pools.of("hh_a", Access.OWN) is own
        assert len({own, pools.of("hh_a", Access.READ), pools.of("hh_b", Access.OWN)}) == 3
        assert len(pools) == 0, "opened when needed"

    async def test_cap_holds_across_pools(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools(max_connections=2)
        lent = [await pools.of("hh_a", Access.OWN).acquire() for _ in range(2)]
        waiting = asyncio.create_task(pools.of("hh_b", Access.OWN).acquire())
        await _begin(waiting)
        assert len(pools) == 2
        lent[0].give_back()
        other = await waiting
        assert (len(pools), lent[0].is_open, lent[1].is_open, other.is_open) == (2, False, True, True)

    async def test_least_used_idle_connection_makes_room(
        self, make_pools: Callable[..., Pools], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pools = make_pools(max_connections=2)
        long_idle, just_used = [await pools.of(name, Access.OWN).acquire() for name in ("hh_a", "hh_b")]
        long_idle.give_back()
        pools.trim()
        just_used.give_back()
        newest = await pools.of("hh_c", Access.OWN).acquire()
        assert (len(pools), long_idle.is_open, just_used.is_open, newest.is_open) == (2, False, True, True)

    async def test_one_pool_does_not_take_everything(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools(max_connections=3, max_per_pool=1)
        greedy = pools.of("hh_a", Access.OWN)
        first = await greedy.acquire()
        waiting = asyncio.create_task(greedy.acquire())
        await _begin(waiting)
        (await pools.of("hh_b", Access.OWN).acquire()).give_back()
        first.give_back()
        assert await waiting is first

    async def test_hog_starves_nobody(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools(max_connections=4)
        hog = pools.of("hh_hog", Access.OWN)
        lent = [await hog.acquire() for _ in range(4)]
        crowd = [asyncio.create_task(hog.acquire()) for _ in range(100)]
        await _begin(*crowd)
        modest = [asyncio.create_task(pools.of(name, Access.OWN).acquire()) for name in ("hh_b", "hh_c")]
        await _begin(*modest)
        for connection in lent:
            connection.give_back()
        async with asyncio.timeout(10):
            others = [await task for task in modest]
        served = sum(task.done() for task in crowd)
        assert (served, len(hog), len(pools)) == (2, 2, 4), "each had its turn"
        for task in crowd:
            task.cancel()
        for connection in others:
            connection.give_back()

    async def test_nobody_waits_forever_for_long_replies(
        self, make_pools: Callable[..., Pools], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiters_module, "STALLED_SECONDS", 0.0)
        pools = make_pools(max_connections=2)
        stuck, busy = (pools.of(name, Access.OWN) for name in ("hh_stuck", "hh_busy"))
        _, other = await stuck.acquire(), await busy.acquire()
        waiting = asyncio.create_task(stuck.acquire())
        crowd = [asyncio.create_task(busy.acquire()) for _ in range(3)]
        await _begin(waiting, *crowd)
        other.give_back()
        async with asyncio.timeout(10):
            await waiting
        for task in crowd:
            task.cancel()

    async def test_who_leaves_at_the_last_moment_loses_no_place(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools(max_connections=1)
        first = await pools.of("hh_a", Access.OWN).acquire()
        leaving = asyncio.create_task(pools.of("hh_b", Access.OWN).acquire())
        staying = asyncio.create_task(pools.of("hh_c", Access.OWN).acquire())
        await _begin(leaving, staying)
        first.give_back()
        leaving.cancel()
        async with asyncio.timeout(10):
            assert (await staying).is_open

    async def test_idle_connections_and_their_pool_go(
        self, make_pools: Callable[..., Pools], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pools = make_pools()
        connection = await pools.of("hh_a", Access.OWN).acquire()
        connection.give_back()
        pools.trim()
        assert pools.of("hh_a", Access.OWN).take() is connection, "not idle for long"
        connection.give_back()
        monkeypatch.setattr(pool_module, "IDLE_SECONDS", -1.0)
        watched = weakref.ref(pools.of("hh_a", Access.OWN))
        pools.trim()
        assert (len(pools), connection.is_open) == (0, False)
        del connection
        await eventually(lambda: watched() is None, "nobody holds the pool")

    async def test_app_is_gone(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools(max_per_pool=1)
        pool = pools.of("hh_a", Access.OWN)
        lent = await pool.acquire()
        kept = await pools.of("hh_b", Access.OWN).acquire()
        waiting = asyncio.create_task(pool.acquire())
        await _begin(waiting)
        pools.forget("hh_a")
        assert (lent.is_open, kept.is_open, len(pools)) == (False, True, 1)
        for refused in (waiting, pool.acquire()):
            with pytest.raises(UpstreamError, match="has stopped"):
                await refused
        assert (await pools.of("hh_a", Access.OWN).acquire()).is_open, "asked for anew, it is another pool"

    async def test_app_is_gone_and_another_reads_its_data(self, make_pools: Callable[..., Pools]) -> None:
        pools = make_pools()
        reader = pools.of("hh_a", Access.READ)
        reading, idle = await reader.acquire(), await reader.acquire()
        idle.give_back()
        pools.forget("hh_a")
        assert (reading.is_open, idle.is_open) == (True, False)
        assert pools.of("hh_a", Access.READ) is reader
