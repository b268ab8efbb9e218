"""Tests of environments have a whole lab."""

from tests.support.whole_lab import lab, short_home

__all__ = ["lab", "short_home"]
