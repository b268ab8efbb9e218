"""The filter of system calls in the form that container runtimes take: podman's own list without what ours denies."""

import errno
import json
from functools import cache
from pathlib import Path
from typing import Any

from hothouse.launch.backends.local import seccomp

_PROFILES = ("/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json")
_TERMINAL_TRICKS = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX, which differ in bits 1 to 3 alone
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_NETLINK, _ROUTE = 16, 0
_NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
_NEW_TIME = 0x80  # of `unshare` only, in `clone` these bits are a signal
_NAMESPACES = {"clone": _NEW_NAMESPACES, "unshare": (*_NEW_NAMESPACES, _NEW_TIME)}
_RESTRICTED = {
    "socket",
    "socketpair",
    "ioctl",
    *_NAMESPACES,
    "clone3",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
}


def is_known() -> bool:
    """Tell whether there is a list to start from."""
    return _base() is not None


@cache
def profile() -> str:
    """Return the filter as JSON; a call that is not on podman's list is refused, as is one that ours denies."""
    base = _base()
    if base is None:
        raise FileNotFoundError(errno.ENOENT, "podman's list of system calls is missing", _PROFILES[-1])
    closed = seccomp.denied_names() | _RESTRICTED
    rules = []
    for rule in base["syscalls"]:
        names = [name for name in rule["names"] if name not in closed]
        if names and rule["action"] == "SCMP_ACT_ALLOW":
            rules.append({**rule, "names": names})
    unknown = [name for name in _RESTRICTED if name.startswith(("clone3", "io_uring"))]
    rules += [_refuse(sorted(unknown), errno.ENOSYS), _refuse(sorted(seccomp.denied_names()), errno.EPERM)]
    rules += [*_sockets(), *_namespaces(), *_terminals()]
    return json.dumps({**base, "syscalls": rules})


@cache
def _base() -> dict[str, Any] | None:
    for path in _PROFILES:
        try:
            found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return found
    return None


def _refuse(names: list[str], number: int, *tests: dict[str, Any]) -> dict[str, Any]:
    return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": number, "args": list(tests)}


def _sockets() -> list[dict[str, Any]]:
    names = ["socket", "socketpair"]
    usual = [_allow(names, _is(0, family)) for family in _FAMILIES]
    return [*usual, _allow(names, _is(0, _NETLINK), _is(2, _ROUTE))]


def _namespaces() -> list[dict[str, Any]]:
    """Allow the calls that may make namespaces, as long as they make none."""
    rules = []
    for name, flags in _NAMESPACES.items():
        rules.append(_allow([name], _has(0, sum(flags), 0)))
        rules += [_refuse([name], errno.EPERM, _has(0, flag, flag)) for flag in flags]
    return rules


def _terminals() -> list[dict[str, Any]]:
    """Allow `ioctl` but for two commands, of which the kernel reads the lower half of the argument alone.

    Rules can only say which bits must be set how: one rule for each bit in which a command may differ from both, and
    one for each pattern of the bits in which those two differ from each other.
    """
    first, second = _TERMINAL_TRICKS
    own = first ^ second
    same = [1 << bit for bit in range(32) if not own >> bit & 1]
    rules = [_allow(["ioctl"], _has(1, mask, ~first & mask)) for mask in same]
    rules += [_refuse(["ioctl"], errno.EPERM, _has(1, 0xFFFFFFFF, trick)) for trick in _TERMINAL_TRICKS]
    patterns = [value for value in range(0, own + 1, 2) if value & ~own == 0]
    return rules + [
        _allow(["ioctl"], _has(1, own, each)) for each in patterns if each not in (first & own, second & own)
    ]


def _allow(names: list[str], *tests: dict[str, Any]) -> dict[str, Any]:
    return {"names": names, "action": "SCMP_ACT_ALLOW", "args": list(tests)}


def _is(position: int, value: int) -> dict[str, Any]:
    return {"index": position, "value": value, "valueTwo": 0, "op": "SCMP_CMP_EQ"}


def _has(position: int, mask: int, value: int) -> dict[str, Any]:
    return {"index": position, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}
