"""The official driver for Node: every scenario, with the same result directly and through the broker.

The scenarios are in node/scenarios. One Node process per way runs them by name.
"""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.drivers.conftest import Ways
from tests.drivers.plain import masked

from .known_gaps import check_result

HERE = Path(__file__).parent / "node"
NODE = Path(sys.executable).with_name("node")
SCENARIOS = [
    name
    for file in sorted(HERE.glob("scenarios/*.mjs"))
    for name in re.findall(r"^  async (\w+)\(", file.read_text(), re.MULTILINE)
]


class Runner:
    """A Node process that runs scenarios on one database."""

    def __init__(self, process: "subprocess.Popen[str]", database: str) -> None:
        self._process = process
        self._database = database

    def run(self, name: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"Node ended in {name}"
        return masked(json.loads(line), self._database)


@contextlib.contextmanager
def _runner(uri: str, database: str) -> Iterator[Runner]:
    command = [str(NODE), "run.mjs", uri, database]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Runner(process, database)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def runners(ways: Ways) -> Iterator[tuple[Runner, Runner]]:
    with (
        _runner(ways.direct_uri, ways.direct_database) as direct,
        _runner(ways.broker_uri, ways.broker_database) as broker,
    ):
        yield direct, broker


@pytest.mark.parametrize("name", SCENARIOS)
def test_same_result(ways: Ways, runners: tuple[Runner, Runner], name: str) -> None:
    ways.empty()
    direct, broker = [runner.run(name) for runner in runners]
    assert broker == direct
    check_result(name, direct)


def test_every_scenario_is_known() -> None:
    listed = subprocess.run([NODE, "run.mjs", "--list"], cwd=HERE, capture_output=True, text=True, check=True)
    assert sorted(listed.stdout.split()) == sorted(SCENARIOS)
