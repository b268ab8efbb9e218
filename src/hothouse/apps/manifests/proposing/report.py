"""What was guessed, mapped, changed or dropped on the way to a manifest, and why."""

from dataclasses import dataclass, field
from typing import Any, Literal

from hothouse.apps.manifests.sentences import Problem

Level = Literal["mapped", "changed", "dropped", "guess"]
Origin = Literal["manifest", "proposed", "imported"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One step. `pointer` leads to the field of the manifest it is about, `""` for none in particular."""

    level: Level
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a source has to say about itself.

    `manifest` is JSON data: as written for origin `manifest` (and possibly invalid), else made by us and to be
    confirmed by a person. It is None when the file cannot be read at all or the source gives no hint of an app.
    """

    manifest: dict[str, Any] | None
    origin: Origin
    report: tuple[Remark, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
