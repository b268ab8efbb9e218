"""How a status puts itself into words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hothouse.launch.interfaces import Isolation, Phase, Status

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def status(**changes: Any) -> Status:
    values: dict[str, Any] = {
        "workload_id": "w",
        "phase": Phase.exited,
        "pid": 1,
        "exit_code": None,
        "signal": None,
        "out_of_memory": False,
        "started_at": NOW,
        "finished_at": NOW,
        "isolation": Isolation(level="weak", mechanism="process"),
    }
    return Status(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phase": Phase.running}, "running"),
        ({"exit_code": 0}, "exited with code 0"),
        ({"exit_code": 1}, "exited with code 1"),
        ({"signal": 9}, "killed by signal 9 (SIGKILL)"),
        ({"signal": 40}, "killed by signal 40 (real-time signal)"),
        ({"signal": 9, "out_of_memory": True}, "out of memory"),
        (
            {"signal": 9, "out_of_memory": True, "memory_limit_bytes": 512 * 2**20},
            "out of memory (limit 512 MiB)",
        ),
        ({"phase": Phase.lost}, "lost: the process that kept it was killed, so how it ended is unknown"),
        (
            {"exit_code": 127, "error": "could not start x: No such file or directory"},
            "could not start x: No such file or directory",
        ),
    ],
)
def test_reason(changes: dict[str, Any], reason: str) -> None:
    assert status(**changes).reason == reason
