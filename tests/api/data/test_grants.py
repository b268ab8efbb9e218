"""Asking, granting, refusing, taking back: over the API, and as the broker reads it."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.support.apps_api import source
from tests.support.data_lab import Lab, asks, decide, readers, reads, take_back, waiting
from tests.support.waiting import eventually

from hothouse.broker.grants import Grant, GrantStore


async def readable(lab: Lab, reader: str) -> tuple[Grant, ...]:
    """Return what the broker lets an app read."""
    database = (await lab.app(reader))["database"]
    return (await GrantStore(lab.database).readable([database])).get(database, ())


class TestAsk:
    async def test_shows_on_both_pages(self, lab: Lab) -> None:
        of = await lab.owner(sharing={"collections": ["clicks"], "note": "Be gentle."})
        reader = await lab.reader(of, "clicks", "users")
        asked = (await readers(lab.grace, of))[reader]
        assert asked["app"] == {
            "slug": reader,
            "name": reader.title(),
            "icon": None,
            "url": f"http://{reader}.apps.localhost:8000",
        }
        assert asked["owner"]["email"] == "alan@example.org"
        assert (asked["wanted"], asked["waiting"]) == (["clicks", "users"], ["clicks", "users"])
        assert (asked["granted"], asked["state"], asked["is_wanted"]) == ([], "asked", True)
        assert (asked["decided_by"], asked["decided_at"]) == (None, None)
        wish = (await reads(lab.alan, reader))[of]
        assert (wish["wanted"], wish["granted"], wish["state"]) == (["clicks", "users"], [], "asked")
        assert (await lab.grace.get(f"/api/v1/apps/{of}/data"))["offered"] == {
            "collections": ["clicks"],
            "note": "Be gentle.",
        }
        assert await readable(lab, reader) == ()

    async def test_is_there_before_anything_serves(self, lab: Lab) -> None:
        of, other, reader = await lab.owner(), await lab.owner(), lab.name("reader")
        lab.build.gate.clear()
        try:
            await lab.alan.deploy(source(reader, data=asks(of, "clicks")))
            assert (await readers(lab.grace, of))[reader]["waiting"] == ["clicks"]
            await lab.alan.deploy(source(reader, "two", data=asks(other, "clicks")))
            await eventually(lambda: _is_asked(lab, other, reader))
            assert reader not in await readers(lab.grace, of)
        finally:
            lab.build.gate.set()

    async def test_of_the_release_that_serves(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        lab.build.gate.clear()
        try:
            deployment = await lab.alan.deploy(source(reader, "two", data=asks(of, "users")))
            assert (await readers(lab.grace, of))[reader]["wanted"] == ["clicks"]
            refused = await decide(lab.grace, of, reader, "users", status=422)
            assert refused["errors"][0]["pointer"] == "/collections/0"
        finally:
            lab.build.gate.set()
        await lab.alan.ended(deployment)
        assert (await readers(lab.grace, of))[reader]["wanted"] == ["users"]

    async def test_ends_with_the_manifest_that_asked(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        await lab.alan.served(source(reader, "two"))
        assert await readers(lab.grace, of) == {}
        assert await reads(lab.alan, reader) == {}

    async def test_missing_and_hidden_source_look_alike(self, lab: Lab) -> None:
        hidden, missing = await lab.owner(), lab.name("source")
        open_one = lab.name("source")
        await lab.grace.served(source(open_one, access="signed-in"))
        reader = lab.name("reader")
        wishes = [{"app": slug, "collections": ["a", "*"]} for slug in (hidden, missing, open_one)]
        await lab.alan.served(source(reader, data={"read_from": wishes}))
        seen = await reads(lab.alan, reader)
        assert list(seen) == [hidden, missing, open_one]
        assert seen[hidden] | {"app": missing} == seen[missing]
        assert seen[missing]["source"] is None
        assert (seen[missing]["state"], seen[missing]["waiting"]) == ("asked", ["a", "*"])
        assert seen[open_one]["source"]["name"] == open_one.title()
        assert (await reads(lab.ada, reader))[hidden]["source"]["slug"] == hidden

    async def test_source_that_comes_later(self, lab: Lab) -> None:
        of = lab.name("source")
        reader = await lab.reader(of, "clicks")
        await lab.grace.served(source(of))
        assert list(await readers(lab.grace, of)) == [reader]

    async def test_for_itself_is_refused(self, lab: Lab) -> None:
        slug = lab.name("selfish")
        wishes = [{"app": slug, "collections": ["a"]}, *asks("x", "a")["read_from"], *asks("x", "b")["read_from"]]
        upload = await lab.alan.upload(source(slug, data={"read_from": wishes}))
        assert [problem["pointer"] for problem in upload["problems"]] == [
            "/data/read_from/0/app",
            "/data/read_from/2/app",
        ]
        assert "this app itself" in upload["problems"][0]["message"]
        refused = await lab.alan.post(f"/api/v1/uploads/{upload['id']}/deploy", 422, json={})
        assert refused["type"] == "/problems/manifest-invalid"


async def _is_asked(lab: Lab, of: str, reader: str) -> bool:
    return reader in await readers(lab.grace, of)


class TestGrant:
    async def test_exactly_these(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks", "users", "logs")
        granted = await decide(lab.grace, of, reader, "users", "clicks", "users")
        assert (granted["granted"], granted["state"], granted["waiting"]) == (["users", "clicks"], "granted", [])
        assert granted["decided_by"]["email"] == "grace@example.org"
        assert granted == (await readers(lab.grace, of))[reader]
        apps = [await lab.app(slug) for slug in (reader, of)]
        stored = await lab.grant(reader, of)
        assert stored is not None
        assert (stored["reader_id"], stored["source_id"]) == (apps[0]["_id"], apps[1]["_id"])
        assert stored["considered"] == ["clicks", "users", "logs"]
        expected = Grant(apps[1]["database"], (of,), frozenset({"clicks", "users"}))
        assert await readable(lab, reader) == (expected,)
        wish = (await reads(lab.alan, reader))[of]
        assert (wish["granted"], wish["state"], wish["source"]) == (["users", "clicks"], "granted", None)

        fewer = await decide(lab.grace, of, reader, "clicks")
        assert (fewer["granted"], fewer["waiting"]) == (["clicks"], [])

    async def test_what_a_later_release_asks_for_waits(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        await decide(lab.grace, of, reader, "clicks")
        await lab.reader(of, "clicks", "users", slug=reader)
        standing = (await readers(lab.grace, of))[reader]
        assert (standing["granted"], standing["waiting"], standing["state"]) == (["clicks"], ["users"], "granted")
        assert (of, reader) in await waiting(lab.grace)

    async def test_stays_when_it_is_not_asked_for_any_more(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks", "users")
        await decide(lab.grace, of, reader, "clicks", "users")
        await lab.alan.served(source(reader, "two"))
        standing = (await readers(lab.grace, of))[reader]
        assert (standing["wanted"], standing["granted"], standing["is_wanted"]) == ([], ["clicks", "users"], False)
        wish = (await reads(lab.alan, reader))[of]
        assert (wish["granted"], wish["is_wanted"]) == (["clicks", "users"], False)
        assert (await decide(lab.grace, of, reader, "users"))["granted"] == ["users"]
        await lab.reader(of, "users", slug=reader)
        assert (await readers(lab.grace, of))[reader]["waiting"] == []

    @pytest.mark.parametrize(
        ("wanted", "offered", "given", "refused"),
        [
            (["clicks"], [], ["clicks", "users"], [1]),
            (["clicks"], ["users"], ["users"], [0]),
            (["clicks"], [], ["*"], [0]),
            (["*"], ["clicks"], ["users", "clicks"], [0]),
            (["*"], [], ["$cmd", "system.users", "", "a\0b"], [0, 1, 2, 3]),
        ],
    )
    async def test_never_more_than_is_asked_for(
        self, lab: Lab, wanted: list[str], offered: list[str], given: list[str], refused: list[int]
    ) -> None:
        of = await lab.owner(sharing={"collections": offered})
        reader = await lab.reader(of, *wanted)
        problem = await decide(lab.grace, of, reader, *given, status=422)
        assert problem["type"] == "/problems/not-asked"
        assert [error["pointer"] for error in problem["errors"]] == [f"/collections/{index}" for index in refused]
        assert await lab.grant(reader, of) is None

    @pytest.mark.parametrize(
        ("offered", "given", "got"),
        [
            ([], ["*"], ["*"]),
            ([], ["anything"], ["anything"]),
            (["clicks", "logs"], ["logs"], ["logs"]),
            (["clicks", "logs"], ["*"], ["clicks", "logs"]),
        ],
    )
    async def test_who_asks_for_everything(
        self, lab: Lab, offered: list[str], given: list[str], got: list[str]
    ) -> None:
        of = await lab.owner(sharing={"collections": offered})
        reader = await lab.reader(of, "*")
        granted = await decide(lab.grace, of, reader, *given)
        assert (granted["granted"], granted["waiting"]) == (got, [])
        (grant,) = await readable(lab, reader)
        assert grant.covers("never-named") is (got == ["*"])
        if got == ["*"]:
            assert (await decide(lab.grace, of, reader, "just-one"))["granted"] == ["just-one"]

    @pytest.mark.parametrize("body", [{}, {"collections": "clicks"}, {"collections": [1]}, {"collections": [], "x": 1}])
    async def test_body_that_says_nothing(self, lab: Lab, body: dict[str, Any]) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        answer = await lab.grace.client.put(f"/api/v1/apps/{of}/data/readers/{reader}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input")

    async def test_to_whom_nobody_knows(self, lab: Lab) -> None:
        of, silent, missing = await lab.owner(), lab.name("reader"), lab.name("reader")
        await lab.alan.served(source(silent, data=asks("somebody-else", "clicks")))
        said = set()
        for name in (silent, missing, of):
            said.add((await decide(lab.grace, of, name, "clicks", status=404))["detail"].replace(f'"{name}"', "it"))
        assert len(said) == 1
        await take_back(lab.grace, of, silent, status=404)
        assert await lab.grant(silent, of) is None

    async def test_by_two_owners_at_once(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks", "users")
        choices = [(lab.grace, ["clicks"]), (lab.ada, ["users"])] * 4
        await asyncio.gather(*(decide(person, of, reader, *choice) for person, choice in choices))
        standing = (await readers(lab.grace, of))[reader]
        by = {"grace@example.org": ["clicks"], "ada@example.org": ["users"]}
        assert standing["granted"] == by[standing["decided_by"]["email"]]
        assert await lab.database["data_grants"].count_documents({"reader_id": (await lab.app(reader))["_id"]}) == 1

    async def test_says_who_did_what(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        with capture_logs() as lines:
            await decide(lab.grace, of, reader, "clicks")
            await take_back(lab.grace, of, reader)
            await decide(lab.ada, of, reader)
        told = [line for line in lines if line["event"] == "data-decided"]
        assert [(line["state"], line["collections"]) for line in told] == [
            ("granted", ["clicks"]),
            ("taken-back", []),
            ("refused", []),
        ]
        assert {(line["reader"], line["source"]) for line in told} == {(reader, of)}
        grace, ada = [(await person.get("/api/v1/auth/me"))["user"]["id"] for person in (lab.grace, lab.ada)]
        assert [line["by"] for line in told] == [grace, grace, ada]


class TestRefuse:
    async def test_is_an_answer(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        refused = await decide(lab.grace, of, reader)
        assert (refused["granted"], refused["state"], refused["waiting"]) == ([], "refused", [])
        assert await readable(lab, reader) == ()
        assert (of, reader) not in await waiting(lab.grace)
        assert (await reads(lab.alan, reader))[of]["state"] == "refused"
        await take_back(lab.grace, of, reader)
        assert (await readers(lab.grace, of))[reader]["state"] == "refused"
        assert (await decide(lab.grace, of, reader, "clicks"))["state"] == "granted"


class TestTakeBack:
    async def test_again_and_again(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        await decide(lab.grace, of, reader, "clicks")
        await take_back(lab.grace, of, reader)
        first = await lab.grant(reader, of)
        await take_back(lab.ada, of, reader)
        assert await lab.grant(reader, of) == first
        standing = (await readers(lab.grace, of))[reader]
        assert (standing["granted"], standing["state"], standing["waiting"]) == ([], "taken-back", [])
        assert await readable(lab, reader) == ()
        assert (of, reader) not in await waiting(lab.grace)
        assert (await reads(lab.alan, reader))[of]["state"] == "taken-back"

    async def test_what_was_never_given(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        await take_back(lab.grace, of, reader, status=404)
        assert (of, reader) in await waiting(lab.grace)


class TestRequests:
    async def test_go_to_those_who_decide(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        pair = (of, reader)
        await lab.grace.client.patch(f"/api/v1/apps/{of}", json={"access": "signed-in"})
        assert [pair in await waiting(person) for person in (lab.grace, lab.ada)] == [True, True]
        assert [pair in await waiting(person) for person in (lab.alan, lab.eve)] == [False, False]
        await decide(lab.grace, of, reader, "clicks")
        assert [pair in await waiting(person) for person in (lab.grace, lab.ada)] == [False, False]

    async def test_page_by_page(self, lab: Lab) -> None:
        of = await lab.owner()
        asked = {(of, await lab.reader(of, "clicks")) for _ in range(3)}
        seen: list[tuple[str, str]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await lab.grace.get("/api/v1/data/requests", params={"limit": 2, **cursor})
            assert 0 < len(page["items"]) <= 2
            seen += [(one["app"]["slug"], one["reader"]["app"]["slug"]) for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert asked <= set(seen)
        assert seen == sorted(set(seen))

    @pytest.mark.parametrize("cursor", ["WzFd", "WzEsMl0", "ImEi", "e30", "WyJhIixudWxsXQ"])
    async def test_cursor_of_another_list(self, lab: Lab, cursor: str) -> None:
        answer = await lab.grace.get("/api/v1/data/requests", 422, params={"cursor": cursor})
        assert answer["errors"][0]["pointer"] == "/cursor"
