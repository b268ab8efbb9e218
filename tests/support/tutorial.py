"""The app of the tutorial, taken from the page itself."""

from pathlib import Path

from code_blocks import ROOT, blocks_of

PAGE = ROOT / "docs" / "tutorial" / "first-app.md"
RELEASES = 3
"""What the reader deploys: 1 serves, 2 is refused (`KeyError` at its start), 3 serves."""


def tutorial_files(release: int = 1) -> dict[str, str]:
    """Return the files of the app, by name, as they are when the reader deploys that release."""
    return {
        block.options["title"]: block.text
        for block in blocks_of(PAGE)
        if "title" in block.options and int(block.options["release"]) <= release
    }


def write_tutorial(folder: Path, release: int = 1) -> Path:
    """Write those files into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tutorial_files(release).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
