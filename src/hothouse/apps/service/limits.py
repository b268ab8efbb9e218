"""What an app may use: of the machine, and of its database."""

from dataclasses import replace

from hothouse.apps.builds import KINDS
from hothouse.apps.manifests import Manifest
from hothouse.apps.manifests.data import DataLimits
from hothouse.broker.limits import Limits
from hothouse.database.connection import Document
from hothouse.launch import interfaces as launch
from hothouse.settings import Settings


def limits_of(manifest: Manifest) -> launch.Limits:
    """Return the limits of a workload: those of the manifest, or else of its kind."""
    resources, kind = manifest.resources, KINDS[manifest.kind]
    return launch.Limits(
        cpu=resources.cpu,
        memory_bytes=resources.memory or kind.memory_bytes,
        processes=resources.processes or kind.processes,
        file_bytes=resources.disk,
        disk_bytes=resources.disk,
    )


def limits_for(app: Document, manifest: Manifest | None, settings: Settings) -> Limits:
    """Return the limits in force for an app: the platform's, but for storage what an admin allowed it.

    What the manifest sets counts where it is less.
    """
    allowed, own = Limits.of_platform(settings.data), manifest.data.limits if manifest else DataLimits()
    storage_bytes = app.get("storage_bytes") or allowed.storage_bytes
    return replace(
        allowed,
        max_time_ms=min(own.max_time_ms or allowed.max_time_ms, allowed.max_time_ms),
        storage_bytes=min(own.storage or storage_bytes, storage_bytes),
    )
