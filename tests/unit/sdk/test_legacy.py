"""Folders of the older g.nome layout, written in its style, unchanged."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hothouse_sdk import legacy

INIT = """
from pathlib import Path
import ray
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from core_deps import get_scoped_db
from .actor import ExperimentActor
from .helpers import SHOUT

templates = Jinja2Templates(directory=str(Path(__file__).parent / "templates"))
bp = APIRouter()

def handle():
    return ray.get_actor("old_counter-actor", namespace="modular_labs")

@bp.get("/", response_class=HTMLResponse, name="index")
async def index(request: Request, actor=Depends(handle)):
    return templates.TemplateResponse("index.html", {"request": request, "count": await actor.count.remote()})

@bp.post("/add")
async def add(request: Request, db=Depends(get_scoped_db)):
    return {"count": await request.app.state.actor_handle.add(2), "has_db": bool(db), "shout": SHOUT}
"""
ACTOR = """
import ray

@ray.remote
class ExperimentActor:
    def __init__(self, mongo_uri, db_name, write_scope, read_scopes):
        self.value, self.scopes = 40, (write_scope, read_scopes, db_name)

    async def count(self):
        return self.value

    def add(self, amount):
        self.value += amount
        return self.value, self.scopes
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "some folder-1.2"
    for name, text in {
        "__init__.py": INIT,
        "actor.py": ACTOR,
        "helpers.py": "SHOUT = 'hey'",
        "manifest.json": '{"name": "Old", "slug": "old-counter", "status": "active", "data_scope": ["self"]}',
        "templates/index.html": '<b>{{ count }}</b><script src="static/app.js"></script>',
        "static/app.js": "old()",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setenv("HOTHOUSE_DATABASE_URI", "mongodb://w1:secret@127.0.0.1:1/hh_abc")
    before = set(sys.modules)
    import fastapi.templating

    templates_class = fastapi.templating.Jinja2Templates
    yield folder
    fastapi.templating.Jinja2Templates = templates_class
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {legacy.PACKAGE, "ray", "core_deps", "experiment_db", "async_mongo_wrapper"}:
            del sys.modules[name]


def test_page_and_actor_state(folder: Path) -> None:
    with TestClient(legacy.create_app(folder)) as client:
        assert "<b>40</b>" in client.get("/").text
        scopes = ["old_counter", ["old_counter"], "hh_abc"]
        assert client.post("/add").json() == {"count": [42, scopes], "has_db": True, "shout": "hey"}
        assert "<b>42</b>" in client.get("/").text


def test_addresses_that_old_pages_wrote_down(folder: Path) -> None:
    with TestClient(legacy.create_app(folder)) as client:
        for prefix in ("", "/experiments/old_counter"):
            assert "<b>" in client.get(f"{prefix}/").text
            assert client.get(f"{prefix}/static/app.js").text == "old()"


def test_without_actor(folder: Path) -> None:
    (folder / "actor.py").unlink()
    (folder / "__init__.py").write_text(
        "from fastapi import APIRouter\nbp = APIRouter()\n@bp.get('/')\ndef index(): return 'plain'\n"
    )
    with TestClient(legacy.create_app(folder)) as client:
        assert client.get("/").json() == "plain"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("__init__.py", "bp = 'not a router'", 'exposes no "bp"; it must be a fastapi.APIRouter'),
        ("__init__.py", None, "has no __init__.py"),
        ("actor.py", "class Actor: ...", "has no class ExperimentActor"),
    ],
)
def test_what_is_missing_is_said(folder: Path, name: str, text: str | None, message: str) -> None:
    if name == "actor.py":
        (folder / "__init__.py").write_text("from fastapi import APIRouter\nbp = APIRouter()\n")
    (folder / name).unlink() if text is None else (folder / name).write_text(text)
    with pytest.raises(legacy.LegacyLayoutError, match=message):
        legacy.create_app(folder)
