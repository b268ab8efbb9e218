"""Where the broker can be reached: with TLS, and by its unix socket."""

import asyncio
import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import uuid
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from cryptography.hazmat.primitives import serialization
from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure
from tests.support.broker_process import start_broker, stop_broker
from tests.support.certificates import write_certificate

from hothouse.apps.reconciler.specs import broker_mounts, database_uri
from hothouse.broker import wire
from hothouse.broker.core import Options
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.errors import ListenError
from hothouse.broker.listeners import Certificate, make_socket_folder, unix_listener
from hothouse.broker.process import listening
from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Mount, WorkloadSpec
from hothouse.settings import Settings

UID = 210_918 if os.geteuid() == 0 else None
MECHANISM = "authMechanism=SCRAM-SHA-256"
Client = MongoClient[dict[str, Any]]


@dataclass
class Bench:
    """A real MongoDB, a workload's credential, and brokers as a test wants them."""

    direct: AsyncMongoClient[dict[str, Any]]
    platform: AsyncDatabase[dict[str, Any]]
    database: str = field(default_factory=lambda: f"hh_{uuid.uuid4().hex[:10]}", kw_only=True)
    workload_id: str = field(default_factory=lambda: f"w-{uuid.uuid4().hex[:8]}", kw_only=True)
    password: str = field(default_factory=lambda: uuid.uuid4().hex, kw_only=True)

    async def issue(self) -> None:
        store = CredentialStore(self.platform)
        await store.issue(workload_id=self.workload_id, database=self.database, password=self.password)

    @asynccontextmanager
    async def broker(self, **options: Any) -> AsyncIterator[tuple[str, int]]:
        async with listening(self.direct, self.platform.name, host="127.0.0.1", port=0, **options) as address:
            yield address

    def uri(self, address: str, *options: str) -> str:
        login = f"{self.workload_id}:{self.password}"
        return f"mongodb://{login}@{address}/{self.database}?{'&'.join((MECHANISM, *options))}"


@pytest.fixture
async def bench(mongodb_uri: str, platform_database: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[Bench]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct:
        made = Bench(direct, platform_database)
        await made.issue()
        yield made
        await direct.drop_database(made.database)


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="hothouse-socket-"))
    yield folder
    shutil.rmtree(folder)


async def use(uri: str, **options: Any) -> str:
    """Write and read with PyMongo's ordinary client, in a thread; returns what came back."""

    def work() -> str:
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000, **options) as client:
            own = client.get_default_database()["c"]
            own.insert_one({"_id": 1, "text": "x" * 5_000_000})
            found = own.find_one_and_delete({"_id": 1})
            assert found is not None
            assert len(found["text"]) == 5_000_000
            return str(own.database.name)

    return await asyncio.to_thread(work)


async def fails(uri: str, **options: Any) -> str:
    """Expect that no server is found; returns why."""

    def work() -> str:
        with (
            MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=300, **options) as client,
            pytest.raises(ConnectionFailure) as failure,
        ):
            client.admin.command("ping")
        return str(failure.value)

    return await asyncio.to_thread(work)


def shake_hands(host: str, port: int, context: ssl.SSLContext) -> None:
    with socket.create_connection((host, port)) as plain, context.wrap_socket(plain, server_hostname=host):
        pass


@dataclass
class TlsBench(Bench):
    """A broker with a certificate, as a process of its own and so on the event loop that serves in earnest."""

    folder: Path
    process: Process
    port: int

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def tls_uri(self, *options: str, trusting: Path | None = None) -> str:
        return self.uri(f"127.0.0.1:{self.port}", "tls=true", f"tlsCAFile={trusting or self.certificate}", *options)


