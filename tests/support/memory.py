"""Folders in memory: a database that syncs every write waits for the disk most of all."""

import shutil
import tempfile
from pathlib import Path

MEMORY, ROOM_BYTES = Path("/dev/shm"), 3 * 2**30


def quick_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder in memory, or on the disk where there is no room; whoever asked for it cleans it up."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return tempfile.TemporaryDirectory(dir=MEMORY if has_room else None, prefix="hothouse-tests-")
