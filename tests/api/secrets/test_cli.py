"""`hothouse secrets`: a value comes from a pipe, a file, or a prompt that does not show it, and from no argument."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from tests.support.up_process import clean_environment
from tests.support.waiting import eventually

Command = Callable[..., Awaitable[tuple[int, str, str]]]
PIPE = asyncio.subprocess.PIPE
VALUE = "canary-c1i-5e1f"


@pytest.fixture
async def environment(hub: FastAPI, ada: httpx2.AsyncClient) -> AsyncIterator[dict[str, str]]:
    """What Ada's commands are started with, to ask a hub that listens."""
    token = (await ada.post("/api/v1/tokens", json={"name": "cli"})).json()["token"]
    server = uvicorn.Server(uvicorn.Config(hub, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield clean_environment(HOTHOUSE_URL=f"http://127.0.0.1:{port}", HOTHOUSE_TOKEN=token)
    server.should_exit = True
    await serving


@pytest.fixture
def secrets(environment: dict[str, str]) -> Command:
    """Runs `hothouse secrets …`; returns exit code, standard output and standard error."""

    async def run(*arguments: str, piped: bytes = b"") -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *command(*arguments), env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate(piped)
        return process.returncode or 0, out.decode(), err.decode()

    return run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hothouse.cli", "secrets", *arguments]


async def given(hub: FastAPI, ada: httpx2.AsyncClient) -> tuple[dict[str, str], dict[str, bytes]]:
    """What Ada's environments are given."""
    user_id = (await ada.get("/api/v1/auth/me")).json()["user"]["id"]
    env, files = await hub.state.personal_secrets.for_workload(user_id, {"_id": "w1"})
    return env, files


async def test_kept_listed_and_deleted(hub: FastAPI, ada: httpx2.AsyncClient, secrets: Command, tmp_path: Path) -> None:
    source = tmp_path / "key"
    source.write_bytes(b"\0\xff\n")
    said = [
        await secrets("set", "API_KEY", piped=f"{VALUE}\n".encode()),
        await secrets("set", "key", "--path", ".ssh/key", "--file", str(source)),
        await secrets("set", "LINES", piped=b"one\ntwo\n\n"),
    ]
    assert [code for code, _, _ in said] == [0, 0, 0], said
    assert await given(hub, ada) == ({"API_KEY": VALUE, "LINES": "one\ntwo\n"}, {".ssh/key": b"\0\xff\n"})
    said.append(await secrets("list"))
    assert "file ~/.ssh/key" in said[-1][1]
    assert (await secrets("delete", "LINES"))[::2] == (0, "LINES is deleted.\n")
    said.append(await secrets("list", "--json"))
    assert [one["name"] for one in json.loads(said[-1][1])] == ["API_KEY", "key"]
    code, _, err = await secrets("set", "PATH", piped=VALUE.encode())
    assert (code, '"PATH" is set by the platform' in err) == (1, True)
    code, _, err = await secrets("set", "A", VALUE)  # nobody is led to write it where others can see it
    assert (code, "unexpected extra argument" in err.lower()) == (2, True)
    assert VALUE not in str(said)


async def test_asked_for_without_an_echo(hub: FastAPI, ada: httpx2.AsyncClient, environment: dict[str, str]) -> None:
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *command("set", "ASKED"), env=environment, stdin=theirs, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    os.close(theirs)
    assert process.stderr is not None
    assert await asyncio.wait_for(process.stderr.readuntil(b"ASKED: "), 60)
    os.write(ours, f"{VALUE}\n".encode())
    out, err = await process.communicate()
    assert process.returncode == 0, err
    os.set_blocking(ours, False)
    shown = b""
    with suppress(OSError):  # there is nothing to read, or nobody at the other end any more
        shown = os.read(ours, 1000)
    os.close(ours)
    assert VALUE not in out.decode() + err.decode() + shown.decode()
    assert (await given(hub, ada))[0] == {"ASKED": VALUE}
