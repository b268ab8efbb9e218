"""Sources without a manifest, in the styles found in the wild, get one that fits."""

import json
from typing import ClassVar

import pytest

from hothouse.apps.manifests import SourceTree, read_source


@pytest.fixture
def source(tmp_path):
    """Write files and read them as a source; gives the proposal."""

    def write(files, label="my-project"):
        for path, content in files.items():
            target = tmp_path / "source" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content if isinstance(content, str) else json.dumps(content))
        (tmp_path / "source").mkdir(exist_ok=True)
        return read_source(SourceTree(tmp_path / "source", label))

    return write


DJANGO = "from django.core.asgi import get_asgi_application as get\napplication = get()"
STREAMLIT = "import streamlit as st\nimport pandas as pd\nst.title('x')\n"
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"


def notebook(*cells):
    return {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells], "metadata": {}, "nbformat": 4}


class TestKind:
    @pytest.mark.parametrize(
        ("files", "kind", "entry"),
        [
            ({"streamlit_app.py": STREAMLIT, "app.py": STREAMLIT}, "streamlit", "streamlit_app.py"),
            ({"explore.py": STREAMLIT, "helpers.py": "x = 1"}, "streamlit", "explore.py"),
            ({"Home.py": STREAMLIT, "pages/1_Data.py": STREAMLIT}, "streamlit", "Home.py"),
            ({"src/app.py": STREAMLIT, "tests/test_app.py": STREAMLIT}, "streamlit", "src/app.py"),
            ({"util.py": "import streamlit", "main.py": FASTAPI}, "asgi", "main:app"),
            ({"main.py": FASTAPI, "pages/app.py": STREAMLIT}, "asgi", "main:app"),
            ({"api/server.py": "import fastapi\nservice: object = fastapi.FastAPI()"}, "asgi", "api.server:service"),
            ({"app.py": "from starlette.applications import Starlette as S\napp = S()"}, "asgi", "app:app"),
            ({"app.py": "from quart import Quart\napp = Quart(__name__)"}, "asgi", "app:app"),
            (
                {"app.py": "from fastapi import FastAPI\ndef create_app():\n    app = FastAPI()\n    return app"},
                "asgi",
                "app:create_app()",
            ),
            (
                {"main.py": "import fastapi\ntry:\n    app = fastapi.FastAPI()\nexcept ImportError:\n    raise"},
                "asgi",
                "main:app",
            ),
            ({"src/shop/main.py": FASTAPI, "src/shop/__init__.py": ""}, "asgi", "shop.main:app"),
            ({"app.py": "from flask import Flask\napp = Flask(__name__)"}, "wsgi", "app:app"),
            (
                {"app.py": "import flask\ndef create_app(config=None):\n    return flask.Flask('x')"},
                "wsgi",
                "app:create_app()",
            ),
            (
                {
                    "site/wsgi.py": DJANGO.replace("asgi", "wsgi"),
                    "site/asgi.py": DJANGO,
                    "manage.py": "import django",
                },
                "asgi",
                "site.asgi:application",
            ),
            ({"app.py": "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\ndemo.launch()"}, "gradio", "app.py"),
            ({"app.py": "import gradio\ngradio.Interface(len, 'text', 'number').launch()"}, "gradio", "app.py"),
            (
                {"app.py": f"import gradio as gr\n{FASTAPI}app = gr.mount_gradio_app(app, 1, path='/')"},
                "asgi",
                "app:app",
            ),
            ({"app.py": "from dash import Dash\napp = Dash(__name__)\napp.run()"}, "dash", "app.py"),
            ({"app.py": "import dash\napp = dash.Dash()\nserver = app.server"}, "dash", "app:server"),
            (
                {"app.py": "import dash, flask\nserver = flask.Flask('x')\napp = dash.Dash(server=server)"},
                "dash",
                "app.py",
            ),
            ({"view.py": "import panel as pn\npn.Column('x').servable()"}, "panel", "view.py"),
            ({"nb.py": "import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    return"}, "marimo", "nb.py"),
            ({"a.ipynb": notebook("1"), "sub/b.ipynb": notebook("2")}, "voila", "a.ipynb"),
            ({"index.html": "<p>", "app.js": ""}, "static", "."),
            ({"docs/index.html": "<p>", "public/index.html": "<p>", "README.md": "x"}, "static", "public"),
            ({"main.py": FASTAPI, "static/index.html": "<p>"}, "asgi", "main:app"),
            ({"main.py": "from hothouse_sdk import Experiment\napp = Experiment()"}, "experiment", "main:app"),
            ({"main.py": "print(1)"}, "command", ["python", "main.py"]),
            (
                {"Procfile": "web: gunicorn site.wsgi:app --log-file -", "site/wsgi.py": "app = 1"},
                "wsgi",
                "site.wsgi:app",
            ),
            (
                {"Procfile": "web: gunicorn -k uvicorn.workers.UvicornWorker main:app", "main.py": FASTAPI},
                "asgi",
                "main:app",
            ),
            ({"Procfile": "web: uvicorn main:app --port $PORT", "main.py": FASTAPI}, "asgi", "main:app"),
            (
                {"Procfile": "release: x\nweb: streamlit run a/b.py --server.port $PORT", "a/b.py": ""},
                "streamlit",
                "a/b.py",
            ),
            ({"Procfile": "web: python serve.py --port ${PORT}"}, "command", ["python", "serve.py", "--port", "$PORT"]),
            ({"Procfile": "web: cd x && python serve.py"}, "command", ["sh", "-c", "cd x && python serve.py"]),
            ({"Procfile": "web: A=1 ./serve"}, "command", ["sh", "-c", "exec A=1 ./serve"]),
            (
                {"backend/main.py": f"from core.db import x\n{FASTAPI}", "backend/core/db.py": "x = 1"},
                "command",
                [
                    "uvicorn",
                    "--app-dir",
                    "backend",
                    "--host",
                    "$HOST",
                    "--port",
                    "$PORT",
                    "--proxy-headers",
                    "main:app",
                ],
            ),
        ],
    )
    def test_is_recognised(self, source, files, kind, entry):
        proposal = source(files)
        assert proposal.origin == "proposed"
        assert (proposal.manifest["kind"], proposal.manifest["entry"]) == (kind, entry)
        assert proposal.problems == ()
        assert proposal.report

    def test_nothing_to_run(self, source):
        proposal = source({"notes.txt": "x"})
        assert proposal.manifest is None
        assert "Nothing in this source looks like an app" in proposal.problems[0].message

    @pytest.mark.parametrize(
        "code", ["def (", "x = '\0'", "(" * 5000, "\ufeff" + STREAMLIT.replace("st.title", "'\\d'; st.title")]
    )
    def test_odd_files_do_no_harm(self, source, code):
        assert source({"odd.py": code, "app.py": STREAMLIT}).manifest["entry"] == "app.py"

    def test_nothing_is_executed(self, source, tmp_path):
        source({"app.py": f"{FASTAPI}open({str(tmp_path / 'ran')!r}, 'w')", "setup.py": "raise SystemExit"})
        assert not (tmp_path / "ran").exists()

    def test_links_are_not_followed(self, source, tmp_path):
        (tmp_path / "source").mkdir()
        (tmp_path / "outside.py").write_text(STREAMLIT)
        (tmp_path / "source/app.py").symlink_to(tmp_path / "outside.py")
        assert source({}).manifest is None

    def test_other_possibilities_are_reported(self, source):
        report = source({"app.py": STREAMLIT, "api.py": FASTAPI}).report
        assert any("also possible" in remark.message and "api:app" in remark.message for remark in report)


