"""Keeping OpenFGA as the database has it: each change as it comes, and all of it after anything went wrong."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

from hothouse.access.backends.openfga.client import OpenFgaClient
from hothouse.access.backends.openfga.model import authorization_model, has, is_of_version, relations_of
from hothouse.access.backends.openfga.tuples import Tuples, nesting_of, read, tuples_of, written
from hothouse.access.errors import AccessUndecided
from hothouse.access.interfaces import Grant, Membership, Policy, Role
from hothouse.access.kinds import Kinds
from hothouse.access.words import split

TRANSACTION = 100
"""How many tuples a server takes at once, unless it is told otherwise."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a full comparison found: tuples that lacked, and that were too many or other ones."""

    known: int
    added: int
    removed: int


class Mirror:
    """Tells OpenFGA what changed. While it could not be told, it is `behind`, and nothing may rest on its answers.

    Writes say what is, not what to do, so several hubs may tell the same, and any of them makes good what another one
    left undone.
    """

    def __init__(self, client: OpenFgaClient, kinds: Kinds, everything: Callable[[], Iterable[Policy]]) -> None:
        self._client = client
        self._kinds = kinds
        self._everything = everything
        self._one_at_a_time = asyncio.Lock()
        self._fell_behind = asyncio.Event()
        self._model_id = ""
        self._relations: frozenset[tuple[str, str]] = frozenset()
        self._nesting: Tuples = {}
        self.behind: str | None = "it was not told anything yet"

    @property
    def model_id(self) -> str:
        """The model that questions are asked by. Raises: `AccessUndecided` while what it is told is not all in."""
        if self.behind is not None:
            raise AccessUndecided(self.behind)
        return self._model_id

    async def take(self, gone: Sequence[Policy], added: Sequence[Policy]) -> None:
        """Bring a change into force; if that fails, nothing is answered until all was compared."""
        async with self._one_at_a_time:
            if self.behind is not None:
                return  # all is compared soon, and this with it
            try:
                if any(isinstance(policy, Role) for policy in (*gone, *added)):
                    before = self._relations
                    await self._publish()
                    added = [*added, *self._newly_meant(before)]
                off, on = self._nest() if any(_nests(policy) for policy in (*gone, *added)) else ({}, {})
                await self._move(tuples_of(gone) | off, self._meant(tuples_of(added)) | on)
            except AccessUndecided as error:
                self._fall_behind(error)

    async def compare(self) -> Compared | None:
        """Make model and tuples what they are to be; None if that failed."""
        async with self._one_at_a_time:
            try:
                await self._publish()
                self._nesting = nesting_of(self._everything())
                wanted = self._meant(tuples_of(self._everything())) | self._nesting
                found = dict([read(key) async for key in self._client.everything()])
                odd = {key: ends for key, ends in found.items() if wanted.get(key) != ends}
                lacking = {key: ends for key, ends in wanted.items() if found.get(key) != ends}
                await self._move(odd, lacking)
            except AccessUndecided as error:
                self._fall_behind(error)
                return None
            self.behind = None
        compared = Compared(len(wanted), len(lacking), len(odd))
        log.info("openfga-compared", known=compared.known, added=compared.added, removed=compared.removed)
        return compared

    async def keep_up(self) -> None:
        """Compare whenever something went wrong, until cancelled."""
        while True:
            await self._fell_behind.wait()
            self._fell_behind.clear()
            pause = FIRST_PAUSE_SECONDS
            while self.behind is not None and await self.compare() is None:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _fall_behind(self, error: AccessUndecided) -> None:
        if self.behind is None:
            log.warning("openfga-behind", reason=error.why)
        self.behind = error.why
        self._fell_behind.set()

    async def _publish(self) -> None:
        model = authorization_model(self._kinds, [one for one in self._everything() if isinstance(one, Role)])
        newest = await self._client.newest_model()
        if newest is not None and is_of_version(newest, model):
            self._model_id = str(newest["id"])
        else:
            self._model_id = await self._client.write_model(model)
        self._relations = relations_of(model)

    def _nest(self) -> tuple[Tuples, Tuples]:
        """Look anew which groups are in which; returns what is not so any more, and what is so now."""
        former, self._nesting = self._nesting, nesting_of(self._everything())
        off = {key: "" for key in former if key not in self._nesting}
        return off, {key: "" for key in self._nesting if key not in former}

    def _meant(self, tuples: Tuples) -> Tuples:
        """Leave out what means nothing: grants of roles that there are not, which the server would refuse."""
        return {key: ends for key, ends in tuples.items() if (key[2].partition(":")[0], key[1]) in self._relations}

    def _newly_meant(self, before: frozenset[tuple[str, str]]) -> list[Policy]:
        """Return the grants that mean something only since the model has roles that it had not before."""
        new = self._relations - before
        grants = (one for one in self._everything() if isinstance(one, Grant)) if new else ()
        return [one for one in grants if (one.resource.partition(":")[0], has(one.role)) in new]

    async def _move(self, gone: Tuples, added: Tuples) -> None:
        """Take tuples away and put others in their place; one whose end moves is gone for a moment between."""
        moved = {key for key, ends in gone.items() if key in added and added[key] != ends}
        deletes = [written(key) for key in gone if key not in added or key in moved]
        early = [one for one in deletes if (one["user"], one["relation"], one["object"]) in moved]
        await self._send(early, [])
        await self._send([one for one in deletes if one not in early], [written(*one) for one in added.items()])

    async def _send(self, deletes: list[dict[str, object]], writes: list[dict[str, object]]) -> None:
        """Send in as few transactions as possible, what is taken away first."""
        while deletes or writes:
            now, deletes = deletes[:TRANSACTION], deletes[TRANSACTION:]
            room = TRANSACTION - len(now)
            then, writes = writes[:room], writes[room:]
            await self._client.write(self._model_id, now, then)


def _nests(policy: Policy) -> bool:
    return isinstance(policy, Membership) and split(policy.member)[0] == "group"
