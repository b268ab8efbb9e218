"""Each part of the platform is killed under load: it heals by itself, and nothing acknowledged is lost."""

import os
import signal
import time

import pytest
from tests.support.load import Clicker
from tests.support.running_platform import Platform

PARTS = ["hub", "gateway", "broker", "mongodb", "worker"]
HEAL_SECONDS = 30


def count(platform: Platform, token: str) -> int:
    with platform.app_client("click-tracker", token) as client:
        clicks: int = client.get("/api/clicks").json()["count"]
        return clicks


@pytest.mark.parametrize("part", PARTS)
def test_heals(platform: Platform, token: str, part: str) -> None:
    platform.wait_for_app("click-tracker", token)
    before = count(platform, token)
    with platform.app_client("click-tracker", token) as client, Clicker(client) as clicker:
        clicker.wait_for(20)
        killed = platform.pid_of(part)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + HEAL_SECONDS
        while platform.pid_of(part) == killed or not platform.is_ready():
            assert time.monotonic() < deadline, f"{part} did not come back: {platform.log_path.read_text()}"
            time.sleep(0.1)
        clicker.wait_for(20)
    assert count(platform, token) - before >= clicker.acknowledged, "acknowledged clicks were lost"
    if part in ("hub", "worker"):
        assert clicker.failures == [], "a running app's visitors noticed"
    assert f"{part} killed by signal 9" in platform.log_path.read_text()
