"""Who is connected: each workload's own database, open connections, cursors and sessions."""

import hashlib
from collections.abc import Callable
from typing import Protocol

import bson

from hothouse.broker.credentials import KnownCredential
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.shapes import Shapes

MAX_CONNECTIONS = 200
MAX_CURSORS = 10_000
MAX_KNOWN_SESSIONS = 1000
MAX_BUFFERED_BYTES = 160 * 2**20
"""Longest that all unfinished requests of one sandbox may be together."""


class Closable(Protocol):
    """A client's connection, as far as its sandbox cares."""

    def revoke(self) -> None:
        """Close at once, whatever is going on."""


class Sandbox:
    """What one workload may touch, and what it has open. Lives as long as its credential."""

    __slots__ = (
        "_session_key",
        "_sessions",
        "buffered_bytes",
        "connections",
        "cursors",
        "database",
        "database_value",
        "shapes",
        "workload_id",
    )

    def __init__(self, workload_id: str, database: str) -> None:
        self.workload_id = workload_id
        self.database = database
        self.database_value = bson.encode({"$db": database})[9:-1]
        """The value of `$db` as it stands in a command that names this database."""
        self.connections: dict[Closable, str] = {}
        self.cursors: dict[int, None] = {}
        self.buffered_bytes = 0
        self.shapes = Shapes()
        self._sessions: dict[bytes, bytes] = {}
        self._session_key = hashlib.sha256(f"{workload_id}\x00{database}".encode()).digest()

    def join(self, connection: Closable, version: str) -> None:
        """Count a connection that has signed in.

        Raises: RefusedError when there are too many.
        """
        if len(self.connections) >= MAX_CONNECTIONS:
            raise RefusedError(
                f"This app has {MAX_CONNECTIONS} database connections open, the most allowed. "
                "Share one client, or lower its maxPoolSize.",
                Code.AuthenticationFailed,
            )
        self.connections[connection] = version

    def close_all_but(self, version: str | None) -> int:
        """Close the connections that signed in with another version of the credential; return how many."""
        stale = [connection for connection, joined in self.connections.items() if joined != version]
        for connection in stale:
            connection.revoke()
        return len(stale)

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

    def opened_cursor(self, cursor_id: int) -> None:
        """Remember a cursor as this workload's; the longest unused one is forgotten when there are too many."""
        self.cursors.pop(cursor_id, None)
        self.cursors[cursor_id] = None
        if len(self.cursors) > MAX_CURSORS:
            del self.cursors[next(iter(self.cursors))]

    def closed_cursor(self, cursor_id: int) -> None:
        self.cursors.pop(cursor_id, None)


class Sandboxes:
    """All workloads that have signed in and whose credentials still stand."""

    def __init__(self, on_close: Callable[[str, int], None] = lambda _workload, _count: None) -> None:
        self._sandboxes: dict[tuple[str, str], Sandbox] = {}
        self._on_close = on_close

    def enter(self, credential: KnownCredential) -> Sandbox:
        """Return the sandbox of a credential; connections on an earlier version of it are closed."""
        key = (credential.workload_id, credential.database)
        sandbox = self._sandboxes.get(key)
        if sandbox is None:
            sandbox = self._sandboxes[key] = Sandbox(*key)
        self._close(sandbox, credential.version)
        return sandbox

    def workload_ids(self) -> set[str]:
        return {workload_id for workload_id, _ in self._sandboxes}

    def keep(self, asked: set[str], versions: dict[str, str]) -> None:
        """Close what of `asked` is revoked or replaced, given the credentials that stand."""
        for key, sandbox in list(self._sandboxes.items()):
            if key[0] not in asked:
                continue
            version = versions.get(key[0])
            self._close(sandbox, version)
            if version is None:
                del self._sandboxes[key]

    def _close(self, sandbox: Sandbox, version: str | None) -> None:
        closed = sandbox.close_all_but(version)
        if closed:
            self._on_close(sandbox.workload_id, closed)