class TestInstalls:
    @pytest.mark.parametrize(
        "path", ["requirements.txt", "requirements/prod.txt", "deploy/requirements.txt", "requirements-prod.txt"]
    )
    def test_requirements_file(self, source, path):
        manifest = source({"app.py": STREAMLIT, path: "streamlit"}).manifest
        assert manifest["requirements"] == path
        assert "packages" not in manifest

    def test_nearest_requirements_file_wins(self, source):
        files = {"requirements.txt": "x", "web/requirements.txt": "y", "web/app.py": STREAMLIT}
        assert source(files).manifest["requirements"] == "web/requirements.txt"

    def test_pyproject(self, source):
        files = {"app.py": STREAMLIT, "pyproject.toml": '[project]\nname = "x"\ndependencies = ["streamlit"]'}
        assert source(files).manifest["requirements"] == "pyproject.toml"

    def test_poetry(self, source):
        poetry = (
            '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.110"\n'
            'rich = "^13.2"\nx = {version = "1.0"}\ny = "*"'
        )
        manifest = source({"main.py": FASTAPI, "pyproject.toml": poetry}).manifest
        assert manifest["packages"] == ["fastapi>=0.110", "rich>=13.2,<14", "x==1.0", "y"]
        assert manifest["name"] == "Shop"

    def test_inferred_from_imports(self, source):
        files = {
            "app.py": "import cv2, sklearn.svm, yaml, json, helpers, pkg.x\nfrom PIL import Image\n" + STREAMLIT,
            "helpers.py": "import numpy as np\nfrom . import other\nimport hothouse_sdk",
            "pkg/x.py": "import requests",
            "tests/test_app.py": "import pytest",
        }
        assert source(files).manifest["packages"] == [
            "numpy",
            "opencv-python-headless",
            "pandas",
            "pillow",
            "pyyaml",
            "requests",
            "scikit-learn",
            "streamlit",
        ]

    def test_what_libraries_import_by_themselves(self, source):
        code = "import pandas as pd\nfrom fastapi import Form\npd.read_excel('x')\nForm()\n"
        assert source({"main.py": FASTAPI + code}).manifest["packages"] == [
            "fastapi",
            "openpyxl",
            "pandas",
            "python-multipart",
        ]

    def test_of_a_notebook(self, source):
        manifest = source({"a.ipynb": notebook("%matplotlib inline\n!pip install x\nimport pandas as pd")}).manifest
        assert manifest["packages"] == ["pandas"]

    def test_site_needs_nothing(self, source):
        manifest = source({"index.html": "", "tools/build.py": "import jinja2"}).manifest
        assert "packages" not in manifest


