"""Templates for tests, and a friend who starts environments through the API."""

from typing import Any

import httpx2
from tests.support.apps_api import SERVER, AppsApi
from tests.support.waiting import eventually
from tests.support.whole_lab import Lab

MIB = 2**20
SIZE = {"cpu": 1, "memory_bytes": 256 * MIB}


def template(slug: str, *command: str, **more: Any) -> dict[str, Any]:
    """Make a template that needs nothing but Python."""
    program = command or ("python", "-c", SERVER.replace("{version}", slug))
    limits = {"size": SIZE, "maximum": {"cpu": 2, "memory_bytes": 512 * MIB}}
    health = {"path": "/", "timeout_seconds": 30}
    return {"slug": slug, "name": slug.title(), "command": list(program), "health": health, **limits} | more


class Desk:
    """What one person does with environments."""

    def __init__(self, api: AppsApi, lab: Lab) -> None:
        self.api = api
        self.lab = lab

    async def start(self, slug: str, status: int = 201, **more: Any) -> dict[str, Any]:
        answer = await self.api.client.post("/api/v1/environments", json={"template": slug, **more})
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def show(self, environment: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = await self.api.get(f"/api/v1/environments/{environment['slug']}")
        return found

    async def in_state(self, environment: dict[str, Any], *states: str, seconds: float = 120) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            now = await self.show(environment)
            return now if now["state"] in states else None

        try:
            found: dict[str, Any] = await eventually(look, f"{environment['slug']} {states}", seconds)
        except AssertionError as error:
            now = await self.show(environment)
            raise AssertionError({key: now[key] for key in ("slug", "state", "reason", "log_tail")}) from error
        return found

    async def running(self, slug: str, **more: Any) -> dict[str, Any]:
        found = await self.in_state(await self.start(slug, **more), "running", "failed", seconds=300)
        assert found["state"] == "running", (found["reason"], found["log_tail"])
        return found

    async def do(self, environment: dict[str, Any], verb: str) -> dict[str, Any]:
        done: dict[str, Any] = await self.api.post(f"/api/v1/environments/{environment['slug']}/{verb}")
        return done

    async def delete(self, environment: dict[str, Any]) -> None:
        path = f"/api/v1/environments/{environment['slug']}"
        answer = await self.api.client.delete(path, params={"confirm": environment["slug"]})
        assert answer.status_code == 204, answer.text

        async def is_gone() -> bool:
            return (await self.api.client.get(path)).status_code == 404

        await eventually(is_gone, f"the end of {path}")

    async def env(self, environment: dict[str, Any]) -> dict[str, str]:
        """Return the variables that what runs has."""
        document = await self.lab.database["environments"].find_one({"slug": environment["slug"]})
        assert document is not None
        route = await self.lab.gateway.post(f"/internal/v1/apps/{document['_id']}/wake")
        answer = await asked(route["endpoint"], "/env")
        seen: dict[str, str] = answer.json()
        return seen

    def files(self, environment: dict[str, Any]) -> Any:
        return self.lab.settings.home / "workspaces" / environment["workspace_id"] / "files"


async def asked(endpoint: str, path: str) -> httpx2.Response:
    """Ask what runs, as a gateway would."""
    scheme, _, place = endpoint.partition(":")
    transport = httpx2.AsyncHTTPTransport(uds=place) if scheme == "unix" else None
    base = "http://environment" if scheme == "unix" else endpoint
    async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
        return await client.get(path)


async def open_up(api: AppsApi, slug: str) -> None:
    answer = await api.client.put(f"/api/v1/access/template/{slug}/openness", json={"openness": "signed-in"})
    assert answer.is_success, answer.text
