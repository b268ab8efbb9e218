"""End the apps and builds that this installation runs, whoever of the platform's processes started them."""

import asyncio
from pathlib import Path

FOLDERS = ("workloads", "containers", "builds")


async def stop_workloads(home: Path, *, grace_seconds: float) -> None:
    """Stop every workload below `home`: SIGTERM, after the grace period SIGKILL; returns when none is left."""
    from hothouse.launch import disks  # noqa: PLC0415 - only loaded for the stop
    from hothouse.launch.backends.local import LocalLauncher  # noqa: PLC0415
    from hothouse.launch.interfaces import Isolation  # noqa: PLC0415

    # Nothing is started here, so how well a new workload would be contained does not matter.
    isolation = Isolation(level="weak", mechanism="process")
    launchers = [LocalLauncher(home / name, isolation) for name in FOLDERS if (home / name).is_dir()]
    await asyncio.gather(*(launcher.stop_all(grace_seconds=grace_seconds) for launcher in launchers))
    await asyncio.to_thread(disks.release_below, home)
