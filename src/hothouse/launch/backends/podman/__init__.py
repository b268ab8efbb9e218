"""Workloads in containers that podman runs, each seen through by a keeper of its own."""

from .launcher import PodmanLauncher

__all__ = ["PodmanLauncher"]
