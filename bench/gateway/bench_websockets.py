"""What an idle WebSocket costs the gateway in memory, and npm's configurable-http-proxy, in the same run.

`python bench/gateway/bench_websockets.py [--count N]`
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

import aiohttp
import psutil

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "start"), str(Path(__file__).parents[2])]

from bench_gateway import DIRECT, GATEWAY, Target, start_all  # noqa: E402
from bench_start import pss  # noqa: E402

ALLOWED_KB = 60
REST_SECONDS = 3.0


def listener(url: str) -> int:
    """Return the process that listens at a URL."""
    port = int(url.rpartition(":")[2].strip("/"))
    connections = psutil.net_connections("tcp")
    return next(one.pid for one in connections if one.laddr.port == port and one.status == psutil.CONN_LISTEN)


async def cost(target: Target, count: int) -> tuple[int, float]:
    """Open so many, use each once, let them rest; return how many are still open, and kB each."""
    pid = listener(target.url)
    async with contextlib.AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector, headers=target.headers))

        async def opened() -> aiohttp.ClientWebSocketResponse:
            return await stack.enter_async_context(session.ws_connect(target.url))

        await said(await opened())  # what the first one loads is no other's cost
        before = pss(pid)
        sockets = [await opened() for _ in range(count)]
        for socket in sockets:
            await said(socket)
        await asyncio.sleep(REST_SECONDS)
        after = pss(pid)
        for socket in sockets:
            await said(socket)
    return count, (after - before) * 1024 / count


async def said(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Send a word and see it come back."""
    await socket.send_str("word")
    assert await socket.receive_str(timeout=10) == "word"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hh-") as folder, contextlib.ExitStack() as stack:
        targets = start_all(stack, Path(folder))
        print(f"{'through':<26}{'idle WebSockets':>16}{'kB each (PSS)':>15}")
        for target in targets:
            if target.name == DIRECT:
                continue
            count, each = asyncio.run(cost(target, options.count))
            verdict = ""
            if target.name == GATEWAY:
                verdict = f"  target ({ALLOWED_KB} kB) {'reached' if each <= ALLOWED_KB else 'MISSED'}"
            print(f"{target.name:<26}{count:>16}{each:>15.1f}{verdict}")


if __name__ == "__main__":
    main()
