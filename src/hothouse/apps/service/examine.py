"""Looking at a source: which manifest it brings, or would be given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hothouse.apps.manifests import ManifestInvalid, Problem, load, problems
from hothouse.apps.schemas import ReportLine
from hothouse.kit.problems import FieldProblem


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found. `manifest` is as written, so it may have problems; None when nothing could be proposed."""

    manifest: Any
    origin: Literal["manifest", "proposed", "imported"]
    report: list[ReportLine]
    problems: list[FieldProblem]


def examine(source: Path, fallback_name: str) -> Examination:
    """Read or propose the manifest of an unpacked source, without running any of it."""
    written = source / "manifest.json"
    return _written(written.read_bytes())


def _written(text: bytes) -> Examination:
    try:
        data = load(text)
    except ManifestInvalid as error:
        return Examination(None, "manifest", [], _shown(error.problems))
    return Examination(data, "manifest", [], _shown(problems(data)))


def _shown(found: tuple[Problem, ...] | list[Problem]) -> list[FieldProblem]:
    return [FieldProblem(pointer=problem.pointer, message=problem.message) for problem in found]
