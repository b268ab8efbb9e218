"""What the site does beyond mkdocs: navigation from the folders, and captions of titled code blocks."""

import re
from pathlib import Path
from typing import Any

SECTIONS = {"tutorial": "Tutorial", "how-to": "How-to", "reference": "Reference", "adr": "Decisions"}
FENCE = re.compile(r"^```(?P<language>[\w-]+) +(?P<rest>\S.*)$", re.MULTILINE)
TITLE = re.compile(r'\btitle="([^"]+)"')


def on_config(config: Any) -> Any:
    """List every page by folder, so that a new page needs no other edit."""
    docs = Path(config.docs_dir)
    config.nav = [{"Hothouse": "index.md"}]
    for folder, title in SECTIONS.items():
        pages = sorted(path.relative_to(docs).as_posix() for path in docs.glob(f"{folder}/*.md"))
        if pages:
            config.nav.append({title: pages})
    config.nav.append({"Security": "security.md"})
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Turn the title of a code block into a line above it, and drop what else stands beside its language."""

    def caption(fence: re.Match[str]) -> str:
        title = TITLE.search(fence["rest"])
        above = f"`{title[1]}`\n\n" if title else ""
        return f"{above}```{fence['language']}"

    return FENCE.sub(caption, markdown)
