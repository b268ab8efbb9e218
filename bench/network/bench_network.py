"""Requests to an app in a network of its own, through its relay and at the socket it takes, against plain TCP.

All in one run, in interleaved rounds, on the cores that apps, relay and load generator share; medians are printed, with
their ratio to plain TCP. `python bench/network/bench_network.py [--rounds N] [--seconds N]`
"""

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Mount, Network, WorkloadSpec
from hothouse.workloads.ports import free_port

APP = Path(__file__).parents[1] / "gateway"
CONNECTIONS = (1, 16)
TCP, SOCKET, RELAY = "plain TCP", "socket it takes", "relay"
MESSAGE = b"GET / HTTP/1.1\r\nHost: app\r\n\r\n"
START_SECONDS = 30


async def start(folder: Path, way: str) -> tuple[LocalLauncher, str]:
    """Start the app as a workload; returns who runs it and its endpoint."""
    isolation = preflight.detect("bubblewrap", "private")
    if way == TCP:
        isolation = replace(isolation, layers=tuple(layer for layer in isolation.layers if layer != "network"))
    port = free_port(set())
    where = ("--fd=3",) if way == SOCKET else (f"--port={port}",)
    launcher = LocalLauncher(folder / way.replace(" ", "-"), isolation)
    spec = WorkloadSpec(
        workload_id="w",
        argv=(sys.executable, "-m", "uvicorn", "app_1k:app", "--no-access-log", f"--app-dir={APP}", *where),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path("/"),
        mounts=(Mount(source=Path(sys.prefix)), Mount(source=APP)),
        uid=65534 if os.geteuid() == 0 else None,
        network=Network(port=port, takes_socket=way == SOCKET),
    )
    return launcher, (await launcher.start(spec)).endpoint or ""


async def connected(endpoint: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect with an app, wherever it is."""
    kind, _, where = endpoint.partition(":")
    host, _, port = where.rpartition(":")
    return await (asyncio.open_unix_connection(where) if kind == "unix" else asyncio.open_connection(host, int(port)))


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask once and read all of the kilobyte. Raises: OSError, EOFError."""
    writer.write(MESSAGE)
    await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(1024)


async def until_up(endpoint: str) -> None:
    """Wait until an app answers."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            reader, writer = await connected(endpoint)
            await ask(reader, writer)
        except (OSError, EOFError):
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


async def load(endpoint: str, connections: int, seconds: float) -> tuple[float, float]:
    """Ask over that many connections for so long; returns requests per second and the median latency in µs."""
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    async def visit() -> None:
        reader, writer = await connected(endpoint)
        while (begun := time.perf_counter()) < end:
            await ask(reader, writer)
            latencies.append((time.perf_counter() - begun) * 1e6)
        writer.close()

    await asyncio.gather(*(visit() for _ in range(connections)))
    return len(latencies) / seconds, statistics.median(latencies)


async def measure(folder: Path, rounds: int, seconds: float) -> None:
    """Run all ways in turns and print what came of it."""
    ways = {way: await start(folder, way) for way in (TCP, SOCKET, RELAY)}
    try:
        for _, endpoint in ways.values():
            await until_up(endpoint)
        for connections in CONNECTIONS:
            found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
            for _ in range(rounds):
                for way, (_, endpoint) in ways.items():
                    found[way].append(await load(endpoint, connections, seconds))
            print(f"\n{connections} connection{'s' * (connections > 1)}")
            base = statistics.median(rate for rate, _ in found[TCP])
            for way, results in found.items():
                rate, latency = (statistics.median(each) for each in zip(*results, strict=True))
                print(f"  {way:16} {rate:9.0f} requests/s  {rate / base:5.2f} of plain TCP  p50 {latency:6.0f} µs")
    finally:
        for launcher, _ in ways.values():
            await launcher.stop_all(grace_seconds=1)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hothouse-bench-"))
    folder.chmod(0o755)
    try:
        asyncio.run(measure(folder, options.rounds, options.seconds))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
