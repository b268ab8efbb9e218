"""Running the worker as a process: the composition root of background work."""

import asyncio
import os
import signal
import socket

import structlog

from hothouse.apps import jobs as apps_jobs
from hothouse.database import indexes
from hothouse.database.changes import Changes
from hothouse.database.connection import Database, connect
from hothouse.environments import jobs as environments_jobs
from hothouse.environments.images import jobs as images_jobs
from hothouse.environments.workspaces import jobs as workspaces_jobs
from hothouse.jobs.heartbeat import beat
from hothouse.jobs.interfaces import Handler
from hothouse.jobs.repository import INDEXES, JobsRepository
from hothouse.jobs.worker import Worker
from hothouse.kit.clock import SystemClock
from hothouse.kit.ids import new_id
from hothouse.kit.tasks import end_tasks
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.preflight import detect
from hothouse.settings import Settings

log = structlog.get_logger(__name__)


def handlers(settings: Settings, database: Database) -> dict[str, Handler]:
    """Return what does the jobs of every feature, by kind of job."""
    builder = apps_jobs.make_builder(settings)
    copying = LocalLauncher(settings.home / "copies", detect(settings.launch.isolation))
    return {
        **apps_jobs.handlers(settings, database, builder),
        **environments_jobs.handlers(settings, builder),
        **images_jobs.handlers(),
        **workspaces_jobs.handlers(settings.home, database, copying, SystemClock()),
    }


async def serve(settings: Settings) -> None:
    """Do jobs until SIGTERM or SIGINT; those under way are given up for the next worker to resume."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    clock, name = SystemClock(), f"{socket.gethostname()}-{os.getpid()}-{new_id(6)}"
    async with connect(settings, app_name="worker") as client:
        database = client[settings.mongodb.database]
        await indexes.ensure(database, INDEXES)
        changes = Changes(database, ("jobs",))
        worker = Worker(
            JobsRepository(database),
            changes,
            clock,
            handlers(settings, database),
            name=name,
            concurrent=settings.builds.concurrent,
        )
        beside = [asyncio.create_task(changes.run()), asyncio.create_task(beat(database, clock, "worker", name))]
        log.info("ready", part="worker", name=name)
        try:
            await worker.run(stopping)
        finally:
            await end_tasks(*beside)
