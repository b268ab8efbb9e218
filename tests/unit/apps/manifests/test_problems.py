"""Judging manifests: everything wrong is said at once, where it is and in words for its author."""

import json

import pytest

from hothouse.apps.manifests import Manifest, ManifestInvalid, load, parse, problems

ECHO = {
    "schema_version": "1",
    "slug": "echo",
    "name": "Echo",
    "kind": "asgi",
    "entry": "main:app",
    "requirements": "requirements.txt",
}


def messages(**changes):
    data = {key: value for key, value in (ECHO | changes).items() if value is not ...}
    return {problem.pointer: problem.message for problem in problems(data)}


class TestParse:
    def test_smallest(self):
        manifest = parse(ECHO)
        assert (manifest.slug, manifest.kind, manifest.entry, manifest.access) == (
            "echo",
            "asgi",
            "main:app",
            "private",
        )

    def test_everything(self):
        manifest = parse(
            ECHO
            | {
                "$schema": "/api/schemas/manifest.json",
                "description": "Says it again.",
                "icon": "🌱",
                "tags": ["demo"],
                "packages": ["pandas>=2", "hothouse-sdk", "x @ https://example.org/x-1-py3-none-any.whl"],
                "resources": {"cpu": 1, "memory": "512MiB", "processes": 64, "disk": 10**9},
                "scale": {"idle_minutes": 0},
                "env": {"GREETING": "hi"},
                "secrets": ["API_KEY"],
                "health": {"path": "/healthz", "timeout_seconds": 5},
                "access": "signed-in",
                "members": ["Ada@Example.org"],
                "data": {
                    "sharing": {"collections": ["clicks"]},
                    "indexes": {"clicks": [{"keys": [["user", 1], ["at", -1]], "unique": True}]},
                    "read_from": [{"app": "click-tracker", "collections": ["*"]}],
                },
            }
        )
        assert manifest.resources.memory == 512 * 2**20
        assert manifest.members == ["ada@example.org"]
        assert list((manifest.data.indexes["clicks"][0].keys or {}).items()) == [("user", 1), ("at", -1)]

    def test_refused_with_all_problems(self):
        with pytest.raises(ManifestInvalid) as caught:
            parse(ECHO | {"slug": "Echo", "kind": "agsi", "memory": "1GiB"})
        assert [problem.pointer for problem in caught.value.problems] == ["/slug", "/kind", "/memory"]


