"""Files that do not belong to a source, and the patterns of `.hothouseignore`."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

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
    """Patterns in the manner of `.gitignore`: the last one that matches decides, `!` takes a file back in.

    >>> patterns = IgnorePatterns(["*.csv", "!keep.csv", "/build/"])
    >>> patterns.ignores("a/b.csv", False), patterns.ignores("keep.csv", False), patterns.ignores("build", True)
    (True, False, True)
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules = [rule for line in lines if (rule := _rule(line))]

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Tell whether a path is left out; callers do not descend into folders that are."""
        ignored = False
        for pattern, folders_only, negated in self._rules:
            if pattern.fullmatch(path) and (is_folder or not folders_only):
                ignored = not negated
        return ignored


def _rule(line: str) -> tuple[re.Pattern[str], bool, bool] | None:
    text = line.rstrip("\r\n").rstrip()
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text[1:] if negated else text
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    anchored = "/" in text
    text = text.lstrip("/")
    if not text:
        return None
    prefix = "" if anchored else "(?:.*/)?"
    return re.compile(prefix + _regex(text), re.DOTALL), folders_only, negated


def _regex(pattern: str) -> str:
    pieces = re.findall(r"\*\*/|/\*\*|\*\*|\*|\?|\[!?[^\]]+\]|\\.|.", pattern, re.DOTALL)
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    wildcards = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if piece in wildcards:
        return wildcards[piece]
    if len(piece) > 1 and piece.startswith("["):
        body = piece[1:-1].replace("\\", "\\\\")
        return f"[^{body[1:]}]" if body.startswith("!") else f"[{body}]"
    return re.escape(piece[-1])
