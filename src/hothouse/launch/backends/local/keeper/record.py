"""Write down how a workload stands, and how it ended."""

import json
import os
import signal
import time

from . import cgroup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Plan


class Record:
    """The state record, replaced in one step at every change."""

    def __init__(self, plan: "Plan") -> None:
        self._plan = plan
        self._fields: dict[str, object] = {**plan["record"], "keeper": os.getpid(), "started_at": time.time()}
        self._machine_kills = cgroup.machine_oom_kills()
        self._own_kills: int | None = None

    def write(self, phase: str, **fields: object) -> None:
        """Save a phase with what is known in it."""
        self._fields |= {"phase": phase, **fields}
        self._save(durably=phase == "exited")

    def note_oom_kills(self) -> None:
        """Read the count while the control groups are there."""
        self._own_kills = cgroup.oom_kills(self._plan["groups"])

    def write_end(
        self,
        wait_status: int | None,
        *,
        was_asked: bool,
        error: str | None,
        disk_complaint: str | None = None,
        was_let_down: bool = False,
    ) -> None:
        """Save how the program ended; no `wait_status` means that it never started."""
        code, number = self._outcome(wait_status)
        out_of_memory = wait_status != 0 and not was_asked and not disk_complaint and self._ran_out_of_memory(number)
        self.write(
            "exited",
            finished_at=time.time(),
            exit_code=code,
            signal=number,
            error=error,
            disk_complaint=disk_complaint,
            out_of_memory=out_of_memory,
            was_let_down=was_let_down,
        )

    def _outcome(self, wait_status: int | None) -> tuple[int | None, int | None]:
        """Split the wait status; bubblewrap and podman, like a shell, report a signal as 128 plus its number."""
        if wait_status is None:
            return 127, None
        if os.WIFSIGNALED(wait_status):
            return None, os.WTERMSIG(wait_status)
        code = os.WEXITSTATUS(wait_status)
        if self._plan["mechanism"] != "process" and 128 < code <= 128 + 64:
            return None, code - 128
        return code, None

    def _ran_out_of_memory(self, number: int | None) -> bool:
        """Ask the control group; without one, suspect it of a SIGKILL while the machine ran out of memory."""
        if self._own_kills is not None:
            return self._own_kills > 0
        machine = cgroup.machine_oom_kills()
        grew = machine is not None and self._machine_kills is not None and machine > self._machine_kills
        return number == signal.SIGKILL and grew

    def _save(self, *, durably: bool) -> None:
        with open("state.tmp", "w", encoding="utf-8") as file:  # noqa: PTH123 - see log.py
            json.dump(self._fields, file)
            if durably:
                file.flush()
                os.fsync(file.fileno())
        os.replace("state.tmp", "state.json")  # noqa: PTH105 - see log.py
