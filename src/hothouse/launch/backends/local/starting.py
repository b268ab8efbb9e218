"""Spawn a keeper for a workload, once."""

import json
import subprocess
import sys
from pathlib import Path

from hothouse.launch.errors import LaunchError

from .keeper.plan import Plan
from .records import WorkloadFolder

START_SECONDS = 15.0
_KEEPER = "import sys; sys.path.insert(0, sys.argv[1]); from keeper.main import main; main()"


def start_once(folder: WorkloadFolder, plan: Plan) -> bool:
    """Spawn a keeper if nobody has; False where another holds the lock.

    The lock is taken here and inherited by the keeper: if this process dies now there is no moment at which a second
    caller could start the workload again.
    """
    with folder.locked() as lock:
        if lock is None:
            return False
        if folder.state() is None:
            argv = [sys.executable, "-I", "-S", "-E", "-c", _KEEPER, str(Path(__file__).parent), str(lock)]
            argv.append(folder.workload_id)
            _run_starter(argv, plan, lock)
        return True


def _run_starter(argv: list[str], plan: Plan, lock: int) -> None:
    """Run the program that leaves the keeper behind; it ends as soon as the workload is spawned."""
    with subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={},
        cwd="/",
        pass_fds=(lock,),
        start_new_session=True,
    ) as starter:
        _, complaint = starter.communicate(json.dumps(plan).encode(), timeout=START_SECONDS)
    if starter.returncode:
        raise LaunchError(f"the keeper of {plan['folder']} failed: {complaint.decode()[-1000:]}")
