"""The keys of an installation: that they fit, how they are changed, and a death in the middle of it."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.lab import running_hub

from hothouse.database.leases import Lease
from hothouse.hub.keys import make_rotation
from hothouse.kit.clock import SystemClock
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.errors import KeysDoNotFit, RotationUnderWay
from hothouse.secrets.personal.repository import BATCH, PersonalSecretsRepository
from hothouse.secrets.personal.service.sealed import SealedPersonalSecrets, opened, seal
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import open_keys
from hothouse.settings import Settings

VALUE = "canary-7d3f secret"
SCRIPT = Path(__file__).parents[2] / "support" / "killed_rotation.py"
Database = AsyncDatabase[dict[str, Any]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hothouse.secrets.service.SETTLING_SECONDS", 0)


@pytest.fixture
def key_file(settings: Settings) -> Path:
    return settings.keys_dir / "secrets.key"


async def add_apps(database: Database, ring: KeyRing, count: int = 3) -> None:
    """Store what matters here of apps with secrets."""
    for number in range(count):
        app_id = f"a{number}"
        secrets = {name: ring.seal(VALUE, f"{app_id}/{name}") for name in ("ONE", "TWO")}
        app = {"_id": app_id, "slug": app_id, "slugs": [app_id], "realm": "local"}
        await database["apps"].insert_one(app | {"secrets": secrets, "settings_version": 1})


async def are_all_readable(database: Database, ring: KeyRing) -> bool:
    apps = await database["apps"].find({"realm": "local"}).to_list()
    opened = [ring.open(sealed, f"{app['_id']}/{name}") for app in apps for name, sealed in app["secrets"].items()]
    return len(opened) == 6 and set(opened) == {VALUE}


def rotation_of(database: Database, ring: KeyRing) -> Any:
    class Context:
        from hothouse.apps.repository import AppsRepository

        apps = AppsRepository(database)

    return make_rotation(database, ring, Context, SystemClock(), "test")  # type: ignore[arg-type]


class TestOpen:
    async def test_first_start_makes_a_key_and_later_ones_take_it(
        self, platform_database: Database, key_file: Path
    ) -> None:
        first = await open_keys(key_file, MarksRepository(platform_database))
        again = await open_keys(key_file, MarksRepository(platform_database))
        assert first.key_ids == again.key_ids

    async def test_missing(self, platform_database: Database, key_file: Path) -> None:
        await open_keys(key_file, MarksRepository(platform_database))
        key_file.unlink()
        with pytest.raises(KeysDoNotFit, match=r"secrets\.key is missing.*Restore the file"):
            await open_keys(key_file, MarksRepository(platform_database))
        assert not key_file.exists()  # a new one would hide what is wrong

    async def test_of_another_installation(self, platform_database: Database, key_file: Path) -> None:
        own = (await open_keys(key_file, MarksRepository(platform_database))).key_ids[0]
        key_file.unlink()
        other = KeyRing.from_file(key_file)
        with pytest.raises(KeysDoNotFit, match=other.key_ids[0]) as caught:
            await open_keys(key_file, MarksRepository(platform_database))
        assert own not in str(caught.value)
        assert key_file.read_text().strip() not in str(caught.value)

    @pytest.mark.parametrize("content", ["", "half a k"])
    async def test_damaged(self, platform_database: Database, key_file: Path, content: str) -> None:
        await open_keys(key_file, MarksRepository(platform_database))
        key_file.write_text(content)
        with pytest.raises(KeysDoNotFit, match="does not hold keys"):
            await open_keys(key_file, MarksRepository(platform_database))

    async def test_the_hub_does_not_start(self, settings: Settings, platform_database: Database) -> None:
        await MarksRepository(platform_database).add("v2.000000000000.AAAA")
        with pytest.raises(KeysDoNotFit):
            async with running_hub(settings):
                pass


class TestRotate:
    async def test_seals_everything_anew(self, platform_database: Database, key_file: Path) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        before = ring.key_ids
        await add_apps(platform_database, ring)
        factor = {"_id": "u1", "key": ring.seal(VALUE, "u1/second-factor")}
        await platform_database["second_factors"].insert_one(factor)
        files = {".keys/api": ring.seal(VALUE, "environment/e-1/.keys/api")}
        environment = {"_id": "e-1", "slug": "e-env", "realm": "local", "owner_id": "u1", "secret_files": files}
        await platform_database["environments"].insert_one(environment)
        result = await rotation_of(platform_database, ring).rotate()
        assert (result.resealed, result.unreadable) == (8, [])
        stored = await platform_database["environments"].find_one({"_id": "e-1"}) or {}
        assert ring.is_current(stored["secret_files"][".keys/api"])
        assert ring.key_ids == [result.key_id] != before
        assert await are_all_readable(platform_database, ring)
        factor = await platform_database["second_factors"].find_one({"_id": "u1"}) or {}
        assert ring.open(factor["key"], "u1/second-factor") == VALUE
        assert len(key_file.read_text().split()) == 1
        await open_keys(key_file, MarksRepository(platform_database))

    async def test_what_no_key_opens_stays_and_is_told(self, platform_database: Database, key_file: Path) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        await add_apps(platform_database, ring)
        lost = {"secrets.ONE": "v2.000000000000.AAAA"}
        await platform_database["apps"].update_one({"_id": "a1"}, {"$set": lost})
        result = await rotation_of(platform_database, ring).rotate()
        assert (result.resealed, result.unreadable) == (5, ["app a1: ONE"])

    async def test_a_change_at_the_same_moment_is_not_undone(self, platform_database: Database, key_file: Path) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        await add_apps(platform_database, ring)
        rotation, apps = rotation_of(platform_database, ring), platform_database["apps"]
        real = rotation._sealed[0]._apps.update

        async def meanwhile(app_id: str, fields: dict[str, Any], **only_if: Any) -> bool:
            rotation._sealed[0]._apps.update = real
            newer = {"secrets.ONE": ring.seal("newer", f"{app_id}/ONE"), "settings_version": 2}
            await apps.update_one({"_id": app_id}, {"$set": newer})
            return await real(app_id, fields, **only_if)

        rotation._sealed[0]._apps.update = meanwhile
        await rotation.rotate()
        app = await apps.find_one({"_id": "a0"}) or {}
        assert ring.open(app["secrets"]["ONE"], "a0/ONE") == "newer"
        assert ring.open(app["secrets"]["TWO"], "a0/TWO") == VALUE

    async def test_killed_in_the_middle(
        self, platform_database: Database, key_file: Path, mongodb_uri: str, settings: Settings
    ) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        old = ring.key_ids[0]
        await add_apps(platform_database, ring)
        arguments = [sys.executable, str(SCRIPT), mongodb_uri, platform_database.name, str(key_file), "apps"]
        killed = await asyncio.create_subprocess_exec(*arguments)
        assert await killed.wait() == -signal.SIGKILL
        assert len(ring.key_ids) == 2
        assert ring.key_ids[1] == old
        assert await are_all_readable(platform_database, ring)  # some with the new key, some with the old one
        apps = platform_database["apps"].find()
        assert {ring.is_current(app["secrets"]["ONE"]) async for app in apps} == {True, False}
        ring = await open_keys(key_file, MarksRepository(platform_database))  # a start in between
        new = ring.key_ids[0]
        lease = Lease(platform_database, SystemClock(), "keys", "test", seconds=1)
        await lease.wait()
        await lease.release()
        result = await rotation_of(platform_database, ring).rotate()
        assert (result.key_id, result.resealed) == (new, 4)
        assert ring.key_ids == [new]
        assert await are_all_readable(platform_database, ring)

    async def test_killed_among_the_secrets_of_people(
        self, platform_database: Database, key_file: Path, mongodb_uri: str
    ) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        old, repository = ring.key_ids[0], PersonalSecretsRepository(platform_database)
        for number in range(BATCH + 2):  # more than are held in memory at once
            secret = {"user_id": "u1", "name": f"N{number}", "sealed": seal(ring, "u1", f"N{number}", VALUE.encode())}
            await repository.put(secret)
        arguments = [sys.executable, str(SCRIPT), mongodb_uri, platform_database.name, str(key_file), "people"]
        killed = await asyncio.create_subprocess_exec(*arguments)
        assert await killed.wait() == -signal.SIGKILL
        assert ring.key_ids[1] == old
        secrets = await repository.sealed("u1")
        assert sum(ring.is_current(one["sealed"]) for one in secrets) == 1
        assert {opened(ring, one) for one in secrets} == {VALUE.encode()}
        lease = Lease(platform_database, SystemClock(), "keys", "test", seconds=1)
        await lease.wait()
        await lease.release()
        result = await rotation_of(platform_database, ring).rotate()
        assert (result.resealed, result.unreadable) == (BATCH + 1, [])
        assert len(ring.key_ids) == 1
        assert {opened(ring, one) for one in await repository.sealed("u1")} == {VALUE.encode()}

    async def test_secrets_of_people_changed_meanwhile_or_lost(
        self, platform_database: Database, key_file: Path
    ) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        repository = PersonalSecretsRepository(platform_database)
        for name in ("KEPT", "LOST"):
            await repository.put({"user_id": "u1", "name": name, "sealed": seal(ring, "u1", name, b"before")})
        await repository.put({"user_id": "u1", "name": "LOST", "sealed": "v2.000000000000.AAAA"})
        rotation = rotation_of(platform_database, ring)
        [people] = [kind._repository for kind in rotation._sealed if isinstance(kind, SealedPersonalSecrets)]
        real = people.replace_sealed

        async def meanwhile(secret: dict[str, Any], anew: str) -> bool:
            people.replace_sealed = real
            await repository.put({"user_id": "u1", "name": "KEPT", "sealed": seal(ring, "u1", "KEPT", b"newer")})
            return await real(secret, anew)

        people.replace_sealed = meanwhile
        result = await rotation.rotate()
        assert result.unreadable == ["secret of u1: LOST"]
        assert opened(ring, (await repository.sealed("u1"))[0]) == b"newer"

    async def test_one_at_a_time(self, platform_database: Database, key_file: Path) -> None:
        ring = await open_keys(key_file, MarksRepository(platform_database))
        lease = Lease(platform_database, SystemClock(), "keys", "another hub", seconds=30)
        assert await lease.acquire()
        with pytest.raises(RotationUnderWay):
            await rotation_of(platform_database, ring).rotate()
        assert len(ring.key_ids) == 1

    async def test_by_the_api(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        assert (await grace.post("/api/v1/secrets/rotate")).status_code == 404
        answer = await ada.post("/api/v1/secrets/rotate")
        assert (answer.status_code, answer.json()["resealed"]) == (200, 0)
        entry = (await ada.get("/api/v1/audit", params={"action": "secrets.rotate", "result": "done"})).json()["items"][
            0
        ]
        assert entry["after"]["key_id"] == answer.json()["key_id"]
