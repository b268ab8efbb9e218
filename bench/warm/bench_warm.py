"""How soon a sleeping app answers its first visitor: from a spare, without one, and thawed, against a bare start.

Everything is real and measured in one run, by turns, so that whatever else the machine does weighs on all: two
platforms in scratch folders, one without spares, with the `hello` example, asked through the gateway once; and the same
program in the same environment started bare by uvicorn, until the first answer 200. An app is put to sleep by writing
that into the database.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pymongo import MongoClient

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "start")]

from bench_start import Lab, bare, show  # noqa: E402
from tests.support.up_process import UpProcess, wait_until  # noqa: E402

BUDGET_SECONDS = {"spare": 0.15, "thaw": 0.03}
LONG_AGO = timedelta(days=2)
SLUG = "hello"


class Sleeper:
    """An app of a platform, and how it is put to sleep."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        process = Path(f"/proc/{lab.platform.parts['hub']}/environ").read_bytes().split(b"\0")
        named = dict(line.decode().partition("=")[::2] for line in process if line)
        self._client: MongoClient = MongoClient(named["HOTHOUSE_MONGODB_URI"], tz_aware=True)
        self._database = self._client[named.get("HOTHOUSE_MONGODB_DATABASE", "hothouse")]

    def sleep(self, *, since: timedelta) -> None:
        """Have the app asleep since so long ago: what sleeps longest is stopped, else it stands still."""
        fields = {"is_asleep": True, "asleep_since": datetime.now(UTC) - since}
        self._database["apps"].update_one({"slug": SLUG}, {"$set": fields})

    def is_stopped(self) -> bool:
        app = self._database["apps"].find_one({"slug": SLUG})
        return bool(app) and app["state"] == "sleeping" and app["workload_id"] is None

    def has(self, **state: object) -> bool:
        app = self._database["apps"].find_one({"slug": SLUG}) or {}
        query = {"owner": f"app:{app.get('_id')}", "is_live": True, **state}
        return self._database["workloads"].find_one(query) is not None

    def first_byte(self) -> float:
        """Ask once through the gateway; returns the seconds until its answer."""
        headers = {"Host": f"{SLUG}.apps.localhost:{self.lab.platform.port}", "Accept": "application/json"}
        began = time.perf_counter()
        answer = self.lab.client.get("/healthz", headers=headers)
        seconds = time.perf_counter() - began
        assert answer.status_code == 200, answer.text
        return seconds

    def from_spare(self) -> float:
        self.sleep(since=LONG_AGO)
        wait_until(lambda: self.is_stopped() and self.has(state="warm"), "there is a spare", 60)
        seconds = self.first_byte()
        assert self.has(was_spare=True, state="running"), "it was not the spare that answered"
        return seconds

    def without(self) -> float:
        self.sleep(since=LONG_AGO)
        wait_until(self.is_stopped, "it is stopped", 60)
        return self.first_byte()

    def thawed(self) -> float:
        self.sleep(since=timedelta(0))
        wait_until(lambda: self.has(is_frozen=True, state="running"), "it stands still", 60)
        return self.first_byte()


@contextmanager
def platform(folder: Path, **settings: str) -> Iterator[Sleeper]:
    """Run a platform that has the example."""
    with UpProcess(folder, **settings) as process, process.sign_in() as client:
        lab = Lab(process, client)
        lab.deploy(ROOT / "examples" / "hello", SLUG)
        yield Sleeper(lab)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=10)
    rounds = arguments.parse_args().rounds
    found: dict[str, list[float]] = {name: [] for name in ("bare uvicorn", "without", "spare", "thaw")}
    before = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="hothouse-bench-") as scratch,
        platform(Path(scratch) / "with") as warm,
        platform(Path(scratch) / "without", HOTHOUSE_LAUNCH_SPARES="0") as cold,
    ):
        for _ in range(rounds):
            found["bare uvicorn"].append(bare(warm.lab.platform.home, ROOT / "examples" / "hello"))
            found["without"].append(cold.without())
            found["spare"].append(warm.from_spare())
            found["thaw"].append(cold.thawed())
    report(found, rounds, before)


def report(found: dict[str, list[float]], rounds: int, load: float) -> None:
    alone = statistics.median(found["bare uvicorn"])
    rows = []
    for name, times in found.items():
        median, budget = statistics.median(times), BUDGET_SECONDS.get(name)
        spread = f"{min(times) * 1000:.0f}-{max(times) * 1000:.0f} ms"
        share = f"{median / budget:.2f} of {budget} s" if budget else ""
        rows.append([name, f"{median * 1000:.0f} ms", spread, f"{median / alone:.2f}", share])
    show(f"First answer of `hello` ({rounds} each)", ["how", "median", "range", "ratio", "of the budget"], rows)
    print(f"Load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
