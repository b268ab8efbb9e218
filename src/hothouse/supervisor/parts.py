"""What a part of the platform is, to the supervisor."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hothouse.supervisor.probes import Probe

EXIT_GIVE_UP = 78
"""Exit code (EX_CONFIG of sysexits.h) by which a part says: my last line tells why, and trying again is useless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process to keep running.

    `env` is asked at each start, because a password may only exist once another part has made it. `alive` is asked from
    when it is ready on: a part that keeps silent is stuck, and is started anew. `needs` names the parts that must be
    ready before this one is started. `stage` orders the stop: lower stages end first, parts of one stage together.
    `grace_seconds` is the most it gets between SIGTERM and SIGKILL. `orphan_signal` ends it when the supervisor itself
    was killed: at once, because all of them being told to stop together would wait for one another.
    """

    name: str
    argv: tuple[str, ...]
    env: Callable[[], Mapping[str, str]]
    ready: Probe
    alive: Probe | None = None
    needs: tuple[str, ...] = ()
    stage: int = 0
    grace_seconds: float = 2.5
    orphan_signal: signal.Signals = signal.SIGKILL
