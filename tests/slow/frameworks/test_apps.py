"""Apps of every framework, as their authors write them: a number moved, a file uploaded, words said to each other."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

MIB = 2**20
LARGE = 20 * MIB
IN_A_MESSAGE = 5 * MIB
"""What a framework's own server takes in one WebSocket message, by which some of them upload."""
SLOW = 120_000
"""Milliseconds: deadlines are for a machine that has much else to do."""
Deploy = Callable[[str], str]
Make = Callable[[int], Path]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=SLOW)


def move(handle: Locator) -> None:
    """Move a slider by one, with the keyboard."""
    handle.focus()
    handle.press("ArrowRight")


def choose(page: Page, button: Locator, path: Path) -> None:
    """Click what opens the browser's own window for files, and choose one there."""
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(path)


def said(where: Page | FrameLocator, words: str) -> None:
    expect(where.get_by_text(words, exact=True)).to_be_visible()


def test_streamlit(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("streamlit"))
    said(page, "Its square is 9")
    move(page.get_by_role("slider"))
    said(page, "Its square is 16")
    page.locator("input[type=file]").set_input_files(file_of(LARGE))
    said(page, f"It has {LARGE} bytes")


def test_gradio(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("gradio"))
    page.get_by_role("slider").fill("4")
    expect(page.get_by_label("Answer")).to_have_value("Its square is 16")
    page.locator("input[type=file]").set_input_files(file_of(LARGE))
    expect(page.get_by_label("Size")).to_have_value(f"It has {LARGE} bytes")


def test_dash(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("dash"))
    said(page, "Its square is 9")
    move(page.get_by_role("slider").first)
    said(page, "Its square is 16")
    expect(page.locator(".js-plotly-plot .scatterlayer")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file_of(LARGE))
    said(page, f"It has {LARGE} bytes")


def test_panel(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("panel"))
    said(page, "Its square is 9")
    move(page.locator(".noUi-handle"))
    said(page, "Its square is 16")
    page.locator("input[type=file]").set_input_files(file_of(IN_A_MESSAGE))
    said(page, f"It has {IN_A_MESSAGE} bytes")


def test_voila(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("voila"))
    said(page, "Its square is 9")
    move(page.locator(".noUi-handle"))
    said(page, "Its square is 16")
    choose(page, page.get_by_role("button", name=re.compile("A file")), file_of(IN_A_MESSAGE))
    said(page, f"It has {IN_A_MESSAGE} bytes")


def test_marimo(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("marimo"))
    said(page, "Its square is 9")
    move(page.get_by_role("slider"))
    said(page, "Its square is 16")
    page.locator("input[type=file]").set_input_files(file_of(LARGE))
    said(page, f"It has {LARGE} bytes")


def test_node(page: Page, deployed: Deploy, file_of: Make) -> None:
    page.goto(deployed("node"))
    said(page, "Its square is 9")
    move(page.get_by_role("slider"))
    said(page, "Its square is 16")
    page.get_by_label("A file").set_input_files(file_of(LARGE))
    page.get_by_role("button", name="Upload").click()
    said(page, f"It has {LARGE} bytes")


def test_chat(page: Page, deployed: Deploy) -> None:
    address = deployed("chat")
    page.goto(address)
    said(page, "1 here")
    other = page.context.new_page()
    other.goto(address)
    said(page, "2 here")
    for who, words in ((page, "Good morning"), (other, "And to you")):
        who.get_by_label("Say").fill(words)
        who.get_by_role("button", name="Send").click()
        said(page, words)
        said(other, words)
