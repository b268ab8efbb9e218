"""Reading the record: pages, exports, and whether it is as it was written."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from hothouse.audit.chain import Link, Verifier, canonical
from hothouse.audit.repository import AuditRepository
from hothouse.audit.schemas import AuditEntry, AuditFault, AuditPerson, AuditVerdict
from hothouse.audit.service.tables import heading, row_of
from hothouse.database.connection import Document
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound

HEARD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are searched for; what is None is not asked."""

    person: str | None = None
    action: str | None = None
    about: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def only(self) -> dict[str, Any]:
        person = self.person.lower() if self.person else None
        given = {"who": person, "action": self.action, "about": self.about, "result": self.result}
        return {key: value for key, value in given.items() if value}


class AuditSearch:
    """Reads entries."""

    def __init__(self, repository: AuditRepository, key: bytes) -> None:
        self._repository = repository
        self._key = key

    async def page(self, wanted: Wanted, paging: PageRequest) -> Page[AuditEntry]:
        """Return entries, newest first."""
        first, last = await self._bounds(wanted)
        if (after := paging.after_number) is not None:
            last = min(last, after - 1)
        found: list[Document] = []
        async for entry in self._repository.backwards(first, last, **wanted.only):
            found.append(entry)
            if len(found) > paging.limit:
                break
        shown = found[: paging.limit]
        more = len(found) > paging.limit
        return Page(
            items=[to_entry(one) for one in shown], next_cursor=encode_cursor(shown[-1]["seq"]) if more else None
        )

    async def export(self, wanted: Wanted) -> AsyncIterator[str]:
        """Yield entries as lines of JSON, oldest first."""
        async for entry in self._forwards(wanted):
            yield line_of(entry) + "\n"

    async def table(self, wanted: Wanted) -> AsyncIterator[str]:
        """Yield entries as a table for spreadsheets, oldest first."""
        yield heading()
        async for entry in self._forwards(wanted):
            yield row_of(to_entry(entry))

    async def _forwards(self, wanted: Wanted) -> AsyncIterator[Document]:
        first, last = await self._bounds(wanted)
        async for entry in self._repository.forwards(first, last, **wanted.only):
            yield entry

    async def verify(self, heard: Callable[[int, int], Awaitable[None]] | None = None) -> AuditVerdict:
        """Check the whole record; `heard` is told, now and then, how many entries are checked of how many."""
        head = await self._repository.head()
        verifier = Verifier(self._key)
        newest = await self._end(head)
        async for entry in self._repository.forwards(max(head["first"], 1), newest):
            if heard and verifier.entries % HEARD_EVERY == 0:
                await heard(verifier.entries, newest - head["first"] + 1)
            verifier.take(Link(entry["seq"], entry["text"], entry["hash"], entry["seal"]))
            if not is_found_by_what_it_says(entry):
                verifier.fault(entry["seq"], "was altered: it is not searched by what it says")
        faults = verifier.finish(head["seq"], head["hash"])
        return verdict(verifier, [AuditFault(seq=fault.seq, message=fault.message) for fault in faults])

    async def show(self, seq: int) -> AuditEntry:
        """Return one entry. Raises: `NotFound`."""
        entry = await self._repository.at(seq)
        if entry is None:
            raise NotFound("There is no such entry; it may have been kept long enough and removed.")
        return to_entry(entry)

    async def span(self) -> tuple[int, int, datetime | None]:
        """Return the places of the oldest and the newest entry, and when the newest was written."""
        head = await self._repository.head()
        newest = await self._repository.at(await self._end(head))
        return head["first"], newest["seq"] if newest else head["seq"], newest["at"] if newest else head["at"]

    async def _bounds(self, wanted: Wanted) -> tuple[int, int]:
        """Return the first and the last place to search."""
        head = await self._repository.head()
        first = await first_since(self._repository, wanted.since) if wanted.since else head["first"]
        last = await first_since(self._repository, wanted.until) - 1 if wanted.until else await self._end(head)
        return first, last

    async def _end(self, head: Document) -> int:
        """Return the place of the newest entry: what is noted of it may lag behind."""
        seq: int = head["seq"]
        while found := await self._repository.window(seq + 1, seq + 100):
            seq = found[-1]["seq"]
        return seq


async def first_since(repository: AuditRepository, moment: datetime) -> int:
    """Return the place of the first entry that is not older than a moment; times only ever rise along the record."""
    head = await repository.head()
    low: int = head["first"]
    high: int = head["seq"] + 1
    while low < high:
        middle = (low + high) // 2
        entry = await repository.at(middle)
        if entry is not None and entry["at"] < moment:
            low = middle + 1
        else:
            high = middle
    return low


def verdict(verifier: Verifier, faults: list[AuditFault]) -> AuditVerdict:
    last = verifier.last
    return AuditVerdict(
        is_intact=not faults,
        entries=verifier.entries,
        first_seq=verifier.first,
        last_seq=last.seq if last else None,
        last_hash=last.hash if last else None,
        faults=faults,
    )


def line_of(entry: Document) -> str:
    """Return an entry as it is exported: what was hashed, with hash and seal."""
    try:
        content = json.loads(entry["text"])
    except ValueError:
        content = {"seq": entry["seq"], "text": entry["text"]}
    return canonical({**content, "hash": entry["hash"], "seal": entry["seal"]})


def to_entry(entry: Document) -> AuditEntry:
    """Return an entry for showing; one that somebody made unreadable says so."""
    try:
        return AuditEntry.model_validate_json(line_of(entry))
    except ValidationError:
        kept = {key: entry[key] for key in ("seq", "at", "action", "hash", "seal")}
        reason = "this entry was altered and cannot be read any more; verify the record"
        person = AuditPerson()
        return AuditEntry(id=entry["_id"], who=person, about=[], result="unknown", reason=reason, prev="", **kept)


def is_found_by_what_it_says(document: Document) -> bool:
    """Tell whether the fields by which an entry is searched are those of its text."""
    try:
        said = AuditEntry.model_validate_json(line_of(document))
    except ValidationError:
        return True  # which the hash tells already
    names = [(thing.kind, name) for thing in said.about for name in (thing.id, thing.name) if name]
    return (
        document["who"]
        == [one for who in (said.who, said.who.impersonator) if who for one in (who.id, who.email.lower()) if one]
        and (document["action"], document["result"], document["at"]) == (said.action, said.result, said.at)
        and set(document["about"]) == {f"{kind}:{name}" for kind, name in names} | {name for _, name in names}
    )
