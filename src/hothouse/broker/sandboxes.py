"""Who is connected: each workload's own database, open connections, cursors and sessions."""

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Protocol

import bson

from hothouse.broker.credentials import KnownCredential, Standing
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.gates import Gate
from hothouse.broker.grants import Grant, Grants, Place
from hothouse.broker.limits import Limits
from hothouse.broker.meters import Meter
from hothouse.broker.shapes import Shapes
from hothouse.broker.storage import StorageGauge

MAX_CURSORS = 500
"""Most cursors that a workload may have open: a server has room for some thousands, of all workloads together."""
MAX_TRANSACTIONS = 50
"""Most transactions that a workload may have open; each keeps a snapshot of all data at MongoDB."""
TRANSACTION_SECONDS = 60.0
"""After this time MongoDB ends a transaction by itself."""
MAX_KNOWN_SESSIONS = 1000
MAX_BUFFERED_BYTES = 160 * 2**20
"""Longest that all unfinished requests of one sandbox may be together."""
MAX_ALL_BUFFERED_BYTES = 640 * 2**20
"""Longest that all unfinished requests may be together."""


class Closable(Protocol):
    """A client's connection, as far as its sandbox cares."""

    def revoke(self) -> None:
        """Close at once, whatever is going on."""

    def is_reading(self, databases: frozenset[str]) -> bool:
        """Tell whether a command is under way on one of the databases."""


class Sandbox:
    """What one workload may touch, and what it has open. Lives as long as its credential."""

    __slots__ = (
        "_session_key",
        "_sessions",
        "_transactions",
        "buffered_bytes",
        "connections",
        "cursors",
        "database",
        "database_value",
        "gate",
        "limits",
        "meter",
        "own",
        "places",
        "shapes",
        "storage",
        "workload_id",
    )

    def __init__(self, workload_id: str, database: str, limits: Limits | None = None) -> None:
        self.workload_id = workload_id
        self.database = database
        self.database_value = bson.encode({"$db": database})[9:-1]
        """The value of `$db` as it stands in a command that names this database."""
        self.own = Place(database, database)
        self.places: dict[str, Place] = {}
        """Databases of other apps that may be read, by each name they go by."""
        self.limits = limits or Limits()
        self.meter = Meter(0.0)
        self.storage: StorageGauge | None = None
        self.gate: Gate | None = None
        self.connections: dict[Closable, str] = {}
        self.cursors: dict[int, str] = {}
        """Open cursors, with the database that each reads."""
        self.buffered_bytes = 0
        self.shapes = Shapes()
        self._sessions: dict[bytes, bytes] = {}
        self._transactions: dict[bytes, tuple[int, float]] = {}
        self._session_key = hashlib.sha256(f"{workload_id}\x00{database}".encode()).digest()

    def join(self, connection: Closable, version: str) -> None:
        """Count a connection that has signed in.

        Raises: RefusedError when there are too many.
        """
        if len(self.connections) >= self.limits.connections:
            raise RefusedError(
                f"This app has {self.limits.connections} database connections open, the most allowed. "
                "Share one client, or lower its maxPoolSize.",
                Code.AuthenticationFailed,
            )
        self.connections[connection] = version
        self.meter.connections += 1

    def leave(self, connection: Closable) -> None:
        """Stop counting a connection that is gone."""
        if self.connections.pop(connection, None) is not None:
            self.meter.connections -= 1

    def close_all_but(self, version: str | None) -> int:
        """Close the connections that signed in with another version of the credential; return how many."""
        stale = [connection for connection, joined in self.connections.items() if joined != version]
        for connection in stale:
            connection.revoke()
        return len(stale)

    def limit(self, limits: Limits) -> None:
        """Let other limits hold from now on."""
        if limits != self.limits:
            self.limits = limits
            self.shapes.clear()
            if self.storage is not None:
                self.storage.allow(limits.storage_bytes, limits.storage_by)

    def grant(self, grants: Grants) -> dict[int, str]:
        """Let these grants hold from now on; what is under way under one that was taken back is cut off.

        Returns the cursors that are nobody's any more, with the database that each reads.
        """
        before, self.places = self.places, _places(grants)
        now = {place.database: place.grant for place in self.places.values() if place.grant}
        shrunk = frozenset(
            place.database
            for place in before.values()
            if place.grant and not _includes(now.get(place.database), place.grant)
        )
        if not shrunk:
            return {}
        for connection in [each for each in self.connections if each.is_reading(shrunk)]:
            connection.revoke()
        orphans = {cursor: database for cursor, database in self.cursors.items() if database in shrunk}
        for cursor in orphans:
            del self.cursors[cursor]
        return orphans

    def own_session(self, session_id: bytes) -> bytes:
        """Return the 16-byte id under which MongoDB knows a session of this workload.

        Each workload's ids map to others than everybody else's, so that one which got known is worth nothing. The
        mapping is the same after a restart of the broker: a retried write must find its session again.
        """
        known = self._sessions.get(session_id)
        if known is None:
            if len(self._sessions) >= MAX_KNOWN_SESSIONS:
                self._sessions.clear()
            known = hashlib.blake2b(session_id, digest_size=16, key=self._session_key).digest()
            self._sessions[session_id] = known
        return known

    def has_cursor(self, cursor_id: int, place: Place) -> bool:
        """Tell whether a cursor is this workload's and reads that place."""
        return self.cursors.get(cursor_id) == place.database

    def opened_cursor(self, cursor_id: int, place: Place) -> dict[int, str]:
        """Remember a cursor as this workload's.

        Returns the longest unused one with its database, if that makes too many: it is nobody's any more.
        """
        self.cursors.pop(cursor_id, None)
        self.cursors[cursor_id] = place.database
        if len(self.cursors) <= MAX_CURSORS:
            return {}
        oldest = next(iter(self.cursors))
        return {oldest: self.cursors.pop(oldest)}

    def closed_cursor(self, cursor_id: int) -> None:
        self.cursors.pop(cursor_id, None)

    def begin_transaction(self, session: bytes, number: int) -> None:
        """Count a transaction that begins, with its `txnNumber`; one before it in the same session is over.

        Raises: RefusedError when too many are open, which drivers answer by trying again.
        """
        now = time.monotonic()
        for other, (_, since) in list(self._transactions.items()):
            if since < now - TRANSACTION_SECONDS:
                del self._transactions[other]
        if session not in self._transactions and len(self._transactions) >= MAX_TRANSACTIONS:
            raise RefusedError(
                f"This app has {MAX_TRANSACTIONS} transactions open, the most allowed. Commit or abort some.",
                Code.LockTimeout,
                ("TransientTransactionError",),
            )
        before, _ = self._transactions.get(session, (number, now))
        self._transactions[session] = max(number, before), now

    def end_transaction(self, session: bytes, number: int) -> None:
        """Count a transaction no more; another number than it began with ends nothing at MongoDB, and nothing here."""
        open_one, _ = self._transactions.get(session, (None, 0.0))
        if open_one == number:
            del self._transactions[session]


