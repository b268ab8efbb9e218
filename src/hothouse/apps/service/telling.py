"""What the trail of a request is told about an app: values before and after; of environment and secrets, names."""

from collections.abc import Mapping
from typing import Any

from hothouse.database.connection import Document
from hothouse.kit.trail import current_trail

SHOWN = ("slug", "name", "description", "icon", "tags", "access", "public_paths", "idle_minutes")
STANDING = ("desired", "is_asleep")


def tell_settings(app: Document, fields: Mapping[str, Any]) -> None:
    """Tell which settings become what."""
    changed = [key for key in SHOWN if key in fields and fields[key] != app.get(key)]
    before = {key: app.get(key) for key in changed}
    after = {key: fields[key] for key in changed}
    for key in ("env", "secrets"):
        was, now = app[key], fields.get(key, app[key])
        given = sorted(name for name in now if now[name] != was.get(name))
        gone = sorted(was.keys() - now.keys())
        after |= {f"{key}_{word}": names for word, names in (("set", given), ("removed", gone)) if names}
    current_trail().change(before=before, after=after)


def tell_standing(app: Document, fields: Mapping[str, Any]) -> None:
    """Tell what is wanted of an app from now on."""
    changed = [key for key in STANDING if key in fields and fields[key] != app.get(key)]
    current_trail().change(before={key: app.get(key) for key in changed}, after={key: fields[key] for key in changed})


def tell_deployment(app: Document, deployment: Document) -> None:
    """Tell which release is to serve instead of which."""
    trail = current_trail()
    trail.concerns("app", app["_id"], app["slug"])
    trail.change(
        before={"release": app["release"]},
        after={"release": deployment["release"], "kind": deployment["kind"], "deployment": deployment["_id"]},
    )


def tell_deletion(app: Document) -> None:
    """Tell what is about to be gone."""
    current_trail().change(before={key: app[key] for key in ("name", "owner_id", "database", "release", "slugs")})
