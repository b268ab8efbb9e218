"""A client's connection: frames in, decisions, replies out.

One command at a time: while MongoDB works on one, the client's next frames wait and reading stops, so that replies keep
their order and a client can never have more than one frame and a socket buffer here. Replies are streamed through in
the pieces they arrive in; a reader that is slow stops the reading from MongoDB.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog
from pymongo.errors import PyMongoError

from hothouse.broker import policy, wire
from hothouse.broker.commands import COMMANDS, Growth, Policy
from hothouse.broker.core import BrokerCore
from hothouse.broker.errors import BrokerError, Code, MalformedMessageError, RefusedError
from hothouse.broker.exchange import Exchange
from hothouse.broker.framing import FrameAssembler, check_header
from hothouse.broker.policy import Plan
from hothouse.broker.sandboxes import MAX_ALL_BUFFERED_BYTES, MAX_BUFFERED_BYTES, Sandbox
from hothouse.broker.session import MAX_ATTEMPTS, ClientSession
from hothouse.broker.shapes import Shape, Shapes
from hothouse.broker.wire import Message

log = structlog.get_logger(__name__)

Document = dict[str, Any]

_CLIENT_IS_SLOW, _UPSTREAM_IS_SLOW = 1, 2


class ClientConnection(asyncio.Protocol):
    """One connection of a workload's driver."""

    __slots__ = (
        "_blocks",
        "_busy",
        "_core",
        "_counted_bytes",
        "_exchange",
        "_frames",
        "_is_paused",
        "_session",
        "_shapes",
        "_task",
        "_transport",
        "_was_refused",
        "last_heard",
        "slow_since",
        "write",
    )

    write: Callable[[bytes], None]
    """Send something to the client."""

    _transport: asyncio.Transport
    _session: ClientSession

    def __init__(self, core: BrokerCore) -> None:
        self._core = core
        self._frames = FrameAssembler()
        self._exchange = Exchange(core, self)
        self._task: asyncio.Task[None] | None = None
        self._busy = False
        self._counted_bytes = 0
        self._blocks = 0
        self._is_paused = False
        self._shapes = Shapes()
        self._was_refused: set[str] = set()
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

    def is_reading(self, databases: frozenset[str]) -> bool:
        """Tell whether a command is under way on one of the databases."""
        return self._busy and self._exchange.is_reading(databases)

    def is_overdue(self, now: float) -> bool:
        """Tell whether MongoDB takes far longer with a command than it was allowed to."""
        return self._busy and self._exchange.is_overdue(now)

    # The client's socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, so this cannot be asserted.
        self._transport = cast("asyncio.Transport", transport)
        self.write = self._transport.write
        self._session = self._core.new_session(self, self._transport)
        self.last_heard = self._core.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._core.left(self)
        self._hold(0)
        self._session.leave()
        if self._task is not None:
            self._task.cancel()
        self._exchange.abandon()

    def revoke(self) -> None:
        """Close at once: what the client has under way no longer stands."""
        self._transport.abort()

    def close(self) -> None:
        """Close; what is already written still arrives."""
        self._transport.close()

    def hang_up(self, reason: str) -> None:
        """Close at once because something broke; the client's driver tries again."""
        self._core.note("connection-closed", peer=self._session.peer, workload=self.workload_id, reason=reason)
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        frames = self._frames
        try:
            is_free = not self._busy and not self._blocks and frames.is_empty
            if is_free and len(data) >= wire.HEADER_BYTES and check_header(data, 0, frames.limit) == len(data):
                self._serve(data)
                return
            self._gather(data)
        except MalformedMessageError as error:
            self.hang_up(str(error))
            return
        self._advance()

    def pause_writing(self) -> None:
        self._blocks |= _CLIENT_IS_SLOW
        self.slow_since = self._core.now()
        self._exchange.set_reading(False)

    def resume_writing(self) -> None:
        self._blocks &= ~_CLIENT_IS_SLOW
        self.slow_since = 0.0
        self._exchange.set_reading(True)
        self._advance()

    def hold(self, busy: bool) -> None:
        """Hold further frames back while MongoDB reads slowly."""
        self._blocks = self._blocks | _UPSTREAM_IS_SLOW if busy else self._blocks & ~_UPSTREAM_IS_SLOW
        self._advance()

    # Frames

    def _gather(self, data: bytes) -> None:
        """Keep what is not yet a whole frame, within the sandbox's bounds."""
        self._frames.feed(data)
        self._hold(self._frames.held_bytes)
        sandbox = self._session.sandbox
        if sandbox is not None:
            if sandbox.buffered_bytes > MAX_BUFFERED_BYTES:
                raise MalformedMessageError("the app's unfinished requests take too much memory; send smaller batches")
            if self._core.buffered_bytes > MAX_ALL_BUFFERED_BYTES and self._core.holds_most(sandbox):
                raise MalformedMessageError("all apps' unfinished requests take too much memory; try again")

    def _hold(self, held_bytes: int) -> None:
        """Count how much of requests is held for the client: what is incomplete, waits, or MongoDB still reads."""
        more = held_bytes - self._counted_bytes
        self._counted_bytes = held_bytes
        self._core.buffered_bytes += more
        if self._session.sandbox is not None:
            self._session.sandbox.buffered_bytes += more

    def _advance(self) -> None:
        """Serve waiting frames until one of them has to be waited for; read on when none is left."""
        frames = self._frames.frames
        try:
            while frames and not self._busy and not self._blocks and not self._transport.is_closing():
                self._serve(frames.popleft())
        except MalformedMessageError as error:
            self.hang_up(str(error))
            return
        wants_pause = bool(frames) or bool(self._blocks)
        if wants_pause is not self._is_paused and not self._transport.is_closing():
            self._is_paused = wants_pause
            if wants_pause:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    # Requests

    def _serve(self, frame: bytes) -> None:
        if frame[12:16] != b"\xdd\x07\x00\x00":
            self._serve_legacy(frame)
            return
        sandbox = self._session.sandbox
        if sandbox is None:
            self._serve_stranger(frame)
            return
        shape = self._shapes.find(frame)
        if shape is None or not self._serve_shape(shape, frame, sandbox):
            self._serve_workload(frame, sandbox)

    def _serve_shape(self, shape: Shape, frame: bytes, sandbox: Sandbox) -> bool:
        """Serve a command whose like was checked before; False when the long way has to refuse it."""
        plan = shape.plan
        if plan.growth is Growth.GROWS and sandbox.storage is not None and sandbox.storage.refusal():
            return False
        self._forward(plan, shape.rewrite(frame, sandbox.own_session), frame, sandbox)
        return True

    def _serve_workload(self, frame: bytes, sandbox: Sandbox) -> None:
        message = wire.outline(frame)
        try:
            message = wire.parse(frame)
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
            return
        payload, plan.payload = plan.payload, b""
        self._shapes.consider(message, rule, plan)
        self._forward(plan, payload, message.frame, sandbox)

    def _serve_stranger(self, frame: bytes) -> None:
        """Serve one who has not signed in: only what is needed to do so."""
        self.last_heard = self._core.now()
        message = wire.outline(frame)
        try:
            message = wire.parse(frame)
            policy.check_stranger(message)
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
            self.write(wire.encode_legacy_reply(answer, request_id))
        else:
            self._begin(self._write_later(answer, request_id, legacy=True))

    def _forward(self, plan: Plan, payload: bytes | bytearray, frame: bytes, sandbox: Sandbox) -> None:
        """Have MongoDB carry a command out."""
        if self._exchange.send(plan, payload, frame, sandbox):
            self._busy = not frame[16] & wire.MORE_TO_COME
        else:
            self._begin(self._forward_later(plan, payload, frame))

    async def _forward_later(self, plan: Plan, payload: bytes | bytearray, frame: bytes) -> None:
        await self._exchange.send_later(plan, payload, frame)
        self._busy = not frame[16] & wire.MORE_TO_COME

    def finished(self) -> None:
        """Go on with the next frame: the reply is complete."""
        self._busy = False
        if self._counted_bytes:
            self._hold(self._frames.held_bytes)
        if self._frames.frames or self._is_paused:
            self._advance()

    # Answers of our own

    def _reply(self, answer: Document | Awaitable[Document], message: Message) -> None:
        if not isinstance(answer, dict):
            self._begin(self._write_later(answer, message.request_id, wants_reply=message.wants_reply))
        elif message.wants_reply:
            self.write(wire.encode_message(answer, response_to=message.request_id))

    async def _write_later(
        self, answer: Awaitable[Document], request_id: int, *, legacy: bool = False, wants_reply: bool = True
    ) -> None:
        try:
            document = await answer
        except RefusedError as refusal:
            document = _error(refusal)
            self._core.note("sign-in-refused", peer=self._session.peer, reason=refusal.message)
        if wants_reply:
            encode = wire.encode_legacy_reply if legacy else wire.encode_message
            self.write(encode(document, response_to=request_id))
        self._busy = False
        if self._session.attempts >= MAX_ATTEMPTS and self._session.sandbox is None:
            self._transport.close()
        sandbox = self._session.sandbox
        if sandbox is not None and self._shapes is not sandbox.shapes:
            self._frames.limit = wire.MAX_FRAME_BYTES
            self._shapes = sandbox.shapes
            sandbox.buffered_bytes += self._counted_bytes

    def _refuse(self, message: Message, refusal: RefusedError) -> None:
        sandbox = self._session.sandbox
        if sandbox is not None:
            sandbox.meter.refused()
            if refusal.code is Code.Unauthorized:
                self._note_refusal(message.name if message.name in COMMANDS else "other", refusal, sandbox)
        if message.wants_reply:
            self.write(wire.encode_message(_error(refusal), response_to=message.request_id))

    def _note_refusal(self, name: str, refusal: RefusedError, sandbox: Sandbox) -> None:
        """Log a refusal, once per connection and command: a hostile app must not fill the log."""
        if name not in self._was_refused:
            self._was_refused.add(name)
            log.warning("refused", workload=sandbox.workload_id, command=name, reason=refusal.message)

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


def _error(refusal: RefusedError) -> Document:
    error = {"ok": 0.0, "errmsg": refusal.message, "code": int(refusal.code), "codeName": refusal.code.name}
    return {**error, "errorLabels": list(refusal.labels)} if refusal.labels else error
