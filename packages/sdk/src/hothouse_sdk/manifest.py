"""An app's own view of its `manifest.json`."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = "manifest.json"
_PARENTS_SEARCHED = 3


class ManifestUnreadable(ValueError):
    """Say that `manifest.json` exists and cannot be understood, and where."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an app may want to know of its manifest; `raw` holds every field as written.

    >>> Manifest.parse('{"slug": "echo", "name": "Echo", "kind": "asgi"}').name
    'Echo'
    """

    slug: str
    name: str
    description: str = ""
    icon: str = ""
    kind: str = "experiment"
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest in `folder`; a slug it lacks is that of the platform (HOTHOUSE_APP) or of the folder.

        Raises: ManifestUnreadable.
        """
        path = folder / FILE_NAME
        slug = os.environ.get("HOTHOUSE_APP") or slugify(folder.resolve().name)
        if not path.is_file():
            return cls(slug=slug, name=slug.replace("-", " ").capitalize())
        return cls.parse(path.read_text("utf-8"), where=str(path), slug=slug)

    @classmethod
    def parse(cls, text: str, *, where: str = FILE_NAME, slug: str = "app") -> "Manifest":
        """Take a manifest from JSON text; `slug` stands in where it names none. Raises: ManifestUnreadable."""
        try:
            raw = json.loads(text)
        except json.JSONDecodeError as error:
            message = f"{where} is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
            raise ManifestUnreadable(message) from error
        if not isinstance(raw, dict):
            message = f'{where} must hold a JSON object, such as {{"slug": "{slug}"}}'
            raise ManifestUnreadable(message)
        slug = str(raw.get("slug") or slug)
        return cls(
            slug=slug,
            name=str(raw.get("name") or slug),
            description=str(raw.get("description") or ""),
            icon=str(raw.get("icon") or ""),
            kind=str(raw.get("kind") or "experiment"),
            raw=raw,
        )


def slugify(name: str) -> str:
    """Make a DNS label of a folder's name.

    >>> slugify("My Experiment_2")
    'my-experiment-2'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63] or "app"


def find_folder(start: Path) -> Path:
    """Return the nearest folder with a manifest at or a few levels above `start`, or `start` itself."""
    start = start.resolve()
    for folder in (start, *start.parents[:_PARENTS_SEARCHED]):
        if (folder / FILE_NAME).is_file():
            return folder
    return start
