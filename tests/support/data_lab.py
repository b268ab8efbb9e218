"""A lab for tests of data that apps share, and what its people do."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.apps_api import AppsApi, source
from tests.support.lab import InstantBuild

from hothouse.settings import Settings


@dataclass
class Lab:
    """The parts of the lab, and people who use it."""

    settings: Settings
    database: AsyncDatabase[dict[str, Any]]
    build: InstantBuild
    hub: FastAPI
    ada: AppsApi
    grace: AppsApi
    alan: AppsApi
    eve: AppsApi
    url: str = ""
    names: dict[str, int] = field(default_factory=dict)

    def name(self, word: str) -> str:
        """Make a slug that no test of the module had before."""
        self.names[word] = self.names.get(word, 0) + 1
        return f"{word}-{self.names[word]}"

    async def owner(self, **data: Any) -> str:
        """Deploy an app of Grace's that has data; returns its slug."""
        slug = self.name("source")
        await self.grace.served(source(slug, data=data))
        return slug

    async def reader(self, of: str, *collections: str, slug: str | None = None) -> str:
        """Deploy an app of Alan's that asks for collections; returns its slug."""
        slug = slug or self.name("reader")
        await self.alan.served(source(slug, data=asks(of, *collections)))
        return slug

    async def app(self, slug: str) -> dict[str, Any]:
        found = await self.database["apps"].find_one({"slugs": slug})
        assert found is not None
        return found

    async def grant(self, reader: str, of: str) -> dict[str, Any] | None:
        """Return the stored decision on a pair of apps."""
        pair = [(await self.app(slug))["_id"] for slug in (reader, of)]
        return await self.database["data_grants"].find_one({"_id": ".".join(pair)})


def asks(of: str, *collections: str) -> dict[str, Any]:
    """Make the `data` part of a manifest that asks for collections."""
    return {"read_from": [{"app": of, "collections": list(collections)}]}


async def decide(person: AppsApi, of: str, reader: str, *collections: str, status: int = 200) -> Any:
    """Decide what an app may read, and return the answer."""
    answer = await person.client.put(f"/api/v1/apps/{of}/data/readers/{reader}", json={"collections": collections})
    assert answer.status_code == status, answer.text
    return answer.json()


async def take_back(person: AppsApi, of: str, reader: str, *, status: int = 204) -> None:
    answer = await person.client.delete(f"/api/v1/apps/{of}/data/readers/{reader}")
    assert answer.status_code == status, answer.text


async def readers(person: AppsApi, of: str) -> dict[str, Any]:
    """Return who reads, or wants to, by slug."""
    overview = await person.get(f"/api/v1/apps/{of}/data")
    return {one["app"]["slug"]: one for one in overview["readers"]}


async def reads(person: AppsApi, reader: str) -> dict[str, Any]:
    """Return what an app reads, or wants to, by slug."""
    return {one["app"]: one for one in (await person.get(f"/api/v1/apps/{reader}/data"))["reads"]}


async def waiting(person: AppsApi) -> set[tuple[str, str]]:
    """Return what waits for a person to decide, as pairs of the app asked and the one that asks."""
    items = (await person.get("/api/v1/data/requests", params={"limit": 200}))["items"]
    return {(one["app"]["slug"], one["reader"]["app"]["slug"]) for one in items}
