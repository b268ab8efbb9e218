"""Environments in a real browser: a newcomer's first hour with JupyterLab, what goes wrong, and the catalogue."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import (
    assert_accessible,
    assert_fits,
    assert_signed_in,
    give_password,
    on_a_dark_phone,
    on_a_light_desk,
)

MIA = {"name": "Mia", "email": "mia@example.org", "password": "lilac gate pebble", "role": "member"}
PLOT = "import matplotlib.pyplot as plt; plt.plot([1, 3, 2]); plt.show()"
MISSING = "hothouse-no-such-package-at-all"
SLOW = 1_000
"""Milliseconds in a second: deadlines are for a machine that has much else to do."""
Shot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with Ada, its admin, Mia, and a template that cannot be built."""
    platform = Platform(tmp_path_factory.mktemp("environments") / "home")
    platform.start()
    with platform.client() as client:
        assert client.post("/api/v1/auth/login", json=ADMIN).is_success
        assert client.post("/api/v1/users", json=MIA).is_success
        make_broken_template(client)
    yield platform
    platform.close()


def make_broken_template(client: httpx2.Client) -> None:
    broken = {
        "slug": "broken",
        "name": "Broken",
        "summary": "Its packages cannot be had.",
        "packages": [f"{MISSING}==1"],
        "command": ["true"],
    }
    assert client.post("/api/v1/templates", json=broken).is_success
    answer = client.put("/api/v1/access/template/broken/openness", json={"openness": "signed-in"})
    assert answer.is_success, answer.text


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Wait longer for what is expected than Playwright does by default."""
    expect.set_options(timeout=20 * SLOW)
    yield
    expect.set_options(timeout=5 * SLOW)


@pytest.fixture
def mias(lab: Platform, page: Page) -> Page:
    """Mia's page, with her environments."""
    return arrived(page, lab, MIA)


