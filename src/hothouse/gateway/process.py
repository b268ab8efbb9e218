"""Running the gateway as a process."""

import asyncio
import contextlib
import signal
from dataclasses import replace
from functools import partial

import structlog

from hothouse.gateway.activity import Activity
from hothouse.gateway.admission import Admission
from hothouse.gateway.app_origin import AppOrigins, Parts
from hothouse.gateway.dispatcher import Dispatcher
from hothouse.gateway.feed import Feed
from hothouse.gateway.handover import Handover
from hothouse.gateway.holding import Holding
from hothouse.gateway.hub import Hub
from hothouse.gateway.main_origin import MainOrigin
from hothouse.gateway.notices import Notice
from hothouse.gateway.origins import Forwarding
from hothouse.gateway.replies import Replies
from hothouse.gateway.reviews import Reviews
from hothouse.gateway.site import Site
from hothouse.gateway.status import StatusReport
from hothouse.gateway.table import Route, Table
from hothouse.gateway.wire.limits import Limits
from hothouse.gateway.wire.server import Server
from hothouse.gateway.wire.upstream import Pools
from hothouse.kit.open_files import raise_open_files
from hothouse.kit.tasks import end_tasks
from hothouse.settings import Settings

DRAIN_SECONDS = 5.0
RESERVED_FILES = 256


class Gateway:
    """A gateway put together from settings: `start`, then `stop`."""

    def __init__(self, settings: Settings, limits: Limits | None = None) -> None:
        self.table = Table()
        limits = limits or bounded_limits()
        site = Site(settings)
        pools = Pools(limits)
        key = settings.internal_key.get_secret_value() if settings.internal_key else ""
        self._settings = settings
        self._hub = Hub(settings.hub_listen, key, pools)
        self._admission = Admission(self._hub)
        self._holding = Holding(self.table, self._hub)
        self.activity = Activity(self._hub)
        self._reviews = Reviews(self.table, self._admission, self.activity)
        self._pools = pools
        replies = Replies(site)
        forwarding = Forwarding(site)
        apps = AppOrigins(
            Parts(
                site=site,
                table=self.table,
                admission=self._admission,
                holding=self._holding,
                handover=Handover(site, self._hub, replies),
                status=StatusReport(self.table, self._admission, self._holding, replies),
                activity=self.activity,
                pools=pools,
                forwarding=forwarding,
                replies=replies,
            )
        )
        main = MainOrigin(settings.hub_listen, pools, forwarding, replies)
        self.server = Server(Dispatcher(site, main, apps, replies), limits, pools)
        self.table.listen(self._on_change)
        self._tasks: list[asyncio.Task[None]] = []

    def _on_change(self, old: Route | None, new: Route | None) -> None:
        if old is None:
            return
        if old.endpoint is not None and (new is None or new.endpoint != old.endpoint):
            self._pools.retire(old.endpoint)
        if new is None or _audience(new) != _audience(old):
            self._reviews.take(Notice.of_app(old.app_id))
        if new is not None:
            self.activity.expect_sleepers(new, partial(self._holding.wake, new))
        if new is None:
            self._holding.forget(old.app_id)
            self.activity.close_all(old.app_id)

    async def start(self) -> int:
        """Listen and follow the hub; return the port. Raises: OSError."""
        port = await self.server.start(self._settings.bind, self._settings.port)
        self._tasks = [
            asyncio.create_task(Feed(self._hub, self.table, self._reviews.take).run()),
            asyncio.create_task(self.activity.run()),
            asyncio.create_task(self._reviews.run()),
        ]
        return port

    async def stop(self, grace_seconds: float = DRAIN_SECONDS) -> None:
        """Stop accepting, finish requests for at most `grace_seconds`, report the last activity, close."""
        await self.server.stop(grace_seconds)
        await end_tasks(*self._tasks)
        await self.activity.report()
        self._pools.close()


def _audience(route: Route) -> tuple[object, ...]:
    """Return what is another thing whenever other people may open an app, or a part of it."""
    return route.access, route.audience, route.public_paths


def bounded_limits() -> Limits:
    """Return limits whose number of connections fits this process's open files: each may need two."""
    limits = Limits()
    return replace(limits, connections=min(limits.connections, (raise_open_files() - RESERVED_FILES) // 2))


async def serve(settings: Settings) -> None:
    """Run the gateway until SIGTERM or SIGINT, then drain."""
    log = structlog.get_logger()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    gateway = Gateway(settings)
    port = await gateway.start()
    try:
        log.info("ready", address=f"{settings.bind}:{port}", url=settings.main_url)
        await ended.wait()
        log.info("draining")
    finally:
        await gateway.stop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError):
                loop.remove_signal_handler(number)
