"""`hothouse up` from the first check to the last process: the composition root of the supervisor."""

import asyncio
import contextlib
import http.client
import signal
import time
from dataclasses import dataclass
from importlib.metadata import version

from hothouse.settings import Settings
from hothouse.supervisor.errors import StartFailed, SupervisorError
from hothouse.supervisor.installation import Installation
from hothouse.supervisor.logs import LogFile
from hothouse.supervisor.orphans import become_subreaper, reap_orphans
from hothouse.supervisor.parts import EXIT_GIVE_UP, Part
from hothouse.supervisor.platform import STAGE_BROKER, Wiring, platform_parts, python
from hothouse.supervisor.ports import StablePorts, require_free
from hothouse.supervisor.probes import request
from hothouse.supervisor.roster import Roster
from hothouse.supervisor.runner import Runner
from hothouse.supervisor.supervisor import Step, Supervisor
from hothouse.supervisor.terminal import Terminal
from hothouse.supervisor.workloads import stop_workloads

START_SECONDS = 60.0
STOP_SECONDS = 9.5
INTERNAL_KEY = "internal.key"
MONGODB_KEY = "mongodb.key"
"""The file in which `EmbeddedMongo` looks for its password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """`keep_apps` leaves running apps alone at the stop, for the next `up` to take over."""

    keep_apps: bool = False


class Interruptions:
    """Turns SIGINT, SIGTERM and SIGHUP into two events: the first asks to stop, the second to stop at once."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # `nohup` stays in force
                loop.add_signal_handler(number, self._note)

    def _note(self) -> None:
        (self.second if self.first.is_set() else self.first).set()


async def up(settings: Settings, options: UpOptions, terminal: Terminal) -> None:
    """Run the platform until a signal ends it.

    Raises: SupervisorError with one line for a person when it cannot start.
    """
    interruptions = Interruptions()
    installation = Installation(settings.home, settings.run_dir)
    installation.prepare()
    installation.lock()
    try:
        roster = Roster(settings.home / "run.json")
        for name, pid in (await asyncio.to_thread(roster.clear_stale)).items():
            terminal.note(f"Ended the {name} that an earlier start had left running (process {pid}).")
        require_free(settings.bind, settings.port, "HOTHOUSE_PORT")
        become_subreaper()
        reaping = asyncio.create_task(reap_orphans())
        wiring = _wire(settings, installation)
        await Platform(wiring, options, terminal, installation, roster).run(interruptions)
        reaping.cancel()
    finally:
        installation.unlock()


def _wire(settings: Settings, installation: Installation) -> Wiring:
    ports = StablePorts(settings.home / "ports.json")
    wish = settings.broker.port if "port" in settings.broker.model_fields_set else None
    external = settings.mongodb.uri.get_secret_value() if settings.mongodb.uri else None
    port = None if external else ports.take("mongodb")
    # The database would make its password itself, but later: with it, all parts can start beside the database.
    if port is not None:
        installation.key(MONGODB_KEY)

    def embedded_uri() -> str:
        from hothouse.database.embedded import EmbeddedMongo  # noqa: PLC0415 - only its address is needed

        return EmbeddedMongo(settings.home / "database", settings.keys_dir, port).uri

    return Wiring(
        settings=settings,
        mongodb_uri=(lambda: external) if external else embedded_uri,
        mongodb_port=port,
        broker_port=ports.take("broker", wish),
        internal_key=(
            settings.internal_key.get_secret_value() if settings.internal_key else installation.key(INTERNAL_KEY)
        ),
    )


