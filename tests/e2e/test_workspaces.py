"""Workspaces in a real browser: a folder goes in, a text is changed, things are moved, deleted, taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.support.running_platform import Platform
from tests.support.screens import (
    assert_accessible,
    assert_fits,
    on_a_dark_phone,
    on_a_light_desk,
    sign_in,
    type_command,
)

Shot = Callable[[Page, str], None]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder to upload, with a file that needs more than one part."""
    (tmp_path / "study" / "plots").mkdir(parents=True)
    (tmp_path / "study" / "notes.md").write_text("# Notes\n")
    (tmp_path / "study" / "plots" / "big.bin").write_bytes(bytes(range(256)) * 36_000)
    return tmp_path / "study"


def new_workspace(page: Page, platform: Platform, name: str) -> None:
    sign_in(page, platform)
    page.goto(f"{platform.url}/workspaces")
    page.get_by_role("button", name="New workspace").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make workspace").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()


def choose(page: Page, name: str, action: str) -> None:
    page.get_by_role("button", name=f"More for {name}", exact=True).click()
    page.get_by_role("menuitem", name=action).click()


class TestFiles:
    def test_a_folder_goes_in_and_its_text_is_changed(
        self, platform: Platform, page: Page, shot: Shot, source: Path
    ) -> None:
        new_workspace(page, platform, "Study")
        assert_accessible(page)
        page.locator("input[webkitdirectory]").set_input_files(source)
        expect(page.get_by_role("region", name="Uploads")).to_contain_text("Uploaded 2 of 2 files", timeout=30_000)
        page.get_by_role("button", name="Close list of uploads").click()
        page.get_by_role("button", name="study", exact=True).click()
        expect(page.get_by_role("row").filter(has_text="plots")).to_be_visible()
        shot(page, "workspace-files")
        assert_accessible(page)
        page.get_by_role("button", name="notes.md", exact=True).click()
        page.get_by_label("Text of notes.md").fill("# Other notes\n")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
        assert_accessible(page)
        page.get_by_role("button", name="Close", exact=True).last.click()
        with page.expect_download() as download:
            choose(page, "notes.md", "Download")
        assert download.value.path().read_text() == "# Other notes\n"
        on_a_dark_phone(page)
        assert_fits(page)
        assert_accessible(page)
        shot(page, "workspace-phone-dark")

    def test_keys_and_undo(self, platform: Platform, page: Page) -> None:
        new_workspace(page, platform, "Keys")
        on_a_light_desk(page)
        for name in ("a", "b"):
            page.get_by_role("button", name="Add", exact=True).click()
            page.get_by_role("menuitem", name="New folder").click()
            page.get_by_role("dialog").get_by_label("Name").fill(name)
            page.get_by_role("button", name="Make folder").click()
            expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        page.get_by_role("button", name="a", exact=True).focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("button", name="b", exact=True)).to_be_focused()
        page.keyboard.press("F2")
        page.get_by_label("Path in the workspace").fill("a/c")
        page.get_by_role("button", name="Move", exact=True).click()
        expect(page.get_by_role("button", name="b", exact=True)).to_be_hidden()
        page.get_by_role("button", name="a", exact=True).focus()
        page.keyboard.press("Delete")
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("button", name="a", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="c", exact=True)).to_be_visible()

    def test_dropped_files_do_not_become_an_app(self, platform: Platform, page: Page) -> None:
        new_workspace(page, platform, "Dropped")
        transfer = page.evaluate_handle(
            "() => { const t = new DataTransfer(); t.items.add(new File(['hi'], 'hello.txt')); return t }"
        )
        place = page.get_by_text("Nothing here yet")
        for event in ("dragenter", "dragover", "drop"):
            place.dispatch_event(event, {"dataTransfer": transfer})
        expect(page.get_by_role("button", name="hello.txt", exact=True)).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()


class TestSnapshots:
    def test_the_way_back(self, platform: Platform, page: Page, shot: Shot) -> None:
        new_workspace(page, platform, "Time")
        page.locator("input[type=file]").first.set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"old"})
        expect(page.get_by_role("button", name="a.txt", exact=True)).to_be_visible()
        page.get_by_role("button", name="Snapshots").click()
        page.get_by_role("button", name="Make a snapshot").click()
        page.get_by_role("dialog").last.get_by_label("Name").fill("Before")
        page.get_by_role("button", name="Make snapshot").click()
        snapshot = page.locator("[data-snapshot='Before']")
        expect(snapshot.get_by_role("button", name="Go back")).to_be_enabled(timeout=30_000)
        snapshot.get_by_role("button", name="Go back").click()
        expect(page.locator("[data-snapshot='Before going back to Before']")).to_be_visible(timeout=30_000)
        assert_accessible(page)
        shot(page, "workspace-snapshots")


class TestList:
    def test_delete_and_palette(self, platform: Platform, page: Page, shot: Shot) -> None:
        new_workspace(page, platform, "Short-lived")
        type_command(page, "Workspaces")
        page.get_by_role("option", name="Workspaces", exact=False).first.click()
        expect(page.get_by_role("heading", name="Workspaces")).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator("[data-workspace='Short-lived']")).to_contain_text("used by no environment")
        shot(page, "workspaces")
        assert_accessible(page)
        choose(page, "Short-lived", "Delete")
        page.get_by_label("to confirm").fill("Short-lived")
        page.get_by_role("button", name="Delete for good").click()
        expect(page.locator("[data-workspace='Short-lived']")).to_be_hidden()
        on_a_dark_phone(page)
        assert_fits(page)
