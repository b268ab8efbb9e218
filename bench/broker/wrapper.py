"""The other approach beside ours: mdb-engine from PyPI, a wrapper inside the app's process.

Its works run in a process of their own, in a virtual environment of their own, and are asked for row by row.
"""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from work import Row

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements-mdb-engine.txt"
HOME = HERE.parents[1] / ".cache" / "bench" / "mdb-engine"
NAME = "mdb-engine"


class Wrapper:
    """The wrapper's process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def seed(self) -> None:
        await self._ask({"do": "seed"})

    async def rate(self, row: Row, seconds: float) -> float | None:
        if row.work == "find_sync":
            return None
        return await self._ask({"do": row.work, "at_once": row.at_once, "seconds": seconds})

    async def tidy(self) -> None:
        await self._ask({"do": "tidy"})

    async def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{NAME} ended while it was asked for {question['do']}.")
        return json.loads(line)


@contextlib.asynccontextmanager
async def running_wrapper(uri: str, database: str) -> AsyncIterator[Wrapper | None]:
    """Run the wrapper's process; None, with a line that says why, when it cannot be installed."""
    python = await asyncio.to_thread(_install)
    if python is None:
        yield None
        return
    process = await asyncio.create_subprocess_exec(
        python, str(HERE / "wrapper_worker.py"), uri, database, stdin=PIPE, stdout=PIPE, limit=2**20
    )
    try:
        yield Wrapper(process)
    finally:
        process.kill()
        await process.wait()


def _install() -> str | None:
    """Make the virtual environment if it is not there as required; return its Python."""
    python, stamp = HOME / "bin" / "python", HOME / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    print(f"Installing {NAME} into {HOME.relative_to(HERE.parents[1])}", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    uv = str(Path(sys.executable).with_name("uv"))
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(HOME)],
        [uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(REQUIREMENTS)],
    ):
        environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            print(f"{NAME} is left out: it could not be installed.\n{done.stderr.strip()}")
            return None
    stamp.write_text(wanted)
    return str(python)
