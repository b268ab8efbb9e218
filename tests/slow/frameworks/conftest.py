"""One platform for all frameworks: each is installed, deployed and opened by a person in a browser.

`HOTHOUSE_TEST_FRAMEWORKS_HOME` names a folder that is kept, so that nothing is installed twice.
"""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.chromium import ARGUMENTS, chromium
from tests.support.running_platform import Platform
from tests.support.screens import sign_in
from tests.support.up_process import wait_until

APPS = Path(__file__).parent / "apps"
SCREENS = Path(__file__).parents[2] / "artifacts" / "screens"
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost"
"""Frameworks like to load a font or to count their users; there is no outside in these tests."""
BUILD_SECONDS = 900
MIB = 2**20


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    kept = os.environ.get("HOTHOUSE_TEST_FRAMEWORKS_HOME")
    platform = Platform(Path(kept) if kept else tmp_path_factory.mktemp("frameworks") / "home")
    platform.start()
    yield platform
    platform.close()


@pytest.fixture(scope="session")
def token(platform: Platform) -> str:
    return platform.token()


@pytest.fixture(scope="session")
def deployed(platform: Platform, token: str) -> Callable[[str], str]:
    """Deploy, when called, one of the apps, and return its address."""

    def deploy(name: str) -> str:
        done = platform.cli("deploy", str(APPS / name), "--yes", "--json", token=token)
        assert done.returncode == 0, done.stderr
        slug: str = json.loads(done.stdout)["slug"]
        platform.wait_for_app(slug, token, BUILD_SECONDS)
        return platform.app_url(slug)

    return deploy


@pytest.fixture(scope="session")
def started(platform: Platform, token: str) -> Callable[[str], str]:
    """Start, when called, an environment from a template, and return its address."""

    def start(template: str) -> str:
        with platform.client(timeout=60) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            name = f"{template} {uuid.uuid4().hex[:6]}"  # in a folder that is kept, there may be one of before
            asked = {"template": template, "name": name, "new_workspace": name}
            answer = client.post("/api/v1/environments", json=asked)
            assert answer.is_success, answer.text
            path = f"/api/v1/environments/{answer.json()['slug']}"

            def look() -> dict[str, Any] | None:
                now: dict[str, Any] = client.get(path).json()
                assert now["state"] != "failed", (now["reason"], now["log_tail"])
                return now if now["state"] == "running" else None

            return str(wait_until(look, f"{template} runs", BUILD_SECONDS)["url"])

    return start


@pytest.fixture
def impatient(platform: Platform, token: str) -> Iterator[None]:
    """Have environments put to sleep after a minute without use."""
    with platform.client(timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        tier = client.get("/api/v1/tiers/mine").json()["tier"]
        name = tier.pop("tier")
        fields = {key: value for key, value in tier.items() if key not in ("is_shipped", "is_default", "given_to")}

        def put(idle_minutes: int) -> None:
            answer = client.put(f"/api/v1/tiers/{name}", json={**fields, "idle_minutes": idle_minutes})
            assert answer.is_success, answer.text

        put(1)
        yield
        put(tier["idle_minutes"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, ONLY_HERE])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, platform: Platform, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of somebody who is signed in; how it looked at the end is kept as a picture."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    page = context.new_page()
    sign_in(page, platform)
    yield page
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"frameworks-{request.node.name.removeprefix('test_')}.png")
    context.close()


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[int], Path]:
    """Make, when called, a file of so many bytes."""

    def make(size: int) -> Path:
        path = tmp_path / "measurements.bin"
        path.write_bytes(os.urandom(size))
        return path

    return make
