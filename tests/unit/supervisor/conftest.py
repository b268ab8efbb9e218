"""Stand-in parts and a reporter that remembers."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hothouse.supervisor.logs import LogFile
from hothouse.supervisor.parts import Part
from hothouse.supervisor.probes import Probe, tcp_accepts
from hothouse.supervisor.roster import Roster
from hothouse.supervisor.runner import Runner
from hothouse.supervisor.supervisor import Supervisor

STAND_IN = Path(__file__).parents[2] / "support" / "stand_in.py"


class Witness:
    """A reporter that keeps what it was told and lets tests wait for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self._changed = asyncio.Event()

    def came_up(self, part: str, seconds: float) -> None:
        self._tell("up", part)

    def crashed(self, part: str, reason: str, delay: float) -> None:
        self._tell("crashed", part, reason)

    def is_back(self, part: str, seconds: float) -> None:
        self._tell("back", part)

    def problem(self, part: str, text: str) -> None:
        self._tell("problem", part, text)

    def _tell(self, *words: str) -> None:
        self.told.append(words)
        self._changed.set()

    async def heard(self, *words: str) -> None:
        """Return once something was told that begins with `words`."""
        async with asyncio.timeout(10):
            while not any(each[: len(words)] == words for each in self.told):
                self._changed.clear()
                await self._changed.wait()


class Stage:
    """Makes stand-in parts and a supervisor of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.witness = Witness()
        self.diary = folder / "diary"
        self.diary.touch()
        self.parts: list[Part] = []
        self.supervisor: Supervisor | None = None

    def part(
        self,
        name: str,
        *options: str,
        needs: tuple[str, ...] = (),
        stage: int = 0,
        grace: float = 2.5,
        alive: Probe | None = None,
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, "STAND_IN_NAME": name, "STAND_IN_DIARY": str(self.diary)}
        self.parts.append(
            Part(
                name=name,
                argv=(sys.executable, str(STAND_IN), str(port), *options),
                env=lambda: environment,
                ready=tcp_accepts("127.0.0.1", port),
                alive=alive,
                needs=needs,
                stage=stage,
                grace_seconds=grace,
            )
        )

    def assemble(self) -> Supervisor:
        roster = Roster(self.folder / "run.json")
        runners = [Runner(part, LogFile(self.folder / f"{part.name}.log"), roster, self.witness) for part in self.parts]
        self.supervisor = Supervisor(runners)
        return self.supervisor

    def entries(self) -> list[str]:
        return self.diary.read_text().splitlines()


@pytest.fixture
async def stage(tmp_path):
    stage = Stage(tmp_path)
    yield stage
    if stage.supervisor is not None:
        stage.supervisor.kill()
        await stage.supervisor.stop(0, {})


@pytest.fixture
def is_alive() -> Callable[[int], bool]:
    def check(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    return check
