"""Tests of apps have a whole lab, or a bench with launchers that misbehave."""

from tests.support.bench import bench, shared
from tests.support.whole_lab import lab, short_home

__all__ = ["bench", "lab", "shared", "short_home"]
