"""Try podman: run a program in a container exactly as a workload would run."""

import os
import subprocess
import time
from pathlib import Path

from hothouse.launch.backends.local.records import WorkloadFolder, status_of
from hothouse.launch.backends.local.starting import start_once
from hothouse.launch.backends.local.trial import NOBODY
from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Isolation, Layer, Network, WorkloadSpec

from .plans import make_plan
from .tool import find_podman

IMAGE = "localhost/hothouse/empty:1"
INIT = "/run/podman-init"
"""Where podman shows its own first process: the one program there is in an empty image."""
TRIAL_SECONDS = 30.0
_EMPTY_ARCHIVE = bytes(10240)


def try_podman(folder: Path, *layers: Layer) -> str | None:
    """Run a program in an empty image with these layers; returns what went wrong, None if it worked.

    Raises:
        LaunchError: not even a keeper could be started, or a program that podman needs is missing.
    """
    _make_image()
    spec = WorkloadSpec(
        workload_id="trial",
        argv=(INIT, "--version"),
        env={"PATH": os.defpath},
        cwd=Path("/"),
        uid=NOBODY if os.geteuid() == 0 else None,
        network=Network(outbound=True),  # as far as the layers go
        image=IMAGE,
    )
    files = WorkloadFolder(folder / spec.workload_id)
    isolation = Isolation(level="container", mechanism="podman", layers=layers)
    start_once(files, make_plan(spec, files.path, isolation, None))
    deadline = time.monotonic() + TRIAL_SECONDS
    while files.is_kept():
        if time.monotonic() > deadline:
            return f"a trial container did not end within {TRIAL_SECONDS:.0f} s"
        time.sleep(0.01)
    record = files.state()
    status = status_of(record) if record else None
    if status is None:
        return "a trial container left no record"
    return None if status.exit_code == 0 else status.reason


def _make_image() -> None:
    podman = find_podman()
    there = _run(podman.command("image", "exists", IMAGE), podman.env)
    if there.returncode == 0:
        return
    made = _run(podman.command("import", "-", IMAGE), podman.env, _EMPTY_ARCHIVE)
    if made.returncode:
        raise IsolationMissingError(f"podman cannot keep images here: {made.stderr.decode(errors='replace').strip()}")


def _run(argv: list[str], env: dict[str, str], said: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(argv, env=env, input=said, capture_output=True, check=False, timeout=TRIAL_SECONDS)