@pytest.fixture(scope="module")
async def tls_bench(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TlsBench]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = write_certificate(folder)
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct:
        platform = direct[f"test_{uuid.uuid4().hex[:12]}"]
        settings = {
            "HOTHOUSE_MONGODB_DATABASE": platform.name,
            "HOTHOUSE_BROKER_TLS_CERTIFICATE": str(certificate),
            "HOTHOUSE_BROKER_TLS_KEY": str(key),
            "HOTHOUSE_BROKER_METRICS": "127.0.0.1:0",
        }
        process, port = await start_broker(mongodb_uri, folder, settings=settings)
        made = TlsBench(direct, platform, folder=folder, process=process, port=port)
        await made.issue()
        yield made
        assert await stop_broker(process) == 0
        shutil.rmtree(Settings(home=folder).broker_socket.parent)
        await direct.drop_database(platform)
        await direct.drop_database(made.database)
        log = (folder / "broker.log").read_text()
        assert "Traceback" not in log
        assert "certificate-renewed" in log
        assert "certificate-unusable" in log


@pytest.fixture
def tls(tls_bench: TlsBench) -> TlsBench:
    """The broker, with a new certificate for the address it has."""
    write_certificate(tls_bench.folder)
    return tls_bench


class TestTls:
    @pytest.mark.parametrize("direct", ["directConnection=true", "directConnection=false"])
    async def test_sync_client(self, tls: TlsBench, direct: str) -> None:
        assert await use(tls.tls_uri(direct)) == tls.database

    async def test_async_client(self, tls: TlsBench) -> None:
        async with AsyncMongoClient[dict[str, Any]](tls.tls_uri()) as client:
            own = client.get_default_database()["many"]
            await asyncio.gather(*(own.insert_one({}) for _ in range(20)))
            assert len(await own.find().to_list()) == 20

    async def test_plain_text(self, tls: TlsBench) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", tls.port)
        writer.write(wire.encode_message({"hello": 1, "$db": "admin"}))
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        assert len(answer) < wire.HEADER_BYTES, "at most a TLS alert"
        assert await fails(tls.uri(f"127.0.0.1:{tls.port}"))
        assert await use(tls.tls_uri())

    async def test_wrong_name(self, tls: TlsBench) -> None:
        write_certificate(tls.folder, "broker.example.org")
        assert "certificate is not valid for '127.0.0.1'" in await fails(tls.tls_uri())

    async def test_unknown_authority(self, tls: TlsBench) -> None:
        assert "certificate verify failed" in await fails(tls.uri(f"127.0.0.1:{tls.port}", "tls=true"))

    async def test_old_versions(self, tls: TlsBench) -> None:
        context = ssl.create_default_context(cafile=tls.certificate)
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.raises(ssl.SSLError, match=r"EOF|(?i:version)"):
            await asyncio.to_thread(shake_hands, "127.0.0.1", tls.port, context)

    async def test_renewed(self, tls: TlsBench) -> None:
        former = shutil.copy(tls.certificate, tls.folder / "former.pem")
        trusting_former = tls.tls_uri(trusting=former)
        async with AsyncMongoClient[dict[str, Any]](trusting_former) as client:
            await client.get_default_database()["c"].find_one()
            write_certificate(tls.folder)
            await client.get_default_database()["c"].find_one()
            assert await use(tls.tls_uri())
            assert "certificate verify failed" in await fails(trusting_former)

    async def test_renewed_badly(self, tls: TlsBench) -> None:
        await use(tls.tls_uri())
        former = shutil.copy(tls.certificate, tls.folder / "former.pem")
        key = tls.folder / "key.pem"
        other_key = key.read_bytes()
        write_certificate(tls.folder)
        key.write_bytes(other_key)
        assert await use(tls.tls_uri(trusting=former)), "certificate and key do not belong together"
        tls.certificate.unlink()
        assert await use(tls.tls_uri(trusting=former))

    async def test_metrics(self, tls: TlsBench) -> None:
        assert await use(tls.tls_uri())
        log = (tls.folder / "broker.log").read_text()
        port = next(event["port"] for line in log.splitlines() if (event := json.loads(line))["event"] == "metrics")
        async with httpx2.AsyncClient() as client:
            metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        labels = f'command="insert",database="{tls.database}"'
        assert f"hothouse_broker_commands_total{{{labels}}}" in metrics
        assert f'hothouse_broker_storage_allowed_bytes{{database="{tls.database}"}}' in metrics

    async def test_uri_of_a_workload(self, tls: TlsBench, make_settings: Callable[..., Settings]) -> None:
        files = {"tls_certificate": tls.certificate, "tls_key": tls.folder / "key.pem", "tls_ca": tls.certificate}
        settings = make_settings(port=tls.port, **files)
        assert await use(uri_of(settings, tls)) == tls.database
        assert broker_mounts(settings) == (Mount(source=tls.certificate),)


