"""Finding out whether a workload serves yet."""

import asyncio
from dataclasses import dataclass

import aiohttp

from hothouse.launch.interfaces import Launcher, Phase

FIRST_WAIT_SECONDS = 0.02
LONGEST_WAIT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Probe:
    """What to ask, and for how long to keep asking."""

    url: str
    host: str  # the Host header, since some frameworks refuse names they do not know
    timeout_seconds: float
    bad_from: int = 400  # the first status that does not count as an answer


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether the workload got ready; if not, why."""

    is_ready: bool
    reason: str | None = None


async def until_ready(
    session: aiohttp.ClientSession, launcher: Launcher, workload_id: str, probe: Probe
) -> ProbeResult:
    """Ask again and again until the workload gives a good answer, ends, or time is up."""
    deadline = asyncio.get_running_loop().time() + probe.timeout_seconds
    wait, last = FIRST_WAIT_SECONDS, "nothing listens on its port"
    while True:
        answer = await _ask(session, probe)
        if answer is None:
            return ProbeResult(True)
        last = answer
        status = await launcher.poll(workload_id)
        if status is None or status.phase is not Phase.running:
            return ProbeResult(False, status.reason if status else "it is gone")
        if asyncio.get_running_loop().time() >= deadline:
            seconds = f"{probe.timeout_seconds:g} seconds"
            return ProbeResult(False, f"it did not get ready within {seconds}: {last}")
        await asyncio.sleep(wait)
        wait = min(wait * 1.1, LONGEST_WAIT_SECONDS)


async def _ask(session: aiohttp.ClientSession, probe: Probe) -> str | None:
    """Ask once; None when the answer is good, else what was wrong."""
    try:
        async with session.get(probe.url, headers={"Host": probe.host}, allow_redirects=False) as response:
            path = response.url.path
            return None if response.status < probe.bad_from else f"GET {path} answered {response.status}"
    except TimeoutError:
        return "it accepted a connection but did not answer"
    except aiohttp.ClientConnectorError:
        return "nothing listens on its port"
    except (aiohttp.ClientError, OSError) as error:
        return f"its answer was not HTTP ({type(error).__name__})"
