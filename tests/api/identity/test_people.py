"""Everybody's accounts, as admins see and change them."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, client_of
from tests.support.command_watch import commands_in_order

from hothouse.database import migrations
from hothouse.identity.devices import Visitor
from hothouse.kit.clock import SystemClock

PASSWORD = "long enough pw"
GRACE = {"email": "grace@example.org", "password": "compilers are fun"}


async def account(ada: httpx2.AsyncClient, name: str, **more: str) -> dict[str, Any]:
    body = {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.org", "password": PASSWORD, **more}
    answer = await ada.post("/api/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def names(ada: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await ada.get("/api/v1/users", params=params)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


async def signed_in(hub: FastAPI, email: str, password: str = PASSWORD) -> httpx2.AsyncClient:
    client = client_of(hub)
    answer = await client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return client


async def me(client: httpx2.AsyncClient) -> dict[str, Any]:
    return (await client.get("/api/v1/auth/me")).json()["user"]


class TestList:
    async def test_newest_first_in_pages(self, ada: httpx2.AsyncClient) -> None:
        for number in range(4):
            await account(ada, f"Person {number}")
        found, cursor = [], None
        while True:
            params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await ada.get("/api/v1/users", params=params)).json()
            found += [one["name"] for one in page["items"]]
            if not (cursor := page["next_cursor"]):
                break
        assert found == ["Person 3", "Person 2", "Person 1", "Person 0", "Ada"]

    async def test_search(self, ada: httpx2.AsyncClient) -> None:
        for name in ("Élodie Ångström", "Margaret Hamilton", "Marga Ham"):
            await account(ada, name, email=f"{len(name)}.{name[-3:].lower().replace('ö', 'o')}@example.org")
        assert await names(ada, q="elo") == ["Élodie Ångström"]
        assert await names(ada, q=" ANGSTR") == ["Élodie Ångström"]
        assert await names(ada, q="ham") == ["Marga Ham", "Margaret Hamilton"]
        assert await names(ada, q="hamilto") == ["Margaret Hamilton"]
        assert await names(ada, q="margaret h") == ["Margaret Hamilton"]
        assert await names(ada, q="17.ton@example.o") == ["Margaret Hamilton"]
        assert await names(ada, q="amilton") == []
        assert await names(ada, q="hamilt.*") == []
        assert await names(ada, q="m", limit=1) == ["Marga Ham"]

    async def test_search_finds_a_new_name(self, ada: httpx2.AsyncClient) -> None:
        person = await account(ada, "Grace")
        await ada.patch(f"/api/v1/users/{person['id']}", json={"name": "Amazing"})
        assert await names(ada, q="amaz") == ["Amazing"]
        assert await names(ada, q="grace") == ["Amazing"]  # by the address

    async def test_filters(self, ada: httpx2.AsyncClient) -> None:
        await account(ada, "Grace")
        gone = await account(ada, "Gone")
        await account(ada, "Boss", role="admin")
        await ada.post(f"/api/v1/users/{gone['id']}/deactivate")
        assert await names(ada, role="admin") == ["Boss", "Ada"]
        assert await names(ada, state="deactivated") == ["Gone"]
        assert await names(ada, state="active", role="developer") == ["Grace"]
        assert await names(ada, q="g", state="active") == ["Grace"]

    async def test_more_than_a_window(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        people = hub.state.identity.people._people
        user = await hub.state.database["users"].find_one({})
        users = [
            {**user, "_id": f"u{number}", "email": f"u{number}@example.org", "number": number, "role": "developer"}
            for number in range(2, 600)
        ]
        await hub.state.database["users"].insert_many(users)
        assert await people._highest() == 599  # though nobody counted on
        await account(ada, "Newest")
        page = (await ada.get("/api/v1/users", params={"limit": 200})).json()
        assert [page["items"][index]["id"] for index in (1, 199)] == ["u599", "u401"]
        assert await names(ada, role="developer", state="active", limit=1) == ["Newest"]

    async def test_old_ones_are_found_in_few_questions(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        await hub.state.database["counters"].update_one({"_id": "users"}, {"$set": {"value": 100_000}})
        for params in ({"q": "ada"}, {"q": "ada", "state": "active"}, {"role": "admin"}, {"state": "active"}):
            with commands_in_order() as asked:
                assert await names(ada, **params) == ["Ada"]
            assert 2 < asked.count(("find", "users")) < 12

    async def test_cursor_of_another_list(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.get("/api/v1/users", params={"cursor": "Ind1IHQi"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")

    async def test_only_for_admins(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        own = (await me(grace))["id"]
        for method, path in (
            ("GET", ""),
            ("GET", f"/{own}"),
            ("PATCH", f"/{own}"),
            ("POST", f"/{own}/deactivate"),
            ("POST", f"/{own}/reactivate"),
            ("POST", f"/{own}/reset-link"),
        ):
            body = {"role": "admin"} if method == "PATCH" else None
            assert (await grace.request(method, f"/api/v1/users{path}", json=body)).status_code == 404, path
        assert (await me(grace))["role"] == "developer"


class TestRole:
    async def test_change(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        path = f"/api/v1/users/{(await me(grace))['id']}"
        assert (await ada.patch(path, json={"role": "admin"})).json()["role"] == "admin"
        assert (await grace.get(path)).status_code == 200
        assert (await ada.patch(path, json={"role": "developer"})).json()["role"] == "developer"
        assert (await grace.get(path)).status_code == 404

    async def test_last_admin(self, ada: httpx2.AsyncClient) -> None:
        path = f"/api/v1/users/{(await me(ada))['id']}"
        answer = await ada.patch(path, json={"role": "developer"})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-admin")
        assert (await ada.post(f"{path}/deactivate")).status_code == 409
        assert (await me(ada))["role"] == "admin"

    @pytest.mark.parametrize("how", ["demote", "deactivate"])
    async def test_two_admins_remove_each_other(self, hub: FastAPI, ada: httpx2.AsyncClient, how: str) -> None:
        boss = await account(ada, "Boss", role="admin")
        other = await signed_in(hub, boss["email"])

        async def remove(client: httpx2.AsyncClient, user_id: str) -> int:
            path = f"/api/v1/users/{user_id}"
            if how == "demote":
                return (await client.patch(path, json={"role": "developer"})).status_code
            return (await client.post(f"{path}/deactivate")).status_code

        answers = await asyncio.gather(remove(ada, boss["id"]), remove(other, (await me(ada))["id"]))
        assert answers.count(200) == 1
        left = await hub.state.database["users"].count_documents({"role": "admin", "is_active": True})
        assert left == 1

    async def test_unknown(self, ada: httpx2.AsyncClient) -> None:
        for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/deactivate"), ("POST", "/reset-link")):
            answer = await ada.request(method, f"/api/v1/users/none{path}", json={"role": "developer"})
            assert answer.status_code == 404, path


class TestDeactivate:
    async def test_ends_everything(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, gateway: httpx2.AsyncClient
    ) -> None:
        await hub.state.database["apps"].insert_one(
            {"_id": "app1", "slug": "demo", "slugs": ["demo"], "owner_id": None, "access": "signed-in", "name": "Demo"}
            | {"realm": "local", "desired": "running"}
        )
        user_id = (await me(grace))["id"]
        token = (await grace.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
        own = (await grace.get("/api/v1/account/sessions")).json()["items"][0]["id"]
        on_app = await hub.state.identity.sessions.open_for_app(user_id, "app1", own)
        bodies = ({"app_id": "app1", "bearer": token}, {"app_id": "app1", "app_session": on_app})

        async def outcomes() -> list[str]:
            return [(await gateway.post("/internal/v1/admit", json=body)).json()["outcome"] for body in bodies]

        assert await outcomes() == ["allowed", "allowed"]
        shown = (await ada.post(f"/api/v1/users/{user_id}/deactivate")).json()
        assert (shown["is_active"], shown["deactivated_at"] is not None) == (False, True)
        assert (await grace.get("/api/v1/auth/me")).status_code == 401
        assert await outcomes() == ["sign-in", "sign-in"]

    async def test_sign_in_answers_like_a_wrong_password(
        self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, anyone: httpx2.AsyncClient
    ) -> None:
        await ada.post(f"/api/v1/users/{(await me(grace))['id']}/deactivate")
        right = await anyone.post("/api/v1/auth/login", json=GRACE)
        wrong = await anyone.post("/api/v1/auth/login", json={**GRACE, "password": "wrong"})
        assert (right.status_code, right.json()) == (401, wrong.json())

    async def test_reactivate_revives_nothing(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient
    ) -> None:
        user_id = (await me(grace))["id"]
        user = await hub.state.database["users"].find_one({"_id": user_id})
        token = (await grace.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
        await ada.post(f"/api/v1/users/{user_id}/deactivate")
        secret = await hub.state.identity.sessions.open_for(
            user, Visitor("203.0.113.5", "")
        )  # begun before, stored after
        shown = (await ada.post(f"/api/v1/users/{user_id}/reactivate")).json()
        assert (shown["is_active"], shown["deactivated_at"]) == (True, None)
        assert (await hub.state.identity.sessions.principal(secret)).user is None
        assert (await grace.get("/api/v1/auth/me")).status_code == 401
        assert (await hub.state.identity.tokens.principal(token)).user is None
        assert (await me(await signed_in(hub, **GRACE)))["id"] == user_id

    async def test_invitations_of_a_former_admin(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        boss = await account(ada, "Boss", role="admin")
        other = await signed_in(hub, boss["email"])
        made = (await other.post("/api/v1/invitations", json={"role": "admin"})).json()
        await ada.post(f"/api/v1/users/{boss['id']}/deactivate")
        code = {"code": made["url"].partition("#")[2]}
        assert (await ada.post("/api/v1/auth/invitation", json=code)).status_code == 403


class TestMigration:
    async def test_accounts_of_before(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        await account(ada, "Grace Hopper")
        users = hub.state.database["users"]
        await users.drop_index("number_1")
        gone = {"number": "", "words": "", "prefixes": "", "is_active": ""}
        await users.update_many({}, {"$unset": gone, "$set": {"schema_version": 1}})
        for _ in range(2):
            await migrations.apply(hub.state.database, SystemClock())
        assert await names(ada) == ["Grace Hopper", "Ada"]
        assert await names(ada, q="hop") == ["Grace Hopper"]
        assert (await me(ada))["email"] == ADMIN["email"]
        assert [one["number"] async for one in users.find({}).sort("created_at", 1)] == [1, 2]
