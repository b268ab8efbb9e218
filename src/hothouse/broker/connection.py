"""A client's connection: frames in, decisions, replies out.

One command at a time: while MongoDB works on one, the client's next frames wait and reading stops, so that replies keep
their order and a client can never have more than one frame and a socket buffer here. Replies are streamed through in
the pieces they arrive in; a reader that is slow stops the reading from MongoDB.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

import structlog
from pymongo.errors import PyMongoError

from hothouse.broker import policy, wire
from hothouse.broker.commands import COMMANDS, Policy
from hothouse.broker.core import BrokerCore
from hothouse.broker.cursors import CursorScan
from hothouse.broker.errors import BrokerError, Code, MalformedMessageError, RefusedError
from hothouse.broker.framing import FrameAssembler, check_header
from hothouse.broker.policy import Plan
from hothouse.broker.sandboxes import MAX_BUFFERED_BYTES, Sandbox
from hothouse.broker.session import MAX_ATTEMPTS, ClientSession
from hothouse.broker.shapes import Shapes
from hothouse.broker.upstream import UpstreamConnection
from hothouse.broker.wire import Message

log = structlog.get_logger(__name__)

Document = dict[str, Any]

_NOT_OK = b"\x01ok\x00" + bytes(8)
_NO_PRIMARY = frozenset((91, 189, 10058, 10107, 11600, 11602, 13435, 13436))
_LONGEST_ERROR = 4096
_CLIENT_IS_SLOW, _UPSTREAM_IS_SLOW = 1, 2


class ClientConnection(asyncio.Protocol):
    """One connection of a workload's driver."""

    __slots__ = (
        "_blocks",
        "_busy",
        "_chunks",
        "_core",
        "_counted_bytes",
        "_frames",
        "_is_paused",
        "_plan",
        "_scan",
        "_session",
        "_shapes",
        "_task",
        "_transport",
        "_upstream",
        "_was_refused",
        "last_heard",
        "reply_to",
        "slow_since",
    )

    _transport: asyncio.Transport
    _session: ClientSession

    def __init__(self, core: BrokerCore) -> None:
        self._core = core
        self._frames = FrameAssembler()
        self._upstream: UpstreamConnection | None = None
        self._plan = Plan()
        self._scan: CursorScan | None = None
        self._chunks: list[bytes] = []
        self._task: asyncio.Task[None] | None = None
        self._busy = False
        self._counted_bytes = 0
        self._blocks = 0
        self._is_paused = False
        self._shapes = Shapes()
        self._was_refused: set[str] = set()
        self.reply_to = 0
        self.last_heard = 0.0
        self.slow_since = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether a reply is still owed."""
        return self._busy

    @property
    def is_signed_in(self) -> bool:
        return self._session.sandbox is not None

    @property
    def workload_id(self) -> str | None:
        sandbox = self._session.sandbox
        return sandbox.workload_id if sandbox else None

    # The client's socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, so this cannot be asserted.
        self._transport = cast("asyncio.Transport", transport)
        self._session = self._core.new_session(self, self._transport)
        self.last_heard = self._core.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._core.left(self)
        self._session.leave()
        self._release_buffered()
        if self._task is not None:
            self._task.cancel()
        upstream, self._upstream = self._upstream, None
        if upstream is None:
            return
        if self._busy:
            upstream.receiver = None
            upstream.abort()
        else:
            self._core.pool.give(upstream)

    def revoke(self) -> None:
        """Close at once: the credential no longer stands."""
        self._transport.abort()

    def close(self) -> None:
        """Close; what is already written still arrives."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        frames = self._frames
        try:
            is_free = not self._busy and not self._blocks and frames.is_empty
            if is_free and len(data) >= wire.HEADER_BYTES and check_header(data, 0, frames.limit) == len(data):
                self._serve(data)
                return
            self._gather(data)
        except MalformedMessageError as error:
            self._hang_up(error)
            return
        self._advance()

    def pause_writing(self) -> None:
        self._blocks |= _CLIENT_IS_SLOW
        self.slow_since = self._core.now()
        if self._upstream is not None:
            self._upstream.set_reading(False)

    def resume_writing(self) -> None:
        self._blocks &= ~_CLIENT_IS_SLOW
        self.slow_since = 0.0
        if self._upstream is not None:
            self._upstream.set_reading(True)
        self._advance()

    # Requests

    def _gather(self, data: bytes) -> None:
        """Keep what is not yet a whole frame, within the sandbox's bounds."""
        self._frames.feed(data)
        sandbox = self._session.sandbox
        if sandbox is None:
            return
        sandbox.buffered_bytes += self._frames.partial_bytes - self._counted_bytes
        self._counted_bytes = self._frames.partial_bytes
        if sandbox.buffered_bytes > MAX_BUFFERED_BYTES:
            raise MalformedMessageError("the app's unfinished requests take too much memory; send smaller batches")

    def _release_buffered(self) -> None:
        if self._session.sandbox is not None:
            self._session.sandbox.buffered_bytes -= self._counted_bytes

    def _advance(self) -> None:
        """Serve waiting frames until one of them has to be waited for; read on when none is left."""
        frames = self._frames.frames
        try:
            while frames and not self._busy and not self._blocks and not self._transport.is_closing():
                self._serve(frames.popleft())
        except MalformedMessageError as error:
            self._hang_up(error)
            return
        wants_pause = bool(frames) or bool(self._blocks)
        if wants_pause is not self._is_paused and not self._transport.is_closing():
            self._is_paused = wants_pause
            if wants_pause:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _serve(self, frame: bytes) -> None:
        if frame[12:16] != b"\xdd\x07\x00\x00":
            self._serve_legacy(frame)
            return
        sandbox = self._session.sandbox
        if sandbox is None:
            self._serve_stranger(wire.parse(frame))
            return
        shape = self._shapes.find(frame)
        if shape is None:
            self._serve_workload(wire.parse(frame), sandbox)
        else:
            made = Plan(shape.rewrite(frame, sandbox.own_session), opens_cursor=shape.opens_cursor)
            self._forward(made, wants_reply=not frame[16] & wire.MORE_TO_COME)

    def _serve_workload(self, message: Message, sandbox: Sandbox) -> None:
        self.reply_to = message.request_id
        try:
            rule = policy.rule_for(message)
            if rule.policy is Policy.ANSWERED:
                if not rule.before_login:
                    policy.check_database_name(message, rule, sandbox)
                self._reply(self._core.answers.answer(self._session, message.decode()), message)
                return
            plan = policy.plan(message, rule, sandbox)
        except RefusedError as refusal:
            self._refuse(message, refusal)
            return
        if plan.answer is not None:
            self._reply(plan.answer, message)
        else:
            self._shapes.consider(message, rule)
            self._forward(plan, wants_reply=message.wants_reply)

    def _serve_stranger(self, message: Message) -> None:
        """Serve one who has not signed in: only what is needed to do so."""
        self.last_heard = self._core.now()
        rule = COMMANDS.get(message.name)
        if rule is None or not rule.before_login:
            self._refuse(message, RefusedError(f"The command {message.name[:64]!r} requires authentication."))
            return
        try:
            self._reply(self._core.answers.answer(self._session, message.decode()), message)
        except RefusedError as refusal:
            self._refuse(message, refusal)

    def _serve_legacy(self, frame: bytes) -> None:
        """Serve the one command that may come as OP_QUERY: a driver's first hello."""
        request_id, command = wire.parse_legacy_hello(frame)
        if next(iter(command), "") not in ("isMaster", "ismaster", "hello"):
            raise MalformedMessageError("only the legacy hello may come as OP_QUERY")
        self.last_heard = self._core.now()
        answer = self._core.answers.answer(self._session, command)
        if isinstance(answer, dict):
            self._transport.write(wire.encode_legacy_reply(answer, request_id))
        else:
            self._begin(self._write_later(answer, request_id, legacy=True))

    def _reply(self, answer: Document | Awaitable[Document], message: Message) -> None:
        if not isinstance(answer, dict):
            self._begin(self._write_later(answer, message.request_id))
        elif message.wants_reply:
            self._transport.write(wire.encode_message(answer, response_to=message.request_id))

    async def _write_later(self, answer: Awaitable[Document], request_id: int, *, legacy: bool = False) -> None:
        try:
            document = await answer
        except RefusedError as refusal:
            document = _error(refusal)
            log.info("sign-in-refused", peer=self._session.peer, reason=refusal.message)
        if legacy:
            self._transport.write(wire.encode_legacy_reply(document, request_id))
        else:
            self._transport.write(wire.encode_message(document, response_to=request_id))
        self._busy = False
        if self._session.failures >= MAX_ATTEMPTS:
            self._transport.close()
        sandbox = self._session.sandbox
        if sandbox is not None:
            self._frames.limit = wire.MAX_FRAME_BYTES
            self._shapes = sandbox.shapes

    def _refuse(self, message: Message, refusal: RefusedError) -> None:
        if refusal.code is Code.Unauthorized:
            self._note_refusal(message.name if message.name in COMMANDS else "other", refusal)
        if message.wants_reply:
            self._transport.write(wire.encode_message(_error(refusal), response_to=message.request_id))

    def _note_refusal(self, name: str, refusal: RefusedError) -> None:
        """Log a refusal, once per connection and command: a hostile app must not fill the log."""
        sandbox = self._session.sandbox
        if sandbox is not None and name not in self._was_refused:
            self._was_refused.add(name)
            log.warning("refused", workload=sandbox.workload_id, command=name, reason=refusal.message)

    def _hang_up(self, error: MalformedMessageError) -> None:
        log.info("connection-closed", peer=self._session.peer, reason=str(error))
        self._transport.abort()

    # MongoDB

    def _forward(self, plan: Plan, *, wants_reply: bool) -> None:
        upstream = self._upstream or self._core.pool.take()
        if upstream is None:
            self._begin(self._send_later(plan, wants_reply=wants_reply))
        else:
            self._send(upstream, plan, wants_reply=wants_reply)

    async def _send_later(self, plan: Plan, *, wants_reply: bool) -> None:
        upstream = await self._core.pool.acquire()
        if self._transport.is_closing():
            self._core.pool.give(upstream)
            return
        self._send(upstream, plan, wants_reply=wants_reply)

    def _send(self, upstream: UpstreamConnection, plan: Plan, *, wants_reply: bool) -> None:
        """Send a command on. One that gets no reply keeps its connection, so that the next one comes after it."""
        self._upstream = upstream
        self._plan = plan
        upstream.receiver = self
        self._busy = wants_reply
        self._scan = CursorScan() if plan.opens_cursor else None
        upstream.send(plan.payload)
        plan.payload = b""

    def _begin(self, work: Any) -> None:
        """Do something that takes a while, before any further frame is served."""
        self._busy = True
        self._task = asyncio.get_running_loop().create_task(self._finish(work))

    async def _finish(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (BrokerError, PyMongoError) as error:
            log.warning("upstream-unreachable", reason=str(error))
            self._transport.abort()
            return
        self._task = None
        self._advance()

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:
        """Pass a piece of MongoDB's reply on."""
        if self._plan.transform is not None:
            self._chunks.append(chunk)
            if ends:
                self._write_transformed()
        else:
            if self._scan is not None:
                self._scan.feed(chunk)
            self._transport.write(chunk)
        if starts and ends and len(chunk) < _LONGEST_ERROR and _NOT_OK in chunk:
            self._look_at_error(chunk)
        if ends:
            self._end_reply(more)

    def on_upstream_lost(self) -> None:
        """Close the client's connection too: its driver retries, with a new one."""
        self._upstream = None
        self._transport.abort()

    def on_upstream_busy(self, busy: bool) -> None:
        """Hold the client's next frames back while MongoDB reads slowly."""
        self._blocks = self._blocks | _UPSTREAM_IS_SLOW if busy else self._blocks & ~_UPSTREAM_IS_SLOW
        self._advance()

    def _end_reply(self, more: bool) -> None:
        if self._scan is not None:
            self._note_cursor(self._scan)
        if more:
            self._scan = CursorScan()
            return
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            self._core.pool.give(upstream)
        self._busy = False
        if self._frames.frames or self._is_paused:
            self._advance()

    def _note_cursor(self, scan: CursorScan) -> None:
        sandbox = self._session.signed_in
        if scan.is_done and scan.has_cursor:
            if scan.cursor_id:
                sandbox.opened_cursor(scan.cursor_id)
            elif self._plan.cursor_id:
                sandbox.closed_cursor(self._plan.cursor_id)

    def _write_transformed(self) -> None:
        assert self._plan.transform is not None  # noqa: S101 - narrows the type
        frame = b"".join(self._chunks)
        self._chunks = []
        try:
            reply = self._plan.transform(wire.decode_reply(frame))
        except MalformedMessageError as error:
            self._hang_up(error)
            return
        self._transport.write(wire.encode_message(reply, response_to=self.reply_to))

    def _look_at_error(self, frame: bytes) -> None:
        """Look for a new primary when MongoDB says that this one takes no more writes."""
        if wire.decode_reply(frame).get("code") in _NO_PRIMARY:
            self._core.pool.renew()


def _error(refusal: RefusedError) -> Document:
    return {"ok": 0.0, "errmsg": refusal.message, "code": int(refusal.code), "codeName": refusal.code.name}
