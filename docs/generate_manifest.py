"""Write docs/reference/manifest.md from the manifest's models: `python docs/generate_manifest.py [--check]`."""

import json
import sys
from pathlib import Path
from typing import Any

from hothouse.apps.builds.kinds import KINDS, MIB
from hothouse.apps.manifests.model import example
from hothouse.apps.manifests.quantities import format_size
from hothouse.apps.manifests.schema import SCHEMA_PATH, json_schema

PAGE = Path(__file__).parent / "reference" / "manifest.md"
ENTRIES = {
    "asgi": "`module:attribute`, or `module:function()` for a factory",
    "wsgi": "`module:attribute`, or `module:function()` for a factory",
    "experiment": "`module:attribute` of an `Experiment`",
    "static": "a folder",
    "command": "a list of arguments; `$PORT` and `$HOST` are filled in",
    "voila": "a notebook",
    "dash": "a file that makes a `Dash` app, or `module:attribute`",
}
INTRODUCTION = f"""\
# manifest.json

<!-- Made by docs/generate_manifest.py from the models; edit those. -->

A file `manifest.json` at the root of an app's source says what the app is, needs and declares. A source without one
gets one proposed when it is uploaded. The smallest there is:

```json
{json.dumps(example(), indent=2)}
```

The platform serves a JSON Schema at `{SCHEMA_PATH}`. Editors use it when the manifest names it: `"$schema":
"https://lab.example.org{SCHEMA_PATH}"`. Unknown fields are refused, and every problem is reported at once with the JSON
pointer of the place.

## Kinds
"""


def main() -> None:
    """Write the page, or with `--check` fail when it is stale."""
    page = render()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text("utf-8") != page:
            raise SystemExit(f"{PAGE.name} is stale; run: python docs/generate_manifest.py")
        return
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, "utf-8")


def render() -> str:
    """Make the text of the page."""
    schema = json_schema()
    parts = [INTRODUCTION, *_kinds(), "\n## Fields\n", *_fields(schema)]
    for name in ("resources", "scale", "health", "data"):
        parts += [f"\n## `{name}`\n", *_section(schema, schema["properties"][name])]
    data = schema["$defs"]["DataSection"]["properties"]
    parts += ["\n### `data.sharing`\n", *_section(schema, data["sharing"])]
    parts += ["\n### `data.indexes`\n", "Lists by collection; each element has these fields.\n"]
    parts += _fields(schema["$defs"]["Index"])
    parts += [
        "\n### `data.read_from`\n",
        "A list; each element has these fields.\n",
        *_fields(schema["$defs"]["ReadFrom"]),
    ]
    return "\n".join(parts) + "\n"


def _kinds() -> list[str]:
    lines = [
        "| kind | `entry` | installed besides | ready when | memory by default |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, kind in KINDS.items():
        installed = ", ".join(f"`{requirement}`" for requirement in kind.requirements) or "nothing"
        ready = f"`{kind.health_path}` answers within {kind.health_timeout_seconds} s"
        memory = format_size(kind.memory_bytes // MIB * MIB)
        lines.append(f"| `{name}` | {ENTRIES.get(name, 'a Python file')} | {installed} | {ready} | {memory} |")
    return lines


def _section(schema: dict[str, Any], field: dict[str, Any]) -> list[str]:
    definition = schema["$defs"][field["$ref"].rpartition("/")[2]]
    return [f"{definition['description']}\n", *_fields(definition)]


def _fields(definition: dict[str, Any]) -> list[str]:
    required = definition.get("required", [])
    lines = ["| field | type | meaning |", "| --- | --- | --- |"]
    for name, field in definition["properties"].items():
        notes = [field.get("description", "")]
        if name in required:
            notes.append("**Required.**")
        elif field.get("default") not in (None, "", False):
            notes.append(f"Default: `{json.dumps(field['default'])}`.")
        if field.get("examples"):
            shown = ", ".join(f"`{json.dumps(item, ensure_ascii=False)}`" for item in field["examples"])
            notes.append(f"For example {shown}.")
        lines.append(f"| `{name}` | {_type(field)} | {' '.join(note for note in notes if note)} |".replace("\n", " "))
    return lines


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(option) for option in field["anyOf"]))
    if "$ref" in field:
        return "object"
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}
    kind = str(field.get("type", "any"))
    return names.get(kind, kind)


if __name__ == "__main__":
    main()
