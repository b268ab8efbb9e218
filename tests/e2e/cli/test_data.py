"""`hothouse data` against a real platform: an ask is seen, granted, narrowed, refused, taken back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.running_platform import Platform

SOURCE, READER = "ledger", "auditor"
OFFER = {"sharing": {"collections": ["entries", "totals"], "note": "Ask before you publish."}}
WISH = {"read_from": [{"app": SOURCE, "collections": ["*"]}]}


@pytest.fixture(scope="module")
def pair(platform: Platform, token: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An app that offers data, and one that asks for what is offered."""
    for slug, data in ((SOURCE, OFFER), (READER, WISH)):
        folder = tmp_path_factory.mktemp(slug)
        (folder / "index.html").write_text("<h1>Hello</h1>")
        manifest = {"schema_version": "1", "slug": slug, "name": slug.title(), "kind": "static", "entry": "."}
        (folder / "manifest.json").write_text(json.dumps({**manifest, "data": data}))
        done = platform.cli("deploy", str(folder), token=token)
        assert done.returncode == 0, done.stderr
    yield
    for slug in (SOURCE, READER):
        platform.cli("delete", slug, "--yes", token=token)


@pytest.fixture
def data(platform: Platform, token: str, pair: None) -> Any:
    """Run a `hothouse data` command and return what it printed."""

    def run(*arguments: str, fails: bool = False) -> str:
        done = platform.cli("data", *arguments, token=token)
        assert done.returncode == int(fails), done.stderr
        return done.stderr if fails else done.stdout

    return run


def words(text: str, first: str) -> list[str]:
    """Return the row of a table that begins with a word, or nothing."""
    rows = [line.split() for line in text.splitlines()]
    return next((row for row in rows if row[:1] == [first]), [])


class TestData:
    def test_from_asked_to_taken_back(self, data: Any) -> None:
        assert words(data("requests"), SOURCE) == [SOURCE, READER, "*", "ada@example.org"]
        shown = data("show", SOURCE)
        assert words(shown, "offers") == ["offers", "entries,", "totals"]
        assert words(shown, READER) == [READER, "asked", "-", "*", "-"]
        assert words(shown, "storage")[-2:] == ["2.0", "GiB"]

        assert data("grant", SOURCE, READER) == f"{READER} may read entries, totals of {SOURCE}.\n"
        assert words(data("show", SOURCE), READER)[:4] == [READER, "granted", "entries,", "totals"]
        assert words(data("show", READER), SOURCE)[:4] == [SOURCE, "granted", "entries,", "totals"]
        assert SOURCE not in data("requests")

        narrowed = json.loads(data("grant", SOURCE, READER, "--collection", "totals", "--json"))
        assert narrowed["granted"] == ["totals"]

        data("take-back", SOURCE, READER)
        assert words(data("show", SOURCE), READER)[:3] == [READER, "taken-back", "-"]
        assert "refused" in data("refuse", SOURCE, READER)
        overview = json.loads(data("show", SOURCE, "--json"))
        assert [(one["app"]["slug"], one["state"]) for one in overview["readers"]] == [(READER, "refused")]
        assert SOURCE not in {one["app"]["slug"] for one in json.loads(data("requests", "--json"))}

    def test_more_than_was_asked_for(self, data: Any) -> None:
        refused = data("grant", SOURCE, READER, "--collection", "secrets", fails=True)
        assert '"secrets" was not asked for. What can be granted: "entries", "totals".' in refused

    def test_to_an_app_that_does_not_ask(self, data: Any) -> None:
        assert "does not ask to read the data of" in data("grant", READER, SOURCE, fails=True)
        assert "No app" in data("take-back", READER, SOURCE, fails=True)
