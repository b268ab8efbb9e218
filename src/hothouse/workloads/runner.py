"""Workloads, of whatever they are: recorded, started, watched, ended."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta
from signal import SIGKILL, SIGTERM
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from hothouse.broker.credentials import CredentialStore
from hothouse.database.connection import Document
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.problems import Problem
from hothouse.kit.tasks import end_tasks
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Launcher, Phase, Status
from hothouse.workloads.interfaces import Run
from hothouse.workloads.networks import endpoint_of
from hothouse.workloads.ports import free_port
from hothouse.workloads.probe import Probe, ProbeResult, until_ready
from hothouse.workloads.repository import WorkloadsRepository

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 1.5  # for gateways to hear of the new workload before the old one stops accepting
RETRY_SECONDS = 1.0
STABLE = timedelta(seconds=60)
TERMINATED = (0, 128 + SIGTERM)  # exit codes of programs that end in an orderly way when told to


class WorkloadRunner:
    """Runs workloads on one launcher. `touch(owner)` is called whenever what one runs for should be looked at again."""

    def __init__(
        self,
        workloads: WorkloadsRepository,
        launcher: Launcher,
        credentials: CredentialStore,
        clock: Clock,
        touch: Callable[[str], None],
        reserved: Iterable[int] = (),
    ) -> None:
        """Make it; `reserved` are ports at which workloads find something else."""
        self._workloads = workloads
        self._launcher = launcher
        self._credentials = credentials
        self._clock = clock
        self._touch = touch
        self._reserved = frozenset(reserved)
        self._probes: dict[str, asyncio.Task[ProbeResult]] = {}
        self._endings: dict[str, asyncio.Task[None]] = {}
        self._waited_for: set[str] = set()  # workloads recorded and not yet ready or ended
        self._recording = asyncio.Lock()

    @property
    def starting(self) -> int:
        """How many workloads are being waited for."""
        return len(self._waited_for)

    async def let_go(self) -> None:
        """Stop whatever is under way here, for another hub to go on with it; workloads go on running."""
        await end_tasks(*self._probes.values(), *self._endings.values())
        self._probes.clear()
        self._endings.clear()
        self._waited_for.clear()

    async def record(self, owner: str, **about: Any) -> Document:
        """Write down a workload that is to be started, before anything is, with what its feature notes of it."""
        async with self._recording:  # or two that start at once could be promised the same port
            taken = {workload["port"] for workload in await self._workloads.live()}
            workload = self._new(owner, about, free_port(taken | self._reserved))
            await self._workloads.add(workload)
        if not workload.get("is_spare"):  # nobody waits for those
            self._waited_for.add(workload["_id"])
        return {**workload, "is_live": True}

    def _new(self, owner: str, about: Document, port: int) -> Document:
        return {
            "_id": f"w-{new_id()}",
            "owner": owner,
            **about,
            "state": "pending",
            "reason": None,
            "port": port,
            "endpoint": None,
            "isolation": None,
            "created_at": self._clock.now(),
            "started_at": None,
            "ready_at": None,
            "ended_at": None,
        }

    async def start(self, run: Run, workload: Document) -> None:
        """Start a recorded workload; safe to repeat. A workload that cannot be started is recorded as failed."""
        try:
            status = await self._launcher.poll(workload["_id"])
            if status is None:
                status = await self._launcher.start(await run.spec())
        except PyMongoError:
            raise
        except Exception as error:
            if not isinstance(error, LaunchError | Problem | OSError):
                log.exception("workload-not-started", workload=workload["_id"])
            await self.end(workload, "failed", f"it could not be started: {error}")
            return
        isolation = {
            "level": status.isolation.level,
            "mechanism": status.isolation.mechanism,
            "reasons": list(status.isolation.reasons),
        }
        fields = {
            "state": "starting",
            "started_at": status.started_at,
            "isolation": isolation,
            "endpoint": status.endpoint,
            "memory_limit_bytes": status.memory_limit_bytes,
        }
        await self._workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-started", owner=workload["owner"], workload=workload["_id"])

    async def take_over(self, workload: Document, status: Status) -> None:
        """Take note of a workload after a time without a leader: if it was ended from outside, that was no crash."""
        is_recorded_running = workload["state"] in ("starting", "running")
        if is_recorded_running and status.phase is not Phase.running and _was_ended_from_outside(status):
            await self.end(workload, "stopped", "it was ended while the platform was down")

    async def observe(self, run: Run | None, workload: Document, *, is_wanted: bool) -> None:
        """Bring a live workload's record up to date with what the launcher says, taking a pending one further.

        A pending one that nobody waits for any more is ended, whether or not it was started already.
        """
        if workload["state"] == "stopping":
            self._end_in_background(workload, 0)
            return
        if workload["state"] == "pending":
            if not is_wanted or run is None:
                await self.retire(workload)
                return
            await self.start(run, workload)
            if not workload["is_live"]:
                return
        status = await self._launcher.poll(workload["_id"])
        if status is None or status.phase is not Phase.running:
            reason = status.reason if status else "it is gone without a trace"
            await self.end(workload, "failed", reason, was_let_down=status is not None and status.was_let_down)
        elif workload["state"] == "starting" and run is not None:
            await self._check_probe(run, workload)

    async def _check_probe(self, run: Run, workload: Document) -> None:
        self._waited_for.add(workload["_id"])
        probe = self._probes.get(workload["_id"])
        if probe is None:
            self._probes[workload["_id"]] = asyncio.create_task(self._probe(run, workload))
            return
        if not probe.done():
            return
        del self._probes[workload["_id"]]
        result = probe.result()
        if result.is_ready:
            fields: dict[str, Any] = {"state": "running", "ready_at": self._clock.now()}
            await self._workloads.update(workload["_id"], fields)
            workload.update(fields)
            self._waited_for.discard(workload["_id"])
            return
        status = await self._launcher.poll(workload["_id"])
        is_over = status is None or status.phase is not Phase.running
        reason = status.reason if status and is_over else result.reason
        await self._launcher.stop(workload["_id"])
        await self.end(workload, "failed", reason)

    async def _probe(self, run: Run, workload: Document) -> ProbeResult:
        health, endpoint = run.health, endpoint_of(workload)
        probe = Probe(endpoint, health.path, run.host, health.timeout_seconds, health.bad_from)
        try:
            return await until_ready(self._launcher, workload["_id"], probe)
        except Exception as error:  # whatever it answers must not keep it from being judged
            log.exception("probe-failed", workload=workload["_id"])
            return ProbeResult(False, f"it could not be asked whether it is ready: {error}")
        finally:
            self._touch(workload["owner"])

    async def freeze(self, workload: Document) -> None:
        """Have what runs stand still; safe to repeat."""
        if not workload.get("is_frozen"):  # noted first, so that whoever wants it to go on knows that it has to thaw
            await self._workloads.update(workload["_id"], {"is_frozen": True})
            workload["is_frozen"] = True
        await self._launcher.freeze(workload["_id"])

    async def thaw(self, workload: Document) -> None:
        """Let what stands still go on; safe to repeat, also for what never stood still."""
        if workload.get("is_frozen"):
            await self._launcher.thaw(workload["_id"])
            await self._workloads.update(workload["_id"], {"is_frozen": False})
            workload["is_frozen"] = False

    async def retire(self, workload: Document, *, drain: bool = False) -> None:
        """Have a workload stopped, gracefully, in the background; `drain` leaves its requests a moment to finish."""
        await self.thaw(workload)  # so that it hears that it is to end
        if workload["state"] != "stopping":
            await self._workloads.update(workload["_id"], {"state": "stopping"})
            workload["state"] = "stopping"
        self._end_in_background(workload, DRAIN_SECONDS if drain else 0)

    def _end_in_background(self, workload: Document, after_seconds: float) -> None:
        if workload["_id"] not in self._endings:
            self._endings[workload["_id"]] = asyncio.create_task(self._end(workload, after_seconds))

    async def _end(self, workload: Document, after_seconds: float) -> None:
        try:
            await asyncio.sleep(after_seconds)
            await self._launcher.stop(workload["_id"])
            await self.end(workload, "stopped", None)
        except Exception as error:  # it stays `stopping`, so that the next pass tries again
            log.warning("workload-not-stopped", workload=workload["_id"], exc_info=error)
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._endings.pop(workload["_id"], None)
            self._touch(workload["owner"])

    async def end(self, workload: Document, state: str, reason: str | None, **more: Any) -> None:
        """Record how a workload ended, and why; what it was let in by is void."""
        probe = self._probes.pop(workload["_id"], None)
        if probe:
            probe.cancel()
        self._waited_for.discard(workload["_id"])
        await self._credentials.revoke(workload["_id"])
        fields = {"state": state, "reason": reason, "is_live": False, "ended_at": self._clock.now(), **more}
        await self._workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-ended", owner=workload["owner"], workload=workload["_id"], state=state, reason=reason)

    async def log_tail(self, workload_id: str, lines: int = 30) -> list[str]:
        """Return the last lines a workload wrote."""
        return [line.text async for line in self._launcher.logs(workload_id, tail=lines)]

    async def forget(self, workload_id: str) -> None:
        """Drop an ended workload with its log."""
        await self._launcher.discard(workload_id)
        await self._workloads.remove(workload_id)

    async def adopt(self) -> list[Status]:
        """Return everything the launcher still has, from before this process."""
        return await self._launcher.adopt()

    async def stop_unknown(self, workload_id: str) -> None:
        """End a workload that nothing in the database asks for."""
        await self._launcher.stop(workload_id)
        await self._launcher.discard(workload_id)

    def was_stable(self, workload: Document) -> bool:
        """Tell whether a workload ran long enough that its end is not part of a crash loop."""
        return bool(workload["ready_at"]) and workload["ended_at"] - workload["ready_at"] > STABLE


def _was_ended_from_outside(status: Status) -> bool:
    """Tell whether a workload ended as it does when the platform or the machine is shut down."""
    if status.was_let_down:
        return True
    if status.error or status.out_of_memory:
        return False
    return status.signal in (SIGTERM, SIGKILL) or status.exit_code in TERMINATED
