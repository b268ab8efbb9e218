"""Public paths in a real browser: refused where they are written oddly, in force once saved, gone once taken back."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.support.running_platform import Platform
from tests.support.screens import assert_accessible, assert_fits, on_a_dark_phone, sign_in, type_command

DEADLINE_SECONDS = 10
Shot = Callable[[Page, str], None]


@pytest.fixture
def settings(platform: Platform, token: str, page: Page) -> Iterator[Page]:
    """The card of the private app's settings, found by the command palette."""
    platform.wait_for_app("click-tracker", token)
    with platform.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        before = client.get("/api/v1/apps/click-tracker").json()["access"]
        assert client.patch("/api/v1/apps/click-tracker", json={"access": "private"}).status_code == 200
        sign_in(page, platform)
        type_command(page, "public paths of click")
        expect(page.get_by_role("option").first).to_contain_text("Public paths of Click Tracker")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/apps/click-tracker/settings#public-paths$"))
        yield page
        client.patch("/api/v1/apps/click-tracker", json={"access": before, "public_paths": None})


def answers(client: httpx2.Client, path: str, status: int) -> None:
    """Ask until it is answered so: gateways hear of a change a moment later, and break off what was under way."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    seen = 0
    while seen != status:
        assert time.monotonic() < deadline, f"{path} answers {seen}, not {status}"
        with contextlib.suppress(httpx2.RemoteProtocolError):
            seen = client.get(path).status_code


def test_story(platform: Platform, settings: Page, shot: Shot) -> None:
    page = settings
    card = page.get_by_role("region", name="Public paths")
    with platform.app_client("click-tracker") as anyone:
        assert anyone.get("/api/clicks").status_code == 401
        card.get_by_role("button", name="Add path").click()
        expect(card.get_by_label("Public path 1")).to_be_focused()
        page.keyboard.type("/api/../clicks")
        page.keyboard.press("Enter")
        expect(card.get_by_role("alert")).to_contain_text("cannot be a part of a public path")
        shot(page, "public-paths-refused")
        assert anyone.get("/api/clicks").status_code == 401
        card.get_by_label("Public path 1").fill("/api/*")
        card.get_by_role("button", name="Save public paths").click()
        expect(card.get_by_role("button", name="Use the manifest's")).to_be_visible()
        expect(card.get_by_role("alert")).to_have_count(0)
        assert_accessible(page)
        shot(page, "public-paths")
        on_a_dark_phone(page)
        assert_fits(page)
        card.scroll_into_view_if_needed()
        shot(page, "public-paths-phone-dark")
        answers(anyone, "/api/clicks", 200)
        assert anyone.get("/").status_code == 401
        card.get_by_role("button", name="Remove /api/*").click()
        card.get_by_role("button", name="Save public paths").click()
        expect(card.get_by_role("list")).to_have_count(0)
        expect(card.get_by_role("button", name="Save public paths")).to_be_disabled()
        answers(anyone, "/api/clicks", 401)
