"""The ways the platform starts apps: real processes, real HTTP."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from app_process import running

ECHO = """
from hothouse_sdk import Experiment
from fastapi import Request

app = Experiment()

@app.get("/echo")
async def echo(request: Request) -> dict[str, str | None]:
    return {"scheme": request.url.scheme, "client": request.client.host if request.client else None}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(ECHO)
    (tmp_path / "index.html").write_text("home")
    return tmp_path


def failing(*argv: str, cwd: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *argv, "--port", "0"], cwd=cwd, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stderr


class TestRun:
    async def test_serves_and_stops_in_order(self, folder: Path) -> None:
        async with running(["-m", "hothouse_sdk.run", "main:app", "--port", "0"], cwd=folder) as app:
            assert (await app.client.get("/healthz")).json() == {"status": "ok"}
            assert await app.stop() == 0
            await app.printed("<ended>")
            assert any("shutdown complete" in line for line in app.lines)
            assert not any("GET /healthz" in line for line in app.lines)

    async def test_address_from_the_environment(self, folder: Path) -> None:
        env = {"HOST": "127.0.0.1", "PORT": "0"}
        async with running(["-m", "hothouse_sdk.run", "main:app"], cwd=folder, env=env) as app:
            assert (await app.client.get("/healthz")).status_code == 200

    async def test_believes_the_gateway(self, folder: Path) -> None:
        async with running(["-m", "hothouse_sdk.run", "main:app", "--port", "0"], cwd=folder) as app:
            headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
            answer = await app.client.get("/echo", headers=headers)
            assert answer.json() == {"scheme": "https", "client": "203.0.113.9"}

    def test_wrong_entry_is_one_line(self, folder: Path) -> None:
        code, errors = failing("hothouse_sdk.run", "mian:app", cwd=folder)
        assert (code, errors.count("\n")) == (1, 1)
        assert "there is no module 'mian'" in errors

    def test_error_in_the_app_keeps_its_traceback(self, folder: Path) -> None:
        (folder / "main.py").write_text("import json\njson.loads('{')\n")
        code, errors = failing("hothouse_sdk.run", "main:app", cwd=folder)
        assert code == 1
        assert "main.py" in errors
        assert "JSONDecodeError" in errors

    def test_failing_start_up_is_an_error(self, folder: Path) -> None:
        (folder / "main.py").write_text(
            "from contextlib import asynccontextmanager\nfrom hothouse_sdk import Experiment\n"
            "@asynccontextmanager\nasync def lifespan(app):\n    raise OSError('no soil')\n    yield\n"
            "app = Experiment(lifespan=lifespan)\n"
        )
        code, errors = failing("hothouse_sdk.run", "main:app", cwd=folder)
        assert code != 0
        assert "no soil" in errors

    async def test_older_layout(self, folder: Path) -> None:
        (folder / "__init__.py").write_text(
            "from fastapi import APIRouter\nbp = APIRouter()\n"
            "@bp.get('/')\nasync def index():\n    from .actor import WORD\n    return WORD\n"
        )
        (folder / "actor.py").write_text("WORD = 'old'\nclass ExperimentActor: ...\n")
        async with running(["-m", "hothouse_sdk.run", "hothouse_sdk.legacy:app", "--port", "0"], cwd=folder) as app:
            assert (await app.client.get("/")).json() == "old"

    def test_older_layout_without_router_is_one_line(self, folder: Path) -> None:
        code, errors = failing("hothouse_sdk.run", "hothouse_sdk.legacy:app", cwd=folder)
        assert (code, errors.count("\n")) == (1, 1)
        assert "has no __init__.py" in errors


class TestServeStatic:
    async def test_serves_and_stops_in_order(self, folder: Path) -> None:
        async with running(["-m", "hothouse_sdk.serve_static", ".", "--port", "0"], cwd=folder) as app:
            answer = await app.client.get("/")
            assert (answer.text, answer.headers["cache-control"]) == ("home", "no-cache")
            assert await app.stop(signal.SIGTERM) == 0

    def test_no_folder(self, folder: Path) -> None:
        code, errors = failing("hothouse_sdk.serve_static", "public", cwd=folder)
        assert (code, errors) == (1, 'error: there is no folder public; check "entry" in manifest.json\n')
