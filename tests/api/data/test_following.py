"""What follows when apps are renamed and deleted, hubs die in between, and who may see and hear of it all."""

import asyncio
from typing import Any

import pytest
from tests.support.apps_api import source
from tests.support.data_lab import Lab, decide, readers, reads, take_back, waiting
from tests.support.events import listening
from tests.support.lab import running_hub
from tests.support.launchers import AnsweringLauncher
from tests.support.waiting import eventually

from hothouse.broker.grants import GrantStore


async def names(lab: Lab, reader: str, of: str) -> list[str]:
    """Return by which names the broker lets an app call another one's database."""
    database = (await lab.app(reader))["database"]
    grants = (await GrantStore(lab.database).readable([database])).get(database, ())
    source_database = (await lab.app(of))["database"]
    return next((list(grant.names) for grant in grants if grant.database == source_database), [])


@pytest.fixture
async def pair(lab: Lab) -> tuple[str, str]:
    """An app with data, and one that may read its clicks."""
    of = await lab.owner()
    reader = await lab.reader(of, "clicks")
    await decide(lab.grace, of, reader, "clicks")
    return of, reader


class TestRename:
    async def rename(self, lab: Lab, slug: str) -> str:
        new = lab.name("renamed")
        answer = await lab.grace.client.patch(f"/api/v1/apps/{slug}", json={"slug": new})
        assert answer.status_code == 200, answer.text
        return new

    async def test_of_the_source(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        new = await self.rename(lab, of)
        await eventually(lambda: _is(names(lab, reader, new), [new, of]))
        newer = await self.rename(lab, new)
        await eventually(lambda: _is(names(lab, reader, newer), [newer, new, of]))
        standing = (await readers(lab.grace, newer))[reader]
        assert (standing["wanted"], standing["granted"], standing["waiting"]) == (["clicks"], ["clicks"], [])
        assert (await reads(lab.alan, reader))[of]["granted"] == ["clicks"]
        await lab.reader(newer, "clicks", "users", slug=reader)
        assert (await readers(lab.grace, newer))[reader]["waiting"] == ["users"]

    async def test_of_the_reader(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        new = lab.name("renamed")
        assert (await lab.alan.client.patch(f"/api/v1/apps/{reader}", json={"slug": new})).status_code == 200
        assert (await readers(lab.grace, of))[new]["granted"] == ["clicks"]
        await take_back(lab.grace, of, reader)
        assert (await readers(lab.grace, of))[new]["state"] == "taken-back"

    async def test_decision_that_was_written_a_moment_too_late(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        new = await self.rename(lab, of)
        await eventually(lambda: _is(names(lab, reader, new), [new, of]))
        grant = await lab.grant(reader, of)
        assert grant is not None
        await lab.database["data_grants"].update_one({"_id": grant["_id"]}, {"$set": {"names": [of]}})
        await eventually(lambda: _is(names(lab, reader, new), [new, of]))


async def _is(given: Any, expected: Any) -> bool:
    return bool(await given == expected)


class TestDelete:
    async def test_reader(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        app = await lab.app(reader)
        await lab.alan.delete(reader)
        assert await lab.database["data_grants"].find_one({"reader_id": app["_id"]}) is None
        assert await readers(lab.grace, of) == {}
        await decide(lab.grace, of, reader, "clicks", status=404)
        await take_back(lab.grace, of, reader, status=404)

    async def test_source(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        app = await lab.app(of)
        await lab.database["data_usage"].insert_one({"_id": app["database"], "operations": 1})
        await lab.grace.delete(of)
        assert await lab.database["data_grants"].find_one({"source_id": app["_id"]}) is None
        assert await lab.database["data_usage"].find_one({"_id": app["database"]}) is None
        gone = (await reads(lab.alan, reader))[of]
        assert (gone["source"], gone["state"], gone["granted"], gone["waiting"]) == (None, "asked", [], ["clicks"])
        await lab.grace.served(source(of))
        assert (await readers(lab.grace, of))[reader]["state"] == "asked", "a new app of that slug grants nothing"

    async def test_while_it_is_decided(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        app = await lab.app(reader)
        body = {"collections": ["clicks"]}
        puts = [lab.grace.client.put(f"/api/v1/apps/{of}/data/readers/{reader}", json=body) for _ in range(20)]
        _, *answers = await asyncio.gather(lab.alan.delete(reader), *puts)
        assert {answer.status_code for answer in answers} <= {200, 404}
        await eventually(lambda: _is(lab.database["data_grants"].find_one({"reader_id": app["_id"]}), None))

    async def test_decision_that_was_written_a_moment_too_late(self, lab: Lab, pair: tuple[str, str]) -> None:
        grant = await lab.grant(pair[1], pair[0])
        assert grant is not None
        await lab.database["data_grants"].insert_one(
            {**grant, "_id": f"gone.{grant['source_id']}", "reader_id": "gone"}
        )
        await eventually(lambda: _is(lab.database["data_grants"].find_one({"reader_id": "gone"}), None))


class TestHubThatDied:
    async def test_makes_good_what_was_left_undone(self, lab: Lab) -> None:
        """Another hub starts over what a killed one left: stale names, strays, asks and limits that were not kept."""
        settings = lab.settings.model_copy(deep=True)
        settings.mongodb.database += "_killed"
        database = lab.database.client[settings.mongodb.database]
        try:
            await database["apps"].insert_many([_app("a", "one"), _app("b", "two", former=["old"])])
            await database["apps"].insert_one(_app("c", "broken"))
            broken = {"_id": "c-1", "app_id": "c", "number": 1, "state": "built", "manifest": "{}"}
            await database["releases"].insert_many([_release("a", reads_from="two", storage="3MiB"), broken])
            await database["data_grants"].insert_many([_grant("a", "b", ["old"]), _grant("a", "gone", ["x"])])
            await database["data_usage"].insert_many([{"_id": "hh_a"}, {"_id": "hh_gone"}])
            await database["broker_credentials"].insert_one({"_id": "w-1", "database": "hh_a"})
            async with running_hub(settings, launcher=AnsweringLauncher()):
                await eventually(lambda: _is(_field(database, "data_grants", "a.b", "names"), ["two", "old"]))
                await eventually(lambda: _is(database["data_grants"].count_documents({}), 1))
                await eventually(lambda: _is(database["data_usage"].distinct("_id"), ["hh_a"]))
                await eventually(lambda: _is(_field(database, "apps", "a", "reads_from"), ["two"]))
                limits = await _field(database, "broker_credentials", "w-1", "limits")
                assert limits["storage_bytes"] == 3 * 2**20
        finally:
            await lab.database.client.drop_database(database)


async def _field(database: Any, collection: str, identity: str, field: str) -> Any:
    document = await database[collection].find_one({"_id": identity})
    return document and document.get(field)


def _app(identity: str, slug: str, former: list[str] | None = None) -> dict[str, Any]:
    """Make the record of a stopped app."""
    return {
        "_id": identity,
        "realm": "local",
        "slug": slug,
        "slugs": [slug, *(former or [])],
        "owner_id": None,
        "access": "private",
        "name": slug,
        "database": f"hh_{identity}",
        "desired": "stopped",
        "is_asleep": False,
        "release": None,
        "deployment_id": None,
        "workload_id": None,
        "state": "stopped",
        "reason": "stopped by hand",
        "schema_version": 2,
    }


def _release(app_id: str, reads_from: str, storage: str) -> dict[str, Any]:
    import json

    data = {"read_from": [{"app": reads_from, "collections": ["c"]}], "limits": {"storage": storage}}
    manifest = json.loads(source("one", data=data)["manifest.json"])
    return {"_id": f"{app_id}-1", "app_id": app_id, "number": 1, "state": "built", "manifest": json.dumps(manifest)}


def _grant(reader: str, of: str, called: list[str]) -> dict[str, Any]:
    return {
        "_id": f"{reader}.{of}",
        "realm": "local",
        "reader_id": reader,
        "source_id": of,
        "reader_database": f"hh_{reader}",
        "source_database": f"hh_{of}",
        "names": called,
        "collections": ["c"],
        "considered": ["c"],
        "state": "granted",
    }


ROUTES = [
    ("GET", "/api/v1/apps/{slug}/data", None),
    ("PATCH", "/api/v1/apps/{slug}/data", {"storage_bytes": None}),
    ("PUT", "/api/v1/apps/{slug}/data/readers/{reader}", {"collections": ["clicks"]}),
    ("DELETE", "/api/v1/apps/{slug}/data/readers/{reader}", None),
]


@pytest.fixture(scope="module")
async def lasting_pair(lab: Lab) -> tuple[str, str]:
    """A pair for tests that leave it as it is."""
    of = await lab.owner()
    reader = await lab.reader(of, "clicks")
    await decide(lab.grace, of, reader, "clicks")
    return of, reader


class TestPermissions:
    @pytest.mark.parametrize("access", ["private", "signed-in", "granted"])
    @pytest.mark.parametrize(("method", "path", "body"), ROUTES)
    async def test_others_are_told_of_no_app(
        self, lab: Lab, lasting_pair: tuple[str, str], method: str, path: str, body: Any, access: str
    ) -> None:
        of, reader = lasting_pair
        await lab.grace.share_with(of, *(["alan@example.org", "eve@example.org"] if access == "granted" else []))
        await lab.grace.open(of, "signed-in" if access == "signed-in" else "private")
        before, missing_one = await lab.grant(reader, of), "x" * len(of)
        for person in (lab.eve, lab.alan):
            given = {} if body is None else {"json": body}
            hidden, missing = [
                await person.client.request(method, path.format(slug=slug, reader=reader), **given)
                for slug in (of, missing_one)
            ]
            assert hidden.status_code == missing.status_code == 404
            assert hidden.text.replace(of, missing_one) == missing.text
            assert dict(hidden.headers) == dict(missing.headers)
        assert await lab.grant(reader, of) == before

    async def test_owners_and_admins_may(self, lab: Lab, lasting_pair: tuple[str, str]) -> None:
        of, _ = lasting_pair
        assert (await lab.grace.app(of))["permissions"] == [
            "app.open",
            "app.view",
            "app.edit",
            "app.share",
            "app.delete",
        ]
        await lab.grace.client.patch(f"/api/v1/apps/{of}", json={"access": "signed-in"})
        assert "app.share" not in (await lab.alan.app(of))["permissions"]
        await lab.ada.get(f"/api/v1/apps/{of}/data")

    @pytest.mark.parametrize("person", ["grace", "eve"])
    async def test_only_admins_say_how_much_is_stored(
        self, lab: Lab, lasting_pair: tuple[str, str], person: str
    ) -> None:
        client = getattr(lab, person).client
        refused = await client.patch(f"/api/v1/apps/{lasting_pair[0]}/data", json={"storage_bytes": 2**40})
        assert refused.status_code == 404
        assert (await lab.grace.get(f"/api/v1/apps/{lasting_pair[0]}/data"))["storage"]["allowed_bytes"] == 2 * 2**30


class TestEvents:
    async def test_tell_those_who_may_change_the_app(self, lab: Lab) -> None:
        of = await lab.owner(sharing={"collections": ["clicks"]})
        await lab.grace.client.patch(f"/api/v1/apps/{of}", json={"access": "signed-in"})
        everyone = [lab.grace, lab.alan, lab.ada, lab.eve]
        heard: list[list[Any]] = [[], [], [], []]

        async def told(*expected: set[str]) -> None:
            """Wait until each of the four has heard of these apps, and let them begin anew."""
            for so_far, slugs in zip(heard, expected, strict=True):
                await eventually(lambda so_far=so_far, slugs=slugs: slugs <= data_of(so_far), f"{expected}, {heard}")
            for so_far in heard:
                so_far.clear()

        async with (
            listening(lab, everyone[0].client) as heard[0],
            listening(lab, everyone[1].client) as heard[1],
            listening(lab, everyone[2].client) as heard[2],
            listening(lab, everyone[3].client) as heard[3],
        ):
            reader = await lab.reader(of, "clicks")
            await told({of}, {reader}, {of, reader}, set())
            await decide(lab.grace, of, reader, "clicks")
            await told({of}, {reader}, {of, reader}, set())
            await take_back(lab.grace, of, reader)
            await told({of}, {reader}, {of, reader}, set())
            await lab.reader(of, "clicks", "users", slug=reader)
            await told({of}, {reader}, {of, reader}, set())
            await lab.ada.client.patch(f"/api/v1/apps/{of}/data", json={"storage_bytes": 2**30})
            await told({of}, set(), {of}, set())
            await lab.alan.delete(reader)
            await eventually(lambda: of in data_of(heard[0]))
            own = {0: {of}, 1: {reader}, 3: set[str]()}
            for index, slugs in own.items():
                assert data_of(heard[index]) <= slugs

    async def test_nothing_is_told_of_what_does_not_matter(self, lab: Lab, pair: tuple[str, str]) -> None:
        of, reader = pair
        async with listening(lab, lab.ada.client) as heard:
            await lab.grace.post(f"/api/v1/apps/{of}/stop")
            await lab.grace.in_state(of, "stopped")
            await eventually(lambda: any(name == "app" and one["state"] == "stopped" for name, one in heard))
            await take_back(lab.grace, of, reader)
            await eventually(lambda: {of, reader} <= data_of(heard))
            assert [name for name, _ in heard].count("data") == 2


def data_of(heard: list[Any]) -> set[str]:
    return {one["slug"] for name, one in heard if name == "data"}


class TestWaiting:
    async def test_ends_with_the_reader(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        assert (of, reader) in await waiting(lab.grace)
        await lab.alan.delete(reader)
        assert (of, reader) not in await waiting(lab.grace)
