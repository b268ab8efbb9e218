"""Run a folder of the older g.nome layout, unchanged: `python -m hothouse_sdk.run hothouse_sdk.legacy:app`.

The working directory holds `__init__.py` with `bp` (an `APIRouter`) and, where the experiment has state, `actor.py`
with a class `ExperimentActor`; `templates/` and `static/` as they were. The router answers at `/` and, because
old pages wrote their address into links, at `/experiments/<name>/` too. What the old platform offered by import
(`ray.get_actor`, `core_deps.get_scoped_db`, …) leads to the actor and database of this app; see `legacy_names`.

Code of the app reaches its actor as `request.app.state.actor_handle` and calls it either way:
`await handle.method()` or `await handle.method.remote()`.
"""

import importlib.util
import inspect
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import APIRouter
from pymongo.uri_parser import parse_uri

from hothouse_sdk import legacy_names
from hothouse_sdk.actors import ActorClass
from hothouse_sdk.entries import EntryNotFound
from hothouse_sdk.experiment import Experiment

PACKAGE = "hothouse_legacy_app"


class LegacyLayoutError(EntryNotFound):
    """Say what a folder of the older layout lacks."""


def create_app(folder: Path) -> Experiment:
    """Make an app of a folder in the older layout. Raises: LegacyLayoutError, and what the folder's modules raise."""
    if not (folder / "__init__.py").is_file():
        message = f'{folder.name}/ has no __init__.py, which in the older layout exposes "bp", an APIRouter'
        raise LegacyLayoutError(message)
    experiment = Experiment(folder=folder)
    experiment.state.slug_id = _old_slug(experiment)
    experiment.state.ray_is_available = True
    legacy_names.install(experiment)
    package = _import_package(folder)
    experiment.state.actor_handle = _start_handle(folder, experiment)
    router = getattr(package, "bp", None)
    if not isinstance(router, APIRouter):
        message = f'{folder.name}/__init__.py exposes no "bp"; it must be a fastapi.APIRouter'
        raise LegacyLayoutError(message)
    prefix = f"/experiments/{experiment.state.slug_id}"
    experiment.include_router(router)
    experiment.include_router(router, prefix=prefix, include_in_schema=False)
    for route in [route for route in experiment.routes if getattr(route, "name", "") == "static"]:
        experiment.mount(f"{prefix}/static", route.app)  # type: ignore[attr-defined]
    return experiment


def _old_slug(experiment: Experiment) -> str:
    """Return the experiment's name in the old platform, a Python name: its links and actor use it."""
    return experiment.manifest.slug.replace("-", "_")


def _import_package(folder: Path) -> ModuleType:
    """Import the folder as a package under a fixed name, so that `from .actor import …` works whatever its name."""
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None  # noqa: S101 - a .py path always has a spec and a loader
    assert spec.loader is not None  # noqa: S101
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    return package


def _start_handle(folder: Path, experiment: Experiment) -> "LegacyHandle | None":
    if not (folder / "actor.py").is_file():
        return None
    cls: Any = getattr(importlib.import_module(f"{PACKAGE}.actor"), "ExperimentActor", None)
    if cls is None:
        message = f"{folder.name}/actor.py has no class ExperimentActor"
        raise LegacyLayoutError(message)
    if isinstance(cls, legacy_names.RemoteClass):
        cls = cls.cls
    known = _constructor_arguments(experiment)
    wanted = inspect.signature(cls).parameters
    arguments = {name: value for name, value in known.items() if name in wanted}
    return LegacyHandle(ActorClass(cls, **arguments))


def _constructor_arguments(experiment: Experiment) -> dict[str, Any]:
    """Return what the old platform gave to an actor; one app is one database now, so scopes name only itself."""
    uri = os.environ.get("HOTHOUSE_DATABASE_URI", "")
    slug = experiment.state.slug_id
    database = parse_uri(uri)["database"] if uri else None
    return {"mongo_uri": uri, "db_name": database, "write_scope": slug, "read_scopes": [slug]}


class LegacyHandle:
    """An actor's handle that also understands `handle.method.remote(...)`."""

    def __init__(self, actor_class: ActorClass[Any]) -> None:
        self._handle = actor_class.handle()

    def __getattr__(self, name: str) -> "RemoteMethod":
        return RemoteMethod(getattr(self._handle, name))


class RemoteMethod:
    """A method that is called as `method(...)` or, the old way, `method.remote(...)`."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    remote = __call__


def __getattr__(name: str) -> Any:
    # Only the server's look-up of `legacy:app` reads the working directory, not a mere import of this module.
    if name == "app":
        return create_app(Path.cwd())
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
