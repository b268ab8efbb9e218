"""The filter of system calls for containers, asked as the kernel would ask it: what it allows is what ours allows."""

import json
from typing import Any

import pytest

from hothouse.launch.backends.local import seccomp
from hothouse.launch.backends.podman import filtering

pytestmark = pytest.mark.skipif(not filtering.is_known(), reason="podman's list of system calls is not installed")


def allows(name: str, *arguments: int) -> bool:
    """Tell whether some rule allows a call and none refuses it."""
    found = {rule["action"] for rule in json.loads(filtering.profile())["syscalls"] if matches(rule, name, arguments)}
    return found == {"SCMP_ACT_ALLOW"}


def matches(rule: dict[str, Any], name: str, arguments: tuple[int, ...]) -> bool:
    return name in rule["names"] and all(holds(test, arguments) for test in rule["args"] or ())


def holds(test: dict[str, Any], arguments: tuple[int, ...]) -> bool:
    given = arguments[test["index"]]
    if test["op"] == "SCMP_CMP_MASKED_EQ":
        return given & test["value"] == int(test["valueTwo"])
    assert test["op"] == "SCMP_CMP_EQ"
    return given == int(test["value"])


@pytest.mark.parametrize("name", ["read", "execve", "fork", "openat", "mmap", "futex", "wait4", "kill"])
def test_what_programs_need(name: str) -> None:
    assert allows(name)


@pytest.mark.parametrize("name", sorted(seccomp.denied_names()))
def test_what_ours_denies(name: str) -> None:
    assert not allows(name)


@pytest.mark.parametrize("name", ["clone3", "io_uring_setup"])
def test_what_is_answered_as_by_an_older_kernel(name: str) -> None:
    assert not allows(name)


@pytest.mark.parametrize("command", [0x5412, 0x541C, 0x1_0000_5412, 0xFFFF_FFFF_0000_541C])
def test_nothing_is_typed_into_terminals(command: int) -> None:
    assert not allows("ioctl", 1, command)


@pytest.mark.parametrize("command", [0, 0x5401, 0x5410, 0x5413, 0x5414, 0x541B, 0x541E, 0x5421, 0x80045430, 0x1_5412])
def test_other_commands(command: int) -> None:
    assert allows("ioctl", 1, command)


@pytest.mark.parametrize(("family", "protocol", "is_allowed"), [
    (1, 0, True), (2, 6, True), (10, 0, True), (16, 0, True), (16, 9, False), (16, 15, False), (17, 0, False),
    (40, 0, False), (38, 0, False),
])  # fmt: skip
def test_sockets(family: int, protocol: int, is_allowed: bool) -> None:
    assert allows("socket", family, 1, protocol) == is_allowed


def test_new_processes_but_no_namespaces() -> None:
    assert allows("clone", 0x3D0F00)  # a thread
    assert allows("clone", 17)  # a process
    assert not any(allows("clone", 17 | flag) for flag in (0x20000, 0x10000000, 0x40000000, 0x7E020000))
    assert allows("unshare", 0x400)
    assert not any(allows("unshare", flag) for flag in (0x80, 0x10000000, 0x40000000))
