"""One connection through the relay: two sockets, and what is on its way between them."""

import select
import socket

from .traffic import RECEIVED, SENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableSequence

READ_BYTES = 64 * 1024
_GONE = select.EPOLLHUP | select.EPOLLERR


class Side:
    """One of a link's two sockets; `out` is what it still has to be sent, at most one read of the other.

    `counter` is where what is read from it counts.
    """

    __slots__ = ("counter", "fd", "is_read_over", "is_shut", "link", "mask", "other", "out", "sock")

    def __init__(self, link: "Link", sock: socket.socket, counter: int) -> None:
        self.link = link
        self.counter = counter
        self.sock = sock
        self.fd = sock.fileno()
        self.other: Side
        self.out = b""
        self.is_read_over = self.is_shut = False
        self.mask = 0


class Link:
    """A caller and the socket it is connected with; either end may be closed for writing before the other."""

    __slots__ = ("_counts", "_poll", "is_closed", "left", "right")

    def __init__(
        self,
        left: socket.socket,
        right: socket.socket,
        poll: select.epoll,
        counts: "MutableSequence[int] | memoryview[int]",
        *,
        is_inward: bool,
    ) -> None:
        """Make it; `is_inward` says that the caller is outside: what it says is received."""
        self._poll = poll
        self._counts = counts
        first, second = (RECEIVED, SENT) if is_inward else (SENT, RECEIVED)
        self.left, self.right = Side(self, left, first), Side(self, right, second)
        self.left.other, self.right.other = self.right, self.left
        self.is_closed = False

    def open(self) -> None:
        """Begin to carry."""
        for side in (self.left, self.right):
            self._watch(side)

    def handle(self, side: Side, events: int) -> None:
        """Do what `side` is ready for; the link may be closed afterwards."""
        try:
            if events & select.EPOLLOUT:
                self._flush(side)
            if events & (select.EPOLLIN | _GONE) and side.mask & select.EPOLLIN:
                self._carry(side)
        except OSError:
            self.close()
        if not self.is_closed and self.left.is_shut and self.right.is_shut:
            self.close()

    def _carry(self, side: Side) -> None:
        try:
            data = side.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        other = side.other
        if not data:
            side.is_read_over = True
            if _is_gone(side):  # it closed its end wholly: there is nobody left to carry anything to
                self.close()
                return
            other.is_shut = True  # nothing is left for it, or `side` would not have been read
            other.sock.shutdown(socket.SHUT_WR)
        else:
            self._counts[side.counter] += len(data)
            other.out = data[_send(other.sock, data) :]
            if not other.out:
                return
            self._watch(other)
        self._watch(side)

    def _flush(self, side: Side) -> None:
        side.out = side.out[_send(side.sock, side.out) :]
        if not side.out:
            self._watch(side)
            self._watch(side.other)

    def _watch(self, side: Side) -> None:
        """Wait for what `side` can do now: what the other has not taken yet makes it pause."""
        reads = not side.is_read_over and not side.other.out
        mask = (select.EPOLLIN if reads else 0) | (select.EPOLLOUT if side.out else 0)
        if mask == side.mask:
            return
        # A side with nothing to wait for is left out altogether, for hang-ups are told unasked, again and again.
        if not mask:
            self._poll.unregister(side.fd)
        elif side.mask:
            self._poll.modify(side.fd, mask)
        else:
            self._poll.register(side.fd, mask)
        side.mask = mask

    def close(self) -> None:
        """Close both sockets, once."""
        if not self.is_closed:
            self.is_closed = True
            for side in (self.left, self.right):
                side.sock.close()


def _send(sock: socket.socket, data: bytes) -> int:
    try:
        return sock.send(data)
    except BlockingIOError:
        return 0


def _is_gone(side: Side) -> bool:
    asked = select.poll()
    asked.register(side.fd, 0)
    return bool(asked.poll(0))
