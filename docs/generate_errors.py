"""Write the reference of errors from the subclasses of `hothouse.kit.problems.Problem`."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from markup import code, page, prose, table

import hothouse
from hothouse.kit.problems import Problem

PAGE = "reference/errors.md"
INTRODUCTION = """\
Every error of the API is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). `type` and
`title` are the same for each occurrence, `detail` says what happened and what to do about it. Where input is at fault,
`errors` lists each place as a JSON pointer with a message:"""
EXAMPLE = """\
```json
{
  "type": "/problems/manifest-invalid",
  "title": "Manifest not valid",
  "status": 422,
  "detail": "The manifest has 1 problem(s). /entry: Write \\"module:attribute\\".",
  "errors": [{ "pointer": "/entry", "message": "Write \\"module:attribute\\"." }]
}
```"""
NOTES = """\
Rely on `type` and `status`; `title` and `detail` are for people and may be worded better one day. What you may not see
is answered as if it did not exist. `Retry-After` comes with the answers that are worth repeating."""


def render() -> str:
    """Return the page, ordered by type."""
    _import_definers()
    found: dict[str, list[type[Problem]]] = {}
    for kind in _subclasses(Problem):
        if kind.__module__.startswith("hothouse."):
            found.setdefault(kind.slug, []).append(kind)
    rows = [row for slug in sorted(found) for row in _rows(slug, found[slug])]
    types = table(("type", "title", "status", "meaning"), rows)
    return page("generate_errors.py", "Errors", INTRODUCTION, EXAMPLE, NOTES, types)


def _rows(slug: str, kinds: list[type[Problem]]) -> list[tuple[str, str, str, str]]:
    """Return one row for a type, however many classes say it.

    Raises: ValueError when they disagree: a type has one title and one status.
    """
    if len({(kind.title, kind.status) for kind in kinds}) > 1:
        names = ", ".join(sorted(f"{kind.__module__}.{kind.__name__}" for kind in kinds))
        raise ValueError(f"{names} share the type {slug} but not title and status. Give one of them another slug.")
    kind = min(kinds, key=lambda kind: kind.__module__)
    meaning = prose(kind).split("\n\n")[0]
    return [(code(f"/problems/{slug}"), kind.title, str(kind.status), meaning)]


def _import_definers() -> None:
    """Import the modules that name the base class: those are the ones that may define problems."""
    root = Path(hothouse.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if "hothouse.kit.problems import" in path.read_text(encoding="utf-8"):
            module = path.relative_to(root.parent).with_suffix("")
            importlib.import_module(".".join(module.parts).removesuffix(".__init__"))


def _subclasses(kind: type[Problem]) -> Iterator[type[Problem]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
