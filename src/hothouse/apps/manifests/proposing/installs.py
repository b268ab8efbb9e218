"""What a source needs installed: the file that lists it, or the packages its imports point to."""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from hothouse.apps.manifests.model import Manifest
from hothouse.apps.manifests.proposing.distributions import distribution_of, distributions_of_calls, normalised
from hothouse.apps.manifests.proposing.report import Remark
from hothouse.apps.manifests.scan import ModuleFacts, scan
from hothouse.apps.manifests.tree import SourceTree

_REQUIREMENTS = re.compile(
    r"(.*/)?requirements([-_.](prod|production|base|app))?\.txt\Z|requirements/(base|prod|production)\.txt\Z"
)
_MAX_CAPS = re.compile(r"^\^(\d+)(\.\d+)*$")


@dataclass(frozen=True, slots=True)
class Installs:
    """Fields of a manifest on installation, and what there is to say about them."""

    fields: dict[str, Any] = field(default_factory=dict)
    report: tuple[Remark, ...] = ()


def declared_names(manifest: Manifest, tree: SourceTree) -> set[str]:
    """Name the distributions a manifest asks for directly, normalised; unreadable lines are passed over."""
    lines = list(manifest.packages)
    if manifest.requirements:
        text = tree.text(manifest.requirements) or ""
        is_project = manifest.requirements.endswith(".toml")
        lines += _project(text).get("dependencies", []) if is_project else text.splitlines()
    return {name for line in lines if (name := _name(line))}


def find_installs(tree: SourceTree, facts: Iterable[ModuleFacts], entry_folder: str) -> Installs:
    """Decide on `requirements` or `packages`: a requirements file, a pyproject, or else the imports."""
    path = _requirements_file(tree, entry_folder)
    if path:
        return Installs(
            {"requirements": path}, (Remark("guess", "/requirements", f'Packages are listed in "{path}".'),)
        )
    for path in dict.fromkeys([_join(entry_folder, "pyproject.toml"), "pyproject.toml"]):
        found = _from_pyproject(path, tree.text(path))
        if found:
            return found
    return _from_imports(tree, facts)


def _requirements_file(tree: SourceTree, entry_folder: str) -> str | None:
    for path in (_join(entry_folder, "requirements.txt"), "requirements.txt"):
        if tree.has(path):
            return path
    found = [path for path in tree.paths if _REQUIREMENTS.match(path) and path.count("/") <= 2]
    return min(found, key=lambda path: (path.count("/"), len(path), path)) if found else None


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and folder != "." else name


def _project(text: str | None) -> dict[str, Any]:
    try:
        project = tomllib.loads(text or "").get("project", {})
    except tomllib.TOMLDecodeError:
        return {}
    return project if isinstance(project, dict) else {}


def _from_pyproject(path: str, text: str | None) -> Installs | None:
    if text is None:
        return None
    if isinstance(_project(text).get("dependencies"), list):
        return Installs(
            {"requirements": path}, (Remark("guess", "/requirements", f'Packages are listed in "{path}".'),)
        )
    try:
        tool = tomllib.loads(text).get("tool", {})
        wanted = tool.get("poetry", {}).get("dependencies", {})
    except (tomllib.TOMLDecodeError, AttributeError):
        return None
    packages = [_from_poetry(name, spec) for name, spec in wanted.items() if name.lower() != "python"]
    if not packages:
        return None
    remark = Remark("mapped", "/packages", f'Taken from the Poetry dependencies in "{path}".')
    return Installs({"packages": packages}, (remark,))


def _from_poetry(name: str, spec: object) -> str:
    if isinstance(spec, dict):
        spec = spec.get("version", "*")
    if not isinstance(spec, str) or spec == "*":
        return name
    if match := _MAX_CAPS.match(spec):
        return f"{name}>={spec[1:]},<{int(match[1]) + 1}" if int(match[1]) else f"{name}>={spec[1:]}"
    if spec.startswith("~") and not spec.startswith("~="):
        return f"{name}>={spec[1:]}"
    candidate = f"{name}{spec}" if spec[0] in "<>=!~" else f"{name}=={spec}"
    return candidate if _name(candidate) else name


def _name(line: str) -> str | None:
    text = re.split(r"\s#", str(line).strip(), maxsplit=1)[0].rstrip("\\ ")
    try:
        return normalised(Requirement(text.split(" --hash")[0]).name)
    except InvalidRequirement:
        return None


def _from_imports(tree: SourceTree, facts: Iterable[ModuleFacts]) -> Installs:
    wanted: dict[str, str] = {}
    for module in facts:
        local = _local_names(tree, module.path)
        for name in sorted(module.top_imports - local - {"hothouse_sdk"}):
            distribution = distribution_of(name)
            if distribution:
                wanted.setdefault(distribution, module.path)
        for distribution in sorted(distributions_of_calls(module.calls)):
            wanted.setdefault(distribution, module.path)
    if not wanted:
        return Installs()
    message = "There is no requirements file, so packages were inferred from imports: "
    listed = ", ".join(f"{name} ({path})" for name, path in sorted(wanted.items())[:12])
    return Installs({"packages": sorted(wanted)}, (Remark("guess", "/packages", f"{message}{listed}."),))


def _local_names(tree: SourceTree, path: str) -> set[str]:
    """Top-level names that a file's imports find in the source: beside it, at the root, or under `src`."""
    roots = {"", "src/", path.rpartition("/")[0] + "/" if "/" in path else ""}
    parts = path.split("/")[:-1]
    roots.update("/".join(parts[:count]) + "/" for count in range(1, len(parts)))
    names: set[str] = set()
    for other in tree.paths:
        for root in roots:
            if other.startswith(root) and other.endswith(".py"):
                first, slash, _ = other[len(root) :].partition("/")
                names.add(first if slash else first.removesuffix(".py"))
    return names


def notebook_facts(path: str, text: str | None) -> ModuleFacts | None:
    """Read the code cells of a notebook as one module; lines for the shell and magics are left out."""
    try:
        cells = json.loads(text or "")["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    lines = [
        line for source in sources for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))
    ]
    return scan(path, "\n".join(lines))
