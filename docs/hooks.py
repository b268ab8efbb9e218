"""What the site does beyond mkdocs: navigation from the folders, and code blocks that carry notes for tests."""

import re
from pathlib import Path
from typing import Any

SECTIONS = {"tutorial": "Tutorial", "how-to": "How-to", "reference": "Reference", "adr": "Decisions"}
NOTES = re.compile(r"^(```[\w-]+) +\S.*$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """List every page by folder, so that a new page needs no other edit."""
    docs = Path(config.docs_dir)
    config.nav = [{"Home": "index.md"}]
    for folder, title in SECTIONS.items():
        pages = sorted(path.relative_to(docs).as_posix() for path in docs.glob(f"{folder}/*.md"))
        if pages:
            config.nav.append({title: pages})
    config.nav.append({"Security": "security.md"})
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Drop what stands beside the language of a code block, as in `title="main.py"`: Markdown would not see a block."""
    return NOTES.sub(r"\1", markdown)
