"""A container image for tests, made of this machine's own files: no registry is asked for anything."""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hothouse.launch import preflight
from hothouse.launch.backends.podman.tool import find_podman
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Isolation

PROGRAMS = (
    "sh dash bash sleep id cat env echo touch ls mkfifo head tail dd kill seq true false mkdir rm cp ln find dirname "
    "basename readlink"
)
LEFT_OUT = {"site-packages", "test", "tests", "idlelib", "lib2to3", "ensurepip", "tkinter", "__pycache__", "turtledemo"}
LINKS = ("bin", "lib", "lib64", "sbin")
FOLDERS = {"tmp": 0o1777, "var/tmp": 0o1777} | dict.fromkeys(("proc", "sys", "dev", "etc", "run", "var"), 0o755)


def containers() -> Isolation:
    """Return how podman isolates here; where it does not work that is a failure in CI, and elsewhere skips the test."""
    try:
        return preflight.detect_podman()
    except LaunchError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"podman does not work here: {error}")


@cache
def base_image() -> str:
    """Return the name of an image with a shell, a few programs and Python; it is made once and kept on the machine."""
    files = sorted(_programs() | _library())
    said = "\n".join([*(f"{path} {path.stat().st_size}" for path in files), *FOLDERS])
    name = f"localhost/hothouse-tests/base:{hashlib.sha256(said.encode()).hexdigest()[:12]}"
    if _podman("image", "exists", name).returncode:
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder, "base.tar")
            _pack(archive, files)
            made = _podman("import", "--change", "ENV PATH=/usr/bin:/bin", str(archive), name)
        assert made.returncode == 0, made.stderr
    return name


def names_of_containers(prefix: str) -> list[str]:
    """List the containers podman has, by the beginning of their names."""
    listed = _podman("ps", "--all", "--format", "{{.Names}}")
    return [name for name in listed.stdout.split() if name.startswith(prefix)]


def remove_image(name: str) -> None:
    """Remove an image, if it is there."""
    _podman("rmi", "--", name)


def run_podman(*words: str) -> str:
    """Run podman and return what it says."""
    done = _podman(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _podman(*words: str) -> subprocess.CompletedProcess[str]:
    podman = find_podman()
    return subprocess.run(podman.command(*words), env=podman.env, capture_output=True, text=True, check=False)


def _programs() -> set[Path]:
    base, version = Path(sys.base_prefix), f"python3.{sys.version_info[1]}"
    programs = {Path("/usr/bin", name) for name in PROGRAMS.split()}
    programs |= {base / "bin" / "python3", base / "bin" / version}
    modules = set((base / "lib" / version / "lib-dynload").glob("*.so"))
    found = {path for path in programs if path.exists()}
    return found | {library for path in found | modules for library in _libraries(path)}


def _libraries(path: Path) -> set[Path]:
    said = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout
    return {Path(name) for name in re.findall(r"(/\S+\.so\S*)", said)}


def _library() -> set[Path]:
    found = set()
    for folder, below, names in os.walk(Path(sys.base_prefix, "lib", f"python3.{sys.version_info[1]}")):
        below[:] = [name for name in below if name not in LEFT_OUT]
        found |= {Path(folder, name) for name in names}
    return found


def _pack(archive: Path, files: list[Path]) -> None:
    made: set[str] = set()
    with tarfile.open(archive, "w") as tar:
        for name in LINKS:
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, f"usr/{name}"
            tar.addfile(link)
        for name, mode in FOLDERS.items():
            _add_folder(tar, name, mode, made)
        for path in files:
            _add_file(tar, path, made)


def _add_file(tar: tarfile.TarFile, path: Path, made: set[str]) -> None:
    name = str(path).lstrip("/")
    name = f"usr/{name}" if name.startswith(tuple(f"{link}/" for link in LINKS)) else name
    for parent in _parents(name):
        _add_folder(tar, parent, 0o755, made)
    found = path.stat()
    info = tarfile.TarInfo(name)
    info.size, info.mode = found.st_size, 0o755 if found.st_mode & 0o100 else 0o644
    with path.open("rb") as file:
        tar.addfile(info, file)


def _parents(name: str) -> Iterator[str]:
    return (str(parent) for parent in reversed(Path(name).parents) if str(parent) != ".")


def _add_folder(tar: tarfile.TarFile, name: str, mode: int, made: set[str]) -> None:
    if name not in made:
        made.add(name)
        info = tarfile.TarInfo(name)
        info.type, info.mode = tarfile.DIRTYPE, mode
        tar.addfile(info)