class TestCertificate:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(ListenError, match="HOTHOUSE_BROKER_TLS_CERTIFICATE"):
            Certificate(tmp_path / "none.pem", tmp_path / "none.key")

    def test_key_of_another(self, tmp_path: Path) -> None:
        certificate, key = write_certificate(tmp_path)
        other = tmp_path / "other"
        other.mkdir()
        with pytest.raises(ListenError, match="cannot be used"):
            Certificate(write_certificate(other)[0], key)
        Certificate(certificate, key)

    def test_locked_key(self, tmp_path: Path) -> None:
        certificate, key = write_certificate(tmp_path)
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        lock = serialization.BestAvailableEncryption(b"secret")
        pem = serialization.Encoding.PEM
        key.write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, lock))
        with pytest.raises(ListenError, match="cannot be used"):
            Certificate(certificate, key)

    def test_the_process_says_so_and_gives_up(self, mongodb_uri: str, tmp_path: Path) -> None:
        env = {
            "PATH": os.environ["PATH"],
            "HOTHOUSE_HOME": str(tmp_path),
            "HOTHOUSE_MONGODB_URI": mongodb_uri,
            "HOTHOUSE_BROKER_PORT": "0",
            "HOTHOUSE_BROKER_TLS_CERTIFICATE": str(tmp_path / "none.pem"),
            "HOTHOUSE_BROKER_TLS_KEY": str(tmp_path / "none.key"),
        }
        argv = [sys.executable, "-m", "hothouse.cli", "broker"]
        ended = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == os.EX_CONFIG
        assert "none.pem" in ended.stderr.splitlines()[-1]


