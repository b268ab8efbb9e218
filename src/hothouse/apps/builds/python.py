"""The interpreter environments are made from: the platform's own base Python."""

import hashlib
import platform
import sys
import sysconfig
from importlib import resources
from pathlib import Path

from uv import find_uv_bin


def base_python() -> str:
    """Give the path of the base interpreter, outside of any virtual environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def version() -> str:
    return platform.python_version()


def uv_program() -> Path:
    """Give the path of uv. Raises: FileNotFoundError when it is not installed."""
    return Path(find_uv_bin())


def starters() -> dict[str, bytes]:
    """Read the start scripts that go into every environment, by file name."""
    folder = resources.files("hothouse.apps.builds.starters")
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.startswith("start_")}


def environment_key(lock: str, app_id: str | None) -> str:
    """Name the environment of a lock on this interpreter and machine; `app_id` where it is an app's alone."""
    parts = [lock, version(), base_python(), sysconfig.get_platform(), app_id or ""]
    digest = hashlib.sha256("\0".join(parts).encode())
    for name, content in sorted(starters().items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:40]
