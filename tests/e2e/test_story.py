"""The story of the platform, played in a real browser: set up, open, click, restart, upload, break, mend, roll back."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.support.running_platform import ADMIN, Platform
from tests.support.screens import type_command

SAMPLES = Path(__file__).parents[1] / "samples"
BUILD_MS = 120_000
Shot = Callable[[Page, str], None]


def zip_of(files: dict[str, str]) -> bytes:
    """Pack files as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def sample(name: str, **changed: str) -> bytes:
    """Pack a sample project, with some files changed."""
    folder = SAMPLES / name
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    return zip_of({f"{name}/{path}": text for path, text in {**files, **changed}.items()})


def sign_in(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.url}/sign-in")
    page.get_by_label("E-mail").fill(ADMIN["email"])
    page.get_by_label("Password", exact=True).fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Apps", exact=True)).to_be_visible()


def upload(page: Page, platform: Platform, name: str, content: bytes) -> None:
    """Upload a zip, accept the manifest and press Deploy."""
    page.goto(platform.url)
    page.get_by_role("button", name="Upload app").click()
    page.get_by_label("Zip file").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Deploy")).click()


class TestSetUp:
    @pytest.fixture
    def fresh(self, tmp_path: Path) -> Iterator[Platform]:
        """A platform that nobody has set up yet."""
        platform = Platform(tmp_path / "home", admin=False)
        platform.start()
        yield platform
        platform.close()

    def test_first_account(self, fresh: Platform, page: Page, shot: Shot) -> None:
        link = fresh.setup_link()
        page.goto(link)
        page.get_by_label("Name").fill("Ada Lovelace")
        page.get_by_label("E-mail").fill(ADMIN["email"])
        page.get_by_label("Password", exact=True).fill(ADMIN["password"])
        shot(page, "set-up")
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("heading", name="Apps", exact=True)).to_be_visible()
        shot(page, "apps-empty")
        page.goto(link)
        expect(page.get_by_role("heading", name="This link has been used up")).to_be_visible()
        page.context.clear_cookies()
        page.goto(fresh.url)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        shot(page, "sign-in")


