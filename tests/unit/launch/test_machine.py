"""What the machine has, as control groups let this process have it."""

from pathlib import Path

import pytest

from hothouse.launch import machine

MIB = 2**20


class Machine:
    """Files as Linux shows them."""

    def __init__(self, root: Path) -> None:
        self.cgroups, self.proc = root / "cgroup", root / "proc"
        (self.proc / "self").mkdir(parents=True)
        self.cgroups.mkdir()
        (self.proc / "meminfo").write_text("MemTotal:       8388608 kB\nMemAvailable:   1048576 kB\n")

    def put(self, path: str, text: str) -> None:
        file = self.cgroups / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def belongs(self, *lines: str) -> None:
        (self.proc / "self" / "cgroup").write_text("\n".join(lines) + "\n")


@pytest.fixture
def made(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_memory_of_a_machine_without_groups(made: Machine) -> None:
    assert machine.memory_bytes(made.cgroups, made.proc) == 8 * 1024 * MIB
    assert machine.free_bytes(made.proc) == 1024 * MIB


@pytest.mark.parametrize(
    ("line", "file", "limit"),
    [
        ("0::/lab/hub", "lab/memory.max", f"{512 * MIB}\n"),
        ("0::/seen/outside/only", "memory.max", f"{512 * MIB}\n"),
        ("4:memory:/lab", "memory/lab/memory.limit_in_bytes", f"{512 * MIB}\n"),
    ],
)
def test_memory_is_limited_by_a_group_above(made: Machine, line: str, file: str, limit: str) -> None:
    made.belongs(line)
    made.put(file, limit)
    assert machine.memory_bytes(made.cgroups, made.proc) == 512 * MIB


@pytest.mark.parametrize("text", ["max\n", "9223372036854771712\n"])
def test_no_limit_of_a_group(made: Machine, text: str) -> None:
    made.belongs("0::/", "4:memory:/")
    made.put("memory.max", text)
    made.put("memory/memory.limit_in_bytes", text)
    assert machine.memory_bytes(made.cgroups, made.proc) == 8 * 1024 * MIB


def test_cores_are_limited_by_a_quota(made: Machine) -> None:
    made.belongs("0::/lab")
    made.put("lab/cpu.max", "50000 100000\n")
    assert machine.cores(made.cgroups, made.proc) == 0.5
    made.put("lab/cpu.max", "max 100000\n")
    assert machine.cores(made.cgroups, made.proc) >= 1
    made.belongs("5:cpu,cpuacct:/lab")
    made.put("cpu/lab/cpu.cfs_quota_us", "25000\n")
    made.put("cpu/lab/cpu.cfs_period_us", "100000\n")
    assert machine.cores(made.cgroups, made.proc) == 0.25
