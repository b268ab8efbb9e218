"""The filter of system calls, run by a small machine for the kernel's BPF, on both kinds of processor."""

import errno
import re
import struct
from pathlib import Path

import pytest

from hothouse.launch.backends.local import seccomp

ALLOWED = 0
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS = {  # what the tests name: number on x86-64, on aarch64
    "read": (0, 63), "execve": (59, 221), "futex": (202, 98), "setns": (308, 268), "clone": (56, 220),
    "clone3": (435, 435),

    "unshare": (272, 97), "mount": (165, 40), "ptrace": (101, 117), "bpf": (321, 280), "socket": (41, 198),
    "socketpair": (53, 199), "ioctl": (16, 29), "personality": (135, 92), "io_uring_setup": (425, 425),
    "seccomp": (317, 277), "landlock_create_ruleset": (444, 444), "memfd_create": (319, 279), "keyctl": (250, 219),
}  # fmt: skip
THREAD, FORK = 0x3D0F00, 0x1200011


class Filter:
    """The filter of one kind of processor."""

    def __init__(self, machine: str) -> None:
        self.machine = machine
        self.code = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))

    def __call__(self, call: str | int, *arguments: int, audit: int | None = None) -> int:
        """Return the error number that a call is answered with, 0 if it is allowed."""
        number = CALLS[call][self.machine == "aarch64"] if isinstance(call, str) else call
        padded = (*arguments, *[0] * (6 - len(arguments)))
        data = struct.pack("=IIQ6Q", number, AUDIT[self.machine] if audit is None else audit, 0, *padded)
        return _run(self.code, data)


def _run(code: list[tuple[int, ...]], data: bytes) -> int:
    at = accumulator = 0
    tests = {0x15: lambda a, k: a == k, 0x25: lambda a, k: a > k, 0x45: lambda a, k: bool(a & k)}
    while True:
        operation, on_true, on_false, value = code[at]
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == 0x06:
            assert value >> 16 in (0x7FFF, 0x0005)
            return value & 0xFFFF
        else:
            at += on_true if tests[operation](accumulator, value) else on_false


@pytest.fixture(params=["x86_64", "aarch64"])
def check(request: pytest.FixtureRequest) -> Filter:
    return Filter(request.param)


class TestCalls:
    @pytest.mark.parametrize("call", ["read", "execve", "futex", "seccomp", "landlock_create_ruleset", "memfd_create"])
    def test_usual(self, check: Filter, call: str) -> None:
        assert check(call) == ALLOWED

    @pytest.mark.parametrize("call", ["setns", "mount", "ptrace", "bpf", "keyctl"])
    def test_denied(self, check: Filter, call: str) -> None:
        assert check(call) == errno.EPERM

    @pytest.mark.parametrize("call", ["clone3", "io_uring_setup", 470, 2**30 + 1, 0xFFFFFFFF])
    def test_as_if_the_kernel_had_none(self, check: Filter, call: str | int) -> None:
        assert check(call) == errno.ENOSYS

    def test_of_another_processor(self, check: Filter) -> None:
        """32-bit calls have other numbers, and a filter that took them for ours would let everything through."""
        assert check("read", audit=0x40000003) == errno.ENOSYS

    def test_unknown_processor(self) -> None:
        assert not seccomp.is_known("riscv64")
        assert seccomp.is_known("x86_64")


class TestArguments:
    @pytest.mark.parametrize("flags", [THREAD, FORK, 17, 0x4111])
    def test_clone_without_namespaces(self, check: Filter, flags: int) -> None:
        assert check("clone", flags) == ALLOWED

    @pytest.mark.parametrize("bit", [17, 25, 26, 27, 28, 29, 30])
    def test_clone_into_a_namespace(self, check: Filter, bit: int) -> None:
        assert check("clone", FORK | 1 << bit) == errno.EPERM
        assert check("unshare", 1 << bit) == errno.EPERM

    def test_unshare(self, check: Filter) -> None:
        assert check("unshare", 0x600) == ALLOWED  # files and working folder
        assert check("unshare", 0x80) == errno.EPERM  # time

    @pytest.mark.parametrize("command", [0x5412, 0x541C, 0x5412 | 1 << 32])
    def test_typing_into_a_terminal(self, check: Filter, command: int) -> None:
        """The kernel looks at the lower half alone, and so a bit above must not hide it."""
        assert check("ioctl", 0, command) == errno.EPERM
        assert check("ioctl", 0, 0x5413) == ALLOWED

    @pytest.mark.parametrize("call", ["socket", "socketpair"])
    @pytest.mark.parametrize("family", [1, 2, 10])
    def test_usual_sockets(self, check: Filter, call: str, family: int) -> None:
        assert check(call, family, 1, 6) == ALLOWED

    @pytest.mark.parametrize("family", [17, 38, 40, 15, 21, 29, 30, 31, 0, 45])
    def test_unusual_sockets(self, check: Filter, family: int) -> None:
        assert check("socket", family) == errno.EAFNOSUPPORT

    def test_netlink_for_routes_only(self, check: Filter) -> None:
        assert check("socket", 16, 3, 0) == ALLOWED
        assert check("socket", 16, 3, 12) == errno.EAFNOSUPPORT

    def test_personality(self, check: Filter) -> None:
        assert check("personality", 0xFFFFFFFF) == ALLOWED
        assert check("personality", 0x40000) == errno.EPERM


HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


@pytest.mark.skipif(not HEADER.exists(), reason="the kernel's headers are not installed")
def test_numbers_are_those_of_the_kernel() -> None:
    given = {name: int(number) for name, number in re.findall(r"__NR_(\w+)\s+(\d+)", HEADER.read_text())}
    ours = {name: numbers[0] for name, numbers in (seccomp._DENIED | seccomp._UNKNOWN_HERE).items()}
    newer = {"open_tree_attr"}
    assert {name: number for name, number in ours.items() if name not in newer} == {
        name: given[name] for name in ours if name not in newer
    }
