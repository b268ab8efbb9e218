"""All requirements of a source as one flat file for uv, with the SDK's own line put in place of any other.

Included files are followed inside the source only. Options for indexes are kept, those for hashes stay on their lines,
others are left out and mentioned.
"""

import re
import shlex
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hothouse.apps.builds.errors import BuildFailed
from hothouse.apps.builds.kinds import KINDS, SDK
from hothouse.apps.builds.sdk import SdkWheel
from hothouse.apps.manifests.model import Manifest
from hothouse.apps.manifests.proposing.distributions import normalised
from hothouse.apps.manifests.tree import SourceTree

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_INDEX_OPTIONS = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--no-index")
_LOCAL = re.compile(r"\.{0,2}/|\.\Z|\.\[|file:", re.IGNORECASE)
_STEP = "requirements"
_MAX_FILES = 50


@dataclass(slots=True)
class Requirements:
    """What a build has to install. `lines` and `options` go into uv's input file, `remarks` into the log."""

    lines: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    excludes: list[str] = field(default_factory=list)
    node: list[str] = field(default_factory=list)


def gather(manifest: Manifest, source: Path, sdk: SdkWheel | None) -> Requirements:
    """Read everything a manifest asks for, and add what its kind needs.

    Raises: BuildFailed naming the file and line that cannot be used.
    """
    reader = _Reader(SourceTree(source))
    if manifest.requirements:
        reader.read(_clean(manifest.requirements), reader.found.lines)
    for package in manifest.packages:
        reader.add(package, "packages in manifest.json", reader.found.lines)
    wanted = KINDS[manifest.kind].requirements
    found = reader.found
    found.lines += [requirement for requirement in wanted if requirement != SDK]
    _place_sdk(found, sdk, is_needed=SDK in wanted or reader.names_sdk)
    found.lines = list(dict.fromkeys(found.lines))
    return found


def _place_sdk(found: Requirements, sdk: SdkWheel | None, *, is_needed: bool) -> None:
    if sdk is not None:
        # The override replaces the name wherever a dependency of a dependency mentions it.
        found.overrides.append(sdk.requirement)
        if is_needed:
            found.lines.append(sdk.requirement)
    elif is_needed:
        reason = "This app needs hothouse-sdk, and the platform carries no wheel of it; build one or set "
        raise BuildFailed(_STEP, f"{reason}HOTHOUSE_BUILDS_SDK_WHEEL to one.")
    else:
        found.excludes.append(SDK)


def _clean(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in ("", "."))


class _Reader:
    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._seen: set[str] = set()
        self.found = Requirements()
        self.names_sdk = False

    def read(self, path: str, target: list[str]) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        text = self._tree.text(path)
        if text is None or len(self._seen) > _MAX_FILES:
            raise BuildFailed(_STEP, f'The requirements file "{path}" is not in the source, or is no text file.')
        if path.endswith(".toml"):
            self._project(path, text, target)
            return
        for number, line in enumerate(re.sub(r"\\\r?\n", " ", text).splitlines(), 1):
            content = re.sub(r"(^|\s)#.*$", "", line).strip()
            if content:
                self.add(content, f"{path}, line {number}", target)

    def _project(self, path: str, text: str, target: list[str]) -> None:
        try:
            dependencies = tomllib.loads(text)["project"]["dependencies"]
        except tomllib.TOMLDecodeError as error:
            raise BuildFailed(_STEP, f'"{path}" is not valid TOML: {error}.') from error
        except (KeyError, TypeError):
            raise BuildFailed(_STEP, f'"{path}" has no list of dependencies under [project].') from None
        for line in dependencies if isinstance(dependencies, list) else []:
            self.add(str(line), path, target)

    def add(self, line: str, where: str, target: list[str]) -> None:
        """Take one logical line of a requirements file."""
        if line.startswith("-"):
            self._option(line, where, target)
        elif _LOCAL.match(line):
            self._local(line, where, target)
        elif (match := _NAME.match(line)) and normalised(match[1]) == SDK:
            self.names_sdk = True
        else:
            target.append(line)

    def _option(self, line: str, where: str, target: list[str]) -> None:
        name, value = _split_option(line)
        if name in ("-r", "--requirement", "-c", "--constraint"):
            is_constraint = name in ("-c", "--constraint")
            self.read(self._beside(where, value), self.found.constraints if is_constraint else target)
        elif name in ("-e", "--editable"):
            self._local(value, where, target)
        elif name in _INDEX_OPTIONS:
            self.found.options.append(f"{name} {value}".strip())
        else:
            self.found.remarks.append(f'Left out "{name}" ({where}): this installer has no use for it.')

    def _beside(self, where: str, value: str) -> str:
        folder = PurePosixPath(where.rpartition(", line")[0] or ".").parent
        parts: list[str] = []
        for part in (folder / value).parts:
            if part == ".." and parts:
                parts.pop()
            elif part in ("..", "/"):
                raise BuildFailed(_STEP, f'"{value}" ({where}) lies outside the source.')
            else:
                parts.append(part)
        return "/".join(parts)

    def _local(self, line: str, where: str, target: list[str]) -> None:
        """The source itself is importable without being installed; only its dependencies are needed."""
        if re.sub(r"\[.*\]", "", line).strip() not in (".", "./"):
            raise BuildFailed(_STEP, f'"{line}" ({where}) is a local path; only the source itself, ".", can be used.')
        self.found.remarks.append(f'"{line}" ({where}): the source is importable as it is; its dependencies are used.')
        if self._tree.has("pyproject.toml"):
            self.read("pyproject.toml", target)


def _split_option(line: str) -> tuple[str, str]:
    match = re.match(r"(--[A-Za-z-]+|-[A-Za-z])(?:\s*=\s*|\s*)(.*)$", line)
    if match is None:
        return line, ""
    try:
        return match[1], " ".join(shlex.split(match[2]))
    except ValueError:
        return match[1], match[2]
