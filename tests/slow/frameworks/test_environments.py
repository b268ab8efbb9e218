"""Environments from the shipped templates, in which somebody works: a plot, an upload, a file that stays."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.support.running_platform import Platform
from tests.support.up_process import wait_until

BUILD_SECONDS = 900
LARGE = 20 * 2**20
SLOW = 120_000
EXTENSIONS = "/vscode/gallery/extensionquery"
"""The editor asks once for an extension that is not there; it works as well without an answer."""
PLOT = "import matplotlib.pyplot as plt; plt.plot([1, 3, 2]); plt.gca()"
Start = Callable[[str], str]
Make = Callable[[int], Path]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=SLOW)


def test_jupyterlab(page: Page, started: Start, file_of: Make) -> None:
    address = started("jupyterlab")
    page.goto(address)
    files = page.get_by_role("region", name="File Browser Section")
    with page.expect_file_chooser() as chooser:
        files.get_by_role("button", name="Upload Files").click()
    chooser.value.set_files(file_of(LARGE))
    page.locator(".jp-Dialog").get_by_role("button", name="Upload").click()
    expect(files.get_by_text("measurements.bin")).to_be_visible()
    page.wait_for_function(
        "size => fetch('/api/contents/measurements.bin?content=0').then(r => r.json()).then(f => f.size === size)",
        arg=LARGE,
    )

    page.locator(".jp-LauncherCard[data-category='Notebook']").first.click()
    expect(page.get_by_text(re.compile(r"\(ipykernel\) \| Idle"))).to_be_visible()  # what is run before is dropped
    page.locator(".jp-Notebook .cm-content").first.click()
    page.keyboard.insert_text(PLOT)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-RenderedImage img")).to_be_visible()


def test_marimo_editor(page: Page, started: Start) -> None:
    page.goto(f"{started('marimo')}/?file=notebook.py")
    cell = page.locator(".cm-content").first
    expect(cell).to_contain_text("A notebook to start from")
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(PLOT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".output img")).to_be_visible()


@pytest.mark.timeout(BUILD_SECONDS)
def test_code_editor(page: Page, started: Start, platform: Platform) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = started("editor")
    page.goto(address)
    expect(page.get_by_role("tree", name="Files Explorer")).to_be_visible()

    page.keyboard.press("Control+Backquote")
    in_terminal(page, "python -c \"import numpy; print(numpy.arange(3).sum(), file=open('sum.py', 'w'))\"")
    page.get_by_role("treeitem", name="sum.py").dblclick()
    lines = page.locator(".editor-instance .view-lines")
    expect(lines).to_contain_text("3")

    lines.click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("40 + ")
    page.keyboard.press("Control+s")
    expect(page.locator(".tab.dirty")).to_have_count(0)
    in_terminal(page, "touch $(python -c \"print(eval(open('sum.py').read()))\").txt")
    expect(page.get_by_role("treeitem", name="43.txt")).to_be_visible()
    ours = (address, platform.url, "data:", "blob:")
    assert {urlsplit(url).path for url in asked if not url.startswith(ours)} <= {EXTENSIONS}


@pytest.mark.timeout(BUILD_SECONDS)
def test_code_editor_left_open(page: Page, started: Start, platform: Platform, token: str, impatient: None) -> None:
    """An open tab lets its environment fall asleep, and asleep it stays until somebody comes."""
    tried: list[str] = []
    page.on("websocket", lambda opened: tried.append(opened.url) if "reconnection=true" in opened.url else None)
    address = started("editor")
    slug = urlsplit(address).netloc.partition(".")[0]
    page.goto(address)
    expect(page.get_by_role("tree", name="Files Explorer")).to_be_visible()
    page.keyboard.press("Control+Backquote")
    in_terminal(page, "touch before.txt")
    expect(page.get_by_role("treeitem", name="before.txt")).to_be_visible()

    def state() -> str:
        with platform.client() as client:
            client.headers["Authorization"] = f"Bearer {token}"
            return str(client.get(f"/api/v1/environments/{slug}").json()["state"])

    wait_until(lambda: state() == "sleeping", "it sleeps though the tab is open", 240)
    expect(page.get_by_text("Attempting to reconnect").first).to_be_visible()
    before = len(tried)
    while len(tried) < before + 3:
        page.wait_for_event("websocket")
    assert state() == "sleeping"
    page.reload()
    expect(page.get_by_role("treeitem", name="before.txt")).to_be_visible()
    in_terminal(page, "touch after.txt")
    expect(page.get_by_role("treeitem", name="after.txt")).to_be_visible()
    assert state() == "running"


def in_terminal(page: Page, line: str) -> None:
    page.locator(".terminal-wrapper.active .xterm-screen").click()
    page.keyboard.insert_text(line)
    page.keyboard.press("Enter")
