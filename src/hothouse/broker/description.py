"""Tell what a command was about without telling what was in it: for the list of slow commands."""

from collections.abc import Iterable, Iterator
from typing import Any

from hothouse.broker import wire
from hothouse.broker.errors import BrokerError

MAX_FRAME_BYTES = 64 * 1024
"""Longest frame that is looked into; keep no longer one for this."""
MAX_FIELDS = 20

_LONGEST_NAME = 80
_DEEPEST = 8
_FILTERS = ("filter", "query", "q", "sort", "key", "hint")
_STATEMENTS = ("updates", "deletes")
_LOGICAL = ("$and", "$or", "$nor")

Document = dict[str, Any]


def describe(frame: bytes | bytearray) -> tuple[str, list[str]]:
    """Return a command's collection, and the names of the fields and stages it asks by; never a value.

    Both are empty where a frame is missing, too long or not to be read.
    """
    if not wire.BODY_AT < len(frame) <= MAX_FRAME_BYTES:
        return "", []
    try:
        command: Document = wire.parse(bytes(frame)).decode()
        found = dict.fromkeys(name[:_LONGEST_NAME] for name in _names(command))
        return _collection(command)[:_LONGEST_NAME], list(found)[:MAX_FIELDS]
    except (BrokerError, RecursionError):
        return "", []


def _collection(command: Document) -> str:
    name = next(iter(command))
    if name == "explain" and isinstance(command[name], dict) and command[name]:
        return _collection(command[name])
    value = command.get("collection") if name == "getMore" else command[name]
    return value if isinstance(value, str) else ""


def _names(command: Document) -> Iterator[str]:
    if isinstance(command.get("explain"), dict):
        yield from _names(command["explain"])
    yield from _names_of_filters(command)
    for statements in _STATEMENTS:
        for statement in _documents(command.get(statements)):
            yield from _names_of_filters(statement)
    yield from _names_of_pipeline(command.get("pipeline"))


def _names_of_filters(statement: Document) -> Iterator[str]:
    for part in _FILTERS:
        value = statement.get(part)
        if isinstance(value, str) and part == "key":
            yield value
        else:
            yield from _names_of_filter(value)


def _names_of_filter(value: Any, depth: int = 0) -> Iterator[str]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, condition in value.items():
        if name in _LOGICAL:
            for each in _documents(condition):
                yield from _names_of_filter(each, depth + 1)
        else:
            yield name


def _names_of_pipeline(pipeline: Any) -> Iterator[str]:
    for stage in _documents(pipeline):
        for name, argument in stage.items():
            yield name
            if name in ("$match", "$sort"):
                yield from _names_of_filter(argument)


def _documents(value: Any) -> Iterable[Document]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
