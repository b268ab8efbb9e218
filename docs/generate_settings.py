"""Write the reference of settings from `hothouse.settings.Settings`."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from markup import code, page, prose, table
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hothouse.settings import Settings

PAGE = "reference/settings.md"
INTRODUCTION = """\
Hothouse is told everything by environment variables, or by a file `.env` in the folder it is started in; a variable
goes before the file. `hothouse config` prints what is in force and where it came from."""
TITLES = {"mongodb": "MongoDB", "oidc": "OpenID Connect"}
TYPES = {
    "str": "text",
    "SecretStr": "secret text",
    "int": "whole number",
    "float": "number",
    "bool": "`true` or `false`",
    "Path": "path",
}


def render() -> str:
    """Return the page: the settings at the root, then one section for each group."""
    fields = Settings.model_fields
    groups = {name: group for name, field in fields.items() if (group := _group(field))}
    sections = [_table("", {name: field for name, field in fields.items() if name not in groups})]
    for name, model in groups.items():
        sections += [f"## {TITLES.get(name, name.capitalize())}", prose(model), _table(f"{name}_", model.model_fields)]
        sections += [part for field in model.model_fields.values() for part in _objects(field)]
    return page("generate_settings.py", "Settings", INTRODUCTION, *sections)


def _group(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _objects(field: FieldInfo) -> list[str]:
    """Return a table of what an object in a list of objects says, if the setting is one."""
    kinds = [kind for kind in get_args(field.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    rows = [
        (code(name), describe_type(one), "needed" if one.is_required() else _default(one), _meaning(name, one))
        for kind in kinds
        for name, one in kind.model_fields.items()
    ]
    return [*map(prose, kinds), table(("key", "value", "default", "meaning"), rows)] if rows else []


def _table(prefix: str, fields: dict[str, FieldInfo]) -> str:
    rows = [
        (
            code(f"HOTHOUSE_{prefix}{name}".upper()),
            describe_type(field),
            _default(field),
            _meaning(prefix + name, field),
        )
        for name, field in fields.items()
    ]
    return table(("variable", "value", "default", "meaning"), rows)


def _meaning(name: str, field: FieldInfo) -> str:
    if not field.description:
        raise LookupError(f"The setting {name} has no description. Give its Field one.")
    return field.description


def describe_type(field: FieldInfo) -> str:
    """Say what may be written, bounds included."""
    kind = _describe(field.annotation)
    bounds = {type(each).__name__: each for each in field.metadata}
    low, high = getattr(bounds.get("Ge"), "ge", None), getattr(bounds.get("Le"), "le", None)
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    return f"{kind}, at least {low}" if low is not None else kind


def _describe(kind: Any) -> str:
    origin = get_origin(kind)
    if origin is Annotated:
        return _describe(get_args(kind)[0])
    if origin in (Union, UnionType):
        return " or ".join(_describe(each) for each in get_args(kind) if each is not NoneType)
    if origin is list:
        return f"list of {_describe(get_args(kind)[0])}s, as JSON"
    if origin is dict:
        return "JSON object of texts"
    if origin is Literal:
        return ", ".join(code(str(each)) for each in get_args(kind))
    return "object" if issubclass(kind, BaseModel) else TYPES[kind.__name__]


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or isinstance(value, SecretStr):
        return "none"
    return code(str(value).lower() if isinstance(value, bool) else str(value))
