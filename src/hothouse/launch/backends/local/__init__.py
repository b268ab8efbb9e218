"""Workloads as process trees of this machine, each seen through by a keeper of its own."""

from .launcher import LocalLauncher

__all__ = ["LocalLauncher"]
