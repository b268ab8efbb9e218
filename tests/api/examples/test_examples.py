"""The example apps, run as they are: real processes, real HTTP, a real database."""

import ast
import asyncio
import csv
import json
import re
import runpy
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from app_process import AppProcess, database_uri, running
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.sandboxes import Sandbox, Sandboxes, sandboxes
from tests.support.waiting import eventually

from hothouse.apps.manifests.model import Manifest
from hothouse_sdk import User

EXAMPLES = Path(__file__).parents[3] / "examples"
LAB = "http://lab.example.org"
ADA = User("u-ada", "ada@example.org", "Ada Lovelace").to_headers()
SHARING = ("stats-dashboard", "click-tracker")
ZOE = User("u-zoe", "zoe@example.org", "Zoë <b>").to_headers()


def folders() -> list[str]:
    return sorted(path.parent.name for path in EXAMPLES.glob("*/manifest.json"))


@pytest.fixture
async def uri(mongodb_uri: str) -> AsyncIterator[str]:
    name = f"hh_{uuid.uuid4().hex[:12]}"
    yield database_uri(mongodb_uri, name)
    async with AsyncMongoClient(mongodb_uri) as client:
        await client.drop_database(name)


def example(slug: str, uri: str = "") -> AbstractAsyncContextManager[AppProcess]:
    """Start an example as the platform does: in its folder, by its entry."""
    folder = EXAMPLES / slug
    entry = json.loads((folder / "manifest.json").read_text())["entry"]
    module = "hothouse_sdk.run" if ":" in entry else "hothouse_sdk.serve_static"
    env = {"HOTHOUSE_DATABASE_URI": uri, "HOTHOUSE_APP": slug, "HOTHOUSE_URL": LAB, "PYTHONDONTWRITEBYTECODE": "1"}
    return running(["-m", module, entry, "--port", "0"], cwd=folder, env=env)


class TestEach:
    def test_all_are_here(self) -> None:
        assert folders() == ["click-tracker", "hello", "static-site", "stats-dashboard", "streamlit-explorer"]

    @pytest.mark.parametrize("slug", folders())
    def test_manifest(self, slug: str) -> None:
        manifest = Manifest.model_validate(json.loads((EXAMPLES / slug / "manifest.json").read_text()))
        assert manifest.slug == slug
        assert manifest.access == ("public" if slug == "static-site" else "signed-in")
        assert manifest.description
        assert manifest.icon

    @pytest.mark.parametrize("slug", folders())
    def test_readme(self, slug: str) -> None:
        assert (EXAMPLES / slug / "README.md").read_text().startswith("# ")

    @pytest.mark.parametrize("slug", folders())
    def test_nothing_from_other_hosts(self, slug: str) -> None:
        for path in (EXAMPLES / slug).rglob("*.*"):
            if path.suffix in {".html", ".css", ".js", ".svg"}:
                # Names of XML vocabularies look like addresses but are never fetched.
                text = path.read_text().replace("http://www.w3.org/", "")
                assert not re.search(r"https?://|//[a-z]+\.|@import", text), path


class TestHello:
    async def test_greets_by_name_and_counts(self) -> None:
        async with example("hello") as app:
            assert "Hello, world!" in (await app.client.get("/")).text
            page = (await app.client.get("/", headers=ZOE)).text
            assert "Hello, Zoë &lt;b&gt;!" in page
            assert "number 2" in page
            numbers = await asyncio.gather(*(self.number(app) for _ in range(20)))
            assert sorted(numbers) == list(range(3, 23))
            assert (await app.client.get("/static/style.css")).status_code == 200

    async def number(self, app: AppProcess) -> int:
        return int((await app.client.get("/api/greetings/Ada")).json()["number"])


