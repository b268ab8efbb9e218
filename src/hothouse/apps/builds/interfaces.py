"""What goes into a build and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hothouse.apps.manifests.model import Manifest

OnLine = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """One build. `build_id` matches `[a-z0-9-]+`; the same id again, from any process, carries the build on.

    `source` is the unpacked source, only read. `lock` is the lock the release was built with before, if it was.
    `node_packages` are written `name@version`.
    """

    build_id: str
    app_id: str
    source: Path
    manifest: Manifest
    lock: str | None = None
    node_packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """A finished build. `cached` means that the environment was there already."""

    lock: str
    lock_digest: str
    env_path: Path
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """Settings of all builds of an installation.

    `uid` is the user that resolves and installs wheels, `source_uid` the one that runs packages' own build code; both
    None where the platform cannot change users.
    """

    sdk_wheel: Path | None = None
    timeout_seconds: int = 1800
    uid: int | None = None
    source_uid: int | None = None
    memory_bytes: int = 4 * 2**30
    processes: int = 512
