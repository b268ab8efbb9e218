"""The record in a real database: hubs writing at once, hubs killed, entries tampered with, old ones let go of."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect
from tests.support import audit_writer
from tests.support.moving_clock import MovingClock
from tests.support.waiting import eventually

from hothouse.audit.dependencies import AuditServices
from hothouse.audit.errors import AuditAway
from hothouse.audit.repository import INDEXES, AuditRepository
from hothouse.audit.service import Audit, Draft, Wanted
from hothouse.audit.service.retention import Retention
from hothouse.database import indexes
from hothouse.kit.paging import PageRequest
from hothouse.kit.trail import Thing, Who

Database = AsyncDatabase[dict[str, Any]]
ADA = Who("u1", "Ada", "ada@example.org", "session")


@pytest.fixture
async def database(platform_database: Database) -> Database:
    await indexes.ensure(platform_database, INDEXES)
    return platform_database


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def services(database: Database, clock: MovingClock, tmp_path: Path) -> AuditServices:
    return AuditServices.make(database, clock, tmp_path, 30)


async def write(services: AuditServices, count: int, **fields: Any) -> None:
    for number in range(count):
        await services.record.record(Draft("test.write", who=ADA, after={"number": number}, **fields))


async def faults(services: AuditServices) -> list[int]:
    return [fault.seq for fault in (await services.search.verify()).faults]


class TestTamper:
    async def test_altered(self, database: Database, services: AuditServices) -> None:
        await write(services, 4)
        assert await faults(services) == []
        entry = await database["audit"].find_one({"seq": 2})
        assert entry is not None
        altered = entry["text"].replace("Ada", "Eve")
        await database["audit"].update_one({"seq": 2}, {"$set": {"text": altered}})
        assert await faults(services) == [2]

    async def test_altered_only_where_it_is_searched(self, database: Database, services: AuditServices) -> None:
        await write(services, 3)
        await database["audit"].update_one({"seq": 2}, {"$set": {"who": ["somebody-else"]}})
        assert await faults(services) == [2]

    async def test_removed(self, database: Database, services: AuditServices) -> None:
        await write(services, 4)
        await database["audit"].delete_one({"seq": 3})
        assert await faults(services) == [3]

    async def test_removed_at_the_end(self, database: Database, services: AuditServices) -> None:
        await write(services, 4)
        await database["audit"].delete_one({"seq": 4})
        assert await faults(services) == [4]

    async def test_beginning_removed_as_if_it_were_due(self, database: Database, services: AuditServices) -> None:
        await write(services, 4)
        await database["audit"].delete_many({"seq": {"$lte": 2}})
        await database["audit_state"].update_one({"_id": "head"}, {"$set": {"first": 3}})
        assert await faults(services) == [1]

    async def test_reordered(self, database: Database, services: AuditServices) -> None:
        await write(services, 4)
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await database["audit"].update_one({"seq": old}, {"$set": {"seq": new}})
        assert {2, 3} <= set(await faults(services))

    async def test_unreadable_entry_does_not_hide_the_others(self, database: Database, services: AuditServices) -> None:
        await write(services, 3)
        await database["audit"].update_one({"seq": 2}, {"$set": {"text": "gone"}})
        page = await services.search.page(Wanted(), PageRequest(limit=10))
        assert [entry.seq for entry in page.items] == [3, 2, 1]
        assert await faults(services) == [2]


class TestSeveralHubs:
    async def test_at_once(self, database: Database, clock: MovingClock, tmp_path: Path) -> None:
        hubs = [AuditServices.make(database, clock, tmp_path, None) for _ in range(3)]
        await asyncio.gather(*(hub.record.record(Draft(f"test.{n}")) for n in range(8) for hub in hubs))
        verdict = await hubs[0].search.verify()
        assert (verdict.faults, verdict.entries, verdict.last_seq) == ([], 24, 24)
        assert await database["audit_announced"].find_one({}) is None

    async def test_killed_while_writing(self, mongodb_uri: str, database: Database, tmp_path: Path) -> None:
        writers = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                audit_writer.__file__,
                *(mongodb_uri, database.name, str(tmp_path), name),
                stdout=asyncio.subprocess.PIPE,
            )
            for name in ("one", "two")
        ]
        try:
            said = await asyncio.gather(*(read_lines(writer, 8) for writer in writers))
        finally:
            for writer in writers:
                writer.kill()
        said = [*said, *await asyncio.gather(*(read_lines(writer, None) for writer in writers))]
        await asyncio.gather(*(writer.wait() for writer in writers))
        clock = MovingClock()
        clock.advance(minutes=11)
        services = AuditServices.make(database, clock, tmp_path, None)

        async def is_tended() -> bool:  # the server may still take in what a writer sent before it was killed
            await services.record.tend()
            return await database["audit_announced"].find_one({}) is None

        await eventually(is_tended)
        entries = await database["audit"].find({"seq": {"$gte": 1}}).to_list()
        kept = {entry["_id"] for entry in entries}
        assert {entry_id for lines in said for entry_id in lines} <= kept
        assert len(kept) >= 16
        assert await faults(services) == []


async def read_lines(process: asyncio.subprocess.Process, count: int | None) -> list[str]:
    """Return the lines that a process writes: so many, or all until its end."""
    assert process.stdout is not None
    lines: list[str] = []
    while (count is None or len(lines) < count) and (line := await process.stdout.readline()):
        if line.endswith(b"\n"):
            lines.append(line.decode().strip())
    return lines


class TestCutShort:
    async def test_is_entered_as_unknown(self, services: AuditServices, clock: MovingClock) -> None:
        await services.record.announce(Draft("apps.delete", who=ADA, about=(Thing("app", "a1", "notes"),)))
        await services.record.tend()
        assert (await services.search.page(Wanted(), PageRequest(limit=5))).items == []
        clock.advance(minutes=11)
        await services.record.tend()
        [entry] = (await services.search.page(Wanted(about="app:notes"), PageRequest(limit=5))).items
        assert (entry.result, entry.action, entry.who.name) == ("unknown", "apps.delete", "Ada")
        assert entry.began_at is not None

    async def test_entry_without_its_withdrawal_is_entered_once(
        self, database: Database, services: AuditServices, clock: MovingClock
    ) -> None:
        draft = await services.record.announce(Draft("apps.stop"))
        await services.record.record(draft)
        await database["audit_announced"].insert_one(draft.stored())  # as if killed before the last step
        clock.advance(minutes=11)
        await services.record.tend()
        assert (await services.search.verify()).entries == 1
        assert await database["audit_announced"].find_one({}) is None

    async def test_end_comes_after_it_was_given_up(self, services: AuditServices, clock: MovingClock) -> None:
        draft = await services.record.announce(Draft("apps.deploy"))
        clock.advance(minutes=11)
        await services.record.tend()
        await services.record.record(draft)
        results = [entry.result for entry in (await services.search.page(Wanted(), PageRequest(limit=5))).items]
        assert results == ["done", "unknown"]

    async def test_head_that_was_not_noted(self, database: Database, services: AuditServices, tmp_path: Path) -> None:
        await write(services, 5)
        noted = {"seq": 2, "hash": (await database["audit"].find_one({"seq": 2}) or {})["hash"]}
        await database["audit_state"].update_one({"_id": "head"}, {"$set": noted})
        fresh = AuditServices.make(database, MovingClock(), tmp_path, 30)
        await write(fresh, 1)
        verdict = await fresh.search.verify()
        assert (verdict.is_intact, verdict.last_seq) == (True, 6)


class StumblingRepository(AuditRepository):
    """Loses its connection now and then, sometimes after the entry was written; or does not answer at all."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.gate = asyncio.Event()
        self.gate.set()
        self.stumbles: list[str] = []

    async def add(self, entry: dict[str, Any]) -> bool:
        await self.gate.wait()
        stumble = self.stumbles.pop() if self.stumbles else ""
        if stumble == "before":
            raise AutoReconnect("lost before")
        is_added = await super().add(entry)
        if stumble == "after":
            raise AutoReconnect("lost after")
        return is_added

    async def announce(self, announcement: dict[str, Any]) -> None:
        await self.gate.wait()
        await super().announce(announcement)


