"""A sleeping app of a real platform answers from its spare, and no less well when that was killed."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from tests.support.running_platform import Platform
from tests.support.up_process import wait_until

SLUG = "click-tracker"


class Sleeper:
    """The example app that keeps clicks in its database, and what the platform has recorded of it."""

    def __init__(self, platform: Platform, token: str, database: Any) -> None:
        self._platform, self._token, self._database = platform, token, database

    @property
    def app(self) -> dict[str, Any]:
        found: dict[str, Any] = self._database["apps"].find_one({"slug": SLUG})
        return found

    def spare(self) -> dict[str, Any]:
        """Put the app to sleep, as if days ago, and return its spare."""
        fields = {"is_asleep": True, "asleep_since": datetime.now(UTC) - timedelta(days=2)}
        self._database["apps"].update_one({"slug": SLUG}, {"$set": fields})
        query = {"owner": f"app:{self.app['_id']}", "state": "warm", "is_live": True}
        found: dict[str, Any] = wait_until(lambda: self._database["workloads"].find_one(query), "a spare", 60)
        return found

    def clicks(self) -> int:
        with self._platform.app_client(SLUG, self._token) as client:
            answer = client.get("/api/clicks")
            assert answer.status_code == 200, answer.text
            return int(answer.json()["count"])

    def click(self) -> None:
        with self._platform.app_client(SLUG, self._token) as client:
            assert client.post("/api/clicks").status_code == 201

    def keeper_of(self, workload_id: str) -> psutil.Process:
        state = json.loads((self._platform.home / "workloads" / workload_id / "state.json").read_text())
        return psutil.Process(state["keeper"])


@pytest.fixture
def sleeper(platform: Platform, token: str) -> Iterator[Sleeper]:
    platform.wait_for_app(SLUG, token)
    with MongoClient(platform.database_uri(), tz_aware=True) as client:
        made = Sleeper(platform, token, client["hothouse"])
        made.click()
        yield made
    platform.wait_for_app(SLUG, token)


def test_answers_from_its_spare_with_its_database(sleeper: Sleeper) -> None:
    before = sleeper.clicks()
    spare = sleeper.spare()
    tree = sleeper.keeper_of(spare["_id"]).children(recursive=True)
    environments = [process.environ() for process in tree if "python" in process.name()]
    assert environments
    assert not [env for env in environments if "HOTHOUSE_DATABASE_URI" in env or "HOTHOUSE_APP_TOKEN" in env]
    assert sleeper.clicks() == before
    assert sleeper.app["workload_id"] == spare["_id"]
    sleeper.click()
    assert sleeper.clicks() == before + 1


def the_keeper(keeper: psutil.Process) -> psutil.Process:
    return keeper


def the_program(keeper: psutil.Process) -> psutil.Process:
    return keeper.children(recursive=True)[-1]


@pytest.mark.parametrize("victim", [the_keeper, the_program])
def test_is_started_anew_if_the_spare_was_killed(
    sleeper: Sleeper, victim: Callable[[psutil.Process], psutil.Process]
) -> None:
    before = sleeper.clicks()
    spare = sleeper.spare()
    keeper = sleeper.keeper_of(spare["_id"])
    tree = [keeper, *keeper.children(recursive=True)]
    os.kill(victim(keeper).pid, signal.SIGKILL)
    assert sleeper.clicks() == before
    assert sleeper.app["workload_id"] != spare["_id"]
    assert sleeper.app["crash"]["count"] == 0
    _, alive = psutil.wait_procs(tree, timeout=30)
    assert alive == [], "nothing of the spare stays"
