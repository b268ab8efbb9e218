"""Try what isolates workloads: run a program exactly as a workload would run."""

import os
import time
from pathlib import Path

from hothouse.launch.interfaces import Isolation, Layer, Mechanism, Network, WorkloadSpec

from .plans import make_plan
from .records import WorkloadFolder, status_of
from .starting import start_once

NOBODY = 65534
TRIAL_SECONDS = 20.0


def try_launch(mechanism: Mechanism, folder: Path, *layers: Layer) -> str | None:
    """Run `true` as a workload with these layers, its files below `folder`; returns what went wrong, None if it worked.

    Raises:
        LaunchError: not even a keeper could be started, or a program that the sandbox needs is missing.
    """
    uid = NOBODY if os.geteuid() == 0 else None
    network = Network(outbound=True)  # as far as the layers go
    spec = WorkloadSpec(
        workload_id="trial", argv=("true",), env={"PATH": os.defpath}, cwd=Path("/"), uid=uid, network=network
    )
    files = WorkloadFolder(folder / spec.workload_id)
    isolation = Isolation(level="weak", mechanism=mechanism, layers=layers)
    start_once(files, make_plan(spec, files.path, isolation, None))
    deadline = time.monotonic() + TRIAL_SECONDS
    while files.is_kept():
        if time.monotonic() > deadline:
            return f"a trial workload did not end within {TRIAL_SECONDS:.0f} s"
        time.sleep(0.005)
    record = files.state()
    status = status_of(record) if record else None
    if status is None:
        return "a trial workload left no record"
    return None if status.exit_code == 0 else status.reason
