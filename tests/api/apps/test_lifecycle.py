"""An app from its first upload to its deletion, with real processes."""

import asyncio
import contextlib
from typing import Any

import aiohttp
from tests.support.apps_api import source
from tests.support.waiting import eventually


async def answer_of(url: str | None, path: str = "/") -> str:
    assert url is not None
    async with aiohttp.ClientSession() as session, session.get(url + path) as response:
        assert response.status == 200
        return await response.text()


class Visitor:
    """Asks an app again and again, wherever the gateway is told it is; counts answers by their text."""

    def __init__(self, lab: Any, slug: str) -> None:
        self._lab, self._slug = lab, slug
        self.answers: dict[str, int] = {}
        self.failures: list[str] = []

    async def run(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                endpoint = await self._lab.endpoint(self._slug)
                await self._ask(session, endpoint)

    async def _ask(self, session: aiohttp.ClientSession, endpoint: str | None) -> None:
        if endpoint is None:
            self.failures.append("no endpoint")
            return
        try:
            async with session.get(endpoint) as response:
                text = await response.text()
                self.answers[text] = self.answers.get(text, 0) + 1
        except aiohttp.ClientError as error:
            self.failures.append(repr(error))


@contextlib.asynccontextmanager
async def visiting(lab: Any, slug: str) -> Any:
    visitor = Visitor(lab, slug)
    task = asyncio.create_task(visitor.run())
    try:
        yield visitor
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert visitor.failures == []


class TestDeploy:
    async def test_first_release_serves(self, lab: Any) -> None:
        deployment = await lab.ada.deploy(source("first"))
        assert deployment["state"] == "queued"
        ended = await lab.ada.ended(deployment)
        assert (ended["state"], ended["reason"]) == ("serving", None)
        app = await lab.ada.in_state("first", "running")
        assert app["release"] == 1
        assert app["url"] == "http://first.apps.localhost:8000"
        assert await answer_of(await lab.endpoint("first")) == "one"

    async def test_next_release_replaces_it_without_a_failed_request(self, lab: Any) -> None:
        await lab.ada.served(source("switch", "one"))
        async with visiting(lab, "switch") as visitor:
            await eventually(lambda: visitor.answers.get("one", 0) > 3)
            await lab.ada.served(source("switch", "two"))
            await eventually(lambda: visitor.answers.get("two", 0) > 3)
            app = await lab.database["apps"].find_one({"slug": "switch"})

            async def old_is_gone() -> bool:
                live = await lab.database["workloads"].find({"app_id": app["_id"], "is_live": True}).to_list()
                return len(live) == 1

            await eventually(old_is_gone)
        assert (await lab.ada.app("switch"))["release"] == 2
