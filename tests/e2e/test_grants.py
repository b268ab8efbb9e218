"""Grants in a real browser: asked for, given, used, taken back; refused; kept when the app that is read is renamed."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import assert_fits

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAKE_BACK_SECONDS = 2
GRANT_SECONDS = 5
READER = "click-reader"
RENAMED = "click-counter"
MAIN = """
from hothouse_sdk import Experiment

experiment = Experiment()


@experiment.get("/clicks/{app}")
async def clicks(app: str) -> int:
    return await experiment.other_database(app)["clicks"].count_documents({})
"""
MANIFEST = {
    "schema_version": "1",
    "slug": READER,
    "name": "Click Reader",
    "kind": "experiment",
    "entry": "main:experiment",
    "health": {"path": "/healthz"},
    "data": {"read_from": [{"app": "click-tracker", "collections": ["clicks", "people"]}]},
}
Shot = Callable[[Page, str], None]


def sign_in(page: Page, platform: Platform) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{platform.url}/sign-in")
    page.get_by_label("E-mail").fill(ADMIN["email"])
    page.get_by_label("Password", exact=True).fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Apps", exact=True)).to_be_visible()


def reload_until(page: Page, shown: Locator, seconds: float) -> None:
    """Load a page again and again until it shows something, for so long at the most."""
    deadline = time.monotonic() + seconds
    while not shown.is_visible():
        assert time.monotonic() < deadline, f"not shown within {seconds} s: {page.inner_text('body')}"
        page.reload()


def assert_accessible(page: Page) -> None:
    """Let axe find nothing to complain of, but the focus guards that Reka UI puts around its toasts."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [one["id"] for one in found if one["id"] != "aria-hidden-focus"] == []


def call(platform: Platform, token: str, method: str, path: str, body: Any = None) -> httpx2.Response:
    """Send a request to the API as Ada."""
    with platform.client() as client:
        return client.request(method, f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})


def click(page: Page, platform: Platform) -> int:
    """Click once at the tracker's own address and return how many clicks there are then."""
    page.goto(platform.app_url("click-tracker"))
    count = page.locator("#count")
    expect(count).to_have_text(re.compile(r"\d+"))
    after = int(count.inner_text().replace(",", "")) + 1
    page.get_by_role("button", name="Click me").click()
    expect(count).to_have_text(f"{after:,}")
    return after


@pytest.fixture(autouse=True)
def tracker(platform: Platform, token: str) -> None:
    """See to it that the app that is read runs."""
    platform.wait_for_app("click-tracker", token)


@pytest.fixture
def reader(platform: Platform, token: str, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Deploy, when called, an app that asks to read the tracker's clicks and people; it is removed afterwards."""
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))

    def deploy() -> None:
        deployed = platform.cli("deploy", str(tmp_path), token=token)
        assert deployed.returncode == 0, deployed.stderr

    yield deploy
    call(platform, token, "DELETE", f"/apps/{READER}?confirm={READER}")


