"""Run the attack app as a workload at one level; also started by itself, as an ordinary user."""

import asyncio
import fcntl
import json
import os
import pickle
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.podman import PodmanLauncher
from hothouse.launch.interfaces import Phase, WorkloadSpec

DEADLINE_SECONDS = 100.0
ENTRY = "import sys; sys.path.insert(0, sys.argv[1]); from app.main import main; main()"


async def run(root: Path, preferred: preflight.Preference, spec: WorkloadSpec, report: Path) -> dict[str, Any]:
    """Start the workload, wait for its report, stop it, and add what is seen from outside."""
    isolation = preflight.detect_podman() if spec.image else preflight.detect(preferred)
    if "disk" not in isolation.layers:
        spec = replace(spec, limits=replace(spec.limits, disk_bytes=None))  # or the watch would end it half-way
    launcher = PodmanLauncher(root, lambda: isolation) if spec.image else LocalLauncher(root, isolation)
    await launcher.start(spec)
    await _until_done(launcher, spec.workload_id, report)
    await launcher.stop(spec.workload_id, grace_seconds=1)
    lines = [line async for line in launcher.logs(spec.workload_id)]
    return {
        "layers": list(isolation.layers),
        "level": isolation.level,
        "results": results(report),
        "survivors": survivors(report),
        "log_bytes": sum(path.stat().st_size for path in root.glob("*/log-*")),
        "platform_lines": [line.text for line in lines if line.stream == "platform"],
    }


async def _until_done(launcher: LocalLauncher, workload_id: str, report: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_done(report):
        status = await launcher.poll(workload_id)
        if status is None or status.phase is not Phase.running or time.monotonic() > deadline:
            said = [line.text async for line in launcher.logs(workload_id, tail=20)]
            raise RuntimeError(f"the attack app did not come to its end: {status}, {results(report)[-1:]}, {said}")
        await asyncio.sleep(0.05)


def is_done(report: Path) -> bool:
    return any(not line["name"] for line in results(report))


def results(report: Path) -> list[dict[str, Any]]:
    """Read the whole lines written so far."""
    file = report / "report.jsonl"
    text = file.read_text() if file.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def survivors(report: Path) -> list[str]:
    """Name the attacks whose process still lives, by the locks they hold."""
    return [path.stem for path in sorted(report.glob("*.lock")) if _is_locked(path)]


def _is_locked(path: Path) -> bool:
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(fd)


if __name__ == "__main__":
    root, preferred, spec, report = pickle.load(sys.stdin.buffer)
    print(json.dumps(asyncio.run(run(root, preferred, spec, report))))
