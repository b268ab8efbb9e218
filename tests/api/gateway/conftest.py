"""A gateway on a real port, before a real uvicorn app, beside a hub that can be told to misbehave."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.support.gateway_door import (
    DEADLINE_SECONDS,
    KEY,
    AppProcess,
    Door,
    MisbehavingHub,
    Script,
    Stub,
    until,
)
from tests.support.ports import free_port

from hothouse.gateway.process import Gateway
from hothouse.gateway.wire.limits import Limits
from hothouse.settings import Settings


@pytest.fixture(scope="session")
def app_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppProcess]:
    process = AppProcess(tmp_path_factory.mktemp("app"))
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="hh"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def hub(short_folder: Path) -> AsyncIterator[MisbehavingHub]:
    hub = MisbehavingHub(short_folder / "hub.sock")
    await hub.start()
    yield hub
    await hub.kill()


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    """Start upstreams that follow a script and then hang up; gives their endpoint."""
    servers = []

    async def start(script: Script) -> str:
        async def follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await script(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        servers.append(await asyncio.start_server(follow, "127.0.0.1", 0))
        return f"http://127.0.0.1:{servers[-1].sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def origin() -> str | None:
    return None


@pytest.fixture
async def door(
    hub: MisbehavingHub, app_process: AppProcess, short_folder: Path, limits: Limits, origin: str | None
) -> AsyncIterator[Door]:
    """A private app `echo` that runs, and a gateway that knows it."""
    await until(app_process.accepts)
    app_process.gate.unlink(missing_ok=True)
    app_process.notes.write_text("")
    settings = Settings(
        home=short_folder,
        port=free_port(),
        origin=origin,
        internal_key=KEY,
        hub={"listen": f"unix:{hub.path}"},
        _env_file=None,
    )
    hub.put(endpoint=app_process.endpoint)
    gateway = Gateway(settings, limits)
    await gateway.start()
    door = Door(hub, gateway, settings, app_process)
    await until(lambda: gateway.table.is_known)
    try:
        yield door
    finally:
        app_process.gate.touch()
        await door.session.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(gateway.stop(grace_seconds=0.2), DEADLINE_SECONDS)
