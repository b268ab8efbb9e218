"""Judge a manifest: every problem at once, each with its JSON pointer, in sentences for its author."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from hothouse.apps.manifests.entries import entry_problem
from hothouse.apps.manifests.model import Manifest
from hothouse.apps.manifests.names import slug_form_problem, slug_problem
from hothouse.apps.manifests.sentences import Problem, explain, pointer


class ManifestInvalid(ValueError):
    """A manifest has problems; `problems` lists them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.pointer or '/'}: {problem.message}" for problem in self.problems))


def load(text: bytes | str) -> Any:
    """Read the JSON of a manifest.

    Raises: ManifestInvalid with the line and column of a syntax error.
    """
    try:
        content = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(content, object_pairs_hook=_without_duplicates)
    except UnicodeDecodeError:
        raise ManifestInvalid([Problem("", "manifest.json is not UTF-8 text; save it as UTF-8.")]) from None
    except json.JSONDecodeError as error:
        message = f"manifest.json is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise ManifestInvalid([Problem("", message)]) from None
    except RecursionError:
        raise ManifestInvalid([Problem("", "manifest.json is nested too deeply.")]) from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ManifestInvalid([Problem("", f'manifest.json holds "{key}" twice in one object; keep one of them.')])
        seen[key] = value
    return seen


def parse(data: object) -> Manifest:
    """Turn JSON data into a manifest.

    Raises: ManifestInvalid listing every problem.
    """
    found = problems(data)
    if found:
        raise ManifestInvalid(found)
    return Manifest.model_validate(data)


def problems(data: object) -> list[Problem]:
    """List everything wrong with the data of a manifest; empty when `parse` would succeed."""
    if not isinstance(data, dict):
        return [Problem("", "A manifest is a JSON object, {…}.")]
    found: dict[Problem, None] = {}
    try:
        Manifest.model_validate(data)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if details["type"] != "entry":
                found[explain(details)] = None
    mismatch = entry_problem(data.get("kind"), data.get("entry"))
    if mismatch:
        found[Problem("/entry", mismatch)] = None
    for problem in (*_reserved(data), *_repetitions(data), *_wishes(data)):
        found[problem] = None
    return list(found)


def _reserved(data: Mapping[str, Any]) -> Iterable[Problem]:
    """Find a slug that no app may take any more; releases of before may still hold it."""
    slug = data.get("slug")
    if isinstance(slug, str) and slug_form_problem(slug) is None and (message := slug_problem(slug)):
        yield Problem("/slug", message)


def _wishes(data: Mapping[str, Any]) -> Iterable[Problem]:
    """Find apps in `data.read_from` that make no sense there; releases of before may still hold them."""
    section = data.get("data")
    wishes = section.get("read_from") if isinstance(section, dict) else None
    slugs = [wish.get("app") if isinstance(wish, dict) else None for wish in wishes] if isinstance(wishes, list) else []
    for position, slug in enumerate(slugs):
        where = pointer(["data", "read_from", position, "app"])
        if slug is not None and slug == data.get("slug"):
            yield Problem(where, f'"{slug}" is this app itself, whose data needs no grant; remove this entry.')
        elif slug is not None and slug in slugs[:position]:
            yield Problem(where, f'"{slug}" is listed twice; write its collections in one entry.')


def _repetitions(data: Mapping[str, Any]) -> Iterable[Problem]:
    env, secrets = data.get("env"), data.get("secrets")
    if isinstance(env, dict) and isinstance(secrets, list):
        for position, name in enumerate(secrets):
            if isinstance(name, str) and name in env:
                yield Problem(
                    pointer(["secrets", position]), f'"{name}" is in "env" as well; a secret has its value elsewhere.'
                )
    for field in ("tags", "secrets", "members"):
        values = data.get(field)
        if isinstance(values, list):
            for position, value in enumerate(values):
                if isinstance(value, str) and value in values[:position]:
                    yield Problem(pointer([field, position]), f'"{value}" is listed twice.')