class TestName:
    def test_pyproject(self, source):
        files = {
            "app.py": STREAMLIT,
            "pyproject.toml": '[project]\nname = "sales-board"\ndescription = "Sales."',
            "README.md": "# Other",
        }
        manifest = source(files).manifest
        assert (manifest["slug"], manifest["name"], manifest["description"]) == ("sales-board", "Sales Board", "Sales.")

    def test_readme(self, source):
        files = {
            "app.py": STREAMLIT,
            "README.md": "[![ci](x)](y)\n\n# 🌱 The *Best* [Tracker](x)\n\nTracks `things`.\n\nMore.",
        }
        manifest = source(files).manifest
        assert (manifest["slug"], manifest["name"]) == ("the-best-tracker", "🌱 The Best Tracker")
        assert manifest["description"] == "Tracks things."

    def test_folder(self, source):
        assert source({"app.py": STREAMLIT}, "stock_viewer-main").manifest["name"] == "Stock Viewer"

    @pytest.mark.parametrize(("label", "slug"), [("api", "my-api"), ("数据", "my-app"), ("--", "my-app")])
    def test_awkward_names(self, source, label, slug):
        assert source({"app.py": STREAMLIT}, label).manifest["slug"] == slug


class TestEnvironment:
    def test_variables_are_pointed_out(self, source):
        code = "import os\nkey = os.environ['OPENAI_API_KEY']\nuri = os.getenv('MONGO_URI')\n"
        report = {remark.pointer: remark.message for remark in source({"main.py": FASTAPI + code}).report}
        assert "OPENAI_API_KEY" in report["/secrets"]
        assert "HOTHOUSE_DATABASE_URI" in report["/env"]


class TestManifestOfItsOwn:
    MANIFEST: ClassVar = {"schema_version": "1", "slug": "echo", "name": "Echo", "kind": "asgi", "entry": "main:app"}

    def test_good(self, source):
        proposal = source({"manifest.json": self.MANIFEST, "main.py": FASTAPI})
        assert (proposal.origin, proposal.problems, proposal.manifest) == ("manifest", (), self.MANIFEST)

    @pytest.mark.parametrize(
        ("changes", "files", "pointer", "hint"),
        [
            ({"entry": "mian:app"}, {}, "/entry", 'Did you mean "main.py"'),
            ({"entry": "main:ap"}, {}, "/entry", 'Did you mean "app"'),
            ({"requirements": "requirements.txt"}, {"a/requirements.txt": ""}, "/requirements", "a/requirements.txt"),
            ({"kind": "streamlit", "entry": "app.py"}, {"web/app.py": ""}, "/entry", "web/app.py"),
            ({"kind": "static", "entry": "publik"}, {"public/x": ""}, "/entry", '"public"'),
            ({"icon": "icon.svg"}, {}, "/icon", "no file"),
        ],
    )
    def test_names_what_is_not_there(self, source, changes, files, pointer, hint):
        proposal = source({"manifest.json": self.MANIFEST | changes, "main.py": FASTAPI} | files)
        assert [problem.pointer for problem in proposal.problems] == [pointer]
        assert hint in proposal.problems[0].message

    @pytest.mark.parametrize(
        ("entry", "files"),
        [
            ("hothouse_sdk.legacy:app", {}),
            ("service.web:app", {"requirements.txt": "service==1"}),
            ("pkg:app", {"src/pkg/__init__.py": "from .x import *"}),
            ("pkg:make()", {"pkg/__init__.py": "def make(): ..."}),
            ("pkg:sub.app", {"pkg/__init__.py": "", "pkg/sub.py": "app = 1"}),
            ("pkg:a", {"pkg.py": "with x as (a, b): pass"}),
        ],
    )
    def test_no_false_alarm(self, source, entry, files):
        extra = {"requirements": "requirements.txt"} if "requirements.txt" in files else {}
        assert source({"manifest.json": self.MANIFEST | {"entry": entry} | extra} | files).problems == ()

    @pytest.mark.parametrize("content", ["{", "[]", "null", '{"a": 1, "a": 2}'])
    def test_unreadable(self, source, content):
        proposal = source({"manifest.json": content, "app.py": STREAMLIT})
        assert proposal.origin == "manifest"
        assert proposal.problems
