"""All findings about this machine in one report."""

from collections.abc import Iterable
from dataclasses import dataclass

from hothouse.doctor.parts import database, disk, port, python, storage, web_ui
from hothouse.launch import preflight
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Isolation
from hothouse.launch.preflight import Finding
from hothouse.settings import Settings


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
    findings: Iterable[Finding] = (*needed, *refusal, *helpful)
    is_usable = not refusal and all(finding.state != "missing" for finding in needed)
    return Report(isolation=isolation, findings=tuple(findings), is_usable=is_usable)


def _isolation(settings: Settings) -> tuple[Isolation, list[Finding]]:
    """Return the isolation in force; where the settings ask for more than works, what does, and the refusal."""
    try:
        return preflight.detect(settings.launch.isolation), []
    except LaunchError as error:
        advice = "set HOTHOUSE_LAUNCH_ISOLATION=auto, or make it work"
        return preflight.detect(), [Finding(name="isolation", state="missing", found=str(error), advice=advice)]
