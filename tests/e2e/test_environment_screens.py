"""Images, builds of templates, and environments saved as templates, in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.support.apps_api import SERVER
from tests.support.images import base_image, containers, remove_image
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import assert_accessible, assert_fits, on_a_dark_phone, on_a_light_desk, sign_in

MISSING = "hothouse-no-such-package-at-all"
BUILT = "localhost/hothouse-tests/screen:1"
WAIT = 120_000
Shot = Callable[[Page, str], None]
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with a template that cannot be built, and an environment of Ada's from another one."""
    platform = Platform(tmp_path_factory.mktemp("screens") / "home")
    platform.start()
    with platform.client() as client:
        assert client.post("/api/v1/auth/login", json=ADMIN).is_success
        broken = {"slug": "broken", "name": "Broken", "packages": [f"{MISSING}==1"], "command": ["true"]}
        command = ["python", "-c", SERVER.replace("{version}", "1")]
        plain = {"slug": "plain", "name": "Plain", "command": command, "terminal_path": "/terminals/1"}
        for template in (broken, plain):
            assert client.post("/api/v1/templates", json=template).is_success
        asked: dict[str, Any] = {"template": "plain", "name": "Night sky", "env": {"SURVEY": "gaia", "KEY": "mine"}}
        assert client.post("/api/v1/environments", json=asked).is_success
    yield platform
    platform.close()


@pytest.fixture
def adas(lab: Platform, page: Page) -> Page:
    sign_in(page, lab)
    return page


def assert_good_everywhere(page: Page) -> None:
    assert_accessible(page)
    on_a_dark_phone(page)
    assert_fits(page)
    assert_accessible(page)
    on_a_light_desk(page)


class TestImages:
    def test_says_what_to_install_where_podman_is_not(self, lab: Platform, adas: Page) -> None:
        answers = iter([{"items": [], "jobs": [], "refusal": "not installed: podman"}])
        none = {"items": [], "jobs": [], "refusal": None}
        adas.route("**/api/v1/images", lambda route: route.fulfill(json=next(answers, none)))
        adas.goto(f"{lab.url}/images")
        expect(adas.get_by_text("Podman is not installed: podman")).to_be_visible()
        expect(adas.get_by_text("apt-get install podman")).to_be_visible()
        assert_good_everywhere(adas)
        adas.get_by_role("button", name="Look again").click()
        expect(adas.get_by_role("heading", name="No image yet")).to_be_visible()

    def test_one_is_built_and_removed(self, lab: Platform, adas: Page, shot: Shot) -> None:
        containers()
        base = base_image()
        adas.goto(f"{lab.url}/templates")
        adas.get_by_role("link", name="Images").click()
        adas.get_by_role("button", name="Build", exact=True).click()
        dialog = adas.get_by_role("dialog")
        dialog.get_by_label("Name").fill("tools of mine")
        dialog.get_by_label("Containerfile").fill(f"FROM {base}\nRUN echo something said\n")
        dialog.get_by_role("button", name="Build").click()
        expect(dialog.get_by_text("Give a name below localhost/")).to_be_visible()
        dialog.get_by_label("Name").fill(BUILT)
        dialog.get_by_role("button", name="Build").click()
        expect(dialog.get_by_role("log")).to_contain_text("something said", timeout=WAIT)
        expect(dialog.get_by_text("Built.")).to_be_visible(timeout=WAIT)
        shot(adas, "images-built")
        assert_good_everywhere(adas)
        dialog.get_by_role("button", name="Close").last.click()
        row = adas.locator(f"[data-image='{BUILT}']")
        expect(row).to_be_visible()
        shot(adas, "images")
        assert_good_everywhere(adas)
        row.get_by_role("button", name=f"Remove {BUILT}").click()
        adas.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(row).to_be_hidden()
        remove_image(BUILT)


class TestBuild:
    def test_one_that_failed_says_why_and_is_tried_again(self, lab: Platform, adas: Page, shot: Shot) -> None:
        adas.goto(f"{lab.url}/templates/broken")
        adas.get_by_role("button", name="Build now").click()
        expect(adas.get_by_test_id("build-cause")).to_contain_text(MISSING, timeout=WAIT)
        expect(adas.get_by_role("log", name="Build log")).to_contain_text(MISSING)
        shot(adas, "template-build-failed")
        assert_good_everywhere(adas)
        with adas.expect_response(re.compile(r"/templates/broken/build$")) as answer:
            adas.get_by_role("button", name="Try again").click()
        assert answer.value.status == 202
        expect(adas.get_by_test_id("build-cause")).to_contain_text(MISSING, timeout=WAIT)


class TestSaveAsTemplate:
    def test_what_is_asked_for_goes_along(self, lab: Platform, adas: Page, shot: Shot) -> None:
        adas.goto(f"{lab.url}/environments")
        adas.get_by_role("link", name="Night sky").first.click()
        expect(adas.get_by_role("slider", name="Disk in the last ten minutes")).to_be_visible(timeout=WAIT)
        expect(adas.get_by_role("slider", name="Network in the last ten minutes")).to_be_visible()
        terminal = adas.get_by_role("link", name="Terminal").get_attribute("href") or ""
        assert re.search(r"//night-sky-\w+-env\..*/terminals/1$", terminal)
        adas.get_by_role("button", name="Save as template").click()
        dialog = adas.get_by_role("dialog")
        dialog.get_by_label("Name", exact=True).fill("Surveys")
        dialog.get_by_label("SURVEY").check()
        shot(adas, "environment-save-as-template")
        assert_good_everywhere(adas)
        dialog.get_by_role("button", name="Save as template").click()
        expect(adas.get_by_role("heading", name="Surveys", level=1)).to_be_visible()
        with lab.client() as client:
            assert client.post("/api/v1/auth/login", json=ADMIN).is_success
            saved = client.get("/api/v1/templates/surveys").json()
        assert (saved["env"], saved["access"]) == ({"SURVEY": "gaia"}, "private")
