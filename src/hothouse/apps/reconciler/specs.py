"""What a launcher is told to run for an app."""

from pathlib import Path

from hothouse.apps.service.context import AppsContext
from hothouse.database.connection import Document
from hothouse.launch.interfaces import WorkloadSpec


def make_spec(
    context: AppsContext,
    app: Document,
    release: Document,
    workload: Document,
    source: Path,
    uid: int | None,
    password: str,
) -> WorkloadSpec:
    raise OSError


def health_of(release: Document) -> tuple[str, float]:
    return "/", 60.0
