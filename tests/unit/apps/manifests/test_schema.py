"""The JSON Schema agrees with the models and helps in an editor."""

from hothouse.apps.manifests import json_schema
from hothouse.apps.manifests.model import Manifest


class TestJsonSchema:
    def test_is_complete(self):
        schema = json_schema()
        assert schema["$schema"].endswith("2020-12/schema")
        assert set(schema["properties"]) == {info.alias or name for name, info in Manifest.model_fields.items()}
        assert schema["required"] == ["schema_version", "slug", "name", "kind", "entry"]
        assert schema["additionalProperties"] is False

    def test_every_field_is_described(self):
        schema = json_schema()
        sections = {"": schema} | schema["$defs"]
        silent = [
            f"{section}.{field}"
            for section, content in sections.items()
            for field, info in content["properties"].items()
            if not info.get("description")
        ]
        assert silent == []

    def test_manifest_may_name_its_schema(self):
        assert "$schema" in json_schema()["properties"]
