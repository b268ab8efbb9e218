"""Judge a manifest against the source it came with: does what it names exist?"""

import difflib
from collections.abc import Iterable, Iterator

from hothouse.apps.manifests.entries import FILE_KINDS, OBJECT_KINDS
from hothouse.apps.manifests.model import Manifest
from hothouse.apps.manifests.names import MODULE_ATTRIBUTE
from hothouse.apps.manifests.proposing.installs import declared_names
from hothouse.apps.manifests.scan import scan
from hothouse.apps.manifests.sentences import Problem
from hothouse.apps.manifests.tree import SourceTree

_IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico")
IMPORT_ROOTS = ("", "src/")


def tree_problems(manifest: Manifest, tree: SourceTree) -> list[Problem]:
    """List what a manifest names and its source does not hold."""
    return [*_entry(manifest, tree), *_requirements(manifest, tree), *_icon(manifest, tree)]


def module_file(module: str, tree: SourceTree) -> str | None:
    """Find the file of a module of the source itself, or None."""
    stem = module.replace(".", "/")
    names = (f"{root}{stem}{suffix}" for root in IMPORT_ROOTS for suffix in (".py", "/__init__.py"))
    return next((name for name in names if tree.has(name)), None)


def _entry(manifest: Manifest, tree: SourceTree) -> Iterator[Problem]:
    entry = manifest.entry
    if isinstance(entry, list):
        return
    if manifest.kind in OBJECT_KINDS or (manifest.kind == "dash" and MODULE_ATTRIBUTE.match(entry)):
        yield from _object(manifest, entry, tree)
    elif manifest.kind in FILE_KINDS and not tree.has(_clean(entry)):
        yield Problem("/entry", f'There is no file "{entry}" in the source.{_nearest(entry, tree.paths)}')
    elif manifest.kind == "static" and _clean(entry) not in tree.folders:
        yield Problem("/entry", f'There is no folder "{entry}" in the source.{_nearest(entry, tree.folders)}')


def _object(manifest: Manifest, entry: str, tree: SourceTree) -> Iterator[Problem]:
    module, _, attribute = entry.partition(":")
    path = module_file(module, tree)
    if path is None:
        if not _is_installed(module, manifest, tree):
            wanted = module.replace(".", "/") + ".py"
            yield Problem("/entry", f'There is no "{wanted}" in the source.{_nearest(wanted, tree.paths)}')
        return
    facts = scan(path, tree.text(path) or "")
    name = attribute.removesuffix("()").partition(".")[0]
    if facts and not facts.is_open and name not in facts.names and not _is_submodule(module, name, tree):
        near = _nearest(name, [*facts.bindings, *facts.factories])
        yield Problem("/entry", f'"{path}" does not define "{name}".{near}')


def _is_submodule(module: str, name: str, tree: SourceTree) -> bool:
    return module_file(f"{module}.{name}", tree) is not None


def _is_installed(module: str, manifest: Manifest, tree: SourceTree) -> bool:
    """Tell whether a module may come from a package that gets installed rather than from the source."""
    top = module.partition(".")[0]
    if top == "hothouse_sdk":
        return True
    if any(module_file(top, tree) or f"{root}{top}" in tree.folders for root in IMPORT_ROOTS):
        return False
    return top.replace("_", "-").lower() in declared_names(manifest, tree)


def _requirements(manifest: Manifest, tree: SourceTree) -> Iterator[Problem]:
    path = manifest.requirements
    if path is not None and not tree.has(_clean(path)):
        yield Problem("/requirements", f'There is no file "{path}" in the source.{_nearest(path, tree.paths)}')


def _icon(manifest: Manifest, tree: SourceTree) -> Iterator[Problem]:
    icon = manifest.icon
    if icon and icon.lower().endswith(_IMAGES) and not tree.has(_clean(icon)):
        yield Problem("/icon", f'There is no file "{icon}" in the source.{_nearest(icon, tree.paths)}')


def _clean(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in ("", ".")) or "."


def _nearest(wanted: str, known: Iterable[str]) -> str:
    """Hint at what was probably meant: the same file elsewhere, or a similar name."""
    candidates = [name for name in known if name != "."]
    name = wanted.rpartition("/")[2]
    same = [path for path in candidates if path.rpartition("/")[2] == name]
    near = same or difflib.get_close_matches(wanted, candidates, n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
