"""The relay of one workload: carries connections between its private network and the platform's sockets.

It runs outside of the sandbox, where its workload can neither see nor signal it. A second process, which has joined the
workload's network, hands it sockets made there; so what it connects from inside can only lead inside.
"""

import array
import errno
import os
import resource
import select
import signal
import socket
import sys
import time

from . import namespace, traffic, tree
from .link import Link, Side
from .names import Names, nameservers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import NetworkPlan

LOOPBACK = "127.0.0.1"
DNS_PORT = 53
BACKLOG = 512
BATCH = 8
HOLD_SECONDS = 1.0
RETRY_SECONDS = 0.02
MOST_IN, MOST_OUT = 2048, 512
OPEN_FILES = 65536
OWN_FILES = 64
_LISTENERS, _SOCKETS = b"l", b"s"


def start(plan: "NetworkPlan", joined: namespace.Namespace, door: "socket.socket | None") -> tuple[int, int]:
    """Fork the relay; returns its pid and a descriptor that tells `1`, or else what went wrong, once it is ready."""
    outer, inner = os.pipe()
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        os.close(inner)
        return pid, outer
    try:  # and never return: this is a copy of the keeper
        _detach(keeper, kept=[inner, joined.net, joined.user, door.fileno() if door else None])
        _serve(plan, joined, door, inner)
    except BaseException:  # noqa: BLE001 - said in the keeper's own file, as for the keeper
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def _serve(plan: "NetworkPlan", joined: namespace.Namespace, door: "socket.socket | None", ready: int) -> None:
    try:
        relay = Relay(plan, Maker(plan, joined), door)
    except OSError as error:
        os.write(ready, (error.strerror or str(error)).encode()[:512])
        return
    os.write(ready, b"1")
    os.close(ready)
    relay.run()


def _detach(parent: int, kept: "list[int | None]") -> None:
    """Leave what the keeper has open and listens to, its lock above all, and end with it."""
    tree.die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    first = 3
    for fd in sorted(fd for fd in kept if fd is not None):
        os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class Maker:
    """The process inside of the workload's network, and the sockets it has made in advance."""

    def __init__(self, plan: "NetworkPlan", joined: namespace.Namespace) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._spare: list[socket.socket] = []
        parent = os.getpid()
        if os.fork() == 0:
            try:
                _detach(parent, kept=[theirs.fileno(), joined.net, joined.user])
                _make_sockets(plan, joined, theirs)
            finally:
                os._exit(1)
        theirs.close()
        joined.close()

    def listeners(self) -> list[socket.socket]:
        """Return what listens inside: name lookup by UDP, then one for each service. Raises: OSError."""
        return self._ask(_LISTENERS)

    def made(self) -> socket.socket:
        """Return a TCP socket of the workload's network. Raises: OSError."""
        if not self._spare:
            self._spare = self._ask(_SOCKETS)
        return self._spare.pop()

    def watch(self, poll: select.epoll) -> int:
        """Have the end of the process inside wake `poll`; returns the descriptor it does so by."""
        poll.register(self._ours.fileno(), select.EPOLLIN)
        return self._ours.fileno()

    def _ask(self, what: bytes) -> list[socket.socket]:
        self._ours.send(what)
        text, ancillary, _, _ = self._ours.recvmsg(512, socket.CMSG_SPACE(4 * 64))
        if not ancillary:
            raise OSError(0, text.decode() or "the process in the workload's network is gone")
        descriptors = array.array("i")
        descriptors.frombytes(ancillary[0][2])
        return [socket.socket(fileno=fd) for fd in descriptors]


def _make_sockets(plan: "NetworkPlan", joined: namespace.Namespace, asked: socket.socket) -> None:
    """Join the network, close what is not for the workload, then hand out sockets for as long as they are asked for."""
    problem = b""
    try:
        joined.join()
        joined.close()
        namespace.refuse(plan["refused"])
        namespace.own(plan["addresses"])
    except OSError as error:
        problem = f"the network could not be joined: {error}".encode()
    while what := asked.recv(1):
        made: list[socket.socket] = []
        try:
            made = _listen(plan) if what == _LISTENERS else [_tcp() for _ in range(BATCH)]
        except OSError as error:
            problem = problem or f"{error}".encode()
        rights = array.array("i", [each.fileno() for each in made])
        asked.sendmsg([problem or b"."], [] if problem else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        for each in made:
            each.close()


def _tcp() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _listen(plan: "NetworkPlan") -> list[socket.socket]:
    lookup = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    lookup.bind((LOOPBACK, DNS_PORT))
    made = [lookup]
    for port, _ in plan["services"]:
        listener = _tcp()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))  # at 127.0.0.1 and at `addresses`; nothing comes in from anywhere else
        except OSError as error:
            raise OSError(error.errno, f"port {port} is not free inside: {error.strerror}") from error
        listener.listen(BACKLOG)
        made.append(listener)
    return made


class _Way:
    """One way in or out: who is accepted on `listener` is connected with what stands at `target`."""

    def __init__(self, listener: socket.socket, target: str, most: int) -> None:
        listener.setblocking(False)
        self.listener = listener
        self.target = target
        self.is_inward = target.startswith("inside:")
        self.most = most
        self.links = 0
        self.is_paused = False


class _Call:
    """Somebody accepted, who waits for a connection to the target."""

    def __init__(self, way: _Way, caller: socket.socket) -> None:
        self.way = way
        self.caller = caller
        self.dialled: socket.socket | None = None
        self.give_up_at = time.monotonic() + HOLD_SECONDS


