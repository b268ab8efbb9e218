"""The experiment app: what it finds in its folder, and how it answers when something is wrong."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from pymongo.errors import ServerSelectionTimeoutError
from starlette.testclient import TestClient

from hothouse_sdk import Database, Experiment, ManifestUnreadable, User, actor
from hothouse_sdk.entries import load

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(json.dumps({"slug": "bed", "name": "Bed 1", "description": "Soil."}))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/index.html").write_text(
        "{{ manifest.name }}|{{ user.name }}|{{ said }}|{{ url_for('index') }}"
    )
    (tmp_path / "static").mkdir()
    (tmp_path / "static/app.js").write_text("let a = 1")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    experiment = Experiment(folder=folder)

    @experiment.get("/")
    async def index(request: Request) -> HTMLResponse:
        return experiment.render("index.html", request, said="<b>")

    @experiment.get("/number/{value}")
    async def number(value: int) -> int:
        return 10 // value

    @experiment.get("/forbidden")
    async def forbidden() -> None:
        raise HTTPException(403, "Only <gardeners> may enter.")

    @experiment.get("/database")
    async def database(database: Database) -> str:
        return database.name

    @experiment.get("/unreachable")
    async def unreachable() -> None:
        raise ServerSelectionTimeoutError("nobody there")

    return TestClient(experiment, raise_server_exceptions=False)


class TestFolder:
    def test_manifest_names_the_api(self, folder: Path) -> None:
        experiment = Experiment(folder=folder)
        assert (experiment.title, experiment.description) == ("Bed 1", "Soil.")
        assert experiment.manifest.slug == "bed"

    def test_found_from_the_calling_module(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "deep").mkdir()
        (folder / "deep/found_by_caller.py").write_text("from hothouse_sdk import Experiment\napp = Experiment()\n")
        monkeypatch.syspath_prepend(folder / "deep")
        assert load("found_by_caller:app").folder == folder

    def test_without_manifest_the_folder_gives_the_name(self, tmp_path: Path) -> None:
        place = tmp_path / "My Bed_2"
        place.mkdir()
        assert Experiment(folder=place).manifest.slug == "my-bed-2"

    def test_without_manifest_on_the_platform_the_app_keeps_its_slug(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOTHOUSE_APP", "plant-diary")
        assert Experiment(folder=tmp_path).manifest.name == "Plant diary"

    def test_broken_manifest_says_where(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text('{"slug": \n oops}')
        with pytest.raises(ManifestUnreadable, match=r"manifest\.json is not valid JSON: .* at line 2, column 2"):
            Experiment(folder=tmp_path)

    def test_no_pages_that_load_from_outside(self, client: TestClient) -> None:
        assert client.get("/docs").status_code == 404
        assert client.get("/openapi.json").status_code == 200


class TestRender:
    def test_context_is_known_and_escaped(self, client: TestClient) -> None:
        answer = client.get("/", headers=User("u1", "z@example.org", "Zoë <3").to_headers())
        assert answer.text == "Bed 1|Zoë &lt;3|&lt;b&gt;|http://testserver/"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"

    def test_static_files(self, client: TestClient) -> None:
        assert client.get("/static/app.js").text == "let a = 1"
        assert client.get("/static/../manifest.json").status_code == 404

    def test_health(self, client: TestClient) -> None:
        assert client.get("/healthz").json() == {"status": "ok"}


class TestErrors:
    def test_program_gets_problem_details(self, client: TestClient) -> None:
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at this address.",
        }

    def test_person_gets_a_page_with_the_detail_escaped(self, client: TestClient) -> None:
        answer = client.get("/forbidden", headers=HTML)
        assert answer.status_code == 403
        assert "<h1>Forbidden</h1>" in answer.text
        assert "Only &lt;gardeners&gt; may enter." in answer.text

    def test_every_invalid_field_is_pointed_at(self, client: TestClient) -> None:
        answer = client.get("/number/x")
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/path/value"]

    @pytest.mark.parametrize("headers", [HTML, {}])
    def test_bug_tells_the_request_and_no_secret(self, client: TestClient, headers: dict[str, str]) -> None:
        answer = client.get("/number/0", headers={**headers, "x-request-id": "req-42"})
        assert answer.status_code == 500
        assert "req-42" in answer.text
        assert "ZeroDivisionError" not in answer.text

    def test_unsafe_request_id_is_replaced(self, client: TestClient) -> None:
        answer = client.get("/number/0", headers={"x-request-id": "x" * 200})
        assert len(answer.json()["request_id"]) == 32

    def test_missing_database_says_what_to_do(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("HOTHOUSE_DATABASE_URI", raising=False)
        assert client.get("/database").status_code == 500
        assert "HOTHOUSE_DATABASE_URI is not set" in capsys.readouterr().out

    def test_silent_database_is_unavailable(self, client: TestClient) -> None:
        assert client.get("/unreachable").status_code == 503


class TestLifespan:
    def test_own_lifespan_runs_and_actors_stop_after_it(self, folder: Path) -> None:
        events: list[str] = []

        @actor
        class Pump:
            async def stop(self) -> None:
                events.append("actor stopped")

            def run(self) -> str:
                return "running"

        @asynccontextmanager
        async def lifespan(app: Experiment) -> AsyncIterator[None]:
            events.append(f"begin {app.manifest.slug}")
            yield
            events.append("end")

        experiment = Experiment(folder=folder, lifespan=lifespan)

        @experiment.get("/pump")
        async def pump() -> str:
            return str(await Pump.handle().run())

        with TestClient(experiment) as client:
            assert client.get("/pump").json() == "running"
        assert events == ["begin bed", "end", "actor stopped"]