class TestClickTracker:
    async def test_page(self, uri: str) -> None:
        async with example("click-tracker", uri) as app:
            page = (await app.client.get("/", headers=ADA)).text
            assert re.search(r'id="count"[^>]*>0</output>', page)
            assert ">Click me</button>" in page
            assert "Nobody has clicked yet" in page

    async def test_click_is_counted_and_told(self, uri: str) -> None:
        async with example("click-tracker", uri) as app:
            answer = await app.client.post("/api/clicks", headers=ZOE)
            assert (answer.status_code, answer.json()) == (201, {"count": 1})
            await app.client.post("/api/clicks", headers=ADA)
            activity = (await app.client.get("/activity")).text
            assert re.findall(r'number">(#\d)', activity) == ["#2", "#1"]
            assert "Zoë &lt;b&gt;" in activity

    async def test_no_click_is_lost_however_many_click_at_once(self, uri: str) -> None:
        async with example("click-tracker", uri) as app:
            answers = await asyncio.gather(
                *(app.client.post("/api/clicks", headers=ADA if n % 2 else ZOE) for n in range(60))
            )
            assert sorted(answer.json()["count"] for answer in answers) == list(range(1, 61))
            assert (await app.client.get("/api/clicks")).json() == {"count": 60}
            async with AsyncMongoClient[dict[str, Any]](uri) as client:
                database = client.get_default_database()
                people = await database.people.find().to_list()
                assert {person["_id"]: person["clicks"] for person in people} == {"u-ada": 30, "u-zoe": 30}
                assert await database.clicks.count_documents({}) == 60

    async def test_count_survives_a_restart(self, uri: str) -> None:
        async with example("click-tracker", uri) as app:
            await app.client.post("/api/clicks", headers=ADA)
        async with example("click-tracker", uri) as app:
            assert (await app.client.post("/api/clicks", headers=ADA)).json() == {"count": 2}

    @pytest.mark.parametrize("query", [{"number": {"$gt": 3}}, {"at": {"$gte": datetime.now(UTC)}}])
    async def test_latest_clicks_are_read_by_index(self, uri: str, query: dict[str, Any]) -> None:
        async with example("click-tracker", uri) as app:
            await app.client.get("/")
        async with AsyncMongoClient[dict[str, Any]](uri) as client:
            plan = await client.get_default_database().clicks.find(query).explain()
            assert "IXSCAN" in json.dumps(plan, default=str)


class TestStatsDashboard:
    async def test_counts_its_own_views(self, uri: str) -> None:
        async with example("stats-dashboard", uri) as app:
            for headers in (ADA, ADA, ZOE):
                page = await app.client.get("/", headers=headers | {"User-Agent": "Mozilla/5.0 Firefox/140"})
            assert 'id="total">3<' in page.text
            assert "Zoë &lt;b&gt;" in page.text
            assert page.text.count("<rect") == 2 * (14 + 24)
            stats = (await app.client.get("/api/stats", params={"days": 7})).json()
            assert (stats["total"], stats["visitors"], len(stats["days"])) == (3, 2, 7)
            assert stats["people"][0] == {"_id": "Ada Lovelace", "views": 2}
            assert stats["browsers"] == [{"_id": "Firefox", "views": 3}]
            assert sum(stats["hours"]) == stats["days"][-1][1] == 3

    async def test_empty(self, uri: str) -> None:
        async with example("stats-dashboard", uri) as app:
            assert (await app.client.get("/api/stats")).json()["total"] == 0

    @pytest.mark.parametrize("days", ["0", "31", "many"])
    async def test_period_out_of_range(self, uri: str, days: str) -> None:
        async with example("stats-dashboard", uri) as app:
            answer = await app.client.get("/api/stats", params={"days": days})
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["pointer"] == "/query/days"


