"""The audit record, registering by oneself, and many people, in a real browser on a platform that sends mail."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pymongo import MongoClient
from tests.support.mail_sink import MailSink
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import AXE, assert_fits, on_a_dark_phone, sign_in, type_command

from hothouse.audit.keys import read_key
from hothouse.audit.repository import head_of
from hothouse.audit.service import Draft
from hothouse.kit.clock import SystemClock
from hothouse.kit.ids import new_id
from hothouse.kit.prefixes import prefixes, search_words
from hothouse.kit.trail import Thing, Who

Shot = Callable[[Page, str], None]
PEOPLE, ENTRIES = 400, 400
NOA = {"name": "Noa", "email": "noa@example.org", "password": "tin whistle marsh"}
MAX = {"email": "max@example.org", "password": "pewter kestrel orchard"}


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around what it lays over pages."""
    page.mouse.move(0, 0)  # a button that is pointed at is paler for the moment
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert [one for one in told if one[0] != "aria-hidden-focus"] == []


@contextmanager
def running_mail_sink() -> Iterator[MailSink]:
    """Run a mail server in a thread of its own."""
    sink, ready, loop = MailSink(), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with sink:
            ready.set()
            await asyncio.Event().wait()

    task = loop.create_task(serve())

    def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    yield sink
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailSink]:
    with running_mail_sink() as sink:
        yield sink


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, mail: MailSink) -> Iterator[Platform]:
    """A platform where people of one domain register, with many people and a long record already."""
    settings = {
        "HOTHOUSE_REGISTRATION_OPEN": "true",
        "HOTHOUSE_REGISTRATION_DOMAINS": '["example.org"]',
        "HOTHOUSE_MAIL_HOST": "127.0.0.1",
        "HOTHOUSE_MAIL_PORT": str(mail.port),
        "HOTHOUSE_MAIL_SECURITY": "none",
        "HOTHOUSE_MAIL_SENDER": "Hothouse <lab@example.org>",
    }
    platform = Platform(tmp_path_factory.mktemp("record") / "home", settings=settings)
    platform.start()
    fill(platform)
    yield platform
    platform.close()


def fill(platform: Platform) -> None:
    """Put people, and entries of what they did, into the database as the platform would."""
    with MongoClient(platform.database_uri(), tz_aware=True) as client:
        database = client["hothouse"]
        highest = database["counters"].find_one({"_id": "users"})["value"]
        database["users"].insert_many([a_person(highest + number) for number in range(1, PEOPLE + 1)])
        database["counters"].update_one({"_id": "users"}, {"$set": {"value": highest + PEOPLE}})
        state, key = database["audit_state"], read_key(platform.home / "keys" / "audit.key")
        seq, prev, now = (head := state.find_one({"_id": "head"}))["seq"], head["hash"], SystemClock().now()
        entries = []
        for number in range(ENTRIES):
            who = Who(f"p{number % 7}", f"Person {number % 7}", f"person{number % 7}@example.org", "session")
            result = "denied" if number % 50 == 0 else "done"
            about = (Thing("app", f"a{number % 5}", f"plot-{number % 5}"),)
            changed = {"before": {"access": "private"}, "after": {"access": "public", "env": {"MODE": "fast"}}}
            draft = Draft("apps.configure", result=result, who=who, about=about, address="192.0.2.7", **changed)
            seq += 1
            entries.append(draft.entry(seq, prev, now + timedelta(milliseconds=number), key))
            prev = entries[-1]["hash"]
        database["audit"].insert_many([{**entry, "schema_version": 1} for entry in entries])
        state.update_one({"_id": "head"}, {"$set": head_of(entries[-1])})


def a_person(number: int) -> dict[str, object]:
    name, email = f"Person {number:05}", f"person{number:05}@example.org"
    words = search_words([name, email])
    return {
        "_id": new_id(),
        "name": name,
        "email": email,
        "role": "developer",
        "password_hash": "none",
        "created_at": SystemClock().now(),
        "realm": "local",
        "words": words,
        "prefixes": prefixes(words),
        "is_active": number % 10 != 0,
        "number": number,
        "schema_version": 2,
    }


def link_in_mail(mail: MailSink, to: str, path: str, page: Page) -> str:
    """Wait for a message and return the link in it."""
    for _ in range(200):
        for message in mail.messages:
            found = re.search(rf"http://\S+{path}#\S+", message.get_content())
            if to in str(message["To"]) and found:
                return found.group()
        page.wait_for_timeout(50)
    raise AssertionError(f"no mail to {to}: {mail.messages}")


