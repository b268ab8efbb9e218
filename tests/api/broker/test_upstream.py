"""The broker's own way to MongoDB."""

import asyncio
import datetime as dt
import ipaddress
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pymongo import AsyncMongoClient

from hothouse.broker.errors import UpstreamError
from hothouse.broker.upstream import Server, UpstreamConnection, UpstreamPool
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


class TestPool:
    async def test_lends_again_and_makes_others_wait(self, mongodb_uri: str) -> None:
        async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as client:
            pool = UpstreamPool(Server(client), max_connections=1)
            first = await pool.acquire()
            waiting: asyncio.Task[UpstreamConnection] = asyncio.create_task(pool.acquire())
            impatient = asyncio.create_task(pool.acquire())
            await asyncio.sleep(0)
            impatient.cancel()
            pool.give(first)
            assert await waiting is first
            pool.give(first)
            assert pool.take() is first
            pool.close()
