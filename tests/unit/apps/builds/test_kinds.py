"""Command lines of every kind."""

from pathlib import Path

import pytest

from hothouse.apps.builds import KINDS, argv, extra_env
from hothouse.apps.manifests import KINDS as MANIFEST_KINDS
from hothouse.apps.manifests import parse

ENV = Path("/envs/abc")
PYTHON = "/envs/abc/bin/python"


def manifest(kind, entry):
    return parse({"schema_version": "1", "slug": "x", "name": "X", "kind": kind, "entry": entry})


def line(kind, entry, **options):
    return " ".join(argv(manifest(kind, entry), ENV, 4000, "127.0.0.1", **options))


class TestArgv:
    def test_every_kind_has_a_row(self):
        assert set(KINDS) == set(MANIFEST_KINDS)

    @pytest.mark.parametrize(
        ("kind", "entry", "expected"),
        [
            ("asgi", "main:app", "-m uvicorn main:app --fd 3 --forwarded-allow-ips *"),
            ("asgi", "main:make()", "-m uvicorn main:make --fd 3 --forwarded-allow-ips * --factory"),
            ("experiment", "main:app", "-m hothouse_sdk.run main:app --host 127.0.0.1 --port 4000"),
            ("static", "public", "-m hothouse_sdk.serve_static public --host 127.0.0.1 --port 4000"),
            ("gradio", "app.py", "/envs/abc/hothouse/start_gradio.py app.py 127.0.0.1 4000"),
            ("dash", "app:server", "/envs/abc/hothouse/start_dash.py app:server 127.0.0.1 4000"),
            ("marimo", "nb.py", "-m marimo run nb.py --headless --no-token --host 127.0.0.1 --port 4000"),
        ],
    )
    def test_python_of_the_environment(self, kind, entry, expected):
        assert line(kind, entry) == f"{PYTHON} {expected}"

    def test_wsgi(self):
        assert "--bind 127.0.0.1:4000" in line("wsgi", "app:create_app()")

    def test_streamlit_keeps_its_guards_up(self):
        command = line("streamlit", "app.py", public_url="http://x.apps.localhost:8000")
        for flag in (
            "--server.headless=true",
            "--server.port=4000",
            "--server.enableXsrfProtection=true",
            "--server.enableCORS=true",
            "--browser.serverAddress=x.apps.localhost",
            "--browser.gatherUsageStats=false",
            "--server.fileWatcherType=none",
        ):
            assert flag in command

    def test_panel_accepts_its_own_origin_only(self):
        command = line("panel", "app.py", public_url="https://x.lab.example.org")
        assert command.endswith("--allow-websocket-origin=x.lab.example.org --use-xheaders")

    def test_command(self):
        entry = ["serve", "--bind", "$HOST:${PORT}", "$PORTS $OTHER"]
        assert argv(manifest("command", entry), ENV, 4000, "h")[:3] == ("serve", "--bind", "h:4000")

    def test_command_of_the_environment(self, tmp_path):
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/uvicorn").touch()
        assert argv(manifest("command", ["uvicorn"]), tmp_path, 1, "h") == (f"{tmp_path}/bin/uvicorn",)


class TestExtraEnv:
    def test_source_is_importable(self, tmp_path):
        assert extra_env(manifest("asgi", "a:b"), tmp_path)["PYTHONPATH"] == str(tmp_path)
        (tmp_path / "src").mkdir()
        assert extra_env(manifest("asgi", "a:b"), tmp_path)["PYTHONPATH"] == f"{tmp_path}:{tmp_path}/src"
