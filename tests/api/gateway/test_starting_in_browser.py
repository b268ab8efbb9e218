"""The starting page in a real browser: it tells what happens, and gives way to the app by itself."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, async_playwright, expect
from tests.support.chromium import ARGUMENTS, chromium
from tests.support.gateway_door import Door


@pytest.fixture
async def browser(door: Door) -> AsyncIterator[BrowserContext]:
    """A browser that is signed in to the app."""
    async with async_playwright() as playwright:
        program = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = await program.new_context()
        await context.add_cookies([{"name": "hothouse_app", "value": "good", "url": f"http://{door.app_host}"}])
        yield context
        await program.close()


async def test_follows_the_start_and_opens_the_app(door: Door, browser: BrowserContext) -> None:
    await door.put(state="sleeping")
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(f"http://{door.app_host}/deep?x=1")
    await expect(page.get_by_role("heading", name="Starting up")).to_be_visible()
    assert door.hub.wakes == ["app_echo"]
    news = {"id": "d1", "state": "starting", "reason": "", "log_tail": ["line one", "<b>line two</b>"]}
    await door.put(state="starting", reason="Waiting for the app to answer", deployment=news)
    await expect(page.get_by_role("status")).to_have_text("Waiting for the app to answer")
    await expect(page.locator("#log")).to_have_text("line one\n<b>line two</b>")
    await door.put(endpoint=door.app.endpoint)
    await expect(page.locator("body")).to_contain_text('"path": "/deep"')
    assert [text for text in complaints if "Content Security Policy" in text] == []


async def test_opens_a_public_path_for_somebody_unknown(door: Door, browser: BrowserContext) -> None:
    await browser.clear_cookies()
    await door.put(state="starting", public_paths=["/open"])
    page = await browser.new_page()
    async with page.expect_response(f"http://{door.app_host}/.hothouse/status?seen=0") as asked:
        await page.goto(f"http://{door.app_host}/open")
        await expect(page.get_by_role("heading", name="Starting up")).to_be_visible()
    assert (await asked.value).status == 401
    await door.put(endpoint=door.app.endpoint, public_paths=["/open"])
    await expect(page.locator("body")).to_contain_text('"path": "/open"')
