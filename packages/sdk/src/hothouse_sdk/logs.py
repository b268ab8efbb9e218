"""Structured logging: readable on a terminal, one JSON object a line elsewhere, each with its request's id."""

import re
import sys
import uuid
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger, Processor, WrappedLogger

_request_id: ContextVar[str | None] = ContextVar("hothouse_request_id", default=None)
_SAFE_ID = re.compile(r"[\x21-\x7e]{1,128}")


def get_logger(name: str | None = None, **values: Any) -> "FilteringBoundLogger":
    """Return a structlog logger; `values` are added to each of its events.

    >>> log = get_logger("garden", bed=3)
    >>> log.info("watered", litres=2)  # doctest: +ELLIPSIS
    {"event": "watered", ..."bed": 3, "litres": 2...}

    Logging is set up by the first call, unless the app configured structlog itself.
    """
    import structlog  # noqa: PLC0415 - loaded by apps that use it

    if not structlog.is_configured():
        structlog.configure(processors=_processors(is_terminal=sys.stdout.isatty()))
    if name is not None:
        values = {"logger_name": name, **values}
    logger: FilteringBoundLogger = structlog.get_logger(**values)
    return logger


def current_request_id() -> str | None:
    """Return the id of the request being answered (`X-Request-Id`, or one made for it); None outside requests."""
    return _request_id.get()


def begin_request(headers: Mapping[str, str]) -> str:
    """Remember a request's id for everything that its task logs, and return it."""
    given = headers.get("x-request-id", "")
    request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id


def _add_request_id(
    _logger: "WrappedLogger", _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if (request_id := current_request_id()) is not None:
        event.setdefault("request_id", request_id)
    return event


def _processors(*, is_terminal: bool) -> "list[Processor]":
    import structlog  # noqa: PLC0415 - loaded by apps that use it

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if is_terminal:
        return [*shared, structlog.dev.ConsoleRenderer()]
    return [
        *shared,
        structlog.processors.format_exc_info,
        _in_order,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _in_order(_logger: "WrappedLogger", _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    leading = ("event", "level", "timestamp", "logger_name", "request_id")
    return {**{key: event[key] for key in leading if key in event}, **event}