class Relay:
    """Carries connections until it is killed, or the process inside is."""

    def __init__(self, plan: "NetworkPlan", maker: Maker, door: "socket.socket | None") -> None:
        """Listen. Raises: OSError."""
        self._maker = maker
        self._counts = traffic.counts()
        self._poll = select.epoll()
        lookup, *listeners = maker.listeners()
        outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM) if plan["outbound"] else None
        self._names = Names(plan["names"], lookup, outside)
        self._handlers: dict[int, _Way | Callable[[], None]] = {maker.watch(self._poll): _end}
        for sock, answer in ((lookup, self._names.on_query), (outside, self._names.on_answer)):
            if sock is not None:
                sock.setblocking(False)
                self._handlers[sock.fileno()] = answer
                self._poll.register(sock.fileno(), select.EPOLLIN)
        for listener, (_, target) in zip(listeners, plan["services"], strict=True):
            self._add(_Way(listener, target, MOST_OUT))
        if door is not None and plan["port"] is not None and not plan["takes_socket"]:
            self._add(_Way(door, f"inside:{LOOPBACK}:{plan['port']}", MOST_IN))
        self._sides: dict[int, tuple[Side, _Way]] = {}
        self._calls: dict[int, _Call] = {}
        self._waiting: list[_Call] = []
        self._addresses: dict[str, tuple[str, int]] = {}
        self._share_files()

    def _add(self, way: _Way) -> None:
        self._handlers[way.listener.fileno()] = way
        self._poll.register(way.listener.fileno(), select.EPOLLIN)

    def _share_files(self) -> None:
        """Bound the connections of each way by the files that may be open: out of them, nothing could be accepted."""
        ways = [handler for handler in self._handlers.values() if isinstance(handler, _Way)]
        share = (_raise_open_files() - OWN_FILES) // 2 // max(1, len(ways))
        for way in ways:
            way.most = max(1, min(way.most, share))

    def run(self) -> None:
        """Carry."""
        while True:
            timeout = RETRY_SECONDS if self._waiting else -1
            for fd, events in self._poll.poll(timeout):
                if fd in self._sides:
                    self._carry(fd, events)
                elif fd in self._calls:
                    self._connected(self._calls.pop(fd))
                elif fd in self._handlers:
                    handler = self._handlers[fd]
                    self._accept(handler) if isinstance(handler, _Way) else handler()
            if self._waiting:
                waiting, self._waiting = self._waiting, []
                for call in waiting:
                    self._dial(call)

    def _carry(self, fd: int, events: int) -> None:
        side, way = self._sides[fd]
        side.link.handle(side, events)
        if side.link.is_closed:
            for each in (side, side.other):
                self._sides.pop(each.fd, None)
            self._let_go(way)

    def _accept(self, way: _Way) -> None:
        try:
            caller, _ = way.listener.accept()
        except OSError:
            return
        caller.setblocking(False)
        if caller.family == socket.AF_INET:
            caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        way.links += 1
        if way.links >= way.most:
            way.is_paused = True
            self._poll.unregister(way.listener.fileno())
        self._dial(_Call(way, caller))

    def _let_go(self, way: _Way) -> None:
        way.links -= 1
        if way.is_paused:
            way.is_paused = False
            self._poll.register(way.listener.fileno(), select.EPOLLIN)

    def _dial(self, call: _Call) -> None:
        """Begin to connect with the target; the caller waits a moment for one that does not listen yet."""
        try:
            call.dialled, address = self._socket(call.way.target)
        except OSError:
            self._refuse(call)
            return
        call.dialled.setblocking(False)
        number = call.dialled.connect_ex(address)
        if number == errno.EINPROGRESS:
            self._calls[call.dialled.fileno()] = call
            self._poll.register(call.dialled.fileno(), select.EPOLLOUT)
        else:
            self._settle(call, call.dialled, number)

    def _connected(self, call: _Call) -> None:
        if call.dialled is not None:
            self._poll.unregister(call.dialled.fileno())
            self._settle(call, call.dialled, call.dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    def _settle(self, call: _Call, dialled: socket.socket, number: int) -> None:
        if number == 0:
            link = Link(call.caller, dialled, self._poll, self._counts, is_inward=call.way.is_inward)
            self._sides[link.left.fd] = link.left, call.way
            self._sides[link.right.fd] = link.right, call.way
            link.open()
            return
        dialled.close()
        call.dialled = None
        if time.monotonic() < call.give_up_at:
            self._waiting.append(call)
        else:
            self._refuse(call)

    def _refuse(self, call: _Call) -> None:
        call.caller.close()
        self._let_go(call.way)

    def _socket(self, target: str) -> "tuple[socket.socket, str | tuple[str, int]]":
        """Return a socket and the address to connect it with. Raises: OSError."""
        kind, _, where = target.partition(":")
        if kind == "unix":
            return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), where
        if kind == "inside":
            host, _, port = where.rpartition(":")
            return self._maker.made(), (host, int(port))
        return _tcp(), self._address(where)

    def _address(self, where: str) -> tuple[str, int]:
        """Look a host up, once; name servers are looked up anew each time. Raises: OSError."""
        if where == "nameserver":
            servers = nameservers()
            if not servers:
                raise OSError(errno.ENOENT, "this machine has no name server")
            return servers[0], DNS_PORT
        if where not in self._addresses:
            host, _, port = where.rpartition(":")
            found = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_STREAM)
            self._addresses[where] = str(found[0][4][0]), int(found[0][4][1])
        return self._addresses[where]


def _end() -> None:
    os._exit(1)


def _raise_open_files() -> int:
    """Return how many files may be open, after asking for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
