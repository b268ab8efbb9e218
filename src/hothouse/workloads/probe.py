"""Finding out whether a workload serves yet."""

import asyncio
from dataclasses import dataclass

import httpx2

from hothouse.launch.interfaces import Launcher, Phase
from hothouse.workloads.asking import client_of

FIRST_WAIT_SECONDS = 0.02
LONGEST_WAIT_SECONDS = 0.1
LONGEST_ANSWER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Probe:
    """What to ask, and for how long to keep asking."""

    endpoint: str  # `unix:/path` or `tcp:host:port`
    path: str
    host: str  # the Host header, since some frameworks refuse names they do not know
    timeout_seconds: float
    bad_from: int = 400  # the first status that does not count as an answer


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether the workload got ready; if not, why."""

    is_ready: bool
    reason: str | None = None


async def until_ready(launcher: Launcher, workload_id: str, probe: Probe) -> ProbeResult:
    """Ask again and again until the workload gives a good answer, ends, or time is up."""
    async with client_of(probe.endpoint, keeps=False) as client:
        return await _until_ready(client, launcher, workload_id, probe)


async def _until_ready(client: httpx2.AsyncClient, launcher: Launcher, workload_id: str, probe: Probe) -> ProbeResult:
    deadline = asyncio.get_running_loop().time() + probe.timeout_seconds
    wait, last = FIRST_WAIT_SECONDS, "nothing listens on its port"
    while True:
        answer = await _ask(client, probe)
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


async def _ask(client: httpx2.AsyncClient, probe: Probe) -> str | None:
    """Ask once; None when the answer is good, else what was wrong."""
    try:
        async with (
            asyncio.timeout(LONGEST_ANSWER_SECONDS),
            client.stream("GET", probe.path, headers={"Host": probe.host}) as response,
        ):
            status = response.status_code
            return None if status < probe.bad_from else f"GET {response.url.path} answered {status}"
    except TimeoutError:
        return "it accepted a connection but did not answer"
    except httpx2.ConnectError:
        return "nothing listens on its port"
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        if probe.endpoint.startswith("unix:") and _is_broken_off(error):  # by its relay
            return "nothing listens on its port"
        return f"its answer was not HTTP ({type(error).__name__})"


def _is_broken_off(error: Exception) -> bool:
    return isinstance(error, httpx2.NetworkError) or "disconnected" in str(error)
