"""The official driver for Node: every scenario, with the same result directly and through the broker."""

from collections.abc import Iterator

import pytest

from .conftest import Ways
from .known_gaps import check_result
from .node_runner import SCENARIOS, Runner, listed_scenarios, node_runner


@pytest.fixture(scope="module")
def runners(ways: Ways) -> Iterator[tuple[Runner, Runner]]:
    with (
        node_runner(ways.direct_uri, ways.direct_database) as direct,
        node_runner(ways.broker_uri, ways.broker_database) as broker,
    ):
        yield direct, broker


@pytest.mark.parametrize("name", SCENARIOS)
def test_same_result(ways: Ways, runners: tuple[Runner, Runner], name: str) -> None:
    ways.empty()
    direct, broker = [runner.run(name) for runner in runners]
    assert broker == direct
    check_result(name, direct)


def test_every_scenario_is_known() -> None:
    assert sorted(listed_scenarios()) == sorted(SCENARIOS)