class TestDatabaseAway:
    @pytest.fixture
    async def stumbling(self, database: Database) -> AsyncIterator[tuple[StumblingRepository, Audit]]:
        repository = StumblingRepository(database)
        audit = Audit(repository, MovingClock(), b"key", Retention(repository, None), patience_seconds=0.2)
        yield repository, audit
        repository.gate.set()
        await audit.close()

    async def test_what_cannot_be_announced_is_not_done(self, stumbling: Any) -> None:
        repository, audit = stumbling
        repository.gate.clear()
        with pytest.raises(AuditAway):
            await audit.announce(Draft("apps.delete"))

    async def test_waits_no_longer_than_it_may_and_writes_later(self, database: Database, stumbling: Any) -> None:
        repository, audit = stumbling
        repository.gate.clear()
        began = time.monotonic()
        await audit.record(Draft("apps.stop"))
        assert time.monotonic() - began < 2
        assert await database["audit"].find_one({"seq": 1}) is None
        repository.gate.set()
        await audit.record(Draft("apps.start"))
        await audit.close()
        assert [(await database["audit"].find_one({"seq": seq}) or {})["action"] for seq in (1, 2)] == [
            "apps.stop",
            "apps.start",
        ]

    @pytest.mark.parametrize("stumble", ["before", "after"])
    async def test_lost_connection_neither_loses_nor_doubles(
        self, database: Database, services: AuditServices, stumbling: Any, stumble: str
    ) -> None:
        repository, audit = stumbling
        repository.stumbles = [stumble]
        await asyncio.gather(*(audit.record(Draft(f"test.{number}")) for number in range(3)))
        async with asyncio.timeout(5):
            while audit._open:
                await asyncio.sleep(0.02)
        verdict = await services.search.verify()
        actions = {entry["action"] for entry in await database["audit"].find({"seq": {"$gte": 1}}).to_list()}
        assert (verdict.entries, actions) == (3, {"test.0", "test.1", "test.2"})


