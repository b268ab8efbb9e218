"""People in a real browser: what they do with their own account, and what admins do with others'."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.running_platform import ADMIN, Platform

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
Shot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, whose admin is Ada: her passwords and sessions change here."""
    platform = Platform(tmp_path_factory.mktemp("people") / "home")
    platform.start()
    yield platform
    platform.close()


@pytest.fixture
def own_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Open, when called, a page in another browser profile."""
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, platform: Platform, account: dict[str, str] = ADMIN) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{platform.url}/sign-in")
    page.get_by_label("E-mail").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Hothouse, home")).to_be_visible()


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around its toasts."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [one["id"] for one in found if one["id"] != "aria-hidden-focus"] == []


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"


def on_a_dark_phone(page: Page) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 375, "height": 812})


class TestAccount:
    def test_name(self, lab: Platform, page: Page, shot: Shot) -> None:
        sign_in(page, lab)
        page.goto(f"{lab.url}/account")
        page.get_by_label("Name", exact=True).fill("Ada Lovelace")
        page.get_by_role("button", name="Change name").click()
        expect(page.get_by_role("button", name="Change name")).to_be_disabled()
        assert_accessible(page)
        shot(page, "account")
        page.reload()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Ada Lovelace")
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "account-phone-dark")

    def test_sessions(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        sign_in(page, lab)
        elsewhere = own_page()
        sign_in(elsewhere, lab)
        page.goto(f"{lab.url}/account#sessions")
        sessions = page.get_by_role("table", name="Sessions")
        own = sessions.get_by_role("row").filter(has_text="This one")
        expect(own).to_contain_text(re.compile(r"Chrome \d+ on Linux"))
        expect(own).to_contain_text("127.0.0.1")
        shot(page, "sessions")
        page.get_by_role("button", name="End all others").click()
        page.get_by_role("dialog").get_by_role("button", name="End all others").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(sessions.get_by_role("row")).to_have_count(2)
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
        self._end_one(page, lab, own_page())

    def _end_one(self, page: Page, lab: Platform, elsewhere: Page) -> None:
        sign_in(elsewhere, lab)
        page.reload()
        page.get_by_role("button", name=re.compile("^End the session on Chrome")).click()
        expect(page.get_by_role("button", name="End all others")).to_be_hidden()
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()

    def test_password(self, lab: Platform, page: Page, own_page: Callable[[], Page], shot: Shot) -> None:
        sign_in(page, lab)
        elsewhere = own_page()
        sign_in(elsewhere, lab)
        page.goto(f"{lab.url}/account#password")
        self._change(page, "not her password", "marble otter lantern")
        expect(page.get_by_text("This is not your present password.")).to_be_visible()
        assert_accessible(page)
        shot(page, "password-wrong")
        self._change(page, ADMIN["password"], "marble otter lantern")
        expect(page.get_by_text("Password changed", exact=True)).to_be_visible()
        elsewhere.reload()
        expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
        sign_in(elsewhere, lab, {**ADMIN, "password": "marble otter lantern"})
        self._change(page, "marble otter lantern", ADMIN["password"])
        expect(page.get_by_label("Present password")).to_be_empty()

    def _change(self, page: Page, present: str, new: str) -> None:
        page.get_by_label("Present password").fill(present)
        page.get_by_label("New password").fill(new)
        page.get_by_role("button", name="Change password").click()
