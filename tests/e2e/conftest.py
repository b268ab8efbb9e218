"""One platform for the whole session, with the example apps; tests that break it bring their own."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tests.support.chromium import ARGUMENTS, chromium
from tests.support.running_platform import Platform

SCREENS = Path(__file__).parents[1] / "artifacts" / "screens"
FAILED = pytest.StashKey[bool]()
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A running platform whose admin is Ada."""
    platform = Platform(tmp_path_factory.mktemp("platform") / "home", examples=EXAMPLES)
    platform.start()
    yield platform
    platform.close()


@pytest.fixture(scope="session")
def token(platform: Platform) -> str:
    """An API token of Ada's."""
    return platform.token()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, closed with its module: while it is open, Playwright's event loop keeps others from running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a browser profile of its own; what the console complains of, or a foreign host, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if is_foreign(sent.url) else None)
    page.on("console", lambda message: complaints.append(message.text) if breaks_policy(message, page) else None)
    yield page
    if request.node.stash.get(FAILED, False):
        page.screenshot(path=SCREENS / f"failed-{request.node.name}.png")
    context.close()
    assert complaints == []


@pytest.fixture
def own_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Open, when called, a page in another browser profile."""
    contexts = []

    def opened() -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of a screen, for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENS / f"{name}.png")

    return take


def is_foreign(url: str) -> bool:
    """Tell whether a request goes to a host that is not this machine."""
    host = urlsplit(url).hostname or ""
    return url.startswith(("http", "ws")) and host != "localhost" and not host.endswith(".localhost")


def breaks_policy(message: ConsoleMessage, page: Page) -> bool:
    """Tell whether a page of the platform's own does what its content security policy forbids."""
    return "Content Security Policy" in message.text and urlsplit(page.url).hostname == "localhost"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report
