"""The broker as a process of its own, as `hothouse up` runs it, so that it can be killed like one."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path

from tests.support.waiting import eventually

START_SECONDS = 30
STOP_SECONDS = 15


async def start_broker(
    mongodb_uri: str, home: Path, port: int = 0, settings: Mapping[str, str] | None = None
) -> tuple[Process, int]:
    """Run `hothouse broker`; return the process and its port once it says that it is ready.

    `settings` are further HOTHOUSE_* variables. What it logs is in `broker.log` in the folder `home`.
    """
    environment = {
        **os.environ,
        "HOTHOUSE_HOME": str(home),
        "HOTHOUSE_MONGODB_URI": mongodb_uri,
        "HOTHOUSE_BROKER_PORT": str(port),
        **(settings or {}),
    }
    home.mkdir(parents=True, exist_ok=True)
    log = home / "broker.log"
    said_before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hothouse.cli", "broker", env=environment, stdout=output, stderr=output
        )

    def ready_port() -> int | None:
        said = log.read_bytes()[said_before:]
        if process.returncode is not None:
            raise RuntimeError(f"the broker did not start: {said[-2000:].decode(errors='replace')}")
        return next((event["port"] for event in _events(said) if event.get("event") == "ready"), None)

    return process, await eventually(ready_port, "the broker is ready", START_SECONDS)


async def stop_broker(process: Process) -> int:
    """Ask a broker to stop, and return its exit code; harmless when it has ended."""
    if process.returncode is None:
        process.terminate()
    return await asyncio.wait_for(process.wait(), STOP_SECONDS)


def _events(said: bytes) -> list[dict[str, object]]:
    whole_lines = said[: said.rfind(b"\n") + 1].splitlines()
    return [json.loads(line) for line in whole_lines if line.startswith(b"{")]
