"""Code blocks of the documentation, as tests read them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<language>[\w-]*)(?P<rest>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; `line` is that of its first line of text, `options` stand beside its language."""

    page: Path
    line: int
    language: str
    options: dict[str, str]
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Return every page of documentation in the repository."""
    outside = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "packages" / "sdk" / "README.md")
    return [*outside, *sorted((ROOT / "docs").rglob("*.md"))]


def blocks_of(page: Path) -> list[Block]:
    """Return a page's blocks in order."""
    content = page.read_text(encoding="utf-8")
    return [
        Block(
            page=page,
            line=content.count("\n", 0, fence.start("text")) + 1,
            language=fence["language"],
            options=dict(OPTION.findall(fence["rest"])),
            text=fence["text"],
        )
        for fence in FENCE.finditer(content)
    ]


def prose_of(page: Path) -> str:
    """Return a page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))
