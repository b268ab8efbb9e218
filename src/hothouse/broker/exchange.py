"""The command that a client has under way at MongoDB: sent, its reply passed on piece by piece, counted."""

from typing import Protocol

from hothouse.broker import wire
from hothouse.broker.commands import Growth
from hothouse.broker.core import BrokerCore
from hothouse.broker.cursors import CursorScan
from hothouse.broker.description import describe
from hothouse.broker.errors import MalformedMessageError
from hothouse.broker.gates import Passage
from hothouse.broker.growth import Spread
from hothouse.broker.policy import Plan
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.upstream import UpstreamConnection, UpstreamPool

_NOT_OK = b"\x01ok\x00" + bytes(8)
_NO_PRIMARY = frozenset((91, 189, 10058, 10107, 11600, 11602, 13435, 13436))
_LONGEST_ERROR = 4096
_LONGEST_DESCRIBED = 4096
_PATIENCE_SECONDS = 30.0
"""How much longer than its time limit a command may take before the broker stops waiting for MongoDB."""


class Client(Protocol):
    """The client's side of an exchange."""

    def write(self, data: bytes) -> None:
        """Send something to the client."""

    def finished(self) -> None:
        """The reply is complete; the next command may be served."""

    def hold(self, busy: bool) -> None:
        """Hold further commands back, or go on: MongoDB reads slower than the client writes."""

    def hang_up(self, reason: str) -> None:
        """Close the client's connection: its driver tries again, with a new one."""


