"""Node processes that run the scenarios of node/ by name."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .plain import masked

HERE = Path(__file__).parent / "node"
NODE = Path(sys.executable).with_name("node")
STOP_SECONDS = 20
_DEFINED = re.compile(r"^  async (\w+)\(", re.MULTILINE)

SCENARIOS = [name for file in sorted(HERE.glob("scenarios/*.mjs")) for name in _DEFINED.findall(file.read_text())]


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
def node_runner(uri: str, database: str, **options: Any) -> Iterator[Runner]:
    """Start Node with a client of these options."""
    command = [str(NODE), "run.mjs", uri, database, json.dumps(options)]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Runner(process, database)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(STOP_SECONDS) == 0
        finally:
            process.kill()


def listed_scenarios() -> list[str]:
    """Ask Node itself for the names."""
    listed = subprocess.run([NODE, "run.mjs", "--list"], cwd=HERE, capture_output=True, text=True, check=True)
    return listed.stdout.split()
