"""Files that do not belong to a source, and the patterns of `.hothouseignore`."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from pathspec import GitIgnoreSpec

IGNORE_FILE = ".hothouseignore"
_JUNK = frozenset(
    {
        "__MACOSX",
        ".DS_Store",
        "Thumbs.db",
        ".git",
        ".hg",
        ".svn",
        "__pycache__",
        ".venv",
        "node_modules",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".ipynb_checkpoints",
    }
)


def is_junk(path: str) -> bool:
    """Tell whether a path is left behind by a tool (caches, environments, version control) rather than written.

    >>> is_junk("src/__pycache__/a.pyc"), is_junk("src/a.py")
    (True, False)
    """
    parts = path.split("/")
    return not _JUNK.isdisjoint(parts) or parts[-1].startswith("._")


def environments(paths: Iterable[str]) -> set[str]:
    """Find folders that are virtual environments, whatever they are called: those that hold a `pyvenv.cfg`."""
    found = (PurePosixPath(path) for path in paths)
    return {str(path.parent) for path in found if path.name == "pyvenv.cfg" and len(path.parts) > 1}


def is_within(path: str, folders: set[str]) -> bool:
    """Tell whether a path is one of the folders or lies in one."""
    return bool(folders) and any(str(part) in folders for part in (PurePosixPath(path), *PurePosixPath(path).parents))


class IgnorePatterns:
    """Patterns as in `.gitignore`: the last one that matches decides, `!` takes a file back in.

    >>> patterns = IgnorePatterns(["*.csv", "!keep.csv", "/build/", "docs/**/*.pdf"])
    >>> patterns.ignores("a/b.csv", False), patterns.ignores("keep.csv", False), patterns.ignores("build", True)
    (True, False, True)
    >>> patterns.ignores("docs/c.pdf", False)
    True
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._spec = GitIgnoreSpec.from_lines(lines)

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Tell whether a path is left out; callers do not descend into folders that are."""
        return self._spec.match_file(f"{path}/" if is_folder else path)
