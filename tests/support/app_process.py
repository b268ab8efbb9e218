"""A real app in a process of its own, spoken to over HTTP."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2

START_SECONDS = 60
STOP_SECONDS = 20
_LISTENING = re.compile(r"Uvicorn running on (http://\S+)")


def database_uri(server_uri: str, name: str) -> str:
    """Return the URI of one database on a server, as an app gets it."""
    parts = urlsplit(server_uri)
    query = parts.query
    if "@" in parts.netloc and "authSource" not in query:
        query = f"{query}&authSource=admin" if query else "authSource=admin"
    return urlunsplit(parts._replace(path=f"/{name}", query=query))


@dataclass
class AppProcess:
    """A started app: its address, a client that speaks to it, and the lines it printed."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    url: str = ""
    client: httpx2.AsyncClient = field(init=False)
    _new_line: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        """Collect what the app prints until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._new_line:
                self.lines.append(line.decode().rstrip())
                self._new_line.notify_all()
        async with self._new_line:
            self.lines.append("<ended>")
            self._new_line.notify_all()

    async def printed(self, pattern: str, *, after: int = 0) -> re.Match[str]:
        """Wait until a line matches; fail with everything printed if the app ends first."""
        seen = after
        async with asyncio.timeout(START_SECONDS), self._new_line:
            while True:
                for line in self.lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                assert "<ended>" not in self.lines, "\n".join(self.lines)
                seen = len(self.lines)
                await self._new_line.wait()

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the app to stop and return its exit code."""
        if self.process.returncode is None:
            os.kill(self.process.pid, how)
        return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)


@asynccontextmanager
async def running(
    argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[AppProcess]:
    """Start `python <argv>`, wait until it listens, and stop it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *map(str, argv),
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **(env or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    app = AppProcess(process)
    reader = asyncio.create_task(app.read())
    try:
        app.url = (await app.printed(_LISTENING.pattern))[1]
        # A reloading server announces its address a moment before it listens.
        patient = httpx2.AsyncHTTPTransport(retries=8)
        async with httpx2.AsyncClient(base_url=app.url, timeout=30, transport=patient) as app.client:
            yield app
    finally:
        try:
            await app.stop()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            raise
        finally:
            await reader