class TestClickTracker:
    def test_counts_across_a_restart(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        platform.wait_for_app("click-tracker", token)
        sign_in(page, platform)
        expect(page.get_by_role("row", name=re.compile("Click Tracker"))).to_contain_text("running")
        shot(page, "apps")
        page.goto(platform.app_url("click-tracker"))
        count = page.locator("#count")
        expect(count).to_have_text(re.compile(r"\d+"))
        before = int(count.inner_text().replace(",", ""))
        page.get_by_role("button", name="Click me").click()
        expect(count).to_have_text(str(before + 1))
        shot(page, "click-tracker")
        assert platform.stop() < 10
        platform.start()
        platform.wait_for_app("click-tracker", token)
        page.reload()
        expect(page.locator("#count")).to_have_text(str(before + 1))


class TestOwnApp:
    def test_upload_break_mend_roll_back(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        sign_in(page, platform)
        self._upload(page, platform, shot)
        self._open(page, platform, shot)
        self._bad_version(page, platform, token, shot)
        self._mended_version(page, platform, token, shot)
        self._roll_back(page, platform, token, shot)

    def _upload(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.get_by_role("button", name="Upload app").click()
        dialog = page.get_by_role("dialog")
        shot(page, "upload-pick")
        archive = {"name": "weather.zip", "mimeType": "application/zip", "buffer": sample("streamlit-weather")}
        page.get_by_label("Zip file").set_input_files(archive)
        expect(dialog.get_by_text(re.compile("streamlit", re.IGNORECASE)).first).to_be_visible()
        shot(page, "upload-review")
        dialog.get_by_role("button", name=re.compile("^Deploy")).click()
        expect(page.get_by_role("log").first).to_contain_text("+ humanize", timeout=BUILD_MS)
        shot(page, "upload-building")
        expect(dialog.get_by_role("link", name=re.compile("^Open"))).to_be_visible(timeout=BUILD_MS)
        shot(page, "upload-done")

    def _open(self, page: Page, platform: Platform, shot: Shot) -> None:
        page.goto(platform.app_url("weather-explorer"))
        expect(page.get_by_role("heading", name="Weather Explorer")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Warmest month")).to_be_visible(timeout=30_000)
        csv = {"name": "own.csv", "mimeType": "text/csv", "buffer": b"month,celsius\n2025-01-01,3\n2025-02-01,4\n"}
        page.locator("input[type=file]").set_input_files(csv)
        expect(page.get_by_text("2 rows uploaded")).to_be_visible(timeout=30_000)
        shot(page, "streamlit")

    def _bad_version(self, page: Page, platform: Platform, token: str, shot: Shot) -> None:
        upload(
            page,
            platform,
            "weather.zip",
            sample("streamlit-weather", **{"requirements.txt": "streamlit\nno-such-package-anywhere-at-all\n"}),
        )
        problem = page.get_by_role("dialog")
        expect(problem).to_contain_text("no-such-package-anywhere-at-all", timeout=BUILD_MS)
        expect(problem.get_by_text(re.compile("keeps? (running|serving)|still")).first).to_be_visible()
        shot(page, "upload-failed")
        with platform.app_client("weather-explorer", token) as client:
            assert client.get("/").status_code == 200

    def _mended_version(self, page: Page, platform: Platform, token: str, shot: Shot) -> None:
        upload(page, platform, "weather.zip", sample("streamlit-weather", **{"NEWS.md": "mended"}))
        expect(page.get_by_role("dialog").get_by_role("link", name=re.compile("^Open"))).to_be_visible(timeout=BUILD_MS)
        page.goto(f"{platform.url}/apps/weather-explorer")
        expect(page.get_by_test_id("app-state")).to_contain_text("running")
        shot(page, "app-overview")
        page.get_by_role("tab", name="Logs").click()
        expect(page.get_by_role("log")).to_contain_text("You can now view your Streamlit app", timeout=15_000)
        shot(page, "app-logs")
        page.get_by_role("tab", name="Settings").click()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Weather Explorer")
        shot(page, "app-settings")

    def _roll_back(self, page: Page, platform: Platform, token: str, shot: Shot) -> None:
        page.get_by_role("tab", name="Releases").click()
        expect(page.get_by_role("row", name=re.compile("serving"))).to_contain_text("3")
        shot(page, "app-releases")
        page.get_by_role("button", name="Roll back").first.click()
        confirm = page.get_by_role("dialog").get_by_role("button", name=re.compile("^Roll back"))
        if confirm.count():
            confirm.first.click()
        expect(page.get_by_role("row", name=re.compile("serving"))).to_contain_text("1", timeout=60_000)


class TestPalette:
    def test_reaches_apps_and_actions(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        platform.wait_for_app("hello", token)
        sign_in(page, platform)
        type_command(page, "hello")
        expect(page.get_by_role("option").first).to_be_visible()
        shot(page, "palette")

    def test_dark_and_small(self, platform: Platform, page: Page, shot: Shot) -> None:
        page.emulate_media(color_scheme="dark")
        sign_in(page, platform)
        expect(page.get_by_text("Click Tracker").first).to_be_visible()
        shot(page, "apps-dark")
        page.set_viewport_size({"width": 390, "height": 844})
        shot(page, "apps-phone-dark")
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth", timeout=5_000)


class TestFriendlyPages:
    def test_unknown_app(self, platform: Platform, page: Page, shot: Shot) -> None:
        """Nobody is told that there is none: it is signed in for, and asked for, like any that is not shared."""
        page.goto(platform.app_url("no-such-app"))
        expect(page).to_have_url(re.compile(f"^{platform.url}/sign-in"))
        sign_in(page, platform)
        page.goto(platform.app_url("no-such-app"))
        expect(page).to_have_url(f"{platform.url}/ask-for-access?app=no-such-app")
        shot(page, "unknown-app")

    def test_stopped_app(self, platform: Platform, token: str, page: Page, shot: Shot) -> None:
        platform.wait_for_app("stats-dashboard", token)
        sign_in(page, platform)
        assert platform.cli("stop", "stats-dashboard", token=token).returncode == 0
        page.goto(platform.app_url("stats-dashboard"))
        expect(page.get_by_text(re.compile("stopped", re.IGNORECASE)).first).to_be_visible()
        shot(page, "stopped-app")
        assert platform.cli("start", "stats-dashboard", token=token).returncode == 0
