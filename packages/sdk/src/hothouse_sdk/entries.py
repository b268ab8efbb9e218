"""Finding the app that a manifest's `entry` names."""

import importlib
import sys
from pathlib import Path
from typing import Any

_MISSING = object()


class EntryNotFound(Exception):
    """Say why an entry `module:attribute` leads to no app."""


def load(entry: str) -> Any:
    """Import the app that `entry` names.

    >>> load("collections:Counter")
    <class 'collections.Counter'>
    >>> load("collections:Bouncer")
    Traceback (most recent call last):
    hothouse_sdk.entries.EntryNotFound: module 'collections' has no attribute 'Bouncer'; check "entry" in manifest.json

    Raises: EntryNotFound; an error inside the app's own modules passes through with its traceback.
    """
    module_name, separator, path = entry.partition(":")
    if not (module_name and separator and path):
        message = f'entry {entry!r} must be "module:attribute", for example "main:app"'
        raise EntryNotFound(message)
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    value: Any = _import(module_name)
    for name in path.split("."):
        value = getattr(value, name, _MISSING)
        if value is _MISSING:
            message = f'module {module_name!r} has no attribute {path!r}; check "entry" in manifest.json'
            raise EntryNotFound(message)
    return value


def _import(module_name: str) -> Any:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        message = f'there is no module {error.name!r} in {Path.cwd().name}/; check "entry" in manifest.json'
        raise EntryNotFound(message) from error
