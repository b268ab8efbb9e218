"""Builds: turning a source and its manifest into a locked environment, and knowing how each kind is started."""

from hothouse.apps.builds.builder import Builder
from hothouse.apps.builds.errors import BuildFailed
from hothouse.apps.builds.interfaces import BuildOptions, BuildRequest, BuildResult, OnLine
from hothouse.apps.builds.kinds import KINDS, Kind, argv, extra_env, has_spares, spare_argv, takes_socket

__all__ = [
    "KINDS",
    "BuildFailed",
    "BuildOptions",
    "BuildRequest",
    "BuildResult",
    "Builder",
    "Kind",
    "OnLine",
    "argv",
    "extra_env",
    "has_spares",
    "spare_argv",
    "takes_socket",
]
