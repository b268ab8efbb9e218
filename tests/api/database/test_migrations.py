"""What an earlier version left in the database becomes what this one reads, once, by one hub at a time."""

import asyncio
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo import ASCENDING
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect
from tests.support.moving_clock import MovingClock
from tests.support.waiting import eventually

from hothouse.apps import repository
from hothouse.apps.errors import SlugTaken
from hothouse.apps.repository import AppsRepository
from hothouse.database import indexes, migrations
from hothouse.database.leases import Lease
from hothouse.database.migrations import former_indexes
from hothouse.identity import repository as identity_repository
from hothouse.kit.clock import SystemClock
from hothouse.workloads.repository import WorkloadsRepository

Database = AsyncDatabase[dict[str, Any]]


def app(number: int, **more: Any) -> dict[str, Any]:
    """Make an app as the first version stored it."""
    return {"_id": f"app{number}", "slug": f"app-{number}", "realm": "local", "schema_version": 1, **more}


async def start(database: Database) -> None:
    """Do what a hub does at its start."""
    await migrations.apply(database, SystemClock())
    await indexes.ensure(database, repository.INDEXES)


@pytest.fixture
async def old(platform_database: Database) -> Database:
    """A database as the first version left it."""
    await platform_database["apps"].create_index([("slug", ASCENDING)], unique=True)
    await platform_database["apps"].insert_many([app(number) for number in range(1, 4)])
    return platform_database


class TestAppSlugs:
    async def test_apps_of_before_are_found_and_keep_their_slugs(self, old: Database) -> None:
        await start(old)
        apps = AppsRepository(old)
        for number in range(1, 4):
            found = await apps.by_slug(f"app-{number}")
            assert found == app(number, slugs=[f"app-{number}"], public_paths=[], schema_version=2)
        with pytest.raises(SlugTaken):
            await apps.add({"_id": "new", "slug": "app-2"})

    async def test_the_index_on_slugs_takes_the_place_of_the_one_on_slug(self, old: Database) -> None:
        await start(old)
        found = await old["apps"].index_information()
        assert found["slugs_1"]["unique"]
        assert "slug_1" not in found
        assert "realm_1_slug_1" in found

    async def test_again_and_half_done(self, old: Database) -> None:
        """A hub that was killed in the middle left some apps as they were; what came since is not touched."""
        await old["apps"].update_one(
            {"_id": "app1"}, {"$set": {"slug": "now", "slugs": ["now", "app-1"], "schema_version": 2}}
        )
        for _ in range(2):
            await start(old)
            slugs = {one["_id"]: one["slugs"] async for one in old["apps"].find({"realm": "local"})}
            assert slugs == {"app1": ["now", "app-1"], "app2": ["app-2"], "app3": ["app-3"]}

    async def test_a_new_installation(self, platform_database: Database) -> None:
        await start(platform_database)
        await AppsRepository(platform_database).add({"_id": "a", "slug": "first"})
        await start(platform_database)
        assert await AppsRepository(platform_database).by_slug("first")


class TestGrants:
    async def members(self, database: Database, mode: str, **overrides: Any) -> None:
        facts = {"access": mode, "member_ids": ["u1", "u2"], "overrides": overrides, "schema_version": 2}
        await database["apps"].update_one({"_id": "app1"}, {"$set": facts})
        for _ in range(2):
            await start(database)

    async def test_members_become_viewers(self, old: Database) -> None:
        await self.members(old, "members")
        grants = {one["_id"]: one async for one in old["grants"].find({"realm": "local"})}
        assert set(grants) == {"app:app1|user:u1", "app:app1|user:u2"}
        assert {(one["role"], one["origin"], one["expires_at"]) for one in grants.values()} == {
            ("viewer", "manifest", None)
        }
        app = await old["apps"].find_one({"_id": "app1"})
        assert app is not None
        assert (app["access"], "member_ids" in app, app["schema_version"]) == ("private", False, 3)

    async def test_those_set_by_hand_stay_so(self, old: Database) -> None:
        await self.members(old, "members", access="members", member_emails=["a@b.org"], name="Mine")
        assert {one["origin"] async for one in old["grants"].find({"realm": "local"})} == {"manual"}
        app = await old["apps"].find_one({"_id": "app1"})
        assert app is not None
        assert app["overrides"] == {"access": "private", "name": "Mine"}

    @pytest.mark.parametrize("access", ["private", "signed-in", "public"])
    async def test_members_who_had_no_say_get_none(self, old: Database, access: str) -> None:
        await self.members(old, access, member_emails=["a@b.org"])
        assert await old["grants"].find_one({"realm": "local"}) is None
        app = await old["apps"].find_one({"_id": "app1"})
        assert app is not None
        assert app["access"] == access

    async def test_what_was_given_since_is_left(self, old: Database) -> None:
        given = {"_id": "app:app1|user:u1", "realm": "local", "role": "denied", "origin": "manual", "expires_at": None}
        await old["grants"].insert_one(given)
        await self.members(old, "members")
        assert await old["grants"].find_one({"_id": given["_id"]}) == given


