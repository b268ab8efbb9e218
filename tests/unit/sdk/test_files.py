"""What of a folder is served, and how browsers may keep it."""

import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hothouse_sdk.serve_static import create_app


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "sub/.hidden").mkdir(parents=True)
    for name, text in {
        "index.html": "home",
        "about.html": "about",
        "404.html": "lost",
        "sub/index.html": "sub",
        "app.js": "1",
        "main.4f2a9c1b.js": "2",
        "summer-holidays.jpg": "3",
        ".env": "SECRET=1",
        "sub/.hidden/note.txt": "secret",
    }.items():
        (site / name).write_text(text)
    (tmp_path / "outside.txt").write_text("outside")
    return site


@pytest.fixture
def client(site: Path) -> TestClient:
    return TestClient(create_app(site))


class TestFinding:
    @pytest.mark.parametrize(
        ("path", "text"),
        [("/", "home"), ("/about", "about"), ("/about.html", "about"), ("/sub/", "sub"), ("/sub", "sub")],
    )
    def test_pages(self, client: TestClient, path: str, text: str) -> None:
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, text)
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_missing(self, client: TestClient) -> None:
        answer = client.get("/nothing")
        assert (answer.status_code, answer.text) == (404, "lost")

    def test_missing_without_a_page_for_it(self, client: TestClient, site: Path) -> None:
        (site / "404.html").unlink()
        answer = client.get("/nothing")
        assert (answer.status_code, answer.text) == (404, "There is nothing at this address.\n")

    def test_only_reading(self, client: TestClient) -> None:
        assert client.post("/").status_code == 405


class TestHidden:
    @pytest.mark.parametrize(
        "path", ["/.env", "/sub/.hidden/note.txt", "/%2e%65nv", "/..%2foutside.txt", "/sub/../../outside.txt"]
    )
    def test_paths(self, client: TestClient, path: str) -> None:
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, "lost")

    def test_impossible_name(self, client: TestClient) -> None:
        assert client.get("/%00").status_code == 404

    @pytest.mark.parametrize("target", ["../outside.txt", ".env", "sub/.hidden/note.txt", "/etc/hostname"])
    def test_links(self, client: TestClient, site: Path, target: str) -> None:
        (site / "link.txt").symlink_to(target)
        assert client.get("/link.txt").status_code == 404

    def test_link_of_a_folder(self, client: TestClient, site: Path) -> None:
        (site / "up").symlink_to("..")
        assert client.get("/up/outside.txt").status_code == 404

    def test_link_that_stays_inside(self, client: TestClient, site: Path) -> None:
        (site / "link.html").symlink_to("about.html")
        assert client.get("/link.html").text == "about"

    def test_pipe_does_not_hang(self, client: TestClient, site: Path) -> None:
        os.mkfifo(site / "pipe")
        assert client.get("/pipe").status_code == 404

    def test_app_manifest_is_not_part_of_the_site(self, client: TestClient, site: Path) -> None:
        (site / "manifest.json").write_text('{"slug": "site", "members": ["ada@example.org"]}')
        assert client.get("/manifest.json").status_code == 404
        (site / "manifest.json").write_text('{"short_name": "a web app manifest", "display": "standalone"}')
        assert client.get("/manifest.json").status_code == 200


class TestKeeping:
    def test_revalidated_by_tag(self, client: TestClient) -> None:
        first = client.get("/app.js")
        assert first.headers["cache-control"] == "no-cache"
        again = client.get("/app.js", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_new_content_of_equal_size_and_time_has_a_new_tag(self, client: TestClient, site: Path) -> None:
        os.utime(site / "app.js", (1, 1))
        first = client.get("/app.js").headers["etag"]
        (site / "app.new").write_text("9")
        os.utime(site / "app.new", (1, 1))
        (site / "app.new").replace(site / "app.js")
        answer = client.get("/app.js", headers={"if-none-match": first})
        assert (answer.status_code, answer.text) == (200, "9")

    def test_fingerprinted_names_are_kept(self, client: TestClient) -> None:
        assert "immutable" in client.get("/main.4f2a9c1b.js").headers["cache-control"]

    def test_long_words_are_no_fingerprint(self, client: TestClient) -> None:
        assert client.get("/summer-holidays.jpg").headers["cache-control"] == "no-cache"