def add(platform: Platform, account: dict[str, str]) -> None:
    with platform.client() as client:
        assert client.post("/api/v1/auth/login", json=ADMIN).status_code == 200
        assert client.post("/api/v1/users", json=account).status_code == 201


class TestRegistration:
    def test_by_mail(self, lab: Platform, mail: MailSink, page: Page, shot: Shot) -> None:
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{lab.url}/sign-in")
        page.get_by_role("link", name="Register").click()
        expect(page.get_by_role("heading", name="Register")).to_be_visible()
        page.get_by_label("E-mail").fill("max@elsewhere.example")
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_text("Only addresses at example.org can register.")).to_be_visible()
        assert_accessible(page)
        shot(page, "register")
        page.get_by_label("E-mail").fill(MAX["email"])
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        assert_accessible(page)
        page.goto(link_in_mail(mail, MAX["email"], "/invitation", page))
        page.get_by_label("Name").fill("Max")
        page.get_by_label("Password", exact=True).fill(MAX["password"])
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("link", name="Hothouse, home")).to_be_visible()

    def test_forgotten_password(self, lab: Platform, mail: MailSink, page: Page, shot: Shot) -> None:
        add(lab, NOA)
        on_a_dark_phone(page)
        page.goto(f"{lab.url}/sign-in")
        assert_fits(page)
        assert_accessible(page)
        shot(page, "sign-in-phone-dark")
        page.get_by_role("link", name="Forgot password?").click()
        expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
        page.get_by_label("E-mail").fill(NOA["email"])
        assert_accessible(page)
        shot(page, "forgot-password-phone-dark")
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        page.goto(link_in_mail(mail, NOA["email"], "/reset-password", page))
        page.get_by_label("New password").fill("harbour violin moss")
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("heading", name="Password changed")).to_be_visible()

    def test_without_mail(self, lab: Platform, page: Page, shot: Shot) -> None:
        """What the hub answers where it sends no mail; that it does is tested at its API."""
        options = {"registration": True, "domains": [], "mail": False}
        page.route("**/api/v1/auth/options", lambda route: fulfil(route, options))
        page.route("**/api/v1/auth/register", lambda route: fulfil(route, {"code": "a-code"}, 202))
        page.goto(f"{lab.url}/forgot-password")
        expect(page.get_by_role("heading", name="Ask an administrator")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Go to sign-in").click()
        page.get_by_role("link", name="Register").click()
        expect(page.get_by_role("heading", name="Register")).to_be_visible()
        page.get_by_label("E-mail").fill("ida@example.org")
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/invitation#a-code")
        options["registration"] = False
        page.goto(f"{lab.url}/register")
        expect(page.get_by_role("heading", name="Accounts are by invitation")).to_be_visible()
        page.goto(f"{lab.url}/sign-in")
        expect(page.get_by_role("link", name="Forgot password?")).to_be_visible()
        expect(page.get_by_role("link", name="Register")).to_be_hidden()


def fulfil(route: Route, answer: object, status: int = 200) -> None:
    route.fulfill(status=status, content_type="application/json", body=json.dumps(answer))


@pytest.fixture(scope="module")
def admin(lab: Platform, browser: Browser) -> Iterator[Page]:
    """A page on which Ada is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, lab)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def ada(admin: Page) -> Page:
    """The page as it is on a desk in daylight, whatever the test before made of it."""
    admin.emulate_media(color_scheme="light", reduced_motion="reduce")
    admin.set_viewport_size({"width": 1280, "height": 800})
    return admin


def rows(page: Page) -> Locator:
    return page.locator("tr[data-entry]")


class TestAudit:
    def test_found_read_and_narrowed(self, lab: Platform, ada: Page, shot: Shot) -> None:
        type_command(ada, "audit")
        ada.get_by_role("option", name="Audit").click()
        expect(rows(ada).first).to_be_visible()
        assert_accessible(ada)
        shot(ada, "audit")
        ada.get_by_role("combobox", name="Result").click()
        ada.get_by_role("option", name="denied").click()
        ada.get_by_label("Thing").fill("app:plot-0")
        ada.get_by_label("Thing").press("Enter")
        ada.wait_for_url("**/audit?*about=app:plot-0*")
        expect(rows(ada)).to_have_count(ENTRIES // 50)
        rows(ada).nth(1).get_by_role("button").click()
        entry = ada.get_by_test_id("audit-entry")
        changed = entry.get_by_role("table", name="What was changed").get_by_role("row")
        expect(changed).to_have_count(3)
        expect(changed.nth(1)).to_contain_text(re.compile("access.*private.*public"))
        assert_accessible(ada)
        shot(ada, "audit-entry")
        before = ada.url
        ada.keyboard.press("j")
        ada.wait_for_url(lambda url: url != before)
        entry.get_by_role("button", name="All by this person").click()
        ada.wait_for_url("**/audit?person=p*")
        expect(rows(ada).first).to_contain_text("Person")
        ada.get_by_role("button", name="Clear").click()
        ada.get_by_label("Who").fill("nobody@example.org")
        ada.get_by_label("Who").press("Enter")  # before the suggestions are those of what was typed
        ada.wait_for_url("**/audit?*person=nobody@example.org*")
        expect(ada.get_by_role("heading", name="Nothing on record matches")).to_be_visible()
        shot(ada, "audit-empty")
        ada.get_by_role("button", name="Clear filters").click()
        expect(rows(ada).first).to_be_visible()

    def test_long_list_is_drawn_in_part(self, lab: Platform, ada: Page) -> None:
        ada.goto(f"{lab.url}/audit")
        expect(rows(ada).first).to_be_visible()
        for _ in range(12):
            ada.mouse.wheel(0, 4_000)
            ada.wait_for_timeout(50)
        expect(ada.locator("tr[data-entry='1']")).to_be_visible()
        assert rows(ada).count() < 100

    def test_link_to_an_entry(self, lab: Platform, ada: Page) -> None:
        ada.goto(f"{lab.url}/audit?result=failed&entry=1")
        expect(ada.get_by_test_id("audit-entry")).to_be_visible()
        ada.goto(f"{lab.url}/audit?entry=987654")
        expect(ada.get_by_text("There is no such entry")).to_be_visible()

    def test_verified_and_exported(self, lab: Platform, ada: Page, shot: Shot) -> None:
        ada.goto(f"{lab.url}/audit?about=plot-1")
        ada.get_by_role("button", name="Verify").click()
        expect(ada.get_by_text("Verified, nothing was altered")).to_be_visible()
        ada.get_by_role("button", name="Export").click()
        with ada.expect_download() as download:
            ada.get_by_role("menuitem", name="Table (CSV)").click()
        lines = download.value.path().read_text().splitlines()
        assert len(lines) == ENTRIES // 5 + 1
        on_a_dark_phone(ada)
        assert_fits(ada)
        rows(ada).first.get_by_role("button").click()
        expect(ada.get_by_role("dialog")).to_be_visible()
        shot(ada, "audit-entry-phone-dark")
        ada.keyboard.press("Escape")
        expect(ada.get_by_role("dialog")).to_be_hidden()
        assert_accessible(ada)
        shot(ada, "audit-phone-dark")

    def test_altered(self, lab: Platform, ada: Page, shot: Shot) -> None:
        with MongoClient(lab.database_uri()) as client:
            client["hothouse"]["audit"].update_one({"seq": 3}, {"$set": {"text": "{}"}})
        ada.goto(f"{lab.url}/audit")
        ada.get_by_role("button", name="Verify").click()
        expect(ada.get_by_text("The record was altered")).to_be_visible()
        ada.get_by_role("button", name="fault").click()
        expect(ada.get_by_role("list", name="Faults of the record")).to_contain_text("Entry 3")
        assert_accessible(ada)
        shot(ada, "audit-altered")


class TestManyPeople:
    def test_pages_search_and_filter(self, lab: Platform, ada: Page, shot: Shot) -> None:
        asked: list[str] = []
        ada.on("request", lambda sent: asked.append(sent.url) if "/api/v1/users?" in sent.url else None)
        ada.goto(f"{lab.url}/people")
        people = ada.locator("tr[data-person]")
        expect(people.first).to_be_visible()
        assert len(asked) == 1
        shot(ada, "people-many")
        for _ in range(12):
            ada.mouse.wheel(0, 4_000)
            ada.wait_for_timeout(50)
        expect(ada.locator("[data-person='ada@example.org']")).to_be_visible()
        assert people.count() < 100
        ada.get_by_role("searchbox", name="Search people").fill("person0012")
        expect(people).to_have_count(10)
        ada.get_by_role("combobox", name="Filter people").click()
        ada.get_by_role("option", name="Deactivated").click()
        expect(people).to_have_count(1)
        assert_accessible(ada)
