"""How long a freeze takes, how soon a thawed app answers, and what memory is given back.

A FastAPI app runs as a workload of the launcher, as apps do; it is frozen and thawed `ROUNDS` times. The first answer
is from asking for the thaw until the whole response is read. With swap (`--swap MIB` makes some for the while, as root)
memory is paged out, and the first answer pays for bringing it back.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.ports import free_port  # noqa: E402

from hothouse.launch import preflight  # noqa: E402
from hothouse.launch.backends.local import LocalLauncher  # noqa: E402
from hothouse.launch.interfaces import Mount, WorkloadSpec  # noqa: E402

ROUNDS = 20
APP = """
import os
import fastapi, uvicorn
app = fastapi.FastAPI()
ballast = bytearray(os.urandom(64 * 2**20))

@app.get("/")
def answer() -> dict[str, int]:
    return {"sum": sum(ballast[:1000])}

uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
"""


@contextlib.contextmanager
def swap(mebibytes: int) -> Iterator[None]:
    """Have a swap file for the while."""
    if not mebibytes:
        yield
        return
    with tempfile.NamedTemporaryFile(prefix="hothouse-bench-swap-", dir="/var/tmp") as file:
        file.write(b"\0" * mebibytes * 2**20)
        file.flush()
        subprocess.run(["mkswap", file.name], check=True, capture_output=True)
        subprocess.run(["swapon", file.name], check=True, capture_output=True)
        try:
            yield
        finally:
            subprocess.run(["swapoff", file.name], check=True)


def resident(keeper: int) -> float:
    """Add up the resident memory below the keeper in MiB."""
    return sum(each.memory_info().rss for each in psutil.Process(keeper).children(recursive=True)) / 2**20


async def measure(folder: Path) -> dict[str, list[float]]:
    """Start the app, freeze and thaw it, and end it."""
    launcher, port = LocalLauncher(folder / "workloads", preflight.detect()), free_port()
    mounts = (Mount(source=ROOT / ".venv"),)
    argv = (str(ROOT / ".venv" / "bin" / "python"), "-c", APP)
    env = {"PORT": str(port), "PATH": os.defpath}
    uid = 210_999 if os.geteuid() == 0 else None
    status = await launcher.start(
        WorkloadSpec(workload_id="bench", argv=argv, env=env, cwd=Path("/"), mounts=mounts, uid=uid)
    )
    keeper = psutil.Process(status.pid).parent().parent() if status.pid else None
    assert keeper is not None
    found: dict[str, list[float]] = {name: [] for name in ("freeze ms", "first answer ms", "second ms", "MiB", "→ MiB")}
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until_ready(client)
            for _ in range(ROUNDS):
                found["MiB"].append(resident(keeper.pid))
                await timed(found["freeze ms"], launcher.freeze("bench"))
                found["→ MiB"].append(resident(keeper.pid))
                began = time.perf_counter()
                await launcher.thaw("bench")
                (await client.get("/")).raise_for_status()
                found["first answer ms"].append((time.perf_counter() - began) * 1000)
                await timed(found["second ms"], client.get("/"))
    finally:
        await launcher.stop("bench", grace_seconds=1)
    return found


async def until_ready(client: httpx2.AsyncClient) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            (await client.get("/")).raise_for_status()
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "the app did not start"
            await asyncio.sleep(0.05)
        else:
            return


async def timed(into: list[float], call: object) -> None:
    began = time.perf_counter()
    await call  # type: ignore[misc]
    into.append((time.perf_counter() - began) * 1000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swap", type=int, default=0, metavar="MIB", help="make a swap file for the while")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hothouse-bench-freeze-"))
    folder.chmod(0o755)
    try:
        with swap(options.swap):
            found = asyncio.run(measure(folder))
    finally:
        shutil.rmtree(folder)
    table = Table("", "median", "worst", title=f"Freeze and thaw, {ROUNDS} times, {options.swap} MiB of swap made")
    for name, values in found.items():
        table.add_row(name, f"{statistics.median(values):.2f}", f"{max(values):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
