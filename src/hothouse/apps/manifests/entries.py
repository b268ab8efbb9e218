"""What `entry` may be for each kind."""

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from hothouse.apps.manifests.names import MODULE_ATTRIBUTE, path_problem

OBJECT_KINDS = frozenset({"asgi", "wsgi", "experiment"})
FILE_KINDS = {
    "streamlit": (".py",),
    "gradio": (".py",),
    "dash": (".py",),
    "panel": (".py", ".ipynb"),
    "marimo": (".py",),
    "voila": (".ipynb",),
}
_MAX_ARGUMENTS = 100


def _read(value: object) -> object:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if not isinstance(value, str) and not is_list:
        raise PydanticCustomError("refused", "{message}", {"message": "Write text, or for a command a list of texts."})
    return value


Entry = Annotated[
    str | list[str],
    BeforeValidator(_read),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": _MAX_ARGUMENTS},
            ]
        }
    ),
]


def entry_problem(kind: object, entry: object) -> str | None:
    """Say why this entry does not suit this kind, or None; values of a wrong type or unknown kind are not judged."""
    if kind == "command":
        return _command_problem(entry)
    if not isinstance(kind, str) or kind not in {*OBJECT_KINDS, *FILE_KINDS, "static"}:
        return None
    if isinstance(entry, list):
        return f'An argument list is for kind "command"; {_wanted(kind)}'
    if not isinstance(entry, str):
        return None
    if kind in OBJECT_KINDS:
        return None if MODULE_ATTRIBUTE.match(entry) else f'"{entry}" does not name an object; {_wanted(kind)}'
    if kind == "dash" and MODULE_ATTRIBUTE.match(entry):
        return None
    if kind in FILE_KINDS:
        return path_problem(entry) or _suffix_problem(kind, entry)
    return path_problem(entry)


def _command_problem(entry: object) -> str | None:
    if isinstance(entry, str):
        return 'A command is a list of arguments, for example ["python", "serve.py", "--port", "$PORT"].'
    if not isinstance(entry, list):
        return None
    if not entry or not str(entry[0]).strip():
        return "The command is empty; its first element is the program to start."
    if len(entry) > _MAX_ARGUMENTS:
        return f"The command has {len(entry)} arguments; {_MAX_ARGUMENTS} are allowed."
    if any("\0" in str(argument) for argument in entry):
        return "The command contains a NUL character."
    return None


def _suffix_problem(kind: str, entry: str) -> str | None:
    if entry.endswith(FILE_KINDS[kind]):
        return None
    return f'"{entry}" is not a file that {kind} starts; {_wanted(kind)}'


def _wanted(kind: str) -> str:
    if kind in OBJECT_KINDS:
        return f'for kind "{kind}" write "module:attribute", for example "main:app".'
    if kind in FILE_KINDS:
        name = "notebook.ipynb" if kind == "voila" else "app.py"
        return f'for kind "{kind}" write the path of a file, for example "{name}".'
    return 'for kind "static" write a folder, for example "public" or ".".'
