"""Apps that call other apps in their own name: by a grant, as themselves, for as long as they run."""

import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.apps_api import source
from tests.support.gateway_door import until
from tests.support.house import SLUG, House, running_house
from tests.support.waiting import eventually

from hothouse.apps.service.identities import PREFIX, app_token
from hothouse_sdk import AssertionInvalid, AssertionVerifier, CallingApp

SECONDS = 2.0


@pytest.fixture(scope="module")
async def running(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        database = client[f"house_{uuid.uuid4().hex[:8]}"]
        home: Path = tmp_path_factory.mktemp("house")
        async with running_house(mongodb_uri, database, home) as house:
            await house.share(access="private")
            await house.ada.served(source("caller"))
            yield house
        await client.drop_database(database)


@pytest.fixture
async def house(running: House) -> AsyncIterator[House]:
    """A house whose app `tank` grants nothing, beside which an app `caller` runs."""
    await running.ada.client.delete(await grant_address(running))
    yield running
    await running.leave()


async def caller(house: House) -> dict[str, Any]:
    found: dict[str, Any] = await house.hub.state.database["apps"].find_one({"slug": "caller"})
    return found


async def token_of(house: House) -> str:
    """Return what the running app has in its environment."""
    return app_token(house.hub.state.apps.context.secrets, (await caller(house))["workload_id"])


async def grant_address(house: House) -> str:
    return f"/api/v1/access/app/{SLUG}/grants/app:{(await caller(house))['_id']}"


async def grant(house: House, role: str = "viewer") -> None:
    answer = await house.ada.client.put(await grant_address(house), json={"role": role})
    assert answer.status_code == 200, answer.text


async def ask(house: House, token: str, path: str = "/", host: str = "") -> tuple[int, dict[str, Any]]:
    headers = {"Host": host or house.app_host, "Authorization": f"Bearer {token}"}
    async with house.session.get(path, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.json()


async def allowed(house: House, token: str, status: int = 200) -> None:
    async def look() -> bool:
        return (await ask(house, token))[0] == status

    await eventually(look, f"an answer {status}")


class TestCall:
    async def test_needs_a_grant(self, house: House) -> None:
        token = await token_of(house)
        assert (await ask(house, token))[1]["type"] == "/problems/unknown-app"
        await grant(house)
        await allowed(house, token)

    async def test_app_is_told_which_app_asks(self, house: House) -> None:
        await grant(house)
        token = await token_of(house)
        await allowed(house, token)
        told = dict((await ask(house, token))[1]["headers"])
        app_id = (await caller(house))["_id"]
        assert CallingApp.from_headers(told) == CallingApp(app_id, "caller")
        assert not {"x-hothouse-user", "x-hothouse-email", "authorization"} & told.keys()
        _, published = await ask(house, "", "/.well-known/jwks.json", house.main_host)
        verifier = AssertionVerifier(house.gateway._settings.main_url, SLUG, fetch=lambda: published)
        assert await verifier.verify_app(told["x-hothouse-assertion"]) == CallingApp(app_id, "caller")
        with pytest.raises(AssertionInvalid, match="no person"):
            await verifier.verify(told["x-hothouse-assertion"])

    async def test_is_nobody_signed_in(self, house: House) -> None:
        token = await token_of(house)
        await house.share(access="signed-in")
        await until(lambda: house.gateway.table.by_slug[SLUG].access == "signed-in")
        assert (await ask(house, token))[0] == 404
        await house.share(access="public")
        await allowed(house, token)
        await house.share(access="private")
        await allowed(house, token, 404)

    async def test_denied(self, house: House) -> None:
        token = await token_of(house)
        await grant(house)
        await allowed(house, token)
        await grant(house, "denied")
        await allowed(house, token, 404)


class TestNothingElse:
    async def test_api_is_closed(self, house: House) -> None:
        await grant(house, "editor")
        token = await token_of(house)
        for path in ("/api/v1/apps", f"/api/v1/apps/{SLUG}", "/api/v1/auth/me", "/api/v1/groups", "/api/v1/tokens"):
            status, problem = await ask(house, token, path, house.main_host)
            assert (status, problem["type"]) == (401, "/problems/not-signed-in"), path

    @pytest.mark.parametrize("change", ["cut", "longer", "other workload", "no workload", "secret only", "empty"])
    async def test_forged(self, house: House, change: str) -> None:
        await grant(house)
        token = await token_of(house)
        workload_id, _, secret = token.removeprefix(PREFIX).partition(".")
        other = (await house.app())["workload_id"]
        forged = {
            "cut": token[:-1],
            "longer": token + "x",
            "other workload": f"{PREFIX}{other}.{secret}",
            "no workload": f"{PREFIX}.{secret}",
            "secret only": f"{PREFIX}{secret}",
            "empty": f"{PREFIX}{workload_id}.",
        }[change]
        status, problem = await ask(house, forged)
        assert (status, problem["type"]) == (401, "/problems/sign-in-needed")

    async def test_token_is_kept_as_a_fingerprint(self, house: House) -> None:
        token = await token_of(house)
        workload = await house.hub.state.database["workloads"].find_one({"_id": (await caller(house))["workload_id"]})
        assert workload["token_hash"]
        assert token.partition(".")[2] not in repr(workload)


class TestEnds:
    async def test_with_the_grant(self, house: House) -> None:
        await grant(house)
        token = await token_of(house)
        await allowed(house, token)
        visitor = await house.visit(Authorization=f"Bearer {token}")
        began = time.monotonic()
        assert (await house.ada.client.delete(await grant_address(house))).status_code == 204
        await until(lambda: visitor.ends.keys() == visitor.begun)
        assert max(visitor.ends.values()) - began < SECONDS
        assert (await ask(house, token))[0] == 404

    async def test_with_the_workload(self, house: House) -> None:
        await grant(house)
        token = await token_of(house)
        await allowed(house, token)
        visitor = await house.visit(Authorization=f"Bearer {token}")
        await house.ada.ended(await house.ada.post("/api/v1/apps/caller/restart"))
        await until(lambda: visitor.ends.keys() == visitor.begun)
        assert (await ask(house, token))[0] == 401
        renewed = await token_of(house)
        assert renewed != token
        await allowed(house, renewed)