class Exchange:
    """Carries one command after the other; made once for each client."""

    __slots__ = (
        "_chunks",
        "_client",
        "_core",
        "_described",
        "_expected",
        "_failed",
        "_is_dirty",
        "_passed",
        "_plan",
        "_pool",
        "_reply_bytes",
        "_reply_to",
        "_request_bytes",
        "_sandbox",
        "_scan",
        "_spread",
        "_started",
        "_streamed",
        "_upstream",
        "_waits",
    )

    _sandbox: Sandbox
    _pool: UpstreamPool

    def __init__(self, core: BrokerCore, client: Client) -> None:
        self._core = core
        self._client = client
        self._upstream: UpstreamConnection | None = None
        self._plan = Plan()
        self._scan: CursorScan | None = None
        self._chunks: list[bytes] = []
        self._described = b""
        self._expected = b""
        self._streamed = b""
        """The reply before, which the next one of a stream may answer in place of the command."""
        self._is_dirty = False
        self._waits = False
        self._failed = False
        self._passed = Passage.FREE
        self._spread: Spread | None = None
        self._started = 0.0
        self._request_bytes = 0
        self._reply_bytes = 0
        self._reply_to = b""

    def is_reading(self, databases: frozenset[str]) -> bool:
        """Tell whether a command is under way on one of the databases."""
        return self._waits and self._plan.place.database in databases

    def is_overdue(self, now: float) -> bool:
        """Tell whether MongoDB has not kept the time limit it was given, by far."""
        return self._waits and 0 < self._plan.seconds < now - self._started - _PATIENCE_SECONDS

    def send(self, plan: Plan, payload: bytes | bytearray, frame: bytes, sandbox: Sandbox) -> bool:
        """Send a command on if a connection is free at once; False when `send_later` is needed."""
        pool = self._core.pool_of(plan.place)
        upstream, self._upstream = self._upstream, None
        if upstream is not None and self._pool is not pool:
            upstream.close()
            upstream = None
        self._pool, self._sandbox = pool, sandbox
        self._started = self._core.now()
        if not self._pass_gate(plan.passage):
            self._upstream = upstream
            return False
        upstream = upstream or pool.take()
        if upstream is None:
            return False
        self._send(upstream, plan, payload, frame)
        return True

    async def send_later(self, plan: Plan, payload: bytes | bytearray, frame: bytes) -> None:
        """Wait at the gate and for a connection to MongoDB, then send the command on.

        Raises: UpstreamError when MongoDB stays away.
        """
        if plan.passage is not Passage.FREE and self._passed is Passage.FREE and self._sandbox.gate is not None:
            await self._sandbox.gate.enter(plan.passage)
            self._passed = plan.passage
        pool = self._pool
        upstream, self._upstream = self._upstream, None
        upstream = upstream or await pool.acquire()
        try:
            self._send(upstream, plan, payload, frame)
        except BaseException:
            pool.give(upstream)
            raise

    def _send(self, upstream: UpstreamConnection, plan: Plan, payload: bytes | bytearray, frame: bytes) -> None:
        """Send a command on, under an id of the broker's own: the client's may repeat.

        A command that gets no reply keeps its connection, so that the next one comes after it. Nobody else may have
        that connection before a later command was answered on it: a server that answers all the same would hand that
        answer to the wrong client.
        """
        self._upstream = upstream
        self._plan = plan
        self._failed = False
        self._request_bytes = len(frame)
        self._reply_bytes = 0
        self._reply_to = frame[4:8]
        self._expected = self._streamed = wire.next_request_id().to_bytes(4, "little")
        self._described = frame if len(frame) <= _LONGEST_DESCRIBED else b""
        self._scan = CursorScan() if plan.opens_cursor else None
        if plan.growth is not Growth.NONE:
            self._note_growth(plan, frame)
        upstream.receiver = self
        self._waits = not frame[16] & wire.MORE_TO_COME
        upstream.send(b"".join((payload[:4], self._expected, payload[8:])))
        if not self._waits:
            self._is_dirty = True
            self._count()

    def _pass_gate(self, passage: Passage) -> bool:
        """Go through the gate of the database, if it has one; what went through before without an answer is through."""
        if passage is Passage.FREE or self._sandbox.gate is None or self._passed is passage:
            return True
        self._leave_gate()
        if not self._sandbox.gate.try_enter(passage):
            return False
        self._passed = passage
        return True

    def _leave_gate(self) -> None:
        if self._passed is not Passage.FREE:
            passed, self._passed = self._passed, Passage.FREE
            assert self._sandbox.gate is not None  # noqa: S101 - something went through it
            self._sandbox.gate.leave(passed)

    def set_reading(self, wanted: bool) -> None:
        """Let MongoDB's reply wait while the client is slow to take it."""
        if self._upstream is not None:
            self._upstream.set_reading(wanted)

    def abandon(self) -> None:
        """Let go of the connection to MongoDB: the client is gone."""
        upstream, self._upstream = self._upstream, None
        self._leave_gate()
        self._note_spread(None)
        if upstream is None:
            return
        upstream.receiver = None
        if self._waits:
            upstream.abort()
        elif self._is_dirty:
            upstream.close()
        else:
            self._pool.give(upstream)

    # MongoDB's side

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:
        """Pass a piece of MongoDB's reply on, as the answer to what the client sent."""
        if starts:
            if not self._waits or (chunk[8:12] != self._expected and chunk[8:12] != self._streamed):
                self._break_off()
                return
            if chunk[8:12] == self._expected:
                chunk = b"".join((chunk[:8], self._reply_to, chunk[12:]))
            self._streamed = chunk[4:8] if more else self._expected
        self._reply_bytes += len(chunk)
        if self._scan is not None:
            self._scan.feed(chunk)
        if self._plan.transform is None:
            self._client.write(chunk)
        else:
            self._chunks.append(chunk)
            if ends and not self._write_transformed():
                return
        if starts and ends and len(chunk) < _LONGEST_ERROR and _NOT_OK in chunk:
            self._note_error(chunk)
        if self._spread is not None and ends:
            self._note_spread(chunk if starts else None)
        if ends:
            self._end_reply(more)

    def _break_off(self) -> None:
        """Close both ends: MongoDB said something that nobody asked, and who it was for cannot be known."""
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            upstream.receiver = None
            upstream.abort()
        self._client.hang_up("MongoDB sent a reply that was not asked for")

    def on_upstream_lost(self) -> None:
        """Close the client's connection too: its driver retries, with a new one."""
        self._upstream = None
        self._note_spread(None)
        self._client.hang_up("MongoDB closed the connection")

    def on_upstream_busy(self, busy: bool) -> None:
        """Hold the client's next frames back while MongoDB reads slowly."""
        self._client.hold(busy)

    def _end_reply(self, more: bool) -> None:
        if self._scan is not None:
            self._note_cursor(self._scan)
        if more:
            self._scan = CursorScan()
            return
        upstream, self._upstream = self._upstream, None
        self._waits = self._is_dirty = False
        self._leave_gate()
        if upstream is not None:
            self._pool.give(upstream)
        self._count()
        self._client.finished()

    def _note_cursor(self, scan: CursorScan) -> None:
        if scan.is_done and scan.has_cursor:
            if scan.cursor_id:
                self._core.kill_cursors(self._sandbox.opened_cursor(scan.cursor_id, self._plan.place))
            elif self._plan.cursor_id:
                self._sandbox.closed_cursor(self._plan.cursor_id)

    def _write_transformed(self) -> bool:
        assert self._plan.transform is not None  # noqa: S101 - narrows the type
        frame = b"".join(self._chunks)
        self._chunks = []
        try:
            reply = self._plan.transform(frame)
        except MalformedMessageError as error:
            self._client.hang_up(str(error))
            return False
        self._client.write(
            wire.encode_message(reply, response_to=int.from_bytes(self._reply_to, "little", signed=True))
        )
        return True

    def _note_error(self, frame: bytes) -> None:
        """Count an error; look for a new primary when MongoDB says that this one takes no more writes."""
        code = wire.error_code(frame)
        self._failed = code is not None
        if code in _NO_PRIMARY:
            self._core.renew_upstream(self._upstream)

    def _note_growth(self, plan: Plan, frame: bytes) -> None:
        """Tell the storage quota what is about to be written or removed."""
        storage = self._sandbox.storage
        if storage is None:
            return
        if plan.growth is Growth.GROWS:
            self._spread = storage.sending(plan.name, frame)
        else:
            storage.freed()

    def _note_spread(self, reply: bytes | None) -> None:
        """Tell the storage quota how many documents a write changed; None when that was not heard."""
        spread, self._spread = self._spread, None
        if spread is not None and self._sandbox.storage is not None:
            self._sandbox.storage.answered(spread, reply)

    def _count(self) -> None:
        """Count the command that has just ended, or that nobody waits for."""
        plan, sandbox = self._plan, self._sandbox
        seconds = self._core.now() - self._started
        if sandbox.meter.done(plan.name, seconds, self._request_bytes, self._reply_bytes, self._failed):
            self._note_slow(seconds)
        self._described = b""

    def _note_slow(self, seconds: float) -> None:
        """Keep a slow command for people to see; a getMore may just have waited for something to happen."""
        if self._plan.name != "getMore":
            collection, fields = describe(self._described) if self._described else ("", [])
            self._sandbox.meter.slow(self._plan.name, collection, fields, seconds)