def _places(grants: Grants) -> dict[str, Place]:
    """Return the places by name; a present name goes before a former one of another app."""
    places: dict[str, Place] = {}
    for grant in grants:
        for name in grant.names[1:]:
            places[name] = Place(name, grant.database, grant)
    for grant in grants:
        places[grant.names[0]] = Place(grant.names[0], grant.database, grant)
    return places


def _includes(grant: Grant | None, other: Grant) -> bool:
    return grant is not None and (grant.is_whole or (not other.is_whole and other.collections <= grant.collections))


class Sandboxes:
    """All workloads that have signed in and whose credentials still stand."""

    def __init__(self, make: Callable[[KnownCredential], Sandbox], on_close: Callable[[str, int], None]) -> None:
        """`make` makes the sandbox of a credential; `on_close` hears of connections that were closed."""
        self._sandboxes: dict[tuple[str, str], Sandbox] = {}
        self._make = make
        self._on_close = on_close

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

    def enter(self, credential: KnownCredential) -> Sandbox:
        """Return the sandbox of a credential; connections on an earlier version of it are closed."""
        key = (credential.workload_id, credential.database)
        sandbox = self._sandboxes.get(key)
        if sandbox is None:
            sandbox = self._sandboxes[key] = self._make(credential)
        sandbox.limit(credential.limits)
        self._close(sandbox, credential.version)
        return sandbox

    def workload_ids(self) -> set[str]:
        return {workload_id for workload_id, _ in self._sandboxes}

    def keep(self, asked: set[str], standing: dict[str, Standing]) -> list[Sandbox]:
        """Close what of `asked` is revoked or replaced, given the credentials that stand; return who is gone."""
        gone = []
        for key, sandbox in list(self._sandboxes.items()):
            if key[0] not in asked:
                continue
            found = standing.get(key[0])
            self._close(sandbox, found.version if found else None)
            if found is None:
                gone.append(self._sandboxes.pop(key))
            else:
                sandbox.limit(found.limits)
        return gone

    def _close(self, sandbox: Sandbox, version: str | None) -> None:
        closed = sandbox.close_all_but(version)
        if closed:
            self._on_close(sandbox.workload_id, closed)
