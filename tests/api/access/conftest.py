"""A hub with people who share things: Ada the admin, Grace who publishes apps, Mia and Max who use them."""

import itertools
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from tests.support.lab import client_of, gateway_of, make_settings, running_hub, sign_in
from tests.support.moving_clock import MovingClock

from hothouse.identity.interfaces import Mail

PEOPLE = {"grace": "developer", "mia": "member", "max": "member"}


@dataclass
class Mailbox:
    """Takes every letter."""

    letters: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> bool:
        self.letters.append(mail)
        return True


@dataclass
class Circle:
    """The hub, and its people by name."""

    hub: FastAPI
    database: Any
    clock: MovingClock
    mailbox: Mailbox
    people: dict[str, httpx2.AsyncClient]
    ids: dict[str, str]
    anyone: httpx2.AsyncClient
    gateway: httpx2.AsyncClient
    count: Any = field(default_factory=itertools.count)

    def subject(self, name: str) -> str:
        return f"user:{self.ids[name]}"

    async def app(self, owner: str = "grace", **more: Any) -> str:
        """Record an app; returns its slug, which is its id, too."""
        slug = f"app-{next(self.count)}"
        facts = {
            "_id": slug,
            "realm": "local",
            "slug": slug,
            "slugs": [slug],
            "name": f"The {slug}",
            "owner_id": self.ids[owner],
            "access": "private",
            "overrides": {},
            "settings_version": 1,
            "desired": "stopped",
            "is_asleep": False,
            "kind": "command",
            "state": "stopped",
            "reason": "stopped by hand",
            "description": "",
            "icon": None,
            "tags": [],
            "env": {},
            "secrets": {},
            "database": f"hh_{slug}",
            "uid_offset": 0,
            "last_release": 0,
            "idle_minutes": None,
            "crash": {"count": 0, "not_before": None, "reason": None},
            "last_activity_at": None,
            "open_connections": 0,
            "connections_seen_at": None,
            "created_at": self.clock.now(),
            "updated_at": self.clock.now(),
            **dict.fromkeys(("release", "workload_id", "deployment_id")),
            "schema_version": 3,
        }
        await self.database["apps"].insert_one(facts | more)
        return slug

    async def group(self, *members: str, by: str = "ada") -> str:
        """Make a group; returns its id."""
        made = await self.ask(by, "POST", "groups", 201, {"name": f"Group {next(self.count)}"})
        for member in members:
            subject = member if ":" in member else self.subject(member)
            await self.ask(by, "PUT", f"groups/{made['id']}/members/{subject}", 200, {})
        return str(made["id"])

    async def ask(self, name: str, method: str, path: str, status: int | None = 200, body: Any = None) -> Any:
        """Send a request as somebody; returns the JSON of the answer, or the answer itself if no status is expected."""
        client = self.people.get(name, self.anyone)
        answer = await client.request(method, f"/api/v1/{path}", **({} if body is None else {"json": body}))
        if status is None:
            return answer
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def grant(self, slug: str, subject: str, role: str = "viewer", by: str = "grace", **more: Any) -> Any:
        subject = self.subject(subject) if subject in self.ids else subject
        return await self.ask(by, "PUT", f"access/app/{slug}/grants/{subject}", 200, {"role": role, **more})

    async def may_open(self, name: str, slug: str) -> bool:
        """Tell whether the authorizer lets somebody open an app."""
        path = f"access/app/{slug}/explain?subject={self.subject(name)}&action=app.open"
        shown = await self.ask("grace", "GET", path)
        return bool(shown["is_allowed"])


@pytest.fixture(scope="module")
async def circle(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Circle]:
    home: Path = tmp_path_factory.mktemp("circle")
    settings = make_settings(home, mongodb_uri, f"circle_{uuid.uuid4().hex[:8]}", "process")
    clock, mailbox = MovingClock(), Mailbox()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True))
        database = client[settings.mongodb.database]
        stack.push_async_callback(client.drop_database, database)
        hub = await stack.enter_async_context(running_hub(settings, clock=clock, mailer=mailbox))
        people = {"ada": await sign_in(await stack.enter_async_context(client_of(hub)))}
        for name, role in PEOPLE.items():
            account = {"name": name.title(), "email": f"{name}@example.org", "password": "a long enough one"}
            assert (await people["ada"].post("/api/v1/users", json={**account, "role": role})).status_code == 201
            people[name] = await sign_in(await stack.enter_async_context(client_of(hub)), account)
        ids = {name: (await one.get("/api/v1/auth/me")).json()["user"]["id"] for name, one in people.items()}
        anyone = await stack.enter_async_context(client_of(hub))
        gateway = await stack.enter_async_context(gateway_of(hub))
        yield Circle(hub, database, clock, mailbox, people, ids, anyone, gateway)
