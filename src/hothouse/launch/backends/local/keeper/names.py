"""Name lookup inside a private network: the platform's names lead to its services, others to the machine's servers."""

import os
import socket
import struct

ADDRESS_TYPE = 1
NO_SUCH_NAME = 3
MOST_UNANSWERED = 256
_RESPONSE = 0x8180  # an answer, recursion was wanted and is available
_LOOPBACK = struct.pack(">HHHIH4s", 0xC00C, ADDRESS_TYPE, 1, 5, 4, b"\x7f\0\0\1")
_RESOLV_CONF = "/etc/resolv.conf"


class Names:
    """Answers on `inside`. Without `outside`, a socket of the machine's own network, only the platform's names exist.

    A name with a leading dot stands for everything below it.
    """

    def __init__(self, names: "list[str]", inside: socket.socket, outside: "socket.socket | None") -> None:
        self._exact = {name.lower().encode() for name in names if not name.startswith(".")}
        self._below = tuple(name.lower().encode() for name in names if name.startswith("."))
        self._inside = inside
        self._outside = outside
        self._unanswered: dict[int, tuple[bytes, object]] = {}

    def on_query(self) -> None:
        """Answer one query, or pass it on."""
        try:
            query, caller = self._inside.recvfrom(4096)
            name, kind, end = _question(query)
        except (OSError, IndexError, struct.error):
            return
        if name in self._exact or name.endswith(self._below):
            self._reply(query[:end], caller, code=0, answer=_LOOPBACK if kind == ADDRESS_TYPE else b"")
        elif self._outside is None:
            self._reply(query[:end], caller, code=NO_SUCH_NAME, answer=b"")
        else:
            self._ask(query, caller)

    def _reply(self, query: bytes, caller: object, *, code: int, answer: bytes) -> None:
        head = query[:2] + struct.pack(">HHHHH", _RESPONSE | code, 1, 1 if answer else 0, 0, 0)
        self._send_inside(head + query[12:] + answer, caller)

    def _ask(self, query: bytes, caller: object) -> None:
        servers = nameservers()
        if not servers or self._outside is None:
            return
        if len(self._unanswered) >= MOST_UNANSWERED:
            del self._unanswered[next(iter(self._unanswered))]
        number = int.from_bytes(os.urandom(2), "big")
        self._unanswered[number] = (query[:2], caller)
        try:
            # Callers ask again after a while: then it is the turn of another server.
            self._outside.sendto(number.to_bytes(2, "big") + query[2:], (servers[number % len(servers)], 53))
        except OSError:
            return

    def on_answer(self) -> None:
        """Hand one answer of the machine's servers to who asked."""
        try:
            answer, (sender, port) = self._outside.recvfrom(4096) if self._outside else (b"", ("", 0))
        except OSError:
            return
        asked = self._unanswered.pop(int.from_bytes(answer[:2], "big"), None) if port == 53 else None
        if asked and sender in nameservers():
            self._send_inside(asked[0] + answer[2:], asked[1])

    def _send_inside(self, answer: bytes, caller: object) -> None:
        try:
            self._inside.sendto(answer, caller)  # type: ignore[call-overload]
        except OSError:
            return


def nameservers() -> "list[str]":
    """Read which servers (of IPv4) the machine asks now."""
    try:
        with open(_RESOLV_CONF, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - see log.py
            words = [line.split() for line in file]
    except OSError:
        return []
    return [line[1] for line in words if len(line) > 1 and line[0] == "nameserver" and ":" not in line[1]]


def _question(query: bytes) -> "tuple[bytes, int, int]":
    """Return the name that is asked for in lower case, the type, and where the question ends."""
    labels, at = [], 12
    while query[at]:
        size = query[at]
        if size > 63:
            raise IndexError
        labels.append(query[at + 1 : at + 1 + size])
        at += 1 + size
    (kind,) = struct.unpack_from(">H", query, at + 1)
    return b".".join(labels).lower(), kind, at + 5
