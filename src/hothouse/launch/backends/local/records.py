"""The folder of one workload: its lock, its state record, its log.

A keeper holds an exclusive `flock` on `lock` for as long as it lives, from before the workload is spawned (the
launcher takes it and hands the open file down), so a free lock proves that no keeper is there.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hothouse.launch.interfaces import Isolation, Phase, Status


class WorkloadFolder:
    """Read and change the files of one workload."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.workload_id = path.name

    def state(self) -> dict[str, Any] | None:
        """Read the state record; None while there is none (or a power cut left half of one)."""
        try:
            record: dict[str, Any] = json.loads((self.path / "state.json").read_bytes())
        except (OSError, ValueError):
            return None
        return record

    def mark_lost(self, record: dict[str, Any]) -> None:
        """Write down that the keeper is gone without having recorded an end."""
        record |= {"phase": "lost", "finished_at": datetime.now(UTC).timestamp()}
        partial = self.path / "state.lost"
        partial.write_text(json.dumps(record), encoding="utf-8")
        partial.replace(self.path / "state.json")

    def is_kept(self) -> bool:
        """Tell whether somebody holds the lock: a keeper, or a launcher that is just starting one."""
        try:
            fd = os.open(self.path / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(fd)

    @contextmanager
    def locked(self) -> Iterator[int | None]:
        """Take the lock if it is free, else yield None; it is let go at the end unless a keeper inherited it.

        Asking `is_kept` holds the lock for microseconds, so being refused once does not mean that there is a keeper.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield fd if self._take_soon(fd) else None
        finally:
            os.close(fd)

    def _take_soon(self, fd: int) -> bool:
        for _ in range(10):
            if self._take(fd):
                return True
            time.sleep(0.002)
        return False

    def _take(self, fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever discarded the workload meanwhile removed the file we hold; a new one has another number.
            return os.fstat(fd).st_ino == (self.path / "lock").stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            return False


def isolation_record(isolation: Isolation) -> dict[str, Any]:
    """Write an isolation as plain data."""
    return {
        "level": isolation.level,
        "mechanism": isolation.mechanism,
        "layers": list(isolation.layers),
        "reasons": list(isolation.reasons),
    }


def status_of(record: dict[str, Any]) -> Status:
    """Read a state record."""
    phase = Phase.running if record["phase"] == "starting" else Phase(record["phase"])
    isolation = record["isolation"]
    return Status(
        workload_id=record["workload_id"],
        phase=phase,
        pid=record.get("pid"),
        exit_code=record.get("exit_code"),
        signal=record.get("signal"),
        out_of_memory=bool(record.get("out_of_memory")),
        started_at=datetime.fromtimestamp(record["started_at"], UTC),
        finished_at=_moment(record.get("finished_at")),
        isolation=Isolation(
            level=isolation["level"],
            mechanism=isolation["mechanism"],
            layers=tuple(isolation.get("layers", ())),
            reasons=tuple(isolation["reasons"]),
        ),
        memory_limit_bytes=record.get("memory_limit_bytes"),
        disk_complaint=record.get("disk_complaint"),
        error=record.get("error"),
        was_let_down=phase is Phase.lost or bool(record.get("was_let_down")),
        endpoint=record.get("endpoint"),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
