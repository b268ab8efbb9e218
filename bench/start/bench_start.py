"""How long an app takes to start, whether 20 start at once, and what the idle platform weighs.

Everything is real and measured in one run: `hothouse up` in a scratch folder, the `hello` example deployed through the
API and asked through the gateway, and, for comparison, the same program of the same environment started bare by
uvicorn. "Started" is from the request to start until the first answer 200.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.ports import free_port  # noqa: E402
from tests.support.up_process import UpProcess, clean_environment, wait_until  # noqa: E402

from hothouse.kit.archives import pack  # noqa: E402

POLL_SECONDS = 0.005
BUDGET_SECONDS = 0.5
BUDGET_MEBIBYTES = 350


class Lab:
    """The platform with one administrator, seen from outside."""

    def __init__(self, platform: UpProcess, client: httpx2.Client) -> None:
        self.platform = platform
        self.client = client

    def deploy(self, folder: Path, slug: str) -> None:
        """Deploy a folder under a slug and wait until it serves."""
        with tempfile.TemporaryDirectory() as scratch:
            archive = Path(scratch) / "app.zip"
            pack(folder, archive)
            upload = self._post("uploads", files={"file": ("app.zip", archive.read_bytes())})
        manifest = {**upload["manifest"], "slug": slug, "name": slug}
        deployment = self._post(f"uploads/{upload['id']}/deploy", json={"manifest": manifest})
        path = f"/api/v1/deployments/{deployment['id']}"

        def ended() -> dict[str, object] | None:
            state = self.client.get(path).json()
            return state if state["state"] in {"serving", "failed", "superseded"} else None

        outcome = wait_until(ended, f"{slug} serves", 300)
        assert outcome["state"] == "serving", outcome

    def stop(self, slug: str) -> None:
        self._post(f"apps/{slug}/stop")
        wait_until(lambda: self._state(slug) == "stopped", f"{slug} is stopped", 60)

    def start(self, slug: str) -> None:
        self._post(f"apps/{slug}/start")

    def first_answer(self, slug: str, path: str = "/healthz", seconds: float = 60) -> None:
        """Ask the app through the gateway until it answers 200."""
        headers = {"Host": f"{slug}.apps.localhost:{self.platform.port}", "Accept": "application/json"}
        until_ok(lambda: self.client.get(path, headers=headers), seconds)

    def _state(self, slug: str) -> str:
        return str(self.client.get(f"/api/v1/apps/{slug}").json()["state"])

    def _post(self, path: str, **options: object) -> dict[str, object]:
        response = self.client.post(f"/api/v1/{path}", **options)
        assert response.is_success, response.text
        return response.json()


def until_ok(ask: Callable[[], httpx2.Response], seconds: float) -> None:
    """Repeat a request until it is answered 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if ask().status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"no answer 200 within {seconds} s")


def through_platform(lab: Lab, slug: str) -> float:
    """Start a stopped app and return the seconds until its first answer."""
    lab.stop(slug)
    began = time.perf_counter()
    lab.start(slug)
    lab.first_answer(slug)
    return time.perf_counter() - began


def bare(home: Path, folder: Path) -> float:
    """Start the program with the environment the platform built for it, and nothing in between."""
    python = next(path for path in (home / "envs").glob("*/bin/python"))
    port = free_port()
    command = [str(python), "-m", "uvicorn", "main:experiment", "--port", str(port), "--log-level", "warning"]
    with httpx2.Client(trust_env=False) as client:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=clean_environment())
        until_ok(lambda: client.get(f"http://127.0.0.1:{port}/healthz"), 60)
        seconds = time.perf_counter() - began
    process.terminate()
    process.wait()
    return seconds


async def all_at_once(lab: Lab, slugs: list[str]) -> tuple[list[float], float]:
    """Start stopped apps at the same moment; return the time of each that came up, and of all."""
    for slug in slugs:
        await asyncio.to_thread(lab.stop, slug)
    began = time.perf_counter()

    def one(slug: str) -> float | None:
        lab.start(slug)
        try:
            lab.first_answer(slug, seconds=120)
        except TimeoutError:
            return None
        return time.perf_counter() - began

    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(len(slugs)))
    ended = await asyncio.gather(*(asyncio.to_thread(one, slug) for slug in slugs))
    return [seconds for seconds in ended if seconds is not None], time.perf_counter() - began


def weigh(platform: UpProcess) -> dict[str, float]:
    """Return the proportional memory (PSS) of each of the platform's processes, in MiB."""
    weights = {"supervisor": pss(platform.process.pid)}
    for name, pid in platform.parts.items():
        family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        weights[name] = sum(map(pss, family))
    return weights


def pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024


def show(title: str, columns: list[str], rows: list[list[str]]) -> None:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console(width=100).print(table)


def median(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.0f} ms"


def spread(times: list[float]) -> str:
    return f"{min(times) * 1000:.0f}-{max(times) * 1000:.0f} ms"


def report_memory(platform: UpProcess) -> None:
    weights = weigh(platform)
    total = sum(weights.values())
    rows = [[name, f"{weight:.0f}", ""] for name, weight in weights.items()]
    rows.append(["all", f"{total:.0f}", f"{total / BUDGET_MEBIBYTES:.2f} of {BUDGET_MEBIBYTES}"])
    show("Idle platform, memory (PSS, MiB)", ["process", "MiB", "of the budget"], rows)


def report_start(lab: Lab, folder: Path, rounds: int) -> None:
    # By turns, so that whatever else the machine does weighs on both.
    pairs = [(through_platform(lab, "hello"), bare(lab.platform.home, folder)) for _ in range(rounds)]
    ours, alone = ([pair[side] for pair in pairs] for side in (0, 1))
    added = statistics.median(ours) - statistics.median(alone)
    rows = [
        ["bare uvicorn", median(alone), spread(alone), "1.00"],
        ["platform", median(ours), spread(ours), f"{statistics.median(ours) / statistics.median(alone):.2f}"],
        ["added", f"{added * 1000:.0f} ms", "", f"{added / BUDGET_SECONDS:.2f} of {BUDGET_SECONDS} s"],
    ]
    show(f"Start to first 200 of `hello` ({rounds} starts)", ["how", "median", "range", "ratio"], rows)


def report_crowd(lab: Lab, folder: Path, count: int) -> None:
    slugs = [f"hello-{number}" for number in range(count)]
    for slug in slugs:
        lab.deploy(folder, slug)
    times, total = asyncio.run(all_at_once(lab, slugs))
    rows = [[f"{len(times)} of {count}", median(times), f"{max(times):.1f} s", f"{total / count:.2f} s"]]
    show(f"{count} apps started at once", ["serve", "median", "last", "per app"], rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=10)
    arguments.add_argument("--apps", type=int, default=20)
    options = arguments.parse_args()
    folder = ROOT / "examples" / "hello"
    with tempfile.TemporaryDirectory(prefix="hothouse-bench-") as scratch:
        began = time.perf_counter()
        with UpProcess(Path(scratch) / "home") as platform, platform.sign_in() as client:
            show("The platform's own start", ["first start"], [[f"{time.perf_counter() - began:.1f} s"]])
            time.sleep(5)  # let what only the start needs be given back
            report_memory(platform)
            lab = Lab(platform, client)
            lab.deploy(folder, "hello")
            report_start(lab, folder, options.rounds)
            report_crowd(lab, folder, options.apps)


if __name__ == "__main__":
    main()
