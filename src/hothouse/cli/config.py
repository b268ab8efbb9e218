"""`hothouse config`: every setting, its value, and where that came from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from hothouse.cli.output import JsonOption, print_json, print_table
from hothouse.cli.processes import PANEL, load_settings

if TYPE_CHECKING:
    from pydantic import BaseModel

MASK = "********"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(config)


def config(as_json: JsonOption = False) -> None:
    """Print the settings in force and where each came from; secrets are masked."""
    settings = load_settings()
    sources = _sources()
    entries = [
        {"name": "HOTHOUSE_" + "_".join(path).upper(), "value": _shown(value), "source": _source(path, sources)}
        for path, value in _leaves(settings)
    ]
    if as_json:
        print_json(entries)
    else:
        rows = [(entry["name"], entry["value"], entry["source"]) for entry in entries]
        print_table(("SETTING", "VALUE", "FROM"), rows, empty="There are no settings.")


def _leaves(model: "BaseModel", path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    from pydantic import BaseModel

    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _shown(value: Any) -> Any:
    from pydantic import SecretStr

    if isinstance(value, SecretStr):
        return MASK
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _sources() -> dict[str, dict[str, Any]]:
    """Return what each place says by itself, the stronger place first."""
    from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

    from hothouse.settings import Settings

    return {"environment": EnvSettingsSource(Settings)(), ".env": DotEnvSettingsSource(Settings)()}


def _source(path: tuple[str, ...], sources: dict[str, dict[str, Any]]) -> str:
    for name, tree in sources.items():
        found: Any = tree
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if found is not None:
            return name
    return "default"