def arrived(page: Page, lab: Platform, account: dict[str, str]) -> Page:
    give_password(page, lab.url, account["email"], account["password"])
    assert_signed_in(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Environments").click()
    expect(page.get_by_role("button", name="Start Terminal", exact=True)).to_be_visible(timeout=30 * SLOW)
    return page


def assert_good_everywhere(page: Page) -> None:
    """Let it be accessible and fit, on a light desk and on a dark phone."""
    assert_accessible(page)
    on_a_dark_phone(page)
    assert_fits(page)
    assert_accessible(page)
    on_a_light_desk(page)


def in_state(page: Page, state: str, seconds: int = 60) -> None:
    expect(page.get_by_test_id("app-state").first).to_have_text(state, timeout=seconds * SLOW)


def asked(page: Page, template: str) -> Locator:
    """Open the dialog in which one says with what to start."""
    page.get_by_role("button", name=f"Start with…: {template}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=True)).to_be_visible()
    return dialog


@pytest.mark.slow
@pytest.mark.timeout(900)  # packages are installed, and the machine may have much else to do
class TestNewcomer:
    def test_plots_stops_and_finds_the_file_again(self, lab: Platform, mias: Page, shot: Shot) -> None:
        page = mias
        shot(page, "environments-first-visit")
        assert_good_everywhere(page)

        page.get_by_role("button", name="Start JupyterLab", exact=True).click()
        expect(page.get_by_role("log", name="Build log")).to_contain_text("Installing", timeout=120 * SLOW)
        assert page.locator("[data-step='building']").get_attribute("data-look") == "active"
        shot(page, "environments-start")
        assert_good_everywhere(page)
        page_url = page.url.partition("?")[0]
        page.wait_for_url(re.compile(r"//jupyterlab-[a-z0-9]+-env\."), timeout=400 * SLOW)

        page.locator(".jp-LauncherCard[data-category='Notebook']").first.click(timeout=120 * SLOW)
        expect(page.get_by_text(re.compile(r"\(ipykernel\) \| Idle"))).to_be_visible(timeout=120 * SLOW)
        page.locator(".jp-Notebook .cm-content").first.click()
        page.keyboard.insert_text(PLOT)
        page.keyboard.press("Shift+Enter")
        expect(page.locator(".jp-RenderedImage img")).to_be_visible(timeout=120 * SLOW)
        page.keyboard.press("Control+s")
        page.get_by_role("button", name="Rename and Save").click(timeout=30 * SLOW)
        expect(page.get_by_text("Saving completed")).to_be_visible(timeout=30 * SLOW)
        shot(page, "environments-jupyterlab")

        page.goto(page_url)
        in_state(page, "running")
        expect(page.get_by_role("slider", name="Memory in the last ten minutes")).to_be_visible()
        expect(page.get_by_role("log", name="Log")).to_contain_text("Jupyter Server")
        shot(page, "environments-live")
        assert_good_everywhere(page)
        page.get_by_role("button", name="Stop", exact=True).click()
        in_state(page, "stopped")
        page.get_by_role("button", name="Start and open").click()
        page.wait_for_url(re.compile(r"//jupyterlab-[a-z0-9]+-env\."), timeout=180 * SLOW)
        expect(page.locator(".jp-RenderedImage img")).to_be_visible(timeout=120 * SLOW)

        page.goto(f"{lab.url}/environments")
        in_state(page, "running")
        expect(page.get_by_role("meter", name="Memory of JupyterLab")).to_be_visible(timeout=30 * SLOW)
        shot(page, "environments")
        page.get_by_role("button", name="Actions for JupyterLab").click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
        expect(page.locator("[data-environment]")).to_have_count(0)


class TestStartWith:
    def test_a_path_given_twice_is_refused_before_anything_is_sent(self, mias: Page, shot: Shot) -> None:
        sent: list[str] = []
        mias.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        dialog = asked(mias, "Terminal")
        dialog.get_by_text("Packages, repository, variables and files").click()
        for number, path in ((1, ".token"), (2, "/.token")):
            dialog.get_by_role("button", name="Add secret file").click()
            dialog.get_by_label(f"Secret files, path {number}").fill(path)
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("~/.token above already")
        assert sent == []
        shot(mias, "environments-start-with")
        assert_good_everywhere(mias)

    def test_what_the_hub_refuses_is_said_at_its_field(self, mias: Page) -> None:
        dialog = asked(mias, "Terminal")
        dialog.get_by_text("Packages, repository, variables and files").click()
        dialog.get_by_label("Extra packages").fill("rich\n-r other.txt")
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(dialog.get_by_text(re.compile(r"^-r other\.txt: "))).to_be_visible()
        dialog.get_by_label("Extra packages").fill("")
        dialog.get_by_label("Git repository").fill("https://mia:secret@git.example.org/one.git")
        dialog.get_by_role("button", name="Start", exact=True).click()
        expect(dialog.get_by_text("A password in the address")).to_be_visible()


@pytest.mark.timeout(400)
class TestFailure:
    def test_shows_its_cause_and_is_tried_again_with_the_same_settings(self, mias: Page, shot: Shot) -> None:
        dialog = asked(mias, "Broken")
        dialog.get_by_label("Name", exact=True).fill("Doomed")
        dialog.get_by_role("button", name="Start", exact=True).click()
        start = mias.get_by_test_id("start-state")
        expect(start).to_have_attribute("data-state", "failed", timeout=120 * SLOW)
        expect(mias.get_by_test_id("cause")).to_contain_text(MISSING)
        expect(mias.locator("[data-step='building']")).to_have_attribute("data-look", "failed")
        shot(mias, "environments-failed")
        assert_good_everywhere(mias)
        with mias.expect_response(re.compile(r"/environments/[^/]+/start$")) as answer:
            mias.get_by_role("button", name="Try again").click()
        assert answer.value.status == 202
        expect(mias.get_by_role("heading", name="Doomed")).to_be_visible()
        expect(mias.get_by_test_id("cause")).to_contain_text(MISSING, timeout=120 * SLOW)


@pytest.mark.timeout(400)
class TestTemplates:
    def test_an_admin_makes_builds_changes_and_retires_one(self, lab: Platform, page: Page, shot: Shot) -> None:
        arrived(page, lab, ADMIN)
        page.get_by_role("link", name="Manage templates").click()
        expect(page.get_by_role("table", name="Templates")).to_be_visible()
        shot(page, "templates")
        assert_good_everywhere(page)
        page.get_by_role("link", name="New template").click()
        page.get_by_label("Name", exact=True).fill("Folder Server")
        page.get_by_label("Command").fill("python -m http.server $PORT --bind $HOST")
        page.get_by_label("Packages", exact=True).fill("-e .")
        page.get_by_label("Node packages").fill("cowsay@latest")
        page.get_by_role("button", name="Make template").click()
        expect(page.get_by_text(re.compile(r"^-e \.: "))).to_be_visible()
        expect(page.get_by_text(re.compile(r"^cowsay@latest: "))).to_be_visible()
        assert_good_everywhere(page)
        page.get_by_label("Packages", exact=True).fill("")
        page.get_by_label("Node packages").fill("")
        page.get_by_role("button", name="Make template").click()
        row = page.locator("[data-template='folder-server']")
        row.get_by_role("button", name="Build now: Folder Server").click()
        expect(row.get_by_test_id("build-state")).to_have_text("built", timeout=120 * SLOW)

        row.get_by_role("link", name="Folder Server", exact=True).click()
        page.get_by_label("Summary").fill("Shows the files of a workspace.")
        page.get_by_role("button", name="Save template").click()
        expect(page.get_by_role("button", name="Save template")).to_be_hidden()
        page.goto(f"{lab.url}/templates")
        page.get_by_role("button", name="Actions for Folder Server").click()
        page.get_by_role("menuitem", name="Retire").click()
        expect(row.get_by_text("retired", exact=True)).to_be_visible()
        page.goto(f"{lab.url}/environments")
        expect(page.get_by_role("button", name="Start Terminal", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Start Folder Server", exact=True)).to_be_hidden()
