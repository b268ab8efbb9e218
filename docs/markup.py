"""Pieces of Markdown that the generators share."""

import inspect
from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `python docs/generate.py`. Change the code it describes, or {script}, and run it again. -->"


def page(script: str, title: str, *blocks: str) -> str:
    """Join a page: the notice that it is generated, its title, and its blocks."""
    return "\n\n".join([NOTICE.format(script=f"docs/{script}"), f"# {title}", *filter(None, blocks)]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; line breaks and bars in cells do not break it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """Write text as code, even where it holds backticks."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def prose(thing: object) -> str:
    """Return the docstring of a class or function, as paragraphs.

    Raises: LookupError when there is none: what has no docstring cannot be documented.
    """
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    if not text:
        raise LookupError(f"{thing!r} has no docstring to document it with. Write one.")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
