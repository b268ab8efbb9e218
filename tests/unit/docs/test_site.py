"""The site: generated pages are fresh, it builds without a warning, and it fetches nothing from other hosts."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from code_blocks import ROOT

FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
OUTSIDE = re.compile(r"\s*(?:[a-z]+:)?//", re.IGNORECASE)
OUTSIDE_IN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=90)


class TestGeneratedPages:
    def test_are_fresh(self) -> None:
        checked = run("docs/generate.py", "--check")
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # Not --quiet: it hides warnings from --strict, too.
    built = run("-m", "mkdocs", "build", "--strict", "--site-dir", str(folder))
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


class Fetches(HTMLParser):
    """Collects the addresses a browser loads by itself when it opens a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name == FETCHED.get(tag)]


def fetches(page: Path) -> list[str]:
    parser = Fetches()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.addresses


class TestSite:
    def test_fetches_nothing_from_other_hosts(self, site: Path) -> None:
        found = {page: fetches(page) for page in site.rglob("*.html")}
        assert any(found.values())
        outside = [(str(page), each) for page, all_of in found.items() for each in all_of if OUTSIDE.match(each)]
        assert outside == []
        styles = [str(path) for path in site.rglob("*.css") if OUTSIDE_IN_CSS.search(path.read_text(encoding="utf-8"))]
        assert styles == []

    def test_what_pages_fetch_is_there(self, site: Path) -> None:
        pages = [page for page in site.rglob("*.html") if page.name != "404.html"]  # which is asked for anywhere
        missing = [(str(page), each) for page in pages for each in fetches(page) if not _exists(page, each)]
        assert missing == []

    def test_holds_every_page(self, site: Path) -> None:
        written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
        assert written <= {path.relative_to(site) for path in site.rglob("*.html")}
        menu = (site / "index.html").read_text(encoding="utf-8")
        assert [str(path) for path in sorted(written) if f'href="{path}"' not in menu] == []

    def test_holds_no_scripts_of_ours(self, site: Path) -> None:
        assert list(site.rglob("*.py")) == []

    def test_blocks_with_notes_are_blocks(self, site: Path) -> None:
        tutorial = (site / "tutorial" / "first-app.html").read_text(encoding="utf-8")
        assert tutorial.count('<pre><code class="language-python">') == 2
        assert "```" not in tutorial


def _exists(page: Path, address: str) -> bool:
    path = re.split(r"[?#]", address)[0]
    return address.startswith("data:") or not path or (page.parent / path).resolve().exists()


class TestChangelog:
    def test_fragments_are_gathered(self) -> None:
        drafted = run("-m", "towncrier", "build", "--draft", "--version", "9.9.9", "--date", "2026-01-01")
        assert drafted.returncode == 0, drafted.stdout + drafted.stderr
        fragments = [path for path in (ROOT / "changes").iterdir() if path.suffix == ".md"]
        for fragment in fragments:
            assert fragment.read_text(encoding="utf-8").split("\n")[0].split(". ")[0] in drafted.stdout, fragment.name
