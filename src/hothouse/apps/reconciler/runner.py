"""Workloads of apps: recorded, started, watched, ended."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from signal import SIGKILL, SIGTERM
from typing import Any

import aiohttp
import structlog
from pymongo.errors import PyMongoError

from hothouse.apps.jobs import app_uid
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.ports import free_port
from hothouse.apps.reconciler.probe import Probe, ProbeResult, until_ready
from hothouse.apps.reconciler.sources import lay_out
from hothouse.apps.reconciler.specs import Start, health_of, make_spec
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.identities import app_token
from hothouse.apps.service.limits import limits_for
from hothouse.apps.service.sealed import SecretReads
from hothouse.broker.credentials import CredentialStore
from hothouse.database.connection import Document
from hothouse.kit.ids import fingerprint, new_id
from hothouse.kit.problems import Problem
from hothouse.kit.tasks import end_tasks
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Launcher, Phase, Status, WorkloadSpec

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 1.5  # for gateways to hear of the new workload before the old one stops accepting
RETRY_SECONDS = 1.0
STABLE = timedelta(seconds=60)
TERMINATED = (0, 128 + SIGTERM)  # exit codes of programs that end in an orderly way when told to


class WorkloadRunner:
    """Runs workloads on one launcher. `touch(app_id)` is called whenever an app should be looked at again."""

    def __init__(
        self,
        context: AppsContext,
        launcher: Launcher,
        credentials: CredentialStore,
        reads: SecretReads,
        touch: Callable[[str], None],
    ) -> None:
        self._context = context
        self._launcher = launcher
        self._credentials = credentials
        self._reads = reads
        self._touch = touch
        self._probes: dict[str, asyncio.Task[ProbeResult]] = {}
        self._endings: dict[str, asyncio.Task[None]] = {}
        self._waited_for: set[str] = set()  # workloads recorded and not yet ready or ended
        self._recording = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

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

    async def close(self) -> None:
        """Let go of everything for good."""
        await self.let_go()
        if self._session:
            await self._session.close()
            self._session = None

    async def record(self, app: Document, number: int, deployment_id: str | None) -> Document:
        """Write down a workload that is to be started, before anything is."""
        async with self._recording:  # or two apps that start at once could be promised the same port
            taken = {workload["port"] for workload in await self._context.workloads.live()}
            workload = self._new(app, number, deployment_id, free_port(taken))
            await self._context.workloads.add(workload)
        self._waited_for.add(workload["_id"])
        return {**workload, "is_live": True}

    def _new(self, app: Document, number: int, deployment_id: str | None, port: int) -> Document:
        return {
            "_id": f"w-{new_id()}",
            "app_id": app["_id"],
            "release": number,
            "deployment_id": deployment_id,
            "state": "pending",
            "reason": None,
            "port": port,
            "isolation": None,
            "created_at": self._context.clock.now(),
            "started_at": None,
            "ready_at": None,
            "ended_at": None,
        }

    async def start(self, app: Document, release: Document, workload: Document) -> None:
        """Start a recorded workload; safe to repeat. A workload that cannot be started is recorded as failed."""
        try:
            status = await self._launcher.poll(workload["_id"])
            if status is None:
                status = await self._launcher.start(await self._spec(app, release, workload))
        except PyMongoError:
            raise
        except Exception as error:
            if not isinstance(error, LaunchError | Problem | OSError):
                log.exception("workload-not-started", workload=workload["_id"])
            await self._ended(workload, "failed", f"it could not be started: {error}")
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
            "memory_limit_bytes": status.memory_limit_bytes,
        }
        await self._context.workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-started", app=app["slug"], workload=workload["_id"], release=release["number"])

    async def _spec(self, app: Document, release: Document, workload: Document) -> WorkloadSpec:
        """Prepare what a workload needs and return what to run.

        Password and token are derived and not random: when this is repeated because a hub died right here, the
        workload that it may have started keeps credentials that work.
        """
        uid, identity = app_uid(self._context.settings, app), workload["_id"]
        source = await lay_out(self._context.store, self._context.settings.home, release, uid)
        password = self._context.secrets.derive(f"workloads/{identity}")
        limits = limits_for(app, Manifest.model_validate_json(release["manifest"]), self._context.settings)
        await self._credentials.issue(workload_id=identity, database=app["database"], password=password, limits=limits)
        token = app_token(self._context.secrets, identity)
        await self._context.workloads.update(identity, {"token_hash": fingerprint(token)})
        start = Start(
            app=app, release=release, workload=workload, source=source, uid=uid, password=password, token=token
        )
        spec = make_spec(self._context, start)
        await self._reads.note(app, release, workload)
        return spec

    async def take_over(self, workload: Document, status: Status) -> None:
        """Take note of a workload after a time without a leader: if it was ended from outside, that was no crash."""
        is_recorded_running = workload["state"] in ("starting", "running")
        if is_recorded_running and status.phase is not Phase.running and _was_ended_from_outside(status):
            await self._ended(workload, "stopped", "it was ended while the platform was down")

    async def observe(self, app: Document, release: Document | None, workload: Document, *, is_wanted: bool) -> None:
        """Bring a live workload's record up to date with what the launcher says, taking a pending one further.

        A pending one that nobody waits for any more is ended, whether or not it was started already.
        """
        if workload["state"] == "stopping":
            self._end_in_background(workload, 0)
            return
        if workload["state"] == "pending":
            if not is_wanted or release is None:
                await self.retire(workload)
                return
            await self.start(app, release, workload)
            if not workload["is_live"]:
                return
        status = await self._launcher.poll(workload["_id"])
        if status is None or status.phase is not Phase.running:
            await self._ended(workload, "failed", status.reason if status else "it is gone without a trace")
        elif workload["state"] == "starting" and release is not None:
            await self._check_probe(app, release, workload)

    async def _check_probe(self, app: Document, release: Document, workload: Document) -> None:
        self._waited_for.add(workload["_id"])
        probe = self._probes.get(workload["_id"])
        if probe is None:
            self._probes[workload["_id"]] = asyncio.create_task(self._probe(app, release, workload))
            return
        if not probe.done():
            return
        del self._probes[workload["_id"]]
        result = probe.result()
        if result.is_ready:
            fields: dict[str, Any] = {"state": "running", "ready_at": self._context.clock.now()}
            await self._context.workloads.update(workload["_id"], fields)
            workload.update(fields)
            self._waited_for.discard(workload["_id"])
            return
        status = await self._launcher.poll(workload["_id"])
        is_over = status is None or status.phase is not Phase.running
        reason = status.reason if status and is_over else result.reason
        await self._launcher.stop(workload["_id"])
        await self._ended(workload, "failed", reason)

    async def _probe(self, app: Document, release: Document, workload: Document) -> ProbeResult:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=5), connector=aiohttp.TCPConnector(force_close=True, limit=0)
            )
        health = health_of(Manifest.model_validate_json(release["manifest"]))
        host = self._context.settings.app_url(app["slug"]).partition("//")[2]
        url = f"http://127.0.0.1:{workload['port']}{health.path}"
        probe = Probe(url, host, health.timeout_seconds, health.bad_from)
        try:
            return await until_ready(self._session, self._launcher, workload["_id"], probe)
        except Exception as error:  # whatever an app answers must not keep it from being judged
            log.exception("probe-failed", workload=workload["_id"])
            return ProbeResult(False, f"it could not be asked whether it is ready: {error}")
        finally:
            self._touch(app["_id"])

    async def retire(self, workload: Document, *, drain: bool = False) -> None:
        """Have a workload stopped, gracefully, in the background; `drain` leaves its requests a moment to finish."""
        if workload["state"] != "stopping":
            await self._context.workloads.update(workload["_id"], {"state": "stopping"})
            workload["state"] = "stopping"
        self._end_in_background(workload, DRAIN_SECONDS if drain else 0)

    def _end_in_background(self, workload: Document, after_seconds: float) -> None:
        if workload["_id"] not in self._endings:
            self._endings[workload["_id"]] = asyncio.create_task(self._end(workload, after_seconds))

    async def _end(self, workload: Document, after_seconds: float) -> None:
        try:
            await asyncio.sleep(after_seconds)
            await self._launcher.stop(workload["_id"])
            await self._ended(workload, "stopped", None)
        except Exception as error:  # it stays `stopping`, so that the next pass tries again
            log.warning("workload-not-stopped", workload=workload["_id"], exc_info=error)
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._endings.pop(workload["_id"], None)
            self._touch(workload["app_id"])

    async def _ended(self, workload: Document, state: str, reason: str | None) -> None:
        probe = self._probes.pop(workload["_id"], None)
        if probe:
            probe.cancel()
        self._waited_for.discard(workload["_id"])
        self._context.usage.pop(workload["_id"], None)
        await self._credentials.revoke(workload["_id"])
        fields = {"state": state, "reason": reason, "is_live": False, "ended_at": self._context.clock.now()}
        await self._context.workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-ended", app_id=workload["app_id"], workload=workload["_id"], state=state, reason=reason)

    async def log_tail(self, workload_id: str, lines: int = 30) -> list[str]:
        """Return the last lines a workload wrote."""
        return [line.text async for line in self._launcher.logs(workload_id, tail=lines)]

    async def forget(self, workload_id: str) -> None:
        """Drop an ended workload with its log."""
        await self._launcher.discard(workload_id)
        await self._context.workloads.remove(workload_id)

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
    if status.phase is Phase.lost:
        return True
    if status.error or status.out_of_memory:
        return False
    return status.signal in (SIGTERM, SIGKILL) or status.exit_code in TERMINATED