class Platform:
    """One run of the platform: start, watch, stop."""

    def __init__(
        self, wiring: Wiring, options: UpOptions, terminal: Terminal, installation: Installation, roster: Roster
    ) -> None:
        self._wiring = wiring
        self._settings = wiring.settings
        self._options = options
        self._terminal = terminal
        self._roster = roster
        self._parts: list[Part] = platform_parts(wiring)
        runners = [Runner(part, LogFile(installation.log_path(part.name)), roster, terminal) for part in self._parts]
        self._supervisor = Supervisor(runners)

    async def run(self, interruptions: Interruptions) -> None:
        """Bring everything up and keep it up until interrupted, then take it down."""
        living = asyncio.create_task(self._live())
        asked = asyncio.create_task(interruptions.first.wait())
        await asyncio.wait({living, asked}, return_when=asyncio.FIRST_COMPLETED)
        failure = living.exception() if living.done() else None
        living.cancel()
        if failure:
            self._terminal.failed()
        else:
            self._terminal.stopping(keep_apps=self._options.keep_apps)
        await self._end(interruptions, quiet=failure is not None)
        if failure:
            raise failure

    async def _live(self) -> None:
        began = time.monotonic()
        names = [part.name for part in self._parts]
        self._terminal.starting(version("hothouse-lab"), self._settings.home, names)
        if self._wiring.mongodb_port is None:
            await self._check_mongodb()
        await self._supervisor.start(START_SECONDS)
        link = await asyncio.to_thread(self._setup_link)
        self._terminal.ready(self._settings.main_url, time.monotonic() - began, link)
        await self._supervisor.watch()

    async def _check_mongodb(self) -> None:
        """Try the MongoDB of HOTHOUSE_MONGODB_URI. Raises: StartFailed saying what is wrong with it."""
        began = time.monotonic()
        environment = {**self._parts[0].env(), "HOTHOUSE_MONGODB_URI": self._wiring.mongodb_uri()}
        process = await asyncio.create_subprocess_exec(
            *python("hothouse.supervisor.mongodb"), "check", env=environment, stderr=asyncio.subprocess.PIPE
        )
        _, output = await process.communicate()
        if process.returncode:
            lines = output.decode(errors="replace").strip().splitlines()
            message = lines[-1] if lines and process.returncode == EXIT_GIVE_UP else "The check of MongoDB failed."
            raise StartFailed(message, () if process.returncode == EXIT_GIVE_UP else tuple(lines[-12:]))
        self._terminal.came_up("mongodb", time.monotonic() - began)

    def _setup_link(self) -> str | None:
        """Ask the hub for the single-use link; `None` when there is an account already."""
        key = {"X-Hothouse-Internal-Key": self._wiring.internal_key}
        try:
            status, answer = request(self._settings.hub_listen, "POST", "/internal/v1/setup-link", headers=key)
        except (OSError, http.client.HTTPException) as error:
            self._terminal.problem("hub", f"gave no set-up link: {error}")
            return None
        if status != http.HTTPStatus.OK or not isinstance(answer, dict):
            self._terminal.problem("hub", f"gave no set-up link: it answered {status}")
            return None
        return f"{self._settings.main_url}/set-up?code={answer['code']}" if answer.get("code") else None

    async def _end(self, interruptions: Interruptions, *, quiet: bool) -> None:
        began = time.monotonic()
        stopping = asyncio.create_task(self._stop(began + STOP_SECONDS))
        again = asyncio.create_task(interruptions.second.wait())
        await asyncio.wait({stopping, again}, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        if stopping.done():
            stopping.result()
            if not quiet:
                self._terminal.stopped(time.monotonic() - began, self._settings.home)
            return
        stopping.cancel()
        self._supervisor.kill()
        if not self._options.keep_apps:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop_workloads(self._settings.home, grace_seconds=0), 2)
        self._terminal.killed()

    async def _stop(self, deadline: float) -> None:
        steps: dict[int, Step] = {} if self._options.keep_apps else {STAGE_BROKER: self._stop_apps}
        await self._supervisor.stop(deadline, steps)
        self._roster.clear()

    async def _stop_apps(self, deadline: float) -> None:
        seconds = max(0.2, deadline - time.monotonic())
        try:
            async with asyncio.timeout(seconds):
                await stop_workloads(self._settings.home, grace_seconds=max(0.1, seconds - 0.7))
        except TimeoutError:
            self._terminal.problem("apps", "some did not end in time")
        except Exception as error:  # noqa: BLE001 - the database must be stopped whatever happens here
            self._terminal.problem("apps", f"could not be stopped: {error}")


__all__ = ["SupervisorError", "UpOptions", "up"]