class TestClicksInStatsDashboard:
    """What one example shows of the other's data, both behind a broker as on the platform."""

    @pytest.fixture
    async def places(
        self, mongodb_uri: str, platform_database: AsyncDatabase[dict[str, Any]]
    ) -> AsyncIterator[tuple[Sandboxes, Sandbox, Sandbox]]:
        async with sandboxes(mongodb_uri, platform_database) as every:
            yield every, await every.make("stats-dashboard"), await every.make("click-tracker")

    def test_asks_for_what_is_offered(self) -> None:
        manifests = [json.loads((EXAMPLES / slug / "manifest.json").read_text()) for slug in SHARING]
        reader, source = (Manifest.model_validate(each).data for each in manifests)
        [wish] = reader.read_from
        assert (wish.app, wish.collections) == ("click-tracker", source.sharing.collections)
        assert source.sharing.note

    async def test_until_somebody_agrees_and_after_and_no_more(self, places: Any) -> None:
        """One process all along: what was decided shows at the next page."""
        every, stats, tracker = places
        async with example("click-tracker", tracker.uri) as app:
            for person in (ADA, ZOE, ZOE):
                await app.client.post("/api/clicks", headers=person)
        async with example("stats-dashboard", stats.uri) as app:
            page = await loaded(app)
            assert 'id="total">1<' in page, "the rest of the page works"
            assert "nobody there has agreed" in page
            assert f'href="{LAB}/apps/click-tracker/data"' in page

            await every.grant(stats, tracker, "clicks")
            page = await eventually(lambda: page_with(app, "Who clicked"), seconds=10)
            assert "nobody there has agreed" not in page
            assert re.findall(r"<span>(Zoë &lt;b&gt;|Ada Lovelace)</span><span>(\d)</span>", page)[-2:] == [
                ("Zoë &lt;b&gt;", "2"),
                ("Ada Lovelace", "1"),
            ]
            assert re.search(r"<title>\d\d:00: 3</title>", page)
            assert page.count("<rect") == 2 * (14 + 24 + 24)

            await every.grant(stats, tracker)
            await eventually(lambda: page_with(app, "nobody there has agreed"), seconds=10)

    async def test_where_nobody_clicked_today(self, places: Any, mongodb_uri: str) -> None:
        every, stats, tracker = places
        async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct:
            long_ago = datetime.now(UTC) - timedelta(hours=25)
            await direct[tracker.database].clicks.insert_one({"number": 1, "name": "Ada", "at": long_ago})
        await every.grant(stats, tracker, "clicks")
        async with example("stats-dashboard", stats.uri) as app:
            page = await eventually(lambda: page_with(app, "Nobody has clicked there"), seconds=10)
            assert f'href="{LAB}/apps/click-tracker"' in page


async def loaded(app: AppProcess) -> str:
    answer = await app.client.get("/", headers=ADA)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


async def page_with(app: AppProcess, text: str) -> str | None:
    page = await loaded(app)
    return page if text in page else None


class TestStaticSite:
    async def test_pages(self) -> None:
        async with example("static-site") as app:
            assert "Plants that forgive" in (await app.client.get("/")).text
            assert "About this site" in (await app.client.get("/about")).text
            missing = await app.client.get("/nowhere/at/all")
            assert (missing.status_code, "Nothing grows here" in missing.text) == (404, True)
            for name in ("style.css", "leaf.svg"):
                assert (await app.client.get(f"/{name}")).status_code == 200


class TestStreamlitExplorer:
    """Streamlit itself is not installed for these tests: the end-to-end tests build and open the app."""

    folder = EXAMPLES / "streamlit-explorer"

    def test_imports_are_in_its_requirements(self) -> None:
        tree = ast.parse((self.folder / "app.py").read_text())
        modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        required = re.findall(r"^\w+", (self.folder / "requirements.txt").read_text(), re.MULTILINE)
        assert modules == set(required)

    def test_data_is_what_its_script_makes(self) -> None:
        with (self.folder / "greenhouse.csv").open(newline="") as file:
            kept = list(csv.DictReader(file))
        made = runpy.run_path(str(self.folder / "make_data.py"))["rows"]()
        assert kept == [{key: str(value) for key, value in row.items()} for row in made]

    def test_columns_exist(self) -> None:
        header = (self.folder / "greenhouse.csv").read_text().partition("\n")[0].split(",")
        used = set(re.findall(r'"([a-z]+_[a-z]+)"', (self.folder / "app.py").read_text()))
        assert used
        assert used <= set(header)
