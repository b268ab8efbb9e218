"""What to call an app that does not say: from its pyproject, its README, or the name of its folder."""

import re
import tomllib
from typing import Any

from hothouse.apps.manifests.names import slugify
from hothouse.apps.manifests.proposing.report import Remark
from hothouse.apps.manifests.tree import SourceTree

_HEADING = re.compile(r"^#\s+(?P<text>.+?)\s*#*$", re.MULTILINE)
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|<[^>]+>|[*_`]|:[a-z_]+:")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_VERSION = re.compile(r"[-_](main|master|v?\d+(\.\d+)*)$")


def find_name(tree: SourceTree) -> tuple[dict[str, Any], list[Remark]]:
    """Choose slug, name and description, and say where they come from."""
    project = _pyproject(tree)
    readme = next((tree.text(path) for path in tree.paths if path.lower() in ("readme.md", "readme")), None) or ""
    name, source = _name(project, readme, tree.label)
    fields: dict[str, Any] = {"slug": slugify(name) or slugify(tree.label) or "my-app", "name": name}
    description = _text(project.get("description")) or _first_paragraph(readme)
    if description:
        fields["description"] = description
    return fields, [Remark("guess", "/name", f'Called "{name}" after {source}; the slug follows from it.')]


def _name(project: dict[str, Any], readme: str, label: str) -> tuple[str, str]:
    declared = project.get("name")
    if isinstance(declared, str) and (title := _as_title(declared)):
        return title, "pyproject.toml"
    heading = _HEADING.search(readme)
    if heading and (title := _plain(heading["text"])) and len(title) <= 60:
        return title, "the heading of its README"
    title = _as_title(_VERSION.sub("", label))
    return (title, f'"{label}"') if slugify(title) else ("My App", "nothing better at hand")


def _pyproject(tree: SourceTree) -> dict[str, Any]:
    try:
        content = tomllib.loads(tree.text("pyproject.toml") or "")
    except tomllib.TOMLDecodeError:
        return {}
    poetry = content.get("tool", {}).get("poetry", {})
    project = content.get("project") or poetry
    return project if isinstance(project, dict) else {}


def _text(value: object) -> str:
    return _plain(value)[:500] if isinstance(value, str) else ""


def _as_title(text: str) -> str:
    words = re.sub(r"[-_\s.]+", " ", _printable(text)).strip()
    return (words.title() if words == words.lower() else words)[:100].strip()


def _plain(text: str) -> str:
    return _printable(_MARKUP.sub("", _LINK.sub(r"\1", text)))


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _first_paragraph(readme: str) -> str:
    for block in re.split(r"\n\s*\n", readme):
        text = _plain(block)
        if text and not block.lstrip().startswith(("#", "<", "[!", "![", "|", "-", "=", "```", ">")):
            return text if len(text) <= 300 else f"{text[:297].rsplit(' ', 1)[0]}…"
    return ""
