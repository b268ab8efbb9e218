"""The network namespace of a sandbox: join it, and close it to all networks but the internet."""

import errno
import fcntl
import os
import socket
import struct
from ctypes import CDLL, get_errno

_NS_GET_USERNS = 0xB701
_RTM_NEWADDR = 20
_RTM_NEWROUTE = 24
_REQUEST_ACK_CREATE = 0x1 | 0x4 | 0x400
_RTN_UNREACHABLE = 7
_MAIN_TABLE = 254
_RTPROT_STATIC = 4
_RTA_DST = 1
_IFA_LOCAL = 2
_LOOPBACK_INDEX = 1
_UNIVERSE = 0
_ERROR = 2


class Namespace:
    """The namespace that the first process of a sandbox is in, with the user namespace that owns it."""

    def __init__(self, pid: int) -> None:
        """Open it. Raises: OSError, also where the process has no network of its own."""
        self.net = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        if os.fstat(self.net).st_ino == os.stat("/proc/self/ns/net").st_ino:  # noqa: PTH116 - see log.py
            raise OSError(0, "the sandbox has no network of its own")
        # Root owns it itself. Otherwise bubblewrap made a user namespace for it, and may have left that for another.
        self.user = fcntl.ioctl(self.net, _NS_GET_USERNS) if os.geteuid() else None

    def join(self) -> None:
        """Move the calling process in. Raises: OSError."""
        for descriptor in (self.user, self.net):
            if descriptor is not None:
                _enter(descriptor)

    def close(self) -> None:
        for descriptor in (self.user, self.net):
            if descriptor is not None:
                os.close(descriptor)


def _enter(descriptor: int) -> None:
    if CDLL(None, use_errno=True).setns(descriptor, 0):
        raise OSError(get_errno(), os.strerror(get_errno()), "setns")


def refuse(networks: "list[str]") -> None:
    """Make `networks` (`address/prefix`) unreachable in the network that the calling process is in. Raises: OSError."""
    _tell([_route(network) for network in networks])


def own(addresses: "list[str]") -> None:
    """Have the network that the calling process is in answer for `addresses` of IPv4 itself. Raises: OSError."""
    _tell([_address(address) for address in addresses])


def _tell(requests: "list[tuple[int, bytes]]") -> None:
    """Ask the kernel directly (rtnetlink), for `ip` need not be installed."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:  # protocol 0: routes and addresses
        for number, (kind, body) in enumerate(requests, 1):
            kernel.send(struct.pack("=IHHII", 16 + len(body), kind, _REQUEST_ACK_CREATE, number, 0) + body)
            answer = struct.unpack_from("=IHHIIi", kernel.recv(4096))
            if answer[1] == _ERROR and answer[5] not in (0, -errno.EEXIST):
                raise OSError(-answer[5], os.strerror(-answer[5]))


def _route(network: str) -> "tuple[int, bytes]":
    address, _, prefix = network.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    head = (family, int(prefix), 0, 0, _MAIN_TABLE, _RTPROT_STATIC, _UNIVERSE, _RTN_UNREACHABLE, 0)
    return _RTM_NEWROUTE, struct.pack("=BBBBBBBBI", *head) + _attribute(_RTA_DST, socket.inet_pton(family, address))


def _address(address: str) -> "tuple[int, bytes]":
    head = struct.pack("=BBBBI", socket.AF_INET, 32, 0, _UNIVERSE, _LOOPBACK_INDEX)
    return _RTM_NEWADDR, head + _attribute(_IFA_LOCAL, socket.inet_aton(address))


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value
