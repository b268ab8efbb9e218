"""`hothouse people`, against a hub that listens."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from tests.support.up_process import clean_environment
from tests.support.waiting import eventually

Command = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
async def people(hub: FastAPI, ada: httpx2.AsyncClient) -> AsyncIterator[Command]:
    """Runs `hothouse people …` as Ada; returns exit code, standard output and standard error."""
    token = (await ada.post("/api/v1/tokens", json={"name": "cli", "scopes": ["admin"]})).json()["token"]
    server = uvicorn.Server(uvicorn.Config(hub, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    env = clean_environment(HOTHOUSE_URL=f"http://127.0.0.1:{port}", HOTHOUSE_TOKEN=token)

    async def run(*arguments: str) -> tuple[int, str, str]:
        command = (sys.executable, "-m", "hothouse.cli", "people", *arguments)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=pipe, stderr=pipe)
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    yield run
    server.should_exit = True
    await serving


async def shown(people: Command, *arguments: str) -> Any:
    code, out, err = await people(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


async def test_a_persons_time_here(people: Command, ada: httpx2.AsyncClient) -> None:
    code, out, err = await people("invite", "mia@example.org")
    assert (code, out.startswith("http://localhost:8000/invitation#")) == (0, True), err
    assert "works once" in err
    body = {"code": out.strip().partition("#")[2], "name": "Mia", "password": "long enough pw"}
    assert (await ada.post("/api/v1/auth/invitation/accept", json=body)).status_code == 201
    await ada.post("/api/v1/auth/login", json={"email": "ada@example.org", "password": "correct horse battery"})
    assert [one["email"] for one in await shown(people, "list")] == ["mia@example.org", "ada@example.org"]
    assert (await shown(people, "role", "mia@example.org", "admin"))["role"] == "admin"
    assert [one["name"] for one in await shown(people, "list", "--role", "admin")] == ["Mia", "Ada"]
    assert not (await shown(people, "deactivate", "MIA@example.org"))["is_active"]
    code, out, _ = await people("list", "--search", "mia")
    assert (code, "deactivated" in out) == (0, True)
    code, _, err = await people("reset-link", "mia@example.org")
    assert (code, "Reactivate it first" in err) == (1, True)
    assert (await shown(people, "reactivate", "mia@example.org"))["is_active"]
    code, out, _ = await people("reset-link", "mia@example.org")
    assert (code, "/reset-password#" in out) == (0, True)


async def test_nobody_of_that_address(people: Command) -> None:
    code, out, err = await people("deactivate", "nobody@example.org")
    assert (code, out) == (1, "")
    assert err == "hothouse: There is no account for nobody@example.org. See who has one: `hothouse people`.\n"
