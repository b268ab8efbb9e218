"""The JSON Schema of manifests, for editors and for `/api/schemas/manifest.json`."""

from typing import Any

from hothouse.apps.manifests.model import Manifest, example

SCHEMA_PATH = "/api/schemas/manifest.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Build the schema, with a description and examples for each field."""
    schema = Manifest.model_json_schema(by_alias=True, mode="validation")
    _drop_titles(schema)
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_PATH,
        "title": "Hothouse app manifest",
        "examples": [example()],
        **schema,
    }


def _drop_titles(node: Any) -> None:
    """Remove the titles pydantic makes of field names; editors would show them in place of the descriptions."""
    if isinstance(node, list):
        for item in node:
            _drop_titles(item)
    elif isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _drop_titles(value)
