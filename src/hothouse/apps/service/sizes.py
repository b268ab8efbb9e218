"""How much the files of apps take up: measured beside everything else, for quotas."""

import asyncio
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from hothouse.apps.repository import AppsRepository
from hothouse.kit import trees
from hothouse.kit.beneath import FOLDER
from hothouse.kit.clock import Clock

FRESH = timedelta(seconds=60)
LOOK_SECONDS = 3600.0


class AppSizes:
    """Measures apps, one at a time: their own files, and copies of releases; builds are shared and count for none.

    `run` must be running for it.
    """

    def __init__(self, apps: AppsRepository, folder: Path, clock: Clock) -> None:
        """Make it; `folder` has a folder for each app, by its id."""
        self._apps = apps
        self._folder = folder
        self._clock = clock
        self._known: dict[str, tuple[int, datetime]] = {}
        self._wanted: dict[str, None] = {}
        self._is_wanted = asyncio.Event()

    def of(self, app_id: str) -> int:
        """Return the bytes of an app as measured last, 0 before; it is measured soon if that was long ago."""
        size, at = self._known.get(app_id, (0, None))
        if at is None or at + FRESH < self._clock.now():
            self._wanted[app_id] = None
            self._is_wanted.set()
        return size

    async def run(self) -> None:
        """Measure all apps now and then, and those that are asked for, until cancelled."""
        while True:
            ids = {one["_id"] for one in await self._apps.all()}
            self._known = {app_id: size for app_id, size in self._known.items() if app_id in ids}
            self._wanted |= dict.fromkeys(ids)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._measure_wanted()

    async def _measure_wanted(self) -> None:
        while True:
            self._is_wanted.clear()
            while self._wanted:
                app_id = self._wanted.popitem()[0]
                size = await asyncio.to_thread(_measure, self._folder / app_id)
                self._known[app_id] = (size, self._clock.now())
            await self._is_wanted.wait()


def _measure(folder: Path) -> int:
    try:
        root = os.open(folder, FOLDER)
    except OSError:
        return 0
    try:
        return trees.measure(root).bytes
    finally:
        os.close(root)
