"""A spare: a process that has imported what its app will, and waits until it is told to become the app.

The platform keeps one for an app that sleeps, in the app's own sandbox, so that the next visitor does not wait for
Python and its packages. Nothing of the app's own code has run in it. What it is told is the environment of the app as
it is by then, in the frame `<8 bytes of length><JSON object>`.

    python -m hothouse_sdk.spare module:attribute --fd 3
"""

import argparse
import asyncio
import gc
import importlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hothouse_sdk._imports import foreseen, modules_in

GO_FD, WAITING_FD = 4, 5
_LENGTH_BYTES = 8
_SERVER = (
    "hothouse_sdk.run",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
_OF_THE_INTERPRETER = ("PYTHON", "LD_", "MALLOC_", "GLIBC_", "LC_")
"""How names of variables begin that count only at the start of a program."""


class Spare:
    """What will become the app `entry`."""

    def __init__(self, entry: str) -> None:
        """Take note of the app's own folders, and keep its modules from being found for now."""
        self._entry = entry
        self._path = list(sys.path)
        named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        own = dict.fromkeys([str(Path.cwd()), *filter(None, named)])
        self._folders = [Path(folder) for folder in own]
        sys.path[:] = [folder for folder in sys.path if folder not in own]

    def prepare(self) -> None:
        """Import what the app and its server will; what cannot be imported is left for the app to fail on."""
        for module in _SERVER:
            _import(module)
        for each in foreseen(self._entry, self._folders):
            _import(each.module, each.names)
        _rehearse()
        gc.collect()
        gc.freeze()  # all of this stays: collections need not look at it again

    def wait(self) -> bool:
        """Say that it waits, and take the environment once it is told to go.

        False where only an ordinary start leads to what the app would be with that environment.
        """
        os.write(WAITING_FD, b"1")
        os.close(WAITING_FD)
        length = int.from_bytes(_read(GO_FD, _LENGTH_BYTES), "big")
        told: dict[str, str] = json.loads(_read(GO_FD, length))
        os.close(GO_FD)
        is_as_foreseen = self._is_as_foreseen(told)
        os.environ.update(told)
        sys.path[:] = self._path
        importlib.invalidate_caches()
        return is_as_foreseen

    def _is_as_foreseen(self, told: dict[str, str]) -> bool:
        """Tell whether what was imported would be the same if it were imported now."""
        if any(os.environ.get(name, value) != value for name, value in told.items()):
            return False
        if any(name.startswith(_OF_THE_INTERPRETER) for name in told.keys() - os.environ.keys()):
            return False
        used = {name.partition(".")[0] for name in sys.modules} - {"__main__", *sys.builtin_module_names}
        return not any(used & modules_in(folder) for folder in self._folders)


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare, wait, and serve."""
    parser = argparse.ArgumentParser(prog="python -m hothouse_sdk.spare")
    parser.add_argument("entry")
    parser.add_argument("--fd", type=int, required=True)
    arguments = parser.parse_args(argv)
    spare = Spare(arguments.entry)
    spare.prepare()
    if not spare.wait():
        _start_anew(arguments.entry, arguments.fd)
    run = importlib.import_module("hothouse_sdk.run")
    run.main([arguments.entry, "--fd", str(arguments.fd)])


def _start_anew(entry: str, fd: int) -> None:
    """Become the app by way of an ordinary start; never returns."""
    argv = [sys.executable, "-m", "hothouse_sdk.run", entry, "--fd", str(fd)]
    os.execve(sys.executable, argv, os.environ)  # noqa: S606 - the app's own interpreter, no shell


async def _nothing() -> dict[str, str]:
    return {}


def _rehearse() -> None:
    """Have an app without anything of the app's own answer once: some of what is needed is only imported by that."""
    if "fastapi" not in sys.modules:
        return
    fastapi, uvicorn = importlib.import_module("fastapi"), importlib.import_module("uvicorn")
    app = fastapi.FastAPI(docs_url=None, redoc_url=None)
    app.add_api_route("/", _nothing, response_model=dict[str, str])
    uvicorn.Config(app, log_config=None).load()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "http_version": "1.1"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(_: dict[str, Any]) -> None:
        return

    asyncio.run(app(scope, receive, send))


def _import(module: str, names: Iterable[str] = ()) -> None:
    """Import a module, and what else taking names from it imports."""
    try:
        imported: Any = importlib.import_module(module)
    except Exception:  # noqa: BLE001 - the app will see the same, and it stands in its own log then
        return
    for name in names:
        try:
            if not hasattr(imported, name):
                importlib.import_module(f"{module}.{name}")
        except Exception:  # noqa: BLE001, S112 - as above
            continue


def _read(fd: int, length: int) -> bytes:
    data = b""
    while len(data) < length:
        more = os.read(fd, length - len(data))
        if not more:
            raise SystemExit(0)  # the platform has let go of it
        data += more
    return data


if __name__ == "__main__":
    main()