class TestProblems:
    def test_none(self):
        assert problems(ECHO) == []

    @pytest.mark.parametrize("data", [None, [], "text", 7])
    def test_not_an_object(self, data):
        assert [problem.pointer for problem in problems(data)] == [""]

    def test_empty_object_names_every_missing_field(self):
        found = {problem.pointer: problem.message for problem in problems({})}
        assert set(found) == {"/schema_version", "/slug", "/name", "/kind", "/entry"}
        assert '"kind" is missing' in found["/kind"]

    def test_entry_is_judged_beside_other_problems(self):
        assert set(messages(slug="!", entry="main.py")) == {"/slug", "/entry"}

    @pytest.mark.parametrize(
        ("field", "hint"),
        [("enttry", '"entry"'), ("memory", '"resources.memory"'), ("idle_minutes", '"scale.idle_minutes"')],
    )
    def test_unknown_field_has_a_hint(self, field, hint):
        assert hint in messages(**{field: 1})[f"/{field}"]

    def test_unknown_nested_field(self):
        assert 'Did you mean "cpu"' in messages(resources={"cpus": 1})["/resources/cpus"]

    def test_kind_has_a_hint(self):
        assert 'Did you mean "streamlit"' in messages(kind="streamlt")["/kind"]

    def test_image_is_known_but_refused(self):
        assert "container launcher" in messages(kind="image")["/kind"]

    @pytest.mark.parametrize("version", [1, "2", None])
    def test_version(self, version):
        assert 'version "1"' in messages(schema_version=version)["/schema_version"]

    @pytest.mark.parametrize("slug", ["Api", "a_b", "-a", "a-", "a" * 64, "", "ä", "xn--a", "a.b", "api", "www"])
    def test_slug(self, slug):
        assert "/slug" in messages(slug=slug)

    @pytest.mark.parametrize("slug", ["www", "admin", "config", "local"])
    def test_reserved_slug_keeps_no_release_of_before_from_being_read(self, slug):
        assert "reserved" in messages(slug=slug)["/slug"]
        assert f'"my-{slug}"' in messages(slug=slug)["/slug"]
        assert Manifest.model_validate_json(json.dumps(ECHO | {"slug": slug})).slug == slug

    @pytest.mark.parametrize("slug", ["a", "0", "a-b", "a" * 63])
    def test_slug_accepted(self, slug):
        assert messages(slug=slug) == {}

    @pytest.mark.parametrize(
        ("kind", "entry"),
        [
            ("asgi", "main.py"),
            ("asgi", "main"),
            ("asgi", ["uvicorn"]),
            ("wsgi", "main:"),
            ("experiment", ":bp"),
            ("streamlit", "app.txt"),
            ("streamlit", "/app.py"),
            ("marimo", "../app.py"),
            ("voila", "app.py"),
            ("static", "..\\public"),
            ("static", "C:/public"),
            ("command", "uvicorn main:app"),
            ("command", []),
            ("command", [""]),
            ("command", ["a\0b"]),
        ],
    )
    def test_entry_that_does_not_suit(self, kind, entry):
        assert "/entry" in messages(kind=kind, entry=entry)

    @pytest.mark.parametrize(
        ("kind", "entry"),
        [
            ("asgi", "package.module:create_app()"),
            ("wsgi", "site.wsgi:application"),
            ("experiment", "main:app"),
            ("streamlit", "pages/Übersicht.py"),
            ("dash", "app.py"),
            ("dash", "app:server"),
            ("panel", "notebook.ipynb"),
            ("voila", "notebook.ipynb"),
            ("static", "."),
            ("command", ["python", "serve.py", "$PORT"]),
        ],
    )
    def test_entry_that_suits(self, kind, entry):
        assert messages(kind=kind, entry=entry) == {}

    @pytest.mark.parametrize("entry", [7, None, {"a": 1}, [1]])
    def test_entry_of_a_wrong_type_is_one_problem(self, entry):
        assert list(messages(entry=entry)) == ["/entry"]

    @pytest.mark.parametrize("path", ["/etc/passwd", "a/../../b", "", "a\\b", "a\nb"])
    def test_requirements_path(self, path):
        assert "/requirements" in messages(requirements=path)

    @pytest.mark.parametrize("package", ["", "-r other.txt", "--index-url x", "pandas>>2", "git+https://x/y", "a b"])
    def test_package(self, package):
        assert "/packages/0" in messages(packages=[package])

    @pytest.mark.parametrize("size", ["lots", "1 XB", 0, -1, True, 1.5, None.__class__, [], "1e3"])
    def test_size(self, size):
        assert "/resources/memory" in messages(resources={"memory": size})

    @pytest.mark.parametrize("name", ["PORT", "HOTHOUSE_URL", "hothouse_x", "1A", "A-B", "", "A=B", "LD_PRELOAD"])
    def test_environment_name(self, name):
        assert f"/env/{name}" in messages(env={name: "x"})

    def test_environment_value(self):
        assert "/env/A" in messages(env={"A": "a\0b"})

    def test_secret_that_is_in_env_too(self):
        assert "/secrets/0" in messages(env={"A": "x"}, secrets=["A"])

    def test_listed_twice(self):
        assert list(messages(tags=["a", "b", "a"])) == ["/tags/2"]

    @pytest.mark.parametrize(
        "index",
        [
            {},
            {"keys": {}},
            {"keys": {"a": 2}},
            {"keys": {"a": True}},
            {"keys": {"_id": 1}},
            {"type": "search"},
            {"keys": {"a": 1, "b": 1}, "expire_after_seconds": 5},
            {"keys": {"a": 1}, "name": "a b"},
        ],
    )
    def test_index(self, index):
        found = messages(data={"indexes": {"clicks": [index]}})
        assert found
        assert all(pointer.startswith("/data/indexes/clicks/0") for pointer in found)

    def test_collection_name(self):
        assert "/data/indexes/system.users" in messages(data={"indexes": {"system.users": []}})

    def test_pointer_is_escaped(self):
        assert "/env/A~1B~0" in messages(env={"A/B~": "x"})

    def test_no_pydantic_words(self):
        found = messages(
            tags="x", env=[], resources=7, scale={"idle_minutes": 1.5}, members=["bob"], health={"timeout_seconds": 0}
        )
        assert len(found) == 6
        for message in found.values():
            assert "Input" not in message
            assert "valid " not in message
            assert message.endswith(".")


class TestLoad:
    def test_byte_order_mark(self):
        assert load('\ufeff{"a": 1}'.encode()) == {"a": 1}

    @pytest.mark.parametrize("text", [b'{"a": }', b"\xff\xfe{}", b"[" * 100_000, b'{"a": 1, "a": 2}', b""])
    def test_refused(self, text):
        with pytest.raises(ManifestInvalid, match=r"manifest\.json"):
            load(text)

    def test_place_of_a_syntax_error(self):
        with pytest.raises(ManifestInvalid, match="line 2, column 6"):
            load(b'{\n"a": }')