class TestGrant:
    def test_asked_given_used_taken_back(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        platform.wait_for_app("stats-dashboard", token)
        sign_in(page, platform)
        click(page, platform)
        dashboard = page.context.new_page()
        dashboard.goto(platform.app_url("stats-dashboard"))
        waits = dashboard.get_by_text("this app may not draw yet")
        expect(waits).to_be_visible()
        self._shot(dashboard, "grant-dashboard-waits", shot)
        self._review(page, platform, shot)
        page.get_by_role("button", name="Allow Stats Dashboard").click()
        expect(page.get_by_test_id("reader-state")).to_have_text("reads")
        expect(page.get_by_test_id("requests-count")).to_be_hidden()
        shot(page, "grant-given")
        reload_until(dashboard, dashboard.get_by_role("heading", name="Who clicked"), GRANT_SECONDS)
        counted = self._counted(dashboard)
        clicking = page.context.new_page()
        click(clicking, platform)
        clicking.close()
        dashboard.reload()
        assert self._counted(dashboard) == counted + 1
        self._shot(dashboard, "grant-dashboard-reads", shot)
        self._take_back(page, shot)
        reload_until(dashboard, waits, TAKE_BACK_SECONDS)
        self._shot(dashboard, "grant-dashboard-taken-back", shot)
        expect(page.get_by_test_id("reader-state")).to_have_text("taken back")

    def _shot(self, dashboard: Page, name: str, shot: Shot) -> None:
        dashboard.locator("#clicks").scroll_into_view_if_needed()
        shot(dashboard, name)

    def _counted(self, dashboard: Page) -> int:
        """Add up the clicks that the dashboard shows for each person."""
        section = dashboard.locator("section", has=dashboard.get_by_role("heading", name="Who clicked"))
        return sum(int(count) for count in section.locator("li span:last-child").all_inner_texts())

    def _take_back(self, page: Page, shot: Shot) -> None:
        page.get_by_role("button", name="Take back what Stats Dashboard").click()
        confirm = page.get_by_role("dialog").get_by_role("button", name="Take back")
        expect(confirm).to_be_visible()
        shot(page, "grant-take-back")
        confirm.click()

    def _review(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.goto(f"{platform.url}/apps/stats-dashboard/data")
        expect(page.get_by_test_id("read-state")).to_have_text("waiting for an owner")
        expect(page.get_by_test_id("requests-count")).to_have_text("1")
        assert_accessible(page)
        shot(page, "data-reads-from")
        page.goto(f"{platform.url}/apps/click-tracker")
        expect(page.get_by_text("Stats Dashboard asks to read clicks")).to_be_visible()
        shot(page, "grant-notice")
        page.get_by_role("link", name="Review").click()
        expect(page.get_by_test_id("reader-state")).to_have_text("asks")
        assert_accessible(page)
        shot(page, "grant-asked")


class TestRequests:
    def test_come_live_and_are_answered(
        self, platform: Platform, token: str, page: Page, reader: Callable[[], None], shot: Shot
    ) -> None:
        sign_in(page, platform)
        page.keyboard.press("Control+k")
        page.keyboard.type("requests")
        page.get_by_role("option", name="Requests").click()
        expect(page.locator("h1")).to_be_visible()
        asked = page.locator(f"[data-reader={READER}]")
        expect(asked).to_be_hidden()
        reader()
        expect(asked).to_contain_text("Ada")
        expect(page.get_by_test_id("requests-count")).to_be_visible()
        assert_accessible(page)
        shot(page, "requests")
        self._refuse_on_a_phone(page, platform, shot)
        self._allow_a_part(page, platform, shot)
        read = call(platform, token, "GET", f"/apps/{READER}/data").json()["reads"][0]
        assert (read["granted"], read["waiting"]) == (["clicks"], [])

    def _refuse_on_a_phone(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.set_viewport_size({"width": 375, "height": 812})
        assert_fits(page)
        shot(page, "requests-phone-dark")
        asked = page.locator(f"[data-reader={READER}]")
        asked.get_by_role("button", name="Refuse Click Reader").click()
        expect(asked).to_be_hidden()
        page.goto(f"{platform.url}/apps/{READER}/data#reads")
        expect(page.get_by_test_id("read-state")).to_have_text("refused")
        assert_accessible(page)
        assert_fits(page)
        shot(page, "data-refused-phone-dark")

    def _allow_a_part(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.goto(f"{platform.url}/apps/click-tracker/data#readers")
        asked = page.locator(f"[data-reader={READER}]")
        asked.get_by_role("button", name="Allow Click Reader").click()
        asked.get_by_role("checkbox", name="people").uncheck()
        asked.get_by_role("button", name="Allow 1 of 2").click()
        expect(asked.get_by_test_id("reader-state")).to_have_text("reads a part")
        expect(asked).to_contain_text("Allowed by Ada")
        assert_fits(page)
        shot(page, "grant-part-phone-dark")


class TestStorage:
    def test_allowance(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        sign_in(page, platform)
        page.goto(f"{platform.url}/apps/hello/data")
        before = page.get_by_test_id("storage").inner_text()
        page.get_by_role("button", name="Change the storage allowance").click()
        page.get_by_label("GiB").fill("3.5")
        shot(page, "data-allowance")
        page.get_by_role("button", name="Change allowance").click()
        expect(page.get_by_test_id("storage")).to_contain_text("3.5 GiB")
        assert call(platform, token, "GET", "/apps/hello/data").json()["storage"]["allowed_bytes"] == 3.5 * 2**30
        page.get_by_role("button", name="Change the storage allowance").click()
        page.get_by_role("button", name="Use the platform's default").click()
        expect(page.get_by_test_id("storage")).to_have_text(before)


class TestRename:
    @pytest.fixture(autouse=True)
    def _back(self, platform: Platform, token: str) -> Iterator[None]:
        """Give the tracker its own slug back."""
        yield
        call(platform, token, "PATCH", "/apps/click-tracker", {"slug": "click-tracker"})

    def test_keeps_grants(
        self, platform: Platform, token: str, page: Page, reader: Callable[[], None], shot: Shot
    ) -> None:
        reader()
        granted = call(
            platform, token, "PUT", f"/apps/click-tracker/data/readers/{READER}", {"collections": ["clicks"]}
        )
        assert granted.status_code == 200, granted.text
        before = self._read(platform, token, "click-tracker")
        sign_in(page, platform)
        clicks = click(page, platform)
        self._rename(page, platform, shot)
        for slug in (RENAMED, "click-tracker"):
            assert self._read(platform, token, slug) == before + 1
        page.goto(f"{platform.app_url('click-tracker')}/?from=old")
        expect(page).to_have_url(f"{platform.app_url(RENAMED)}/?from=old")
        expect(page.locator("#count")).to_have_text(f"{clicks:,}")
        page.goto(f"{platform.url}/apps/click-tracker/data")
        expect(page).to_have_url(f"{platform.url}/apps/{RENAMED}/data")
        expect(page.locator(f"[data-reader={READER}]").get_by_test_id("reader-state")).to_have_text("reads a part")

    def _rename(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.goto(f"{platform.url}/apps/click-tracker/settings")
        slug = page.get_by_label("Slug")
        slug.fill("hello")
        page.get_by_role("button", name="Change address").click()
        expect(page.get_by_text("belongs to another app")).to_be_visible()
        shot(page, "rename-taken")
        slug.fill(RENAMED)
        expect(page.get_by_text(platform.app_url(RENAMED))).to_be_visible()
        page.get_by_role("button", name="Change address").click()
        expect(page).to_have_url(f"{platform.url}/apps/{RENAMED}/settings#address")
        expect(page.get_by_role("list", name="Former addresses")).to_contain_text(platform.app_url("click-tracker"))
        assert_accessible(page)
        shot(page, "renamed")

    def _read(self, platform: Platform, token: str, slug: str) -> int:
        """Let the reader count the tracker's clicks under a slug, as soon as the broker knows of it."""
        deadline = time.monotonic() + GRANT_SECONDS
        with platform.app_client(READER, token) as client:
            while (answer := client.get(f"/clicks/{slug}")).status_code != 200:
                assert time.monotonic() < deadline, answer.text
                time.sleep(0.1)
            count: int = answer.json()
            return count
