"""What Hothouse apps import: the experiment app, its database, the signed-in user, actors, logging.

Names are loaded when first used, so an app pays at its start only for what it touches: one without a database
never imports PyMongo.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hothouse_sdk.actors import ActorClass, ActorError, ActorHandle, actor
    from hothouse_sdk.assertions import AssertionInvalid, AssertionVerifier, VerifiedUser
    from hothouse_sdk.database import Database, DatabaseNotConfigured, is_not_granted, open_database
    from hothouse_sdk.experiment import Experiment
    from hothouse_sdk.logs import get_logger
    from hothouse_sdk.manifest import Manifest, ManifestUnreadable
    from hothouse_sdk.other_apps import CallingApp, NotOnThePlatform, OptionalCallingApp, OtherApp, other_app
    from hothouse_sdk.users import CurrentUser, OptionalUser, User

__all__ = [
    "ActorClass",
    "ActorError",
    "ActorHandle",
    "AssertionInvalid",
    "AssertionVerifier",
    "CallingApp",
    "CurrentUser",
    "Database",
    "DatabaseNotConfigured",
    "Experiment",
    "Manifest",
    "ManifestUnreadable",
    "NotOnThePlatform",
    "OptionalCallingApp",
    "OptionalUser",
    "OtherApp",
    "User",
    "VerifiedUser",
    "actor",
    "get_logger",
    "is_not_granted",
    "open_database",
    "other_app",
]

_MODULES = {
    "actors": ("ActorClass", "ActorError", "ActorHandle", "actor"),
    "assertions": ("AssertionInvalid", "AssertionVerifier", "VerifiedUser"),
    "database": ("Database", "DatabaseNotConfigured", "is_not_granted", "open_database"),
    "experiment": ("Experiment",),
    "logs": ("get_logger",),
    "manifest": ("Manifest", "ManifestUnreadable"),
    "other_apps": ("CallingApp", "NotOnThePlatform", "OptionalCallingApp", "OtherApp", "other_app"),
    "users": ("CurrentUser", "OptionalUser", "User"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
