"""An audit record as long as one likes, as the platform would have written it, and the questions its screen asks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from hothouse.audit.chain import GENESIS
from hothouse.audit.keys import read_key
from hothouse.audit.repository import head_of
from hothouse.audit.service import Draft
from hothouse.kit.paging import encode_cursor
from hothouse.kit.trail import Thing, Who

BATCH = 500
SPACING = timedelta(milliseconds=1)
ACTIONS = ("apps.deploy", "apps.configure", "apps.start", "apps.stop", "tokens.create", "environments.start")
OLD, OLDEST = "invitations.create", 30
"""What was done only at the very beginning, and so long."""
PEOPLE, APPS = 40, 200
DEEP = 900
ONLY = """email => {
  const rows = [...document.querySelectorAll('tr[data-entry]')]
  return rows.length > 0 && rows.every((row) => row.children[1].title === email)
}"""
Get = Callable[..., Any]


def fill(database: Any, keys: Path, size: int) -> None:
    """Append to the record until it has so many entries; the last ones happen now."""
    state = database["audit_state"].find_one({"_id": "head"}) or {"seq": 0, "hash": GENESIS, "at": None}
    entries = chained(read_key(keys / "audit.key"), state, size)
    while some := list(islice(entries, BATCH)):
        database["audit"].insert_many(some)
        database["audit_state"].update_one({"_id": "head"}, {"$set": head_of(some[-1])})


def chained(key: bytes, head: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    """Yield the entries that follow `head`, up to the place `size`."""
    seq, digest, at = head["seq"], head["hash"], head["at"]
    while seq < size:
        seq += 1
        at += SPACING
        entry = draft(seq).entry(seq, digest, at, key)
        digest = entry["hash"]
        yield {**entry, "schema_version": 1}


def draft(seq: int) -> Draft:
    """Return what was done, always by the same person to an app; one of 50 was denied, one of 500 failed."""
    number, app = seq % PEOPLE, f"app-{seq % APPS}"
    result = "failed" if seq % 500 == 0 else "denied" if seq % 50 == 0 else "done"
    return Draft(
        action=OLD if seq <= OLDEST else ACTIONS[seq * 3 % len(ACTIONS)],
        result=result,
        who=Who(f"person-{number}", f"Person {number}", f"person-{number}@example.org", "session"),
        about=(Thing("app", f"id-{app}", app),),
        status=200 if result == "done" else 404,
        reason=None if result == "done" else "has no role here",
        address="192.0.2.7",
        before={"env": {"MODE": "a", "LEVEL": str(seq - 1)}},
        after={"env": {"MODE": "b", "LEVEL": str(seq)}},
    )


def questions(get: Get, page: int) -> dict[str, Callable[[], Any]]:
    """Return what the screen asks, for so many entries at a time; `get` asks the API."""
    newest = get("audit", limit=1)["items"][0]["seq"]
    since, until = (get(f"audit/entries/{newest - back}")["at"] for back in (500, 450))
    deep = encode_cursor(newest - DEEP)
    return {
        "record, newest": lambda: get("audit", limit=page),
        f"record, behind the first {DEEP}": lambda: get("audit", limit=page, cursor=deep),
        "record, one person": lambda: get("audit", person=email(7), limit=page),
        "record, one operation": lambda: get("audit", action="apps.deploy", limit=page),
        "record, one app": lambda: get("audit", about="app:app-7", limit=page),
        "record, denied": lambda: get("audit", result="denied", limit=page),
        "record, between two times": lambda: get("audit", since=since, until=until, limit=page),
        "record, what is long ago": lambda: get("audit", action=OLD, limit=page),
        "record, a person's long ago": lambda: get("audit", person=email(7), action=OLD, limit=page),
        "record, nobody": lambda: get("audit", person=email(PEOPLE), limit=page),
        "record, a person's that failed, none": lambda: get("audit", person=email(7), result="failed", limit=page),
        "record, another's with an app, none": lambda: get("audit", person=email(8), about="app:app-7", limit=page),
        "record, its state": lambda: get("audit/state"),
        "record, one entry": lambda: get("audit/entries/500"),
    }


def email(number: int) -> str:
    return f"person-{number}@example.org"


def screen(page: Page, url: str) -> dict[str, Callable[[], None]]:
    """Return what somebody does on the screen, to be timed until it is done."""
    asked = cycle((email(7), email(8)))

    def opened() -> None:
        page.goto(f"{url}/audit")
        page.locator("tr[data-entry]").first.wait_for()

    def searched() -> None:
        wanted = next(asked)
        who = page.get_by_role("combobox", name="Who")
        who.fill(wanted)
        who.press("Enter")
        page.wait_for_function(ONLY, arg=wanted)

    return {"screen of the record, to its first rows": opened, "screen of the record, a search": searched}