class TestRoles:
    async def test_users_become_developers(self, old: Database) -> None:
        for number, role in enumerate(("user", "admin", "member", "user")):
            user = {"_id": f"u{number}", "realm": "local", "email": f"{number}@x.org", "role": role, "number": number}
            await old["users"].insert_one(user | {"schema_version": 2})
        await old["invitations"].insert_one({"_id": "i", "realm": "local", "role": "user"})
        for _ in range(2):
            await start(old)
        roles = [one["role"] async for one in old["users"].find({"realm": "local"}).sort("number", 1)]
        assert roles == ["developer", "admin", "member", "developer"]
        assert (await old["invitations"].find_one({"_id": "i"}) or {})["role"] == "developer"


class TestFormerIndexes:
    async def test_are_dropped_and_no_other(self, platform_database: Database) -> None:
        for collection, names in former_indexes.FORMER.items():
            for name in names:
                await platform_database[collection].create_index(name.removesuffix("_1").split("_1_"))
        await migrations.apply(platform_database, SystemClock())
        await indexes.ensure(platform_database, identity_repository.INDEXES)
        await migrations.apply(platform_database, SystemClock())
        for collection in former_indexes.FORMER:
            declared = {model.document["name"] for model in identity_repository.INDEXES[collection]}
            found = set(await platform_database[collection].index_information())
            assert found - {"schema_version_1"} == declared | {"_id_"}  # which the migration of people asks for


class AskedClock(MovingClock):
    """Counts how often it is looked at."""

    asked = 0

    def now(self) -> datetime:
        self.asked += 1
        return super().now()


class TestApply:
    async def test_several_hubs_at_once_run_them_one_after_the_other(self, platform_database: Database) -> None:
        running, most, count = 0, 0, 0

        async def run(database: Database) -> None:
            nonlocal running, most, count
            running, count = running + 1, count + 1
            most = max(most, running)
            await database["x"].insert_one({})
            running -= 1

        module = SimpleNamespace(run=run)
        await asyncio.gather(*(migrations.apply(platform_database, SystemClock(), [module]) for _ in range(5)))
        assert (most, count) == (1, 5)

    async def test_a_hub_that_died_holds_nobody_up_for_long(self, platform_database: Database) -> None:
        clock, done = AskedClock(), asyncio.Event()

        async def run(_: Database) -> None:
            done.set()

        assert await Lease(platform_database, clock, "migrations", "dead").acquire()
        starting = asyncio.create_task(migrations.apply(platform_database, clock, [SimpleNamespace(run=run)]))
        asked = clock.asked
        await eventually(lambda: clock.asked > asked + 4, "it waits")
        assert not done.is_set()
        clock.advance(seconds=6)
        await starting
        assert done.is_set()

    async def test_one_that_fails_keeps_the_hub_from_starting(self, platform_database: Database) -> None:
        async def fail(_: Database) -> None:
            raise AutoReconnect("MongoDB went away")

        with pytest.raises(AutoReconnect):
            await migrations.apply(platform_database, SystemClock(), [SimpleNamespace(run=fail)])
        assert await Lease(platform_database, SystemClock(), "migrations", "next").acquire(), "the lease was let go"


class TestWorkloadOwners:
    async def test_workloads_of_before_are_their_apps(self, platform_database: Database) -> None:
        await platform_database["workloads"].create_index([("app_id", ASCENDING)])
        await platform_database["workloads"].insert_one({"_id": "w-1", "app_id": "app1", "is_live": True})
        await start(platform_database)
        [found] = await WorkloadsRepository(platform_database).of("app:app1")
        assert found["_id"] == "w-1"
        assert "app_id_1" not in await platform_database["workloads"].index_information()
