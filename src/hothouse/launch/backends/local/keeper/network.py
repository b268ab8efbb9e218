"""Give a sandbox's private network its ways in and out, before its program starts."""

import os
import select
import socket
import time

from . import internet, relay, tree
from .namespace import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import NetworkPlan

READY_SECONDS = 10.0
RELAY, INTERNET = "the relay of its private network", "the program that connects it to the internet"


class PrivateNetwork:
    """What runs for one private network: `helpers` names the processes by pid.

    `said` is where they talk, to be read by whoever keeps them; None where they do not.
    """

    def __init__(self, plan: "NetworkPlan", door: "socket.socket | None") -> None:
        self._plan = plan
        self._door = door
        self.helpers: dict[int, str] = {}
        self.said: int | None = None

    def open(self, first_pid: int) -> None:
        """Start what is needed for the network of the sandbox's first process; returns once all is ready.

        Raises: OSError, in whose `strerror` it says what failed.
        """
        joined = Namespace(first_pid)
        _await_loopback(first_pid)
        try:
            if self._plan["outbound"]:
                self._start_internet(joined)
            pid, ready = relay.start(self._plan, joined, self._door)
            self.helpers[pid] = RELAY
            _await(ready, RELAY)
        finally:
            joined.close()

    def _start_internet(self, joined: Namespace) -> None:
        self.said, complaints = os.pipe()
        pid, ready, _ = internet.start(self._plan, joined, complaints)
        os.close(complaints)
        self.helpers[pid] = INTERNET
        try:
            _await(ready, INTERNET)
        except OSError as error:
            tree.send(pid, 9)
            words = os.read(self.said, 4096).decode(errors="replace").split("\n")
            raise OSError(0, f"{error.strerror}: {' '.join(words[-3:]).strip()}") from error


def _await_loopback(pid: int) -> None:
    """Wait until bubblewrap has made the loopback: it gives up where slirp4netns comes first. Raises: OSError."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/net/fib_trie", encoding="ascii") as file:  # noqa: PTH123 - see log.py
            if "127.0.0.1" in file.read():
                return
        time.sleep(0.001)
    raise OSError(0, "its loopback did not come up")


def _await(ready: int, who: str) -> None:
    """Wait until a process says that it is ready. Raises: OSError."""
    deadline = time.monotonic() + READY_SECONDS
    waiting = select.poll()
    waiting.register(ready, select.POLLIN)
    said = b""
    while waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
        said = os.read(ready, 512)
        break
    os.close(ready)
    if said != b"1":
        raise OSError(0, f"{who} did not start: {said.decode(errors='replace') or 'it gave no sign'}")
