"""How long JupyterLab takes to start, bare, here and in JupyterHub; many at once; and how soon what sleeps answers.

Everything is real and measured in one run, by turns. "Started" is from the request to start until the first answer 200
to `/api/status` through each one's own proxy. What is installed is there beforehand, on every side.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "start"), str(Path(__file__).parent)]

import peer  # noqa: E402
from bench_start import median, pss, show, spread, until_ok  # noqa: E402
from tests.support.ports import free_port  # noqa: E402
from tests.support.up_process import UpProcess, clean_environment, wait_until  # noqa: E402

STATUS = "/api/status"
JUPYTER = ["lab", "--no-browser", "--allow-root", "--IdentityProvider.token=", "--ip=127.0.0.1"]
TEMPLATE = {
    "slug": "bench-lab",
    "name": "Bench",
    "packages": ["jupyterlab"],
    "command": ["jupyter", *JUPYTER[:-1], "--ip=$HOST", "--port=$PORT", "--ServerApp.allow_remote_access=True"],
    "health": {"path": STATUS, "timeout_seconds": 300},
    "activity": "jupyter",
    "size": {"cpu": 2, "memory_bytes": 512 * 2**20},
}

HELPERS = ("bwrap", "slirp4netns")
"""What a keeper starts beside the program and forks of its own."""

ROOMY = {"HOTHOUSE_ENVIRONMENTS_CAPACITY_CPU": "1000", "HOTHOUSE_ENVIRONMENTS_CAPACITY_MEMORY_BYTES": str(2**40)}
TIER = {"title": "Bench", "rank": 99, "environments": 100, "cpu": 256, "memory_bytes": 2**40}
"""JupyterHub has no limits either."""


class House:
    """Hothouse with environments of one person."""

    def __init__(self, platform: UpProcess, client: httpx2.Client) -> None:
        self.platform = platform
        self.client = client

    def post(self, path: str, **body: object) -> dict[str, object]:
        answer = self.client.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    def give_room(self) -> None:
        """Let the one person have as many as the benchmark needs."""
        me = self.client.get("/api/v1/auth/me").json()["user"]["id"]
        for path, body in (("bench", TIER), (f"given/user:{me}", {"tier": "bench"})):
            answer = self.client.put(f"/api/v1/tiers/{path}", json=body)
            assert answer.is_success, answer.text

    def make(self, name: str) -> str:
        """Make an environment and wait until it runs; return its slug."""
        slug = str(self.post("environments", template="bench-lab", name=name, new_workspace=name)["slug"])
        until_ok(lambda: self.ask(slug), 600)
        return slug

    def stop(self, slug: str) -> None:
        self.post(f"environments/{slug}/stop")
        wait_until(lambda: self.state(slug) == "stopped", f"{slug} is stopped", 60)

    def state(self, slug: str) -> str:
        return str(self.client.get(f"/api/v1/environments/{slug}").json()["state"])

    def ask(self, slug: str, path: str = STATUS) -> httpx2.Response:
        headers = {"Host": f"{slug}.apps.localhost:{self.platform.port}", "Accept": "application/json"}
        return self.client.get(path, headers=headers)


def timed(begin: object, ask: object, seconds: float = 300) -> float:
    began = time.perf_counter()
    begin()  # type: ignore[operator]
    until_ok(ask, seconds)  # type: ignore[arg-type]
    return time.perf_counter() - began


def bare(home: Path) -> float:
    """Start JupyterLab of the environment that the platform built, and nothing in between."""
    program = next(path for path in (home / "envs").glob("*/bin/jupyter-lab"))
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, httpx2.Client(trust_env=False) as client:
        began = time.perf_counter()
        process = subprocess.Popen(
            [program, *JUPYTER[1:], f"--port={port}"],
            cwd=folder,
            env={**clean_environment(), "HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_ok(lambda: client.get(f"http://127.0.0.1:{port}{STATUS}"), 120)
        seconds = time.perf_counter() - began
        process.terminate()
        process.wait()
    return seconds


def report_start(house: House, hub: peer.Peer, rounds: int) -> None:
    slug = house.make("one")
    hub.add("one")
    times: dict[str, list[float]] = {"jupyter lab, bare": [], "Hothouse": [], "JupyterHub": []}
    for _ in range(rounds):
        house.stop(slug)
        times["Hothouse"].append(timed(lambda: house.post(f"environments/{slug}/start"), lambda: house.ask(slug)))
        times["jupyter lab, bare"].append(bare(house.platform.home))
        times["JupyterHub"].append(timed(lambda: hub.start("one"), lambda: hub.ask("one")))
        hub.stop("one")
        until_stopped(hub, "one")
    other = statistics.median(times["JupyterHub"])
    rows = [[who, median(each), spread(each), f"{statistics.median(each) / other:.2f}"] for who, each in times.items()]
    added = statistics.median(times["Hothouse"]) - statistics.median(times["jupyter lab, bare"])
    rows.append(["added to bare", f"{added * 1000:.0f} ms", "allowed 500 ms", ""])
    show(f"JupyterLab, start to first 200 ({rounds} rounds)", ["who", "median", "range", "of JupyterHub"], rows)


def until_stopped(hub: peer.Peer, user: str) -> None:
    wait_until(lambda: not hub.client.get(f"/hub/api/users/{user}").json().get("server"), f"{user} is stopped", 60)


def report_sleep(house: House, rounds: int) -> None:
    """Put one to sleep and ask it something, again and again; and weigh it."""
    slug = next(iter(one["slug"] for one in house.client.get("/api/v1/environments").json()["items"]))
    times = []
    for _ in range(rounds):
        house.post(f"environments/{slug}/sleep")
        wait_until(lambda: house.state(slug) == "sleeping", "it sleeps", 30)
        began = time.perf_counter()
        answer = house.ask(slug, "/lab/api/settings/@jupyterlab/apputils-extension:themes")
        times.append(time.perf_counter() - began)
        assert answer.status_code == httpx2.codes.OK, answer.text
    rows = [["answer to the request that wakes it", median(times), spread(times), "allowed 30 ms"]]
    show(f"Thaw through the gateway ({rounds} rounds)", ["what", "median", "range", ""], rows)


def report_crowd(house: House, hub: peer.Peer, count: int) -> None:
    """Start many at once, first on one side and then on the other."""
    slugs = [house.make(f"crowd {number}") for number in range(count)]
    for slug in slugs:
        house.stop(slug)
    ours = at_once([(lambda s=s: house.post(f"environments/{s}/start"), lambda s=s: house.ask(s)) for s in slugs])
    for slug in slugs:
        house.stop(slug)
    names = [f"crowd{number}" for number in range(count)]
    for name in names:
        hub.add(name)
    theirs = at_once([(lambda n=n: hub.start(n), lambda n=n: hub.ask(n)) for n in names])
    rows = [
        [who, f"{len(times)} of {count}", f"{statistics.median(times):.1f} s", f"{quantile(times):.1f} s"]
        for who, times in (("Hothouse", ours), ("JupyterHub", theirs))
    ]
    show(f"{count} asked for at once", ["who", "succeed", "p50", "p95"], rows)


def at_once(pairs: list[tuple[object, object]]) -> list[float]:
    times: list[float] = []

    def one(begin: object, ask: object) -> None:
        times.append(timed(begin, ask, 900))

    threads = [threading.Thread(target=one, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def quantile(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def report_memory(house: House) -> None:
    """Put all to sleep and weigh what the platform itself keeps for each: keeper, relays, what is around a program."""
    for one in house.client.get("/api/v1/environments").json()["items"]:
        if one["state"] == "running":
            house.post(f"environments/{one['slug']}/sleep")
        wait_until(lambda slug=one["slug"]: house.state(slug) in ("sleeping", "stopped"), "it sleeps", 30)
    keepers = keepers_of(house.platform.home)
    assert keepers, "no keeper was found: are they named otherwise in `ps` now?"
    each = [sum(map(pss, pids)) for pids in keepers.values()]
    rows = [[str(len(each)), f"{statistics.mean(each):.1f}"]]
    show("Memory of the platform for each environment that sleeps", ["environments", "MiB (PSS)"], rows)


def keepers_of(home: Path) -> dict[str, list[int]]:
    """Return the processes of the platform by the workload that they keep, which a keeper's command line ends with."""
    found: dict[str, list[int]] = {}
    workloads = {path.name for path in (home / "workloads").iterdir()}
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or [""]
        if words[-1] in workloads and any("keeper.main" in word for word in words):
            helpers = [one.pid for one in process.children(recursive=True) if one.name() in HELPERS]
            found.setdefault(words[-1], []).extend([process.pid, *helpers])
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--crowd", type=int, default=50)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hothouse-bench-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        with UpProcess(folder / "home", **ROOMY) as platform, platform.sign_in() as client:
            house = House(platform, client)
            house.give_room()
            house.post("templates", **TEMPLATE)
            with peer.running(folder, [free_port(), free_port(), free_port()]) as hub:
                until_ok(lambda: hub.client.get("/hub/api/"), 120)
                report_start(house, hub, options.rounds)
                report_sleep(house, 3 * options.rounds)
                report_memory(house)
                if options.crowd:
                    report_crowd(house, hub, options.crowd)


if __name__ == "__main__":
    main()
