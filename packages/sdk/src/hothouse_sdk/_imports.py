"""What an app imports before any of its own code has run, read from its source without running it.

Reading follows the order in which Python would import, into the app's own modules too, and stops at the first statement
that may change what a later import finds: a call for its effect (`matplotlib.use(...)`), a value set inside something
(`os.environ[...] = ...`), a condition. So importing these ahead leaves the app with what it would have had anyway.
"""

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 2**20
_HARMLESS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)


@dataclass(frozen=True, slots=True)
class Import:
    """A module that is not the app's own, and the names taken from it."""

    module: str
    names: tuple[str, ...] = ()


class _Stop(Exception):
    """From here on the app decides itself what imports find."""


def foreseen(entry: str, folders: Iterable[Path]) -> list[Import]:
    """Return what the module of an entry `module:attribute` is sure to import; `folders` hold the app's own modules."""
    found: list[Import] = []
    try:
        for each in _Reader(list(folders)).module(entry.partition(":")[0]):
            found.append(each)  # noqa: PERF402 - what was found before it stops counts
    except _Stop:
        pass
    return found


class _Reader:
    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders
        self._own_tops = {entry.name.partition(".")[0] for folder in folders for entry in _entries(folder)}
        self._seen: set[str] = set()

    def module(self, name: str) -> Iterator[Import]:
        """Yield what importing a module imports of others; it and the packages it is in are the app's own, or not."""
        parts = name.split(".")
        if not self._is_own(parts[0]):
            yield Import(name)
            return
        for count in range(1, len(parts) + 1):
            yield from self._own(".".join(parts[:count]))

    def _own(self, name: str) -> Iterator[Import]:
        if name in self._seen:
            return
        self._seen.add(name)
        path = self._file(name)
        if path is None:  # a folder without code, or an attribute
            return
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for statement in _parsed(path).body:
            yield from self._statement(statement, package)

    def _statement(self, statement: ast.stmt, package: str) -> Iterator[Import]:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    yield from self.module(alias.name)
            case ast.ImportFrom():
                yield from self._from(statement, package)
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=[]):
                return
            case _ if not _is_harmless(statement):
                raise _Stop

    def _from(self, statement: ast.ImportFrom, package: str) -> Iterator[Import]:
        names = tuple(alias.name for alias in statement.names)
        base = statement.module or ""
        if statement.level:
            above = package.split(".")[: len(package.split(".")) - statement.level + 1]
            base = ".".join([*above, *([base] if base else [])])
        if not base or "*" in names:
            raise _Stop
        if not self._is_own(base.partition(".")[0]):
            yield Import(base, names)
            return
        yield from self.module(base)
        for name in names:  # each may be a module
            yield from self._own(f"{base}.{name}")

    def _is_own(self, top: str) -> bool:
        return top in self._own_tops

    def _file(self, name: str) -> Path | None:
        inner = Path(*name.split("."))
        for folder in self._folders:
            for path in (folder / inner / "__init__.py", folder / inner.with_suffix(".py")):
                if path.is_file():
                    return path
        return None


def modules_in(folder: Path) -> set[str]:
    """Return the names of the modules that imports find in a folder, and for which they look no further."""
    entries = _entries(folder)
    files = {entry.name.partition(".")[0] for entry in entries if entry.name.endswith((".py", ".so"))}
    packages = {entry.name for entry in entries if Path(entry.path, "__init__.py").is_file()}
    return files | packages


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:
        return []


def _parsed(path: Path) -> ast.Module:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _Stop
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        raise _Stop from error


def _is_harmless(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Name) for target in targets)
        case ast.AnnAssign(target=target):
            return isinstance(target, ast.Name)
    return isinstance(statement, _HARMLESS)
