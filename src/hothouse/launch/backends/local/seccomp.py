"""The system calls that no workload may make, as the program the kernel runs at each call (seccomp BPF).

A list of what is denied, so that programs nobody here has heard of run; calls newer than the list are answered as an
older kernel would (ENOSYS), so that nothing gets in unseen. Why it is not libseccomp: `docs/adr/0015-containment.md`.
"""

import errno
import platform
import struct
from dataclasses import dataclass
from typing import Literal

_NEWEST = 469
"""The last call that was looked at (`file_setattr`, Linux 6.17); numbers are the same everywhere since 424."""

_DENIED: dict[str, tuple[int | None, int | None]] = {  # name: number on x86-64, on aarch64
    # Mounts, roots, quotas
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # Namespaces (for `clone` and `unshare` see below)
    "setns": (308, 268),
    # The machine itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "create_module": (174, None), "query_module": (178, None),
    "get_kernel_syms": (177, None), "reboot": (169, 142), "syslog": (103, 116), "acct": (163, 89),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None),
    "modify_ldt": (154, None), "vhangup": (153, 58), "nfsservctl": (180, 42), "_sysctl": (156, None),
    "uselib": (134, None), "ustat": (136, None), "sysfs": (139, None), "lookup_dcookie": (212, 18),
    # Other processes, and tracing: with it a workload would take the sandbox's own first process over
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "perf_event_open": (298, 241), "bpf": (321, 280),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    # The kernel's keyrings, which no namespace keeps apart
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # Memory and files past the usual checks
    "userfaultfd": (323, 282), "migrate_pages": (256, 238), "move_pages": (279, 239), "open_by_handle_at": (304, 265),
}  # fmt: skip
_UNKNOWN_HERE: dict[str, tuple[int, int]] = {
    # Answered as if the kernel had none: the C library falls back to `clone`, whose flags can be looked at.
    "clone3": (435, 435),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
_CLONE, _UNSHARE, _IOCTL, _SOCKET, _SOCKETPAIR, _PERSONALITY = (
    (56, 220), (272, 97), (16, 29), (41, 198), (53, 199), (135, 92),
)  # fmt: skip
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_NEW_TIME = 0x80  # CLONE_NEWTIME: of `unshare` only, in `clone` these bits are a signal
_TERMINAL_TRICKS = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: type into the terminal of whoever looks at it
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_NETLINK = 16  # AF_NETLINK: of it NETLINK_ROUTE alone, by which programs list their interfaces
_PERSONALITIES = (0, 8, 0x20000, 0x20008, 0xFFFFFFFF)  # Linux, or asking which; none without address randomization

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_LOAD, _EQUALS, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06


@dataclass(frozen=True, slots=True)
class _Architecture:
    audit: int
    column: Literal[0, 1]


_ARCHITECTURES = {"x86_64": _Architecture(0xC000003E, 0), "aarch64": _Architecture(0xC00000B7, 1)}


def is_known(machine: str | None = None) -> bool:
    """Tell whether there is a filter for this kind of processor."""
    return (machine or platform.machine()) in _ARCHITECTURES


def program(machine: str | None = None) -> bytes:
    """Assemble the filter (an array of `struct sock_filter`) for this kind of processor, or the one named."""
    architecture = _ARCHITECTURES[machine or platform.machine()]
    column = architecture.column
    code = [
        _load(_ARCHITECTURE_AT),
        _jump(_EQUALS, architecture.audit, over=1),
        _error(errno.ENOSYS),  # 32-bit programs on a 64-bit kernel: other numbers, other checks
        _load(_NUMBER_AT),
        _jump(_GREATER, _NEWEST, over=0, otherwise=1),  # also all of the x32 numbers
        _error(errno.ENOSYS),
    ]
    for numbers in _UNKNOWN_HERE.values():
        code += _when(numbers[column], [_error(errno.ENOSYS)])
    for numbers_or_none in _DENIED.values():
        if (number := numbers_or_none[column]) is not None:
            code += _when(number, [_error(errno.EPERM)])
    code += _when(_CLONE[column], _unless_bits(0, _NEW_NAMESPACES))
    code += _when(_UNSHARE[column], _unless_bits(0, _NEW_NAMESPACES | _NEW_TIME))
    code += _when(_IOCTL[column], _none_of(1, _TERMINAL_TRICKS))
    code += _when(_PERSONALITY[column], _only(0, _PERSONALITIES, errno.EPERM))
    for number in (_SOCKET[column], _SOCKETPAIR[column]):
        code += _when(number, _only_families())
    return b"".join([*code, _return(_ALLOW)])


def _statement(operation: int, value: int, on_true: int = 0, on_false: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, on_true, on_false, value)


def _load(offset: int) -> bytes:
    return _statement(_LOAD, offset)


def _load_argument(position: int) -> bytes:
    """Load the lower half of an argument (both architectures are little-endian); the kernel reads no more of these."""
    return _load(_ARGUMENTS_AT + 8 * position)


def _jump(test: int, value: int, *, over: int, otherwise: int = 0) -> bytes:
    """Skip `over` statements if the test holds, else `otherwise`."""
    return _statement(test, value, over, otherwise)


def _return(action: int) -> bytes:
    return _statement(_RETURN, action)


def _error(number: int) -> bytes:
    return _return(_ERRNO | number)


def _when(number: int, then: list[bytes]) -> list[bytes]:
    """Do `then`, which ends in a decision, for one call; others pass by with the number still loaded."""
    return [_jump(_EQUALS, number, over=0, otherwise=len(then)), *then]


def _unless_bits(position: int, bits: int) -> list[bytes]:
    return [_load_argument(position), _jump(_ANY_BIT, bits, over=1), _return(_ALLOW), _error(errno.EPERM)]


def _none_of(position: int, values: tuple[int, ...]) -> list[bytes]:
    return [*_compare(position, values), _return(_ALLOW), _error(errno.EPERM)]


def _only(position: int, values: tuple[int, ...], number: int) -> list[bytes]:
    return [*_compare(position, values), _error(number), _return(_ALLOW)]


def _compare(position: int, values: tuple[int, ...]) -> list[bytes]:
    """Skip the statement that follows if an argument is among the values."""
    tests = [_jump(_EQUALS, value, over=len(values) - at) for at, value in enumerate(values)]
    return [_load_argument(position), *tests]


def _only_families() -> list[bytes]:
    netlink = [
        _jump(_EQUALS, _NETLINK, over=0, otherwise=2),
        _load_argument(2),
        _jump(_EQUALS, 0, over=1),
        _error(errno.EAFNOSUPPORT),
        _return(_ALLOW),
    ]
    usual = [_jump(_EQUALS, family, over=len(netlink) + len(_FAMILIES) - 2 - at) for at, family in enumerate(_FAMILIES)]
    return [_load_argument(0), *usual, *netlink]


def denied_names() -> frozenset[str]:
    """Name the calls that are denied whatever they are asked to do."""
    return frozenset(_DENIED)
