"""A hub that knows two providers, which lie as they are told; one for each module, since it takes a while to start."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.hostile_provider import Browser, HostileProvider, hostile_provider
from tests.support.moving_clock import MovingClock
from tests.support.pool_watch import POOLS

from hothouse.hub.app import Parts, create_app
from hothouse.settings import Settings


@dataclass
class Desk:
    """The hub, its clock, and the providers: `lab` takes whom it knows, `guests` only those who were invited."""

    hub: FastAPI
    clock: MovingClock
    lab: HostileProvider
    guests: HostileProvider
    ada: httpx2.AsyncClient
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def browser(self) -> Browser:
        """Open a browser that knows nothing yet."""
        return Browser(await self._stack.enter_async_context(client_of(self.hub)))

    async def person(self, name: str, **more: Any) -> dict[str, Any]:
        """Let the admin make an account with a password."""
        account = {"name": name.title(), "email": f"{name}@lab.org", "password": "a long enough one", **more}
        answer = await self.ada.post("/api/v1/users", json=account)
        assert answer.status_code == 201, answer.text
        return {**account, "id": answer.json()["id"]}

    async def signed_in(self, account: dict[str, Any]) -> Browser:
        """Sign somebody in by password."""
        browser = await self.browser()
        body = {"email": account["email"], "password": account["password"]}
        assert (await browser.client.post("/api/v1/auth/login", json=body)).status_code == 200
        return browser

    async def fresh_provider(self) -> None:
        """Let the providers tell the truth again, and what was remembered of them be asked anew."""
        for provider in (self.lab, self.guests):
            provider.tell_the_truth()
        self.clock.advance(hours=2)


@pytest.fixture(scope="module")
async def desk(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    clock, database = MovingClock(), f"test_{uuid.uuid4().hex[:12]}"
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(hostile_provider(clock))
        guests = await stack.enter_async_context(hostile_provider(clock))
        providers = [
            lab.settings(
                allowed_domains=["lab.org", "example.org"],
                group_claim="resources.groups",
                group_map={"staff": "Microscopy"},
                group_prefix="lab-",
            ),
            guests.settings("guests", name="Guests", end_session=False),
        ]
        settings = Settings.model_validate(
            {
                "home": tmp_path_factory.mktemp("oidc"),
                "mongodb": {"uri": mongodb_uri, "database": database},
                "admin": ADMIN,
                "launch": {"isolation": "process"},
                "oidc": {"providers": providers},
            }
        )
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri))
        stack.push_async_callback(client.drop_database, database)
        hub = create_app(settings, Parts(passwords=QUICK, clock=clock))
        await stack.enter_async_context(hub.router.lifespan_context(hub))
        stack.push_async_callback(POOLS.settle)
        assert not lab.asked, "the hub asked a provider before anybody wanted to sign in by it"
        ada = await stack.enter_async_context(client_of(hub))
        assert (await ada.post("/api/v1/auth/login", json=ADMIN)).status_code == 200
        desk = Desk(hub, clock, lab, guests, ada)
        await stack.enter_async_context(desk._stack)
        yield desk


@pytest.fixture
async def browser(desk: Desk) -> Browser:
    return await desk.browser()


@pytest.fixture
def name() -> str:
    """A name that nobody has yet."""
    return f"p{uuid.uuid4().hex[:8]}"


@pytest.fixture
def claims(name: str) -> Callable[..., dict[str, Any]]:
    """What a provider says of a person who has that name."""

    def said(**more: Any) -> dict[str, Any]:
        return {"sub": f"subject of {name}", "email": f"{name}@lab.org", "name": name.title(), **more}

    return said
