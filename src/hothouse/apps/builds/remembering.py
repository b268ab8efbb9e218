"""Remembering what requirements resolved to, so that the same ones again within a day need no index."""

import hashlib
import json
import os
import secrets
import time
from pathlib import Path

from hothouse.apps.builds.places import Places
from hothouse.apps.builds.python import base_python, version
from hothouse.apps.builds.requirements import Requirements
from hothouse.apps.builds.sandbox import index_settings

LIFETIME_SECONDS = 24 * 3600


class ResolvedLocks:
    """Locks by what they were resolved from. `app_id` keeps apart those that foreign code had a hand in."""

    def __init__(self, places: Places) -> None:
        self._folder = places.locks

    def get(self, wanted: Requirements, app_id: str | None) -> str | None:
        """Find a lock that is not older than a day."""
        path = self._path(wanted, app_id)
        try:
            if time.time() - path.stat().st_mtime > LIFETIME_SECONDS:
                return None
            return path.read_text()
        except FileNotFoundError:
            return None

    def put(self, wanted: Requirements, app_id: str | None, lock: str) -> None:
        path = self._path(wanted, app_id)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        unfinished.write_text(lock)
        unfinished.replace(path)

    def _path(self, wanted: Requirements, app_id: str | None) -> Path:
        inputs = [
            wanted.options,
            wanted.lines,
            wanted.constraints,
            wanted.overrides,
            wanted.excludes,
            wanted.node,
            index_settings(os.environ),
            [version(), base_python(), app_id],
        ]
        digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
        return self._folder / f"resolved-{digest[:40]}.txt"
