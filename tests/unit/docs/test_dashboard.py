"""The dashboard for Grafana asks only for metrics that the hub and the broker give."""

import json
import re
from pathlib import Path

import pytest

from hothouse.broker.exporter import UsageCollector
from hothouse.workloads.metrics import Metrics

DASHBOARD = Path(__file__).parents[3] / "deploy" / "grafana" / "hothouse.json"
HISTOGRAM = ("_bucket", "_sum", "_count")


def asked_for() -> set[str]:
    """Return the names of all metrics in the dashboard's questions."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    questions = [target["expr"] for panel in panels for target in panel["targets"]]
    assert questions
    return {name for question in questions for name in re.findall(r"\bhothouse_\w+", question)}


def given() -> set[str]:
    """Return the names that a server of metrics tells, whether or not there is a value yet."""

    class NoStorage:
        def find(self, _: str) -> None: ...

    collectors = (Metrics(), UsageCollector([], NoStorage(), lambda: 0))  # type: ignore[arg-type]  # nothing is measured
    names = set()
    for collector in collectors:
        for metric in collector.collect():
            endings = {"counter": ("_total",), "histogram": HISTOGRAM}.get(metric.type, ("",))
            names |= {f"{metric.name}{ending}" for ending in endings}
    return names


def test_every_metric_is_given() -> None:
    assert asked_for() - given() == set()


@pytest.mark.parametrize(
    "name", ["hothouse_active_users", "hothouse_culls_total", "hothouse_start_seconds_bucket", "hothouse_workloads"]
)
def test_shows_what_matters(name: str) -> None:
    assert name in asked_for()
