"""Findings about what the platform itself stands on: Python, database, storage, disk, port, web UI."""

import importlib.resources
import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pymongo
from pymongo.errors import PyMongoError

from hothouse.launch.preflight import Finding
from hothouse.settings import Settings
from hothouse.supervisor.errors import StartRefused
from hothouse.supervisor.ports import require_free

CHECK_MILLISECONDS = 3000
ENOUGH_BYTES = 5 * 2**30
SCARCE_BYTES = 500 * 2**20


def python() -> Finding:
    """Name the interpreter that everything runs on."""
    return Finding(name="python", state="ok", found=f"{platform.python_version()} at {sys.executable}")


def database(settings: Settings) -> Finding:
    """Try the configured MongoDB, or see whether the embedded one is installed."""
    if settings.mongodb.uri is None:
        return _embedded_database()
    uri = settings.mongodb.uri.get_secret_value()
    try:
        with pymongo.MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=CHECK_MILLISECONDS) as client:
            number = str(client.server_info()["version"])
    except (PyMongoError, ValueError) as error:
        advice = "start it, correct HOTHOUSE_MONGODB_URI, or unset it for the embedded one"
        return Finding(name="database", state="missing", found=str(error).split(", Timeout:")[0], advice=advice)
    return Finding(name="database", state="ok", found=f"MongoDB {number} at HOTHOUSE_MONGODB_URI")


def _embedded_database() -> Finding:
    try:
        number = version("secantusdb")
    except PackageNotFoundError:
        advice = "pip install 'hothouse-lab[embedded]', or set HOTHOUSE_MONGODB_URI"
        return Finding(name="database", state="missing", found="no embedded MongoDB is installed", advice=advice)
    advice = "set HOTHOUSE_MONGODB_URI to a MongoDB 7 or newer for many users"
    return Finding(name="database", state="ok", found=f"embedded (SecantusDB {number})", advice=advice)


def storage(settings: Settings) -> Finding:
    """See whether the data folder can be written, without making it."""
    existing = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return Finding(name="storage", state="ok", found=f"{settings.home}")
    return Finding(
        name="storage",
        state="missing",
        found=f"{existing} cannot be written" if existing.is_dir() else f"{existing} is not a folder",
        advice="choose another folder with HOTHOUSE_HOME",
    )


def disk(settings: Settings) -> Finding:
    """Measure the free space where the data lies."""
    existing = next(folder for folder in (settings.home, *settings.home.parents) if folder.is_dir())
    free = shutil.disk_usage(existing).free
    found = f"{free / 2**30:.1f} GiB free"
    if free < SCARCE_BYTES:
        return Finding(name="disk", state="missing", found=found, advice="free some space: builds alone need more")
    if free < ENOUGH_BYTES:
        return Finding(name="disk", state="partial", found=found, advice="a few environments will fill it")
    return Finding(name="disk", state="ok", found=found)


def port(settings: Settings) -> Finding:
    """See whether the public port is free, or Hothouse is running there already."""
    try:
        require_free(settings.bind, settings.port, "HOTHOUSE_PORT")
    except StartRefused as error:
        return Finding(name="port", state="partial", found=str(error), advice="nothing, if that is Hothouse itself")
    return Finding(name="port", state="ok", found=f"{settings.port} on {settings.bind} is free")


def web_ui() -> Finding:
    """See whether the web UI was built."""
    built = Path(str(importlib.resources.files("hothouse"))) / "hub" / "ui" / "index.html"
    if built.is_file():
        return Finding(name="web UI", state="ok", found="built")
    return Finding(name="web UI", state="partial", found="not built", advice="make web")
