"""What lists and screens of people, groups and the audit record take in a small lab and in a large one.

Everything is real and measured in one run: `hothouse up` with its own MongoDB, into which accounts, groups, one app and
entries of the record are put as the platform writes them, and the system's Chromium. Half of the people are in one
group, with which the app is shared. At the end the command verifies the record, which tells that it is a true one.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Page, sync_playwright
from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import record  # noqa: E402
from tests.support.chromium import ARGUMENTS, chromium  # noqa: E402
from tests.support.running_platform import ADMIN, Platform  # noqa: E402

from hothouse.kit.prefixes import normal, prefixes, search_words  # noqa: E402

SIZES = ((100, 1_000), (10_000, 100_000))
"""People, and entries of the record."""
BATCH = 500
PAGE = 10  # so that there is a full one of each with 100 people, too
DEEP = 100
MOST = 2.0
FIRST = ("Amal", "Bea", "Chen", "Dana", "Emre", "Fatou", "Goran", "Hana", "Ines", "Jun", "Kofi", "Lena", "Milan")
SYLLABLES = ("ba", "do", "fe", "gi", "ku", "la", "mo", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo")
LAST = ["".join(parts).title() for parts in product(SYLLABLES, repeat=3)]
SEARCHED = LAST[0]
ONLY = """word => {
  const rows = [...document.querySelectorAll('tr[data-person]')]
  return rows.length > 0 && rows.every((row) => row.dataset.person.startsWith(word))
}"""
Times = dict[str, float]


class Lab:
    """The platform, filled further and further."""

    def __init__(self, platform: Platform, client: httpx2.Client, database: Any) -> None:
        self.platform = platform
        self.client = client
        self.database = database
        self.owner = client.get("/api/v1/auth/me").json()["user"]["id"]
        self.filled = 0

    def get(self, path: str, **params: Any) -> Any:
        answer = self.client.get(f"/api/v1/{path}", params=params)
        assert answer.is_success, answer.text
        return answer.json()

    def fill(self, size: int) -> None:
        """Have so many people in all, half of them in the group `g0`, and a group for every ten people."""
        highest = self.database["counters"].find_one({"_id": "users"})["value"]
        numbers = range(self.filled, size)
        self._insert("users", (person(number, highest + 1 + at) for at, number in enumerate(numbers)))
        self.database["counters"].update_one({"_id": "users"}, {"$set": {"value": highest + len(numbers)}})
        self._insert("groups", (group(number) for number in range(self.filled // 10, size // 10)))
        self._insert("memberships", (membership("g0", number) for number in numbers if number % 2))
        self.filled = size
        deadline = time.monotonic() + 600
        while self.get("groups/g0")["member_count"] < size // 2:
            assert time.monotonic() < deadline, "the hub does not learn of the members"
            time.sleep(0.2)

    def share(self, slug: str) -> None:
        """Put an app there that the group `g0` may edit."""
        self.database["apps"].insert_one(app(slug, self.owner))
        answer = self.client.put(f"/api/v1/access/app/{slug}/grants/group:g0", json={"role": "editor"})
        assert answer.is_success, answer.text

    def _insert(self, collection: str, documents: Iterator[dict[str, Any]]) -> None:
        while some := list(islice(documents, BATCH)):
            self.database[collection].insert_many(some)


def person(number: int, rank: int) -> dict[str, Any]:
    """Return an account as the platform stores it; a tenth are closed, one in seven are members."""
    name = f"{FIRST[number % len(FIRST)]} {LAST[number * 7 % len(LAST)]}"
    email = f"{normal(name).replace(' ', '.')}{number}@example.org"
    words = search_words([name, email])
    return {
        "_id": f"u{number}",
        "name": name,
        "email": email,
        "role": "member" if number % 7 == 0 else "developer",
        "password_hash": "none",
        "created_at": datetime.now(UTC),
        "realm": "local",
        "words": words,
        "prefixes": prefixes(words),
        "is_active": number % 10 != 9,
        "number": rank,
        "schema_version": 2,
    }


def group(number: int) -> dict[str, Any]:
    name = f"Group {number:04}"
    words = search_words([name])
    return {
        "_id": f"g{number}",
        "name": name,
        "description": "",
        "origin": "manual",
        "provider": None,
        "provider_name": None,
        "created_at": datetime.now(UTC),
        "name_key": normal(name),
        "words": words,
        "prefixes": prefixes(words),
        "realm": "local",
        "schema_version": 1,
    }


def membership(group_id: str, number: int) -> dict[str, Any]:
    return {
        "_id": f"{group_id}|user:u{number}",
        "group_id": group_id,
        "member": f"user:u{number}",
        "is_manager": False,
        "via": "manual",
        "added_at": datetime.now(UTC),
        "added_by": None,
        "realm": "local",
        "schema_version": 1,
    }


def app(slug: str, owner: str) -> dict[str, Any]:
    """Return what the lists need of an app that was stopped before it was ever built."""
    now = datetime.now(UTC)
    return {
        "_id": f"app-{slug}",
        "slug": slug,
        "slugs": [slug],
        "name": slug,
        "description": "",
        "owner_id": owner,
        "access": "private",
        "database": f"hh_{slug}",
        "uid_offset": 0,
        "overrides": {},
        "env": {},
        "secrets": {},
        "settings_version": 1,
        "desired": "stopped",
        "is_asleep": False,
        "last_release": 0,
        "release": None,
        "workload_id": None,
        "deployment_id": None,
        "state": "stopped",
        "reason": "",
        "crash": {"count": 0, "not_before": None, "reason": None},
        "last_activity_at": None,
        "open_connections": 0,
        "connections_seen_at": None,
        "created_at": now,
        "updated_at": now,
        "realm": "local",
        "schema_version": 3,
    }


def milliseconds(ask: Callable[[], Any], rounds: int) -> float:
    """Return the median of some rounds, after one that does not count."""
    ask()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1_000)
    return statistics.median(taken)


def deep_cursor(lab: Lab) -> str:
    """Go down to the page before the hundredth, or the last but one where there are not so many."""
    limit = min(PAGE, max(1, lab.filled // (DEEP + 1)))
    page = lab.get("users", limit=limit)
    for _ in range(DEEP - 2):
        page = lab.get("users", limit=limit, cursor=page["next_cursor"])
    return str(page["next_cursor"])


def of_api(lab: Lab, rounds: int) -> Times:
    cursor = deep_cursor(lab)
    questions: dict[str, Callable[[], Any]] = {
        "people, first page": lambda: lab.get("users", limit=PAGE),
        "people, a rare word": lambda: lab.get("users", q=SEARCHED, limit=PAGE),
        "people, one letter": lambda: lab.get("users", q="k", limit=PAGE),
        "people, role and state": lambda: lab.get("users", role="member", state="active", limit=PAGE),
        "people, deactivated": lambda: lab.get("users", state="deactivated", limit=PAGE),
        f"people, page {DEEP}": lambda: lab.get("users", limit=1, cursor=cursor),
        "subjects, one letter": lambda: lab.get("subjects", q="k"),
        "subjects, three letters": lambda: lab.get("subjects", q="kof"),
        "groups, first page": lambda: lab.get("groups", limit=PAGE),
        "members of half of all": lambda: lab.get("groups/g0/members", limit=PAGE),
        "access review of a person": lambda: lab.get("access/review/people/u1", limit=PAGE),
        "who can, shared with half": lambda: lab.get("access/app/shared/people", action="app.open", limit=PAGE),
        **record.questions(lab.get, PAGE),
    }
    return {name: milliseconds(ask, rounds) for name, ask in questions.items()}


def of_browser(lab: Lab, page: Page, rounds: int) -> Times:
    rows = page.locator("tr[data-person]")

    def opened() -> None:
        page.goto(f"{lab.platform.url}/people")
        rows.first.wait_for()

    words = cycle(("kofi", "amal"))

    def searched() -> None:
        word = next(words)
        search = page.get_by_role("searchbox", name="Search people")
        with page.expect_response(lambda answer: f"q={word}" in answer.url):
            search.fill(word)
        page.wait_for_function(ONLY, arg=word)

    opening = milliseconds(opened, rounds)
    searching = milliseconds(searched, rounds)
    opened()
    for _ in range(10):
        page.mouse.move(600, 500)
        page.mouse.wheel(0, 4_000)
        page.wait_for_timeout(100)
    drawn = float(rows.count())
    times = {"screen, to its first rows": opening, "screen, a search": searching, "screen, rows drawn": drawn}
    return times | {name: milliseconds(do, rounds) for name, do in record.screen(page, lab.platform.url).items()}


def sign_in(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.url}/sign-in")
    page.get_by_label("E-mail").fill(ADMIN["email"])
    page.get_by_label("Password", exact=True).fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Hothouse, home").wait_for()


def verified(platform: Platform, token: str) -> str:
    """Have the command verify the whole record, and return what it said, and what that took."""
    before, began = memory_mb(platform.pid_of("hub")), time.perf_counter()
    ran = platform.cli("audit", "verify", token=token)
    taken, grown = time.perf_counter() - began, memory_mb(platform.pid_of("hub")) - before
    assert ran.returncode == 0, ran.stderr
    return f"{ran.stdout.strip()}\nVerified in {taken:.1f} s; the hub took {grown} MB more at most."


def memory_mb(pid: int) -> int:
    """Return the most memory that a process had until now."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def show(few: Times, many: Times) -> None:
    columns = ["what", *(f"{people:,} people,\n{entries:,} entries" for people, entries in SIZES), "ratio"]
    table = Table(*columns, title="Medians, in ms (rows are a number)", title_justify="left")
    for name, before in few.items():
        ratio = many[name] / before
        table.add_row(name, f"{before:.0f}", f"{many[name]:.0f}", f"{ratio:.1f}{' GROWS' if ratio > MOST else ''}")
    Console(width=100).print(table)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--no-browser", action="store_true")
    options = arguments.parse_args()
    found: list[Times] = []
    with tempfile.TemporaryDirectory(prefix="hothouse-bench-") as scratch:
        platform = Platform(Path(scratch) / "home")
        try:
            platform.start()
            token = platform.token()
            with MongoClient(platform.database_uri(), tz_aware=True) as mongo, platform.client(timeout=60) as client:
                client.headers["Authorization"] = f"Bearer {token}"
                lab = Lab(platform, client, mongo["hothouse"])
                for people, entries in SIZES:
                    print(f"{people:,} people, {entries:,} entries ...", flush=True)
                    lab.fill(people)
                    record.fill(lab.database, platform.home / "keys", entries)
                    if not found:
                        lab.share("shared")
                    found.append(of_api(lab, options.rounds))
                    if not options.no_browser:
                        with sync_playwright() as playwright:
                            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
                            page = browser.new_page(viewport={"width": 1280, "height": 800})
                            sign_in(page, platform)
                            found[-1] |= of_browser(lab, page, options.rounds)
                            browser.close()
                    print("  ".join(f"{name}: {taken:.0f}" for name, taken in found[-1].items()), flush=True)
            said = verified(platform, token)
        finally:
            platform.close()
    show(*found)
    print(said)


if __name__ == "__main__":
    main()
