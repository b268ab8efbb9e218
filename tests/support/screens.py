"""What every screen has to hold, and how a page is made a dark phone."""

from pathlib import Path

from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around its toasts."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [one for one in found if one["id"] != "aria-hidden-focus"] == []


def assert_fits(page: Page) -> None:
    """Let nothing reach over the edge, once the page has its new width."""
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth", timeout=5_000)


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
    page.get_by_role("button", name="Sign in").click()


def assert_signed_in(page: Page) -> None:
    expect(page.get_by_role("link", name="Hothouse, home")).to_be_visible()