class TestSocket:
    @pytest.mark.parametrize("direct", ["directConnection=true", "directConnection=false"])
    async def test_sync_client(self, bench: Bench, short: Path, direct: str) -> None:
        path = short / "broker" / "broker.sock"
        async with bench.broker(socket=path) as (host, port):
            assert await use(bench.uri(quote(str(path), safe=""), direct)) == bench.database
            assert await use(bench.uri(f"{host}:{port}", direct)) == bench.database, "the port serves as well"

    @pytest.mark.parametrize("direct", ["directConnection=true", "directConnection=false"])
    async def test_async_client(self, bench: Bench, short: Path, direct: str) -> None:
        path = short / "broker" / "broker.sock"
        async with bench.broker(socket=path, options=Options(advertise="broker.example.org:27080")):
            uri = bench.uri(quote(str(path), safe=""), direct)
            async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
                await client.get_default_database()["c"].insert_one({"_id": 1})
                assert await client.get_default_database()["c"].find_one() == {"_id": 1}

    async def test_a_password_is_asked_for(self, bench: Bench, short: Path) -> None:
        path = short / "broker" / "broker.sock"
        bench.password = "wrong"
        async with bench.broker(socket=path):
            with pytest.raises(Exception, match="Authentication failed"):
                await use(bench.uri(quote(str(path), safe="")))

    async def test_open_to_all_and_gone_in_the_end(self, bench: Bench, short: Path) -> None:
        path = short / "broker" / "broker.sock"
        async with bench.broker(socket=path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o666
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
        assert not path.exists()
        assert path.parent.exists(), "it is mounted into sandboxes"

    async def test_left_by_a_broker_that_was_killed(self, bench: Bench, short: Path) -> None:
        path = short / "broker.sock"
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
        async with bench.broker(socket=path):
            assert await use(bench.uri(quote(str(path), safe="")))

    async def test_taken_by_a_broker_that_runs(self, bench: Bench, short: Path) -> None:
        path = short / "broker.sock"
        async with bench.broker(socket=path):
            with pytest.raises(ListenError, match="Another broker"):
                async with bench.broker(socket=path):
                    pass
            assert await use(bench.uri(quote(str(path), safe="")))

    async def test_replaced_by_another(self, short: Path) -> None:
        """What stands there in the end may be the next broker's."""
        path = short / "broker.sock"
        async with unix_listener(asyncio.Protocol, path):
            path.unlink()
            path.touch()
        assert path.exists()

    async def test_long_path(self, short: Path) -> None:
        with pytest.raises(ListenError, match="TMPDIR"):
            async with unix_listener(asyncio.Protocol, short / ("x" * 100) / "broker.sock"):
                pass

    def test_planted_folder(self, short: Path) -> None:
        (short / "real").mkdir()
        (short / "broker").symlink_to(short / "real")
        with pytest.raises(ListenError, match="not a folder of yours"):
            make_socket_folder(short / "broker" / "broker.sock")


PROGRAM = """
import os, pathlib, pymongo
client = pymongo.MongoClient(os.environ["HOTHOUSE_DATABASE_URI"], serverSelectionTimeoutMS=10000)
own = client.get_default_database()
own.c.insert_one({"_id": 1})
print("found", own.c.find_one(), flush=True)
path = pathlib.Path(client.address[0])
for change in (path.unlink, (path.parent / "planted").touch, lambda: path.chmod(0)):
    try:
        change()
        print("changed", flush=True)
    except OSError:
        print("kept", flush=True)
"""


@pytest.fixture
def make_settings(short: Path, mongodb_uri: str) -> Iterator[Callable[..., Settings]]:
    """Makes settings of the installation under test, whose socket's folder is removed in the end."""
    made: list[Settings] = []

    def make(**broker: Any) -> Settings:
        short.chmod(0o755)
        made.append(Settings.model_validate({"home": short / "home", "broker": broker}))
        return made[-1]

    yield make
    for settings in made:
        shutil.rmtree(settings.broker_socket.parent, ignore_errors=True)


def uri_of(settings: Settings, bench: Bench) -> str:
    return database_uri(settings, bench.database, bench.workload_id, bench.password)


class TestWorkload:
    @pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is there for Linux only")
    async def test_sandbox_with_nothing_but_the_socket(
        self, bench: Bench, short: Path, make_settings: Callable[..., Settings]
    ) -> None:
        settings = make_settings(transport="unix")
        workspace = short / "workspace"
        workspace.mkdir()
        mounts = broker_mounts(settings)
        launcher = LocalLauncher(short / "workloads", preflight.detect("bubblewrap"))
        spec = WorkloadSpec(
            workload_id=bench.workload_id,
            argv=(sys.executable, "-u", "-c", PROGRAM),
            env={
                "PATH": "/usr/bin:/bin",
                "HOTHOUSE_DATABASE_URI": uri_of(settings, bench),
            },
            cwd=workspace,
            mounts=(Mount(source=workspace, writable=True), Mount(source=Path(sys.prefix)), *mounts),
            uid=UID,
        )
        async with bench.broker(socket=settings.broker_socket):
            await launcher.start(spec)
            async with asyncio.timeout(60):
                lines = [line.text async for line in launcher.logs(spec.workload_id, follow=True)]
        await launcher.discard(spec.workload_id)
        assert lines == ["found {'_id': 1}", "kept", "kept", "kept"]

    def test_system_authorities(self, bench: Bench, make_settings: Callable[..., Settings]) -> None:
        settings = make_settings(advertise="broker.example.org:1", tls_certificate="c.pem", tls_key="k.pem")
        uri = uri_of(settings, bench)
        assert "@broker.example.org:1/" in uri
        assert uri.endswith("&tls=true")
        assert broker_mounts(settings) == ()

    def test_nothing_set(self, bench: Bench, make_settings: Callable[..., Settings]) -> None:
        settings = make_settings()
        assert uri_of(settings, bench) == (
            f"mongodb://{bench.workload_id}:{bench.password}@127.0.0.1:27080/{bench.database}"
            f"?authSource={bench.database}&directConnection=true&authMechanism=SCRAM-SHA-256"
        )
        assert broker_mounts(settings) == ()
