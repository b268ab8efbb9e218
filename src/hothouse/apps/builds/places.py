"""Where builds keep what: all below `<home>/envs`, and who may write it.

    <key>/                  a finished environment, read-only from then on
    .cache/                 shared area: uv's cache and unfinished environments; written only by builds that run no
                            foreign code
    .private/<app id>/      the same for one app whose packages have to be built from source
    .control/<build id>/    what a build reads: requirements, options, scripts; the build cannot write it
    .wheels/<digest>/       wheels of hothouse-sdk
    .locks/                 results of resolving, and file locks

A finished environment moves from its area to its place by one rename, so a crash leaves no half of one there.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from hothouse.apps.builds.kinds import STARTERS_FOLDER

COMPLETE_FILE = "complete.json"
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAX_LOCK_BYTES = 8 * 2**20
_MAX_ABOUT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Area:
    """A folder that builds write into. `root` is one mount, so that uv can hard-link from the cache."""

    root: Path
    uid: int | None

    @property
    def cache(self) -> Path:
        return self.root / "uv"

    def staging(self, build_id: str) -> Path:
        return self.root / "staging" / build_id

    def prepare(self) -> None:
        """Make the folder, and give it to the user that builds run as."""
        self.root.mkdir(parents=True, exist_ok=True)
        if self.uid is not None and self.root.stat().st_uid != self.uid:
            os.chown(self.root, self.uid, self.uid)

    def read_lock(self, build_id: str) -> str | None:
        """Read the lock a build left, without following links: code of the build may have written here."""
        try:
            with _Opened(self.root, build_id) as folder:
                descriptor = os.open("lock.txt", _FILE_FLAGS, dir_fd=folder)
                with os.fdopen(descriptor, "rb") as file:
                    content = file.read(_MAX_LOCK_BYTES + 1)
        except OSError:
            return None
        return content.decode(errors="replace") if len(content) <= _MAX_LOCK_BYTES else None

    def publish(self, build_id: str, target: Path) -> bool:
        """Move a finished environment to its place; False when it is not there or another build was first."""
        try:
            with _Opened(self.root, build_id) as folder:
                os.rename("env", target, src_dir_fd=folder)
        except OSError:
            return False
        return True

    def clear(self, build_id: str) -> None:
        """Remove what a build left behind."""
        try:
            with _Opened(self.root) as folder:
                shutil.rmtree(build_id, ignore_errors=True, dir_fd=folder)
        except OSError:
            return


class _Opened:
    """The staging folder, opened step by step so that no link planted on the way leads elsewhere."""

    def __init__(self, root: Path, build_id: str | None = None) -> None:
        self._root = root
        self._names = ["staging", *([build_id] if build_id else [])]
        self._descriptor = -1

    def __enter__(self) -> int:
        self._descriptor = os.open(self._root, _FOLDER_FLAGS)
        for name in self._names:
            outer = self._descriptor
            try:
                self._descriptor = os.open(name, _FOLDER_FLAGS, dir_fd=outer)
            except OSError:
                self._descriptor = -1
                raise
            finally:
                os.close(outer)
        return self._descriptor

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


class Places:
    """The paths of one installation."""

    def __init__(self, home: Path, uid: int | None, source_uid: int | None) -> None:
        self.envs = home / "envs"
        self.wheels = self.envs / ".wheels"
        self.locks = self.envs / ".locks"
        self._uid = uid
        self._source_uid = source_uid

    def area(self, app_id: str | None) -> Area:
        """The shared area, or the private one of an app."""
        if app_id is None:
            return Area(self.envs / ".cache", self._uid)
        return Area(self.envs / ".private" / app_id, self._source_uid)

    def control(self, build_id: str) -> Path:
        return self.envs / ".control" / build_id

    def environment(self, key: str) -> Path:
        return self.envs / key

    def is_complete(self, key: str) -> bool:
        return (self.environment(key) / STARTERS_FOLDER / COMPLETE_FILE).is_file()

    def forget_app(self, app_id: str) -> None:
        """Remove what belongs to one app alone: its private area, and environments built from source for it."""
        shutil.rmtree(self.area(app_id).root, ignore_errors=True)
        for environment in self.envs.iterdir() if self.envs.is_dir() else ():
            if not environment.name.startswith(".") and _owner(environment) == app_id:
                shutil.rmtree(environment, ignore_errors=True)

    def prepare(self) -> None:
        """Make the folders every build needs."""
        for folder in (self.envs, self.wheels, self.locks, self.envs / ".control"):
            folder.mkdir(parents=True, exist_ok=True)


def _owner(environment: Path) -> str | None:
    """The app an environment was built from source for; None for shared ones."""
    try:
        with os.fdopen(os.open(environment / STARTERS_FOLDER / COMPLETE_FILE, _FILE_FLAGS), "rb") as file:
            about = json.loads(file.read(_MAX_ABOUT_BYTES))
    except (OSError, ValueError):
        return None
    return about.get("app_id") if isinstance(about, dict) else None
