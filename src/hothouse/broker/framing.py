"""Cut a client's byte stream into frames, without ever holding more than is allowed."""

from collections import deque

from hothouse.broker.errors import MalformedMessageError
from hothouse.broker.wire import HEADER_BYTES, MAX_FRAME_BYTES, OP_MSG, OP_QUERY, header_of

MAX_HANDSHAKE_BYTES = 64 * 1024
"""Longest frame of a client that has not signed in."""

_SHORTEST = 26
_OPCODES = frozenset((OP_MSG, OP_QUERY))


class FrameAssembler:
    """Collects chunks and hands out whole frames in `frames`, oldest first."""

    __slots__ = ("_chunks", "_have", "_need", "frames", "limit")

    def __init__(self) -> None:
        self.limit = MAX_HANDSHAKE_BYTES
        self.frames: deque[bytes] = deque()
        self._chunks: list[bytes] = []
        self._have = 0
        self._need = HEADER_BYTES

    @property
    def is_empty(self) -> bool:
        return not self._have and not self.frames

    @property
    def held_bytes(self) -> int:
        """How much is held: of an unfinished frame, and of finished ones that nobody took yet."""
        return self._have + sum(map(len, self.frames)) if self.frames else self._have

    def feed(self, data: bytes) -> None:
        """Take the next chunk.

        Raises: MalformedMessageError as soon as a header announces what is not accepted.
        """
        self._chunks.append(data)
        self._have += len(data)
        if self._have >= self._need:
            self._cut()

    def _cut(self) -> None:
        data = b"".join(self._chunks) if len(self._chunks) > 1 else self._chunks[0]
        at, end = 0, len(data)
        self._need = HEADER_BYTES
        while end - at >= HEADER_BYTES:
            self._need = check_header(data, at, self.limit)
            if end - at < self._need:
                break
            self.frames.append(data[at : at + self._need])
            at += self._need
            self._need = HEADER_BYTES
        self._chunks = [data[at:]] if at < end else []
        self._have = end - at


def check_header(data: bytes, at: int, limit: int = MAX_FRAME_BYTES) -> int:
    """Return the length of the frame whose header begins at `at`.

    Raises: MalformedMessageError when it is too long, too short, or of an opcode that is not spoken.
    """
    length: int
    length, _, _, opcode = header_of(data, at)
    if opcode not in _OPCODES:
        raise MalformedMessageError(f"opcode {opcode} is not spoken here (no compression, no legacy operations)")
    if not _SHORTEST <= length <= limit:
        raise MalformedMessageError(f"a frame of {length} bytes; {limit} are allowed")
    return length
