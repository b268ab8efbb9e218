"""All scenarios: importing their modules registers them."""

from tests.drivers.scenarios import (  # noqa: F401
    aggregation,
    bulk,
    collections,
    cursors,
    errors,
    files,
    indexes,
    joins,
    reading,
    sessions,
    streams,
    transactions,
    types,
    writing,
)
from tests.drivers.scenarios.registry import SCENARIOS

__all__ = ["SCENARIOS"]
