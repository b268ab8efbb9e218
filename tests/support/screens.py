"""What every screen has to hold, and how a page is made a dark phone."""

import time
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.support.running_platform import ADMIN, Platform

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around its toasts."""
    # No page is without one, once it is there.
    page.locator("h1, [role=heading][aria-level='1']").first.wait_for(state="attached")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    complaints = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
    complaints = [one for one in complaints if one[0] != "aria-hidden-focus"]
    assert complaints == [], complaints


TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth)
    .map((one) => one.outerHTML.slice(0, 160))"""


def assert_fits(page: Page) -> None:
    """Let nothing reach over the edge, once the page has its new width."""
    deadline = time.monotonic() + 5
    while (found := page.evaluate(TOO_WIDE)) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert found == [], found


def on_a_dark_phone(page: Page) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 375, "height": 812})


def on_a_light_desk(page: Page) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})


def give_password(page: Page, url: str, email: str, password: str) -> None:
    """Do the first step of signing in."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in(page: Page, platform: Platform, account: Mapping[str, str] = ADMIN) -> None:
    give_password(page, platform.url, account["email"], account["password"])
    assert_signed_in(page)


def assert_signed_in(page: Page) -> None:
    expect(page.get_by_role("link", name="Hothouse, home")).to_be_visible(timeout=30_000)  # passwords are slow to check


def type_command(page: Page, words: str) -> None:
    """Open the palette and, once it listens, type into it."""
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Command", exact=True)).to_be_focused()
    page.keyboard.type(words)
