"""All findings about this machine in one report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from hothouse.doctor.parts import database, disk, port, python, storage, web_ui
from hothouse.launch import levels, preflight
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Isolation, Minimum
from hothouse.launch.preflight import Finding, State
from hothouse.settings import CodeKind, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How workloads would be isolated here, and everything else worth knowing.

    `is_usable` is false when `hothouse up` could not work; the findings concerned are `missing` and say what to do.
    """

    isolation: Isolation
    findings: tuple[Finding, ...]
    is_usable: bool


def examine(settings: Settings) -> Report:
    """Look at this machine; nothing is changed. Takes about a second."""
    needed = [python(), database(settings), storage(settings), disk(settings), port(settings)]
    isolation, refusal = _isolation(settings)
    helpful = [web_ui(), *preflight.examine()]
    asked = asked_for(isolation, settings)
    findings: Iterable[Finding] = (*needed, *refusal, asked, *helpful)
    is_usable = not refusal and asked.state != "missing" and all(finding.state != "missing" for finding in needed)
    return Report(isolation=isolation, findings=tuple(findings), is_usable=is_usable)


def _isolation(settings: Settings) -> tuple[Isolation, list[Finding]]:
    """Return the isolation in force; where the settings ask for more than works, what does, and the refusal."""
    try:
        return preflight.detect(settings.launch.isolation, settings.launch.network), []
    except LaunchError as error:
        advice = "set HOTHOUSE_LAUNCH_ISOLATION and HOTHOUSE_LAUNCH_NETWORK to auto, or make it work"
        return preflight.detect(), [Finding(name="isolation", state="missing", found=str(error), advice=advice)]


def asked_for(isolation: Isolation, settings: Settings) -> Finding:
    """Tell at which level each kind of code may run, and which of them is refused here for that."""
    kinds = get_args(CodeKind)
    asked = ", ".join(f"{kind} {settings.launch.minimum_for(kind)}" for kind in kinds)
    refused = [refusal for kind in kinds if (refusal := _refusal(isolation, settings, kind))]
    if not refused:
        return Finding(name="levels asked for", state="ok", found=asked)
    advice = f"mend what is named, or set {levels.SETTING} or {levels.SETTING}S lower"
    state: State = "missing" if len(refused) == len(kinds) else "partial"
    return Finding(name="levels asked for", state=state, found=f"{asked}; {refused[0]}", advice=advice)


def _refusal(isolation: Isolation, settings: Settings, kind: CodeKind) -> str | None:
    try:
        levels.require(isolation, Minimum(level=settings.launch.minimum_for(kind), code=kind))
    except LaunchError as error:
        return str(error)
    return None
