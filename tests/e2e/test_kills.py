"""Each part of the platform is killed under load: it heals by itself, and nothing acknowledged is lost."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from tests.support.load import Clicker
from tests.support.running_platform import Platform

PARTS = ["hub", "gateway", "broker", "mongodb", "worker"]
HEAL_SECONDS = 30


@pytest.fixture
def clicker(platform: Platform, token: str) -> Iterator[Clicker]:
    """Somebody clicking in Click Tracker all the while."""
    with platform.app_client("click-tracker", token) as client:
        deadline = time.monotonic() + 90
        while client.get("/api/clicks").status_code != 200:
            assert time.monotonic() < deadline, "Click Tracker does not run"
            time.sleep(0.2)
        with Clicker(client) as clicker:
            yield clicker


def count(platform: Platform, token: str) -> int:
    with platform.app_client("click-tracker", token) as client:
        clicks: int = client.get("/api/clicks").json()["count"]
        return clicks


@pytest.mark.parametrize("part", PARTS)
def test_heals(platform: Platform, token: str, clicker: Clicker, part: str) -> None:
    before = count(platform, token)
    clicker.wait_for(20)
    killed = platform.pid_of(part)
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + HEAL_SECONDS
    while platform.pid_of(part) == killed or not platform.is_ready():
        assert time.monotonic() < deadline, f"{part} did not come back: {platform.log_path.read_text()}"
        time.sleep(0.1)
    clicker.wait_for(20)
    after = count(platform, token)
    assert after - before >= clicker.acknowledged - 1, "acknowledged clicks were lost"
    if part in ("hub", "worker"):
        assert clicker.failures == [], "a running app's visitors noticed"
    assert f"{part}" in platform.log_path.read_text()
