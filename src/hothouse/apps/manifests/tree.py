"""A look at an app's source: which files there are, and the text of small ones. Nothing is ever executed."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from hothouse.kit.archives.ignoring import is_junk

MANIFEST_FILE = "manifest.json"
_MAX_FILE_BYTES = 2**20
_MAX_FILES = 20_000
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


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
        found = []
        for path in self._walk(self._root, ""):
            found.append(path)
            if len(found) >= _MAX_FILES:
                break
        return tuple(sorted(found))

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
            with os.fdopen(os.open(self._root / path, _FLAGS), "rb") as file:
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

    def _walk(self, folder: Path, prefix: str) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = prefix + entry.name
                if is_junk(path):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from self._walk(Path(entry.path), f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    yield path
