"""Try the sandbox: run a program in it exactly as a workload would run."""

import os
import time
from pathlib import Path

from hothouse.launch.interfaces import Isolation, WorkloadSpec

from .plans import make_plan
from .records import WorkloadFolder, status_of
from .starting import start_once

NOBODY = 65534
TRIAL_SECONDS = 20.0


def try_sandbox(folder: Path) -> str | None:
    """Run `true` in bubblewrap, with its files below `folder`; returns what went wrong, None if it worked.

    Raises:
        LaunchError: not even a keeper could be started, or a program that the sandbox needs is missing.
    """
    uid = NOBODY if os.geteuid() == 0 else None
    spec = WorkloadSpec(workload_id="trial", argv=("true",), env={"PATH": os.defpath}, cwd=Path("/"), uid=uid)
    files = WorkloadFolder(folder / spec.workload_id)
    start_once(files, make_plan(spec, files.path, Isolation(level="good", mechanism="bubblewrap"), None))
    deadline = time.monotonic() + TRIAL_SECONDS
    while files.is_kept():
        if time.monotonic() > deadline:
            return f"a trial sandbox did not end within {TRIAL_SECONDS:.0f} s"
        time.sleep(0.005)
    record = files.state()
    status = status_of(record) if record else None
    if status is None:
        return "a trial sandbox left no record"
    return None if status.exit_code == 0 else status.reason
