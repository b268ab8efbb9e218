"""Load generators: wrk where it is installed, else a plain one in Python."""

import asyncio
import math
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True)
class Sample:
    """What one run found: requests per second, and the 99th percentile of the latency in milliseconds."""

    rate: float
    p99_ms: float
    errors: int


def name() -> str:
    """Name of the generator in use."""
    return "wrk" if shutil.which("wrk") else "Python (install wrk for a stronger one)"


def run(url: str, headers: dict[str, str], connections: int, seconds: int) -> Sample:
    """Ask `url` over that many connections for so long."""
    if shutil.which("wrk"):
        return _run_wrk(url, headers, connections, seconds)
    return asyncio.run(_run_python(url, headers, connections, seconds))


def _run_wrk(url: str, headers: dict[str, str], connections: int, seconds: int) -> Sample:
    options = [f"-H{name}: {value}" for name, value in headers.items()]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", *options, url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    socket_errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = (int(bad[1]) if bad else 0) + (sum(map(int, socket_errors.groups())) if socket_errors else 0)
    if rate is None or p99 is None:
        raise RuntimeError(f"wrk's output is not understood:\n{text}")
    return Sample(float(rate[1]), float(p99[1]) * UNITS[p99[2]], errors)


async def _run_python(url: str, headers: dict[str, str], connections: int, seconds: int) -> Sample:
    parts = urlsplit(url)
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": parts.netloc, **headers}.items())
    message = f"GET {parts.path or '/'} HTTP/1.1\r\n{lines}\r\n".encode()
    latencies: list[float] = []
    errors = 0
    end = time.perf_counter() + seconds

    async def visitor() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while (start := time.perf_counter()) < end:
            writer.write(message)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            errors += b" 200 " not in head[:16]
            latencies.append((time.perf_counter() - start) * 1e3)
        writer.close()

    await asyncio.gather(*(visitor() for _ in range(connections)))
    latencies.sort()
    return Sample(len(latencies) / seconds, latencies[math.ceil(len(latencies) * 0.99) - 1], errors)
