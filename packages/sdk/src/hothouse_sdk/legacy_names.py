"""Names that experiments of the older g.nome layout import, led to what this app has.

Installed for the running legacy app only, and only where no real module of that name can be imported: an experiment
that brings its own `core_deps.py`, or has Ray in its requirements, keeps it.
"""

import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fastapi.templating
from fastapi import Request
from starlette.templating import Jinja2Templates

from hothouse_sdk.database import open_database
from hothouse_sdk.experiment import Experiment


class RemoteClass:
    """What `@ray.remote` makes of a class: a mark, since this app makes the one instance itself."""

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls


def install(experiment: Experiment) -> None:
    """Provide the old platform's modules to the app's own."""
    for name, contents in _modules(experiment).items():
        if name in sys.modules or importlib.util.find_spec(name) is not None:
            continue
        module = ModuleType(name, f"Stands in for the older platform's `{name}`.")
        vars(module).update(contents)
        sys.modules[name] = module
    fastapi.templating.Jinja2Templates = OldJinja2Templates  # type: ignore[misc]


def _modules(experiment: Experiment) -> dict[str, dict[str, Any]]:
    def get_actor(name: str, namespace: str | None = None) -> Any:
        handle = getattr(experiment.state, "actor_handle", None)
        if handle is None:
            message = f"there is no actor {name!r} in namespace {namespace!r}: the app has no actor.py"
            raise ValueError(message)
        return handle

    return {
        "ray": {"remote": remote, "get_actor": get_actor, "is_initialized": lambda: True},
        "core_deps": {
            "get_scoped_db": _get_scoped_db,
            "get_current_user": _get_current_user,
            "ScopedMongoWrapper": ScopedDatabase,
        },
        "async_mongo_wrapper": {"ScopedMongoWrapper": ScopedDatabase},
        "experiment_db": {
            "create_actor_database": _create_actor_database,
            "get_experiment_db": _get_scoped_db,
        },
    }


def remote(*classes: type[Any], **_options: Any) -> "RemoteClass | Callable[[type[Any]], RemoteClass]":
    """Mark a class as an actor, with or without options, as `ray.remote` does."""
    return RemoteClass(classes[0]) if classes else RemoteClass


class OldJinja2Templates(Jinja2Templates):
    """Accept `TemplateResponse(name, {"request": request, ...})`, which Starlette no longer does."""

    def TemplateResponse(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - Starlette's name
        """Render a template, given either order of arguments."""
        if args and isinstance(args[0], str):
            name, context, *rest = (*args, kwargs.pop("context", None)) if len(args) == 1 else args
            return super().TemplateResponse(context["request"], name, context, *rest, **kwargs)
        return super().TemplateResponse(*args, **kwargs)


class ScopedDatabase:
    """The app's database, opened when first used: old constructors take it before the event loop runs.

    It is true in conditions, which a PyMongo database refuses to be.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(open_database(), name)

    def __getitem__(self, name: str) -> Any:
        return open_database()[name]


async def _get_scoped_db() -> ScopedDatabase:
    return ScopedDatabase()


async def _get_current_user(request: Request) -> dict[str, Any] | None:
    user = request.app.user(request)
    return None if user is None else {"user_id": user.id, "email": user.email, "name": user.name, "is_admin": False}


def _create_actor_database(*_scopes: Any) -> ScopedDatabase:
    return ScopedDatabase()
