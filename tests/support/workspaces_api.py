"""A person with a workspace, who uses it through the API, and what is on disk behind it."""

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from fastapi import FastAPI
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.apps_api import AppsApi
from tests.support.waiting import eventually

from hothouse.settings import Settings


@dataclass
class WorkspacesLab:
    """A hub, and two people."""

    settings: Settings
    database: AsyncDatabase[dict[str, Any]]
    hub: FastAPI
    ada: AppsApi
    grace: AppsApi
    copying: asyncio.Event
    """While it is clear, no copy is begun."""

    async def workspace(self, name: str | None = None) -> "WorkspaceApi":
        """Make a workspace of Grace's."""
        body = {"name": name or f"Space {uuid.uuid4().hex[:8]}"}
        made = await self.grace.post("/api/v1/workspaces", 201, json=body)
        return self.of(made)

    def of(self, made: dict[str, Any]) -> "WorkspaceApi":
        return WorkspaceApi(self.grace.client, made["id"], made["name"], self.settings.home / "workspaces" / made["id"])


@dataclass
class WorkspaceApi:
    """One workspace, asked by one person."""

    client: httpx2.AsyncClient
    id: str
    name: str
    whole: Path

    @property
    def url(self) -> str:
        return f"/api/v1/workspaces/{self.id}"

    @property
    def files(self) -> Path:
        """The folder that environments see, where hostile code writes."""
        folder = self.whole / "files"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Ask, expect a status, and return the body: JSON where it is that, else bytes."""
        answer = await self.client.request(method, self.url + path, **options)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        kind = answer.headers.get("content-type", "")
        return answer.json() if "json" in kind and answer.content else answer.content

    async def names(self, path: str = "", **more: Any) -> list[str]:
        page = await self.ask("GET", "/files", params={"path": path, **more})
        return [entry["name"] for entry in page["items"]]

    async def write(self, path: str, text: str, status: int = 200, etag: str | None = None) -> Any:
        headers = {"If-Match": etag} if etag else {}
        return await self.ask("PUT", "/files/text", status, json={"path": quote(path), "text": text}, headers=headers)

    async def upload(self, path: str, content: bytes, status: int = 200, **more: Any) -> Any:
        """Upload in one part; returns what the last request answered."""
        begun = await self.ask("POST", "/uploads", 201, json={"path": quote(path), "size": len(content), **more})
        return await self.part(begun["id"], 0, content, status)

    async def part(self, upload_id: str, offset: int, content: bytes, status: int = 200, **more: Any) -> Any:
        params = {"offset": offset, **more.pop("params", {})}
        return await self.ask("PUT", f"/uploads/{upload_id}", status, params=params, content=content, **more)

    async def done(self, path: str = "") -> dict[str, Any]:
        """Wait until nothing is done with the workspace any more, and return it."""

        async def look() -> Any:
            now = await self.ask("GET", path)
            return now if now["job_id"] is None else None

        result: dict[str, Any] = await eventually(look, "the end of the copying", 30)
        return result

    async def snapshot(self, name: str) -> dict[str, Any]:
        """Make a snapshot and wait for it."""
        made = await self.ask("POST", "/snapshots", 202, json={"name": name})
        await self.done()
        items = (await self.ask("GET", "/snapshots"))["items"]
        found: dict[str, Any] = next(one for one in items if one["id"] == made["id"])
        return found
