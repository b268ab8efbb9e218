"""The secrets of a person: who may touch them, what is refused, who is given them, and that no value ever comes out."""

import asyncio
import base64
import json
from typing import Any

import httpx2
import pytest
from bson import json_util
from fastapi import FastAPI
from structlog.testing import capture_logs
from tests.api.conftest import client_of
from tests.support.command_watch import COMMANDS

from hothouse.secrets.personal.service import PersonalSecrets

PATH = "/api/v1/account/secrets"
CANARY = "canary-3fd1-personal"
MOST_BYTES = 64 * 1024


async def put(client: httpx2.AsyncClient, name: str, value: str = CANARY, **more: Any) -> httpx2.Response:
    kind = "file" if "path" in more else "variable"
    headers = more.pop("headers", {})
    return await client.put(f"{PATH}/{name}", json={"kind": kind, "value": value, **more}, headers=headers)


async def listed(client: httpx2.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def id_of(client: httpx2.AsyncClient) -> str:
    return str((await client.get("/api/v1/auth/me")).json()["user"]["id"])


@pytest.fixture
def secrets(hub: FastAPI) -> PersonalSecrets:
    service: PersonalSecrets = hub.state.personal_secrets
    return service


class TestSet:
    async def test_lists_all_but_the_value(self, grace: httpx2.AsyncClient) -> None:
        made = await put(grace, "API_KEY")
        assert made.status_code == 200, made.text
        await put(grace, "aws", "[default]\n", path=".aws/credentials")
        file, variable = sorted(await listed(grace), key=lambda one: one["kind"])
        assert variable == made.json()
        assert {key: variable[key] for key in ("name", "kind", "path", "size", "last_read_at")} == {
            "name": "API_KEY",
            "kind": "variable",
            "path": None,
            "size": len(CANARY),
            "last_read_at": None,
        }
        assert (file["kind"], file["path"], file["size"]) == ("file", ".aws/credentials", 10)

    async def test_pages(self, grace: httpx2.AsyncClient) -> None:
        for name in ("C", "A", "B"):
            await put(grace, name)
        first = (await grace.get(PATH, params={"limit": 2})).json()
        rest = await listed(grace, limit=2, cursor=first["next_cursor"])
        assert [one["name"] for one in first["items"] + rest] == ["A", "B", "C"]

    async def test_replaces(self, grace: httpx2.AsyncClient, secrets: PersonalSecrets) -> None:
        await put(grace, "K", path="a/b")
        assert (await put(grace, "K", "two")).status_code == 200
        env, files = await secrets.for_workload(await id_of(grace), {"_id": "w1"})
        assert (env, files) == ({"K": "two"}, {})
        assert (await put(grace, "other", path="a/b")).status_code == 200  # the path is free again

    async def test_replaces_nothing_where_it_is_to_be_new(self, grace: httpx2.AsyncClient) -> None:
        only_new = {"headers": {"If-None-Match": "*"}}
        assert (await put(grace, "K", **only_new)).status_code == 200
        refused = await put(grace, "K", "longer than before", **only_new)
        assert (refused.status_code, refused.json()["type"]) == (412, "/problems/secret-exists")
        assert (await listed(grace))[0]["size"] == len(CANARY)

    async def test_what_is_refused(self, grace: httpx2.AsyncClient) -> None:
        """The rules themselves are tested in tests/unit/secrets; here, that they are asked, and what is told."""
        for more in ({}, {"path": "a"}):
            (problem,) = (await put(grace, "HOTHOUSE_TOKEN", **more)).json()["errors"]
            assert problem["pointer"] == "/name"
            assert problem["message"] == '"HOTHOUSE_TOKEN" is set by the platform; choose another name.'
        for path in ("../x", "\ud800"):
            body = json.dumps({"kind": "file", "path": path, "value": CANARY})
            answer = await grace.put(f"{PATH}/file", content=body, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/path")
        assert (await put(grace, "a%00", path="a")).status_code == 422
        assert await listed(grace) == []

    async def test_a_variable_has_no_path(self, grace: httpx2.AsyncClient) -> None:
        assert (await put(grace, "K", path="a", kind="variable")).json()["errors"][0]["pointer"] == "/path"
        body = {"kind": "file", "value": "x"}
        assert (await grace.put(f"{PATH}/K", json=body)).json()["errors"][0]["pointer"] == "/path"

    async def test_sizes(self, grace: httpx2.AsyncClient) -> None:
        assert (await put(grace, "K", "x" * MOST_BYTES)).status_code == 200
        for too_much in ("x" * (MOST_BYTES + 1), "ä" * (MOST_BYTES // 2 + 1)):
            answer = await put(grace, "K", too_much)
            assert answer.json()["errors"][0]["pointer"] == "/value"
            assert too_much[:20] not in answer.text
        for no_text in ("a\0b", "\ud800"):
            body = json.dumps({"kind": "variable", "value": no_text})
            answer = await grace.put(f"{PATH}/K", content=body, headers={"Content-Type": "application/json"})
            assert answer.json()["errors"][0]["pointer"] == "/value"
        data = base64.b64encode(b"\0" * (MOST_BYTES + 1)).decode()
        assert (await put(grace, "f", data, path="f", encoding="base64")).status_code == 422

    async def test_bytes(self, grace: httpx2.AsyncClient, secrets: PersonalSecrets) -> None:
        data = bytes(range(256))
        answer = await put(grace, "key", base64.b64encode(data).decode(), path="k", encoding="base64")
        assert answer.json()["size"] == 256
        assert (await put(grace, "K", base64.b64encode(data).decode(), encoding="base64")).status_code == 422
        assert (await put(grace, "other", "not base64!", path="o", encoding="base64")).status_code == 422
        assert (await secrets.for_workload(await id_of(grace), {"_id": "w1"})).files == {"k": data}


class TestPaths:
    async def test_in_the_way(self, grace: httpx2.AsyncClient) -> None:
        await put(grace, "one", path=".aws/credentials")
        for other in (".aws/credentials", ".aws", ".aws/credentials/more"):
            answer = await put(grace, "two", path=other)
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/secret-path-taken")
            assert 'Your secret "one"' in answer.json()["detail"]
        assert (await put(grace, "one", path=".aws")).status_code == 200  # it is in nobody's way but its own

    async def test_beside(self, grace: httpx2.AsyncClient, ada: httpx2.AsyncClient) -> None:
        await put(grace, "one", path=".aws/credentials")
        for name, path in (("two", ".aws/config"), ("three", ".aws-too")):
            assert (await put(grace, name, path=path)).status_code == 200
        assert (await put(ada, "one", path=".aws/credentials")).status_code == 200

    async def test_two_at_the_same_moment(self, hub: FastAPI, grace: httpx2.AsyncClient) -> None:
        answers = await asyncio.gather(*(put(grace, f"n{number}", path="same") for number in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
        assert await hub.state.database["personal_secrets"].count_documents({}) == 1

    async def test_the_database_keeps_two_from_one_path(self, hub: FastAPI, grace: httpx2.AsyncClient) -> None:
        """Also where two hubs took no turns: the index alone refuses the second."""
        await put(grace, "one", path="same")
        repository = hub.state.personal_secrets._repository
        user_id = await id_of(grace)
        with pytest.raises(Exception, match='in the way of a file at "same"'):
            await repository.put({"user_id": user_id, "name": "two", "path": "same", "sealed": "x"})
        for name in ("A", "B"):  # those without a path are no two at the same one
            await repository.put({"user_id": user_id, "name": name, "sealed": "x"})


class TestMost:
    async def test_a_hundred_also_at_the_same_moment(self, hub: FastAPI, grace: httpx2.AsyncClient) -> None:
        stored = hub.state.database["personal_secrets"]
        await put(grace, "LAST")
        like = await stored.find_one({})
        user_id = await id_of(grace)
        more = [like | {"_id": f"{user_id}/N{number}", "name": f"N{number}"} for number in range(98)]
        await stored.insert_many(more)
        answers = await asyncio.gather(*(put(grace, f"RACER{number}") for number in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, *[409] * 4]
        assert {answer.json().get("type") for answer in answers} == {None, "/problems/too-many-secrets"}
        assert await stored.count_documents({"user_id": user_id}) == 100
        assert (await put(grace, "LAST", "anew")).status_code == 200  # which makes no more of them


class TestDelete:
    async def test_own(self, grace: httpx2.AsyncClient) -> None:
        await put(grace, "K")
        assert (await grace.delete(f"{PATH}/K")).status_code == 204
        assert await listed(grace) == []
        assert (await grace.delete(f"{PATH}/K")).status_code == 404


class TestWhose:
    async def test_nobody_elses(
        self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, anyone: httpx2.AsyncClient
    ) -> None:
        await put(grace, "GRACES")
        assert await listed(ada) == []
        missing = await ada.delete(f"{PATH}/NONE")
        answer = await ada.delete(f"{PATH}/GRACES")
        assert (answer.status_code, answer.text) == (404, missing.text.replace("NONE", "GRACES"))
        assert (await put(ada, "GRACES", "Ada's")).json()["size"] == 5
        assert (await listed(grace))[0]["size"] == len(CANARY)
        assert {(await anyone.get(PATH)).status_code, (await put(anyone, "K")).status_code} == {401}

    async def test_who_acts_as_her(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        await put(grace, "K")
        user_id = await id_of(grace)
        assert (await ada.post(f"/api/v1/users/{user_id}/impersonate", json={"reason": "a look"})).status_code == 201
        for answer in (await ada.get(PATH), await put(ada, "K", "x"), await ada.delete(f"{PATH}/K")):
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-as-another")
        (kept,) = await listed(grace)
        assert (kept["name"], kept["size"]) == ("K", len(CANARY))

    async def test_tokens(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        """One without limits is as good as she is; tests/api/access asks limited ones, too."""
        for scope in ("read", "apps:open", "apps:write", "admin", None):
            made = await ada.post("/api/v1/tokens", json={"name": "x", "scopes": [scope] if scope else None})
            async with client_of(hub, headers={"Authorization": f"Bearer {made.json()['token']}"}) as script:
                for answer in (await put(script, "K"), await script.get(PATH), await script.delete(f"{PATH}/K")):
                    assert answer.is_success if scope is None else answer.json()["type"] == "/problems/out-of-scope"


class TestForWorkload:
    async def test_gives_and_records(
        self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, secrets: PersonalSecrets
    ) -> None:
        user_id = await id_of(grace)
        await put(grace, "API_KEY")
        await put(grace, "aws", "keys", path=".aws/credentials")
        await put(ada, "ADAS")
        for _ in range(2):  # told once, however often it is asked for
            given = await secrets.for_workload(user_id, {"_id": "w1"})
            assert given == ({"API_KEY": CANARY}, {".aws/credentials": b"keys"})
        assert CANARY not in repr(given)
        assert all(one["last_read_at"] for one in await listed(grace))
        assert (await listed(ada))[0]["last_read_at"] is None
        await put(grace, "MORE")
        await secrets.for_workload(user_id, {"_id": "w1"})
        found = (await ada.get("/api/v1/audit", params={"action": "secrets.read"})).json()["items"]
        assert [one["after"]["names"] for one in found] == [["API_KEY", "MORE", "aws"], ["API_KEY", "aws"]]
        assert {(thing["kind"], thing["id"]) for one in found for thing in one["about"]} == {
            ("user", user_id),
            ("workload", "w1"),
        }

    async def test_nothing_to_give(self, ada: httpx2.AsyncClient, secrets: PersonalSecrets) -> None:
        assert await secrets.for_workload("nobody", {"_id": "w1"}) == ({}, {})
        assert (await ada.get("/api/v1/audit", params={"action": "secrets.read"})).json()["items"] == []

    async def test_a_value_put_in_anothers_place(
        self, hub: FastAPI, grace: httpx2.AsyncClient, ada: httpx2.AsyncClient, secrets: PersonalSecrets
    ) -> None:
        """Whoever writes to the database cannot give themselves what is another's, or have it under another name."""
        await put(ada, "ADAS")
        await put(grace, "MINE", "x")
        stored = hub.state.database["personal_secrets"]
        adas = await stored.find_one({"name": "ADAS"})
        await stored.update_one({"name": "MINE"}, {"$set": {"sealed": adas["sealed"]}})
        with pytest.raises(Exception, match="cannot be read with this installation's key"):
            await secrets.for_workload(await id_of(grace), {"_id": "w1"})
        assert await hub.state.database["personal_secret_reads"].count_documents({}) == 0

    async def test_deactivating_keeps_them(
        self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, secrets: PersonalSecrets
    ) -> None:
        user_id = await id_of(grace)
        await put(grace, "K")
        for verb in ("deactivate", "reactivate"):
            assert (await ada.post(f"/api/v1/users/{user_id}/{verb}")).status_code == 200
        assert (await secrets.for_workload(user_id, {"_id": "w1"})).env == {"K": CANARY}


class TestCanary:
    async def test_is_nowhere(
        self,
        hub: FastAPI,
        ada: httpx2.AsyncClient,
        grace: httpx2.AsyncClient,
        secrets: PersonalSecrets,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Not in an answer, a log, the record, or any document of the database, which a backup holds."""
        told: list[str] = []
        with capture_logs() as logs:
            bodies: list[Any] = [
                {"kind": "variable", "value": CANARY},
                {"kind": "file", "path": "a/b", "value": CANARY},
                {"kind": "file", "path": "../x", "value": CANARY},
                {"kind": "file", "path": "c", "value": CANARY, "encoding": "base64"},
                {"kind": "variable", "value": CANARY + "\0"},
                {"kind": "other", "value": CANARY},
                {"kind": "variable", "value": [CANARY]},
                {"kind": "variable", "value": CANARY * 5000},
                CANARY,
            ]
            for number, body in enumerate(bodies):
                told.append((await grace.put(f"{PATH}/N{number}", json=body)).text)
            told.append((await grace.put(f"{PATH}/PATH", json=bodies[0])).text)
            told.append((await grace.put(f"{PATH}/N0", json=bodies[0], headers={"If-None-Match": "*"})).text)
            told.append((await grace.get(PATH)).text)
            assert (await secrets.for_workload(await id_of(grace), {"_id": "w1"})).env == {"N0": CANARY}
            told.append((await grace.delete(f"{PATH}/N1")).text)
            told.append((await ada.get("/api/v1/audit", params={"limit": 200})).text)
        assert len(await listed(grace)) == 1
        database = hub.state.database
        names = await database.list_collection_names()
        told += [json_util.dumps(await database[name].find({}).to_list()) for name in names]
        told += [json.dumps(logs, default=str), caplog.text, *capsys.readouterr()]
        assert sum("N0" in one for one in told) >= 3  # it was looked for where it would be
        hidden = (CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("="))
        assert [one[:300] for one in told if any(canary in one for canary in hidden)] == []


class TestRecord:
    async def test_names_only(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        await put(grace, "K")
        await put(grace, "K", path="a/b")
        await grace.delete(f"{PATH}/K")
        found = (await ada.get("/api/v1/audit", params={"about": "secret:K"})).json()["items"]
        assert [(one["action"], one["before"], one["after"]) for one in found if one["result"] == "done"] == [
            ("personal-secrets.delete", None, None),
            ("personal-secrets.set", {"kind": "variable"}, {"kind": "file"}),
            ("personal-secrets.set", None, {"kind": "variable"}),
        ]


class TestQueries:
    async def test_every_query_uses_an_index(
        self, hub: FastAPI, grace: httpx2.AsyncClient, secrets: PersonalSecrets
    ) -> None:
        COMMANDS.seen.clear()
        COMMANDS.database = hub.state.database.name
        for name in ("A", "B"):
            await put(grace, name)
        await put(grace, "c", path="c")
        first = (await grace.get(PATH, params={"limit": 1})).json()
        await listed(grace, cursor=first["next_cursor"])
        user_id = await id_of(grace)
        await secrets.for_workload(user_id, {"_id": "w1"})
        assert (await grace.delete(f"{PATH}/A")).status_code == 204
        await hub.state.rotation.rotate()
        COMMANDS.database = None
        asked = [(one[1], one[2]) for one in COMMANDS.seen.values() if one[1].startswith("personal_secret")]
        assert len(asked) >= 8
        assert [one for one in asked if not await self._is_served(hub, *one)] == []

    async def _is_served(self, hub: FastAPI, collection: str, query: dict[str, Any]) -> bool:
        """Tell whether an index finds it; the embedded server has to be asked for one condition at a time."""
        alone = [{key: value} for key, value in query.items() if not isinstance(value, dict) or "$in" in value]
        return any([not await self._scans(hub, collection, one) for one in (query, *alone)])

    async def _scans(self, hub: FastAPI, collection: str, query: dict[str, Any]) -> bool:
        command = {"explain": {"find": collection, "filter": query}, "verbosity": "queryPlanner"}
        plan = await hub.state.database.command(command)
        return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])
