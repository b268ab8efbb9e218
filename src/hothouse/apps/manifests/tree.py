"""A look at an app's source: which files there are, and the text of small ones. Nothing is ever executed.

A running app may change its source under our eyes. Paths are therefore walked one opened folder at a time, so that a
folder swapped for a link never leads out of the source.
"""

import os
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from hothouse.kit.archives.ignoring import is_junk

MANIFEST_FILE = "manifest.json"
_MAX_FILE_BYTES = 2**20
_MAX_FILES = 20_000
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class SourceTree:
    """The files under one folder, by relative path with forward slashes. Links are neither listed nor followed.

    `label` is what the source is called where nothing inside tells (the name of the uploaded file or folder).
    """

    def __init__(self, root: Path, label: str = "") -> None:
        self._root = root
        self.label = label or root.name

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, sorted, without what tools leave behind."""
        root = os.open(self._root, _FOLDER)
        try:
            return tuple(sorted(islice(_walk(root, ""), _MAX_FILES)))
        finally:
            os.close(root)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, at any depth; `"."` is the source itself."""
        return frozenset(path[:position] for path in self.paths for position, c in enumerate(path) if c == "/") | {"."}

    def has(self, path: str) -> bool:
        """Tell whether there is such a file."""
        return path in self._path_set

    def read(self, path: str) -> bytes | None:
        """Read a file, or None where there is none, it cannot be read, or it is larger than 1 MiB."""
        if not self.has(path):
            return None
        try:
            with os.fdopen(self._open(path), "rb") as file:
                content = file.read(_MAX_FILE_BYTES + 1)
        except OSError:
            return None
        return content if len(content) <= _MAX_FILE_BYTES else None

    def text(self, path: str) -> str | None:
        """Read a file as UTF-8 text; None as for `read`, or where it is no such text."""
        content = self.read(path)
        try:
            return content.decode("utf-8-sig") if content is not None else None
        except UnicodeDecodeError:
            return None

    @cached_property
    def _path_set(self) -> frozenset[str]:
        return frozenset(self.paths)

    def _open(self, path: str) -> int:
        *folders, name = path.split("/")
        folder = os.open(self._root, _FOLDER)
        try:
            for part in folders:
                inner = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(name, _FILE, dir_fd=folder)
        finally:
            os.close(folder)


def _walk(folder: int, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = prefix + entry.name
        if is_junk(path):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_folder(folder, entry.name, f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield path


def _walk_folder(outer: int, name: str, prefix: str) -> Iterator[str]:
    try:
        inner = os.open(name, _FOLDER, dir_fd=outer)
    except OSError:
        return
    try:
        yield from _walk(inner, prefix)
    finally:
        os.close(inner)
