"""Sentences for what pydantic finds wrong with a manifest, with hints at what was probably meant."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from hothouse.apps.manifests.model import KINDS, Access, Manifest

_ACCESS: tuple[str, ...] = get_args(Access)
_IMAGE = (
    'Kind "image" (containers) needs a container launcher, which this installation does not have yet; '
    'use kind "command" with an argument list.'
)
_TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a manifest. `pointer` is an RFC 6901 JSON pointer, `""` for the whole."""

    pointer: str
    message: str


def pointer(parts: Iterable[object]) -> str:
    """Write a JSON pointer (RFC 6901).

    >>> pointer(["env", "A/B", 0])
    '/env/A~1B/0'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def explain(details: ErrorDetails) -> Problem:
    """Turn one pydantic error into a problem for the author of the manifest."""
    location = [part for part in details["loc"] if part != "[key]"]
    where = pointer(location)
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            return Problem(where, _unknown_field(location))
        case "missing":
            return Problem(where, f'"{location[-1]}" is missing. {_purpose(location)}'.strip())
        case "literal_error":
            return Problem(where, _not_a_choice(location, details["input"]))
        case "refused":
            return Problem(where, str(context["message"]))
        case "value_error":
            return Problem(where, str(context["error"]))
        case kind if kind in _TYPES:
            return Problem(where, f"This has to be {_TYPES[kind]}, not {_describe(details['input'])}.")
        case _:
            return Problem(where, _limit(details))


def _limit(details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "string_too_short" | "too_short":
            return "This must not be empty."
        case "string_too_long":
            return f"This is too long; {context['max_length']} characters are allowed."
        case "too_long":
            return f"These are too many; {context['max_length']} are allowed."
        case "greater_than":
            return f"This has to be more than {context['gt']:g}."
        case "greater_than_equal":
            return f"This has to be {context['ge']} or more."
        case "less_than_equal":
            return f"This has to be {context['le']:g} or less."
        case _:
            return f"{details['msg'].removesuffix('.')}."


def _describe(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, float):
        return f"{value:g}"
    return "an object" if isinstance(value, dict) else "a number"


def _not_a_choice(location: list[int | str], value: object) -> str:
    field = location[-1]
    if field == "kind" and value == "image":
        return _IMAGE
    if field == "schema_version":
        return f'This platform reads manifests of version "1", not {json.dumps(value, default=str)}.'
    choices = {"kind": KINDS, "access": _ACCESS}.get(str(field), ("regular", "search", "vectorSearch"))
    near = difflib.get_close_matches(str(value).lower(), choices, n=1, cutoff=0.5)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f"{json.dumps(value, default=str)} is not one of {', '.join(choices)}.{hint}"


def _fields(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_at(location: list[int | str]) -> type[BaseModel] | None:
    """The model that holds the last part of a location, or None where it is not a plain section."""
    model: type[BaseModel] = Manifest
    for part in location[:-1]:
        info = model.model_fields.get(str(part))
        if info is None or not (isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)):
            return None
        model = info.annotation
    return model


def _unknown_field(location: list[int | str]) -> str:
    field = str(location[-1])
    model = _model_at(location)
    for section, info in Manifest.model_fields.items():
        nested = info.annotation
        if isinstance(nested, type) and issubclass(nested, BaseModel) and field in nested.model_fields:
            return f'There is no field "{field}" here. Did you mean "{section}.{field}"?'
    near = difflib.get_close_matches(field.lower(), _fields(model), n=1, cutoff=0.6) if model else []
    if near:
        return f'There is no field "{field}". Did you mean "{near[0]}"?'
    known = ", ".join(_fields(model)) if model else ""
    return f'There is no field "{field}".' + (f" Known here: {known}." if known else "")


def _purpose(location: list[int | str]) -> str:
    model = _model_at(location)
    info = model.model_fields.get(str(location[-1])) if model else None
    return info.description or "" if info else ""
