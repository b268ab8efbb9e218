"""What shows that an environment is at work though nobody asks it anything."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx2

from hothouse.launch.interfaces import Launcher
from hothouse.workloads.asking import client_of
from hothouse.workloads.networks import endpoint_of

ASK_SECONDS = 5.0
ANSWER_BYTES = 2**20


class Processor:
    """Measures how busy workloads were since it looked the last time."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._before: dict[str, tuple[float, float]] = {}  # workload id: (seconds of a steady clock, cpu seconds)

    async def busy_share(self, workload_id: str) -> float | None:
        """Return the share of a core that a workload used since the last look; None at the first one."""
        usage = await self._launcher.usage(workload_id)
        if usage is None:
            self._before.pop(workload_id, None)
            return None
        before, now = self._before.get(workload_id), time.monotonic()
        self._before[workload_id] = now, usage.cpu_seconds
        if before is None or now <= before[0]:
            return None
        return (usage.cpu_seconds - before[1]) / (now - before[0])

    def forget_besides(self, workload_ids: set[str]) -> None:
        """Forget what does not run any more."""
        for gone in self._before.keys() - workload_ids:
            del self._before[gone]


class Jupyter:
    """Asks a Jupyter server whether a kernel computes, and when a kernel or terminal last did anything."""

    async def active_at(self, workload: Mapping[str, Any], host: str, now: datetime) -> tuple[datetime | None, str]:
        """Return when it last was at work, as far as it says, and what was; None when it cannot be asked."""
        async with client_of(endpoint_of(dict(workload))) as client:
            kernels = await _asked(client, "/api/kernels", host)
            terminals = await _asked(client, "/api/terminals", host)
        if any(kernel.get("execution_state") == "busy" for kernel in kernels):
            return now, "a kernel is computing"
        moments = [(_moment(one), "a kernel") for one in kernels] + [(_moment(one), "a terminal") for one in terminals]
        latest = now + timedelta(minutes=1)  # what claims to be from later is not believed
        known = [(moment, what) for moment, what in moments if moment is not None and moment <= latest]
        if not known:
            return None, ""
        moment, what = max(known)
        return moment, f"{what} was at work"


async def _asked(client: httpx2.AsyncClient, path: str, host: str) -> list[dict[str, Any]]:
    """Ask for a list; none where there is no answer, or no good one: it comes from code that nobody vouches for."""
    headers = {"Host": host, "Accept-Encoding": "identity"}
    text = b""
    try:
        async with asyncio.timeout(ASK_SECONDS), client.stream("GET", path, headers=headers) as answer:
            async for piece in answer.aiter_raw():
                text += piece
                if len(text) > ANSWER_BYTES:
                    return []
        body = json.loads(text) if answer.status_code == httpx2.codes.OK else []
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError, RecursionError):
        return []
    return [one for one in body[:1000] if isinstance(one, dict)] if isinstance(body, list) else []


def _moment(thing: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(thing.get("last_activity")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
