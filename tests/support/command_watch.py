"""Writing down what this process asks of MongoDB, to look at the queries afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pymongo import monitoring

FILTERS = {"find": ("filter",), "update": ("updates", "q"), "delete": ("deletes", "q"), "count": ("query",)}


_asked: ContextVar[list[tuple[str, str]] | None] = ContextVar("asked", default=None)


@contextmanager
def commands_in_order() -> Iterator[list[tuple[str, str]]]:
    """Give a list that fills with command and collection of all that the block asks of MongoDB, in order."""
    asked: list[tuple[str, str]] = []
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


class CommandWatch(monitoring.CommandListener):
    """Keeps one example of each shape of query on one database, while `database` names one."""

    def __init__(self) -> None:
        self.database: str | None = None
        self.seen: dict[tuple[Any, ...], tuple[str, str, dict[str, Any], dict[str, Any]]] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if (asked := _asked.get()) is not None:
            asked.append((event.command_name, str(event.command.get(event.command_name))))
        if event.database_name == self.database and event.command_name in (*FILTERS, "aggregate", "findAndModify"):
            command = dict(event.command)
            for query in _queries(event.command_name, command):
                sort = dict(command.get("sort", {}))
                collection = str(command[event.command_name])
                shape = (event.command_name, collection, _shape(query), _shape(sort))
                self.seen.setdefault(shape, (event.command_name, collection, query, sort))

    def succeeded(self, event: object) -> None: ...
    def failed(self, event: object) -> None: ...


def _queries(name: str, command: dict[str, Any]) -> list[dict[str, Any]]:
    if name not in FILTERS:
        return []
    first, *rest = FILTERS[name]
    return [entry[rest[0]] for entry in command.get(first, [])] if rest else [command.get(first, {})]


def _shape(value: Any) -> Any:
    """Return what is left of a query without its values."""
    if isinstance(value, dict):
        return tuple(sorted((key, _shape(inner)) for key, inner in value.items()))
    return "list" if isinstance(value, list) else "value"


COMMANDS = CommandWatch()
monitoring.register(COMMANDS)
