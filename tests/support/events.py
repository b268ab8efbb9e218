"""Following a hub's streams of events over a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI
from tests.support.ports import free_port
from tests.support.waiting import eventually


@asynccontextmanager
async def on_a_port(hub: FastAPI) -> AsyncIterator[str]:
    """Let a running hub listen on a port; gives its address."""
    port = free_port()
    config = uvicorn.Config(hub, host="127.0.0.1", port=port, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def listening(lab: Any, client: httpx2.AsyncClient, path: str = "/api/v1/events") -> AsyncIterator[list[Any]]:
    """Follow a stream of events at `lab.url` as that person; gives what came so far."""
    cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
    heard: list[Any] = []

    async def listen() -> None:
        async with (
            httpx2.AsyncClient(base_url=lab.url, cookies=cookies, timeout=60, trust_env=False) as real,
            real.stream("GET", path) as answer,
        ):
            assert answer.status_code == 200
            name = ""
            async for line in answer.aiter_lines():
                if line.startswith(":"):
                    opened.set()
                elif line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    heard.append((name, json.loads(line[5:])))

    opened = asyncio.Event()
    task = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(opened.wait(), 10)
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