class TestRetention:
    async def test_old_entries_go_and_the_record_says_so(self, services: AuditServices, clock: MovingClock) -> None:
        await write(services, 5)
        clock.advance(days=20)
        await write(services, 2)
        clock.advance(days=20)
        await services.record.tend()
        page = await services.search.page(Wanted(), PageRequest(limit=50))
        assert [entry.seq for entry in page.items] == [8, 7, 6]
        assert (page.items[0].action, (page.items[0].after or {})["through_seq"]) == ("audit.prune", 5)
        verdict = await services.search.verify()
        assert (verdict.is_intact, verdict.first_seq) == (True, 6)

    async def test_nothing_is_due(self, services: AuditServices, clock: MovingClock) -> None:
        await write(services, 3)
        clock.advance(days=29)
        await services.record.tend()
        assert (await services.search.verify()).entries == 3


class TestSearch:
    async def test_by_person_thing_action_result_and_time(self, services: AuditServices, clock: MovingClock) -> None:
        eve = Who("u2", "Eve", "Eve@example.org", "token")
        await services.record.record(Draft("apps.start", who=ADA, about=(Thing("app", "a1", "notes"),)))
        clock.advance(hours=1)
        middle = clock.now()
        await services.record.record(Draft("apps.stop", who=eve, about=(Thing("app", "a1", "notes"),)))
        await services.record.record(Draft("apps.stop", "denied", who=eve, about=(Thing("app", "a2", "maps"),)))

        async def found(**wanted: Any) -> list[int]:
            return [entry.seq for entry in (await services.search.page(Wanted(**wanted), PageRequest(limit=9))).items]

        assert await found(person="u2") == await found(person="eve@EXAMPLE.org") == [3, 2]
        assert await found(about="app:notes") == await found(about="a1") == [2, 1]
        assert await found(action="apps.stop", result="denied") == [3]
        assert await found(since=middle) == [3, 2]
        assert await found(until=middle) == [1]
        assert await found(person="nobody") == []
