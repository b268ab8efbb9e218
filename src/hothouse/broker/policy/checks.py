"""The checks of the table, one for each `Check`: what else of a command must be in order.

Each takes the message, the sandbox, the scope and the plan, notes in the plan what it finds out, and returns the
command to send in place of the one that came, or None.
"""

import struct
from collections.abc import Callable
from typing import Any

from bson.binary import UUID_SUBTYPE, Binary

from hothouse.broker import walker
from hothouse.broker.commands import (
    COMMANDS,
    WRITING_STAGES,
    Check,
    Growth,
    Names,
)
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.fields import check_explained_fields
from hothouse.broker.gates import Passage
from hothouse.broker.policy import granted
from hothouse.broker.policy.plan import Document, Plan
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.walker import Scope
from hothouse.broker.wire import INT64, Message, decode_reply

_NUMBERS = {1: "<d", 16: "<i", 18: "<q"}
_MOST_IDS = 10_000
_MOST_NAMESPACES = 1_000
_EXPLAINABLE = frozenset(
    ("find", "aggregate", "count", "distinct", "update", "delete", "findAndModify", "findandmodify")
)


def number(message: Message, key: bytes) -> float | None:
    """Return a top-level number; None when the field holds anything else."""
    element = message.elements[key]
    layout = _NUMBERS.get(element.type)
    return None if layout is None else struct.unpack_from(layout, message.frame, element.start)[0]


def _check_nothing(_message: Message, _sandbox: Sandbox, _scope: Scope, _plan: Plan) -> None:
    """Let everything pass: there is nothing but data."""


def _check_javascript(message: Message, _sandbox: Sandbox, scope: Scope, _plan: Plan) -> None:
    if walker.find_suspicious(message.frame):
        walker.check_everywhere(message.decode(), scope)


def _check_pipeline(message: Message, _sandbox: Sandbox, scope: Scope, made: Plan) -> Document | None:
    command = message.decode()
    _check_pipeline_command(message.name, command, scope)
    if message.name != "aggregate":
        return None
    pipeline: list[Any] = command.get("pipeline") or []
    first, last = (next(iter(pipeline[end]), "") for end in (0, -1)) if pipeline else ("", "")
    if last in WRITING_STAGES:
        made.growth, made.passage = Growth.GROWS, Passage.WRITE
    if command.get("explain"):
        made.opens_cursor, made.transform = False, _without_server_names
    if scope.grant is None or first != "$changeStream":
        return None
    return {**command, "pipeline": granted.with_own_changes(pipeline, scope)}


def _check_pipeline_command(name: str, command: Document, scope: Scope) -> None:
    if "pipeline" in command:
        walker.check_pipeline(command["pipeline"], scope)
    if "viewOn" in command:
        scope.check_collection(command["viewOn"], f"{name} with viewOn")
    if name == "aggregate":
        if not isinstance(command[name], str):
            _check_start(command.get("pipeline"), scope)
    else:
        walker.check_options(command)
    walker.check_everywhere(command, scope)


def _check_start(pipeline: Any, scope: Scope) -> None:
    if scope.grant is not None:
        raise RefusedError(f"aggregate: 1 on {scope.database!r} is refused: only collections of it may be granted.")
    walker.check_start(pipeline)


def _check_listing(message: Message, _sandbox: Sandbox, scope: Scope, _plan: Plan) -> Document | None:
    command = message.decode()
    walker.check_everywhere(command, scope)
    return None if scope.grant is None else granted.list_collections(command, scope)


def _check_explain(message: Message, _sandbox: Sandbox, scope: Scope, made: Plan) -> None:
    command = message.decode()
    explained = command["explain"]
    name = next(iter(explained), None) if isinstance(explained, dict) else None
    if not isinstance(name, str) or name not in _EXPLAINABLE:
        raise RefusedError(f"explain of {name!r} is refused. Explain one of: {', '.join(sorted(_EXPLAINABLE))}.")
    scope.check_database(explained.get("$db", scope.database), f"explain of {name}")
    check_explained_fields(name, set(explained))
    if COMMANDS[name].names is Names.COLLECTION or isinstance(explained[name], str) or explained[name] != 1:
        scope.check_collection(explained[name], f"explain of {name}")
    _check_pipeline_command(name, explained, scope)
    walker.check_everywhere(command, scope)
    made.transform = _without_server_names


def _without_server_names(frame: bytes) -> Document:
    """Leave the address and settings of the server out of an explanation."""
    reply = decode_reply(frame)
    open_values: list[Any] = [reply]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            for name in ("serverInfo", "serverParameters"):
                value.pop(name, None)
            if isinstance(shards := value.get("shards"), dict):
                value["shards"] = list(shards.values())
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)
    return reply


def _check_rename(message: Message, _sandbox: Sandbox, scope: Scope, _plan: Plan) -> None:
    scope.check_namespace(message.text(b"renameCollection"), "renameCollection")
    scope.check_namespace(message.text(b"to"), "renameCollection")


def _check_namespaces(message: Message, _sandbox: Sandbox, scope: Scope, _plan: Plan) -> None:
    if b"nsInfo" in message.elements or walker.find_suspicious(message.frame):
        command = message.decode()
        walker.check_everywhere(command, scope)
        namespaces = command.get("nsInfo")
    else:
        namespaces = message.decode_sequence(b"nsInfo")
    if not isinstance(namespaces, list) or not 0 < len(namespaces) <= _MOST_NAMESPACES:
        raise RefusedError(f"bulkWrite needs nsInfo, up to {_MOST_NAMESPACES:,} namespaces.", Code.FailedToParse)
    for entry in namespaces:
        if not isinstance(entry, dict) or entry.keys() != {"ns"}:
            raise RefusedError("An entry of nsInfo must hold `ns` and nothing else.")
        scope.check_namespace(entry["ns"], "bulkWrite")


def _check_cursor(message: Message, sandbox: Sandbox, _scope: Scope, made: Plan) -> None:
    element = message.elements[b"getMore"]
    if element.type != INT64 or message.text(b"collection") is None:
        raise RefusedError("getMore needs a 64-bit cursor id and a collection.", Code.BadValue)
    cursor_id = int(number(message, b"getMore") or 0)
    if not sandbox.has_cursor(cursor_id, made.place):
        raise RefusedError(f"cursor id {cursor_id} not found", Code.CursorNotFound)
    made.cursor_id = cursor_id


def _check_cursors(message: Message, sandbox: Sandbox, _scope: Scope, made: Plan) -> Document | None:
    """Let a workload kill its own cursors; the others it names are reported as not found."""
    command = message.decode()
    wanted = command.get("cursors")
    if not isinstance(wanted, list) or not isinstance(command["killCursors"], str) or len(wanted) > _MOST_IDS:
        raise RefusedError(f"killCursors needs a collection and up to {_MOST_IDS:,} cursor ids.", Code.BadValue)
    own = [each for each in wanted if isinstance(each, int) and sandbox.has_cursor(each, made.place)]
    known = set(own)
    unknown = [each for each in wanted if not isinstance(each, int) or each not in known]
    if not own:
        made.answer = {
            "cursorsKilled": [],
            "cursorsNotFound": unknown,
            "cursorsAlive": [],
            "cursorsUnknown": [],
            "ok": 1.0,
        }
        return None
    for cursor_id in own:
        sandbox.closed_cursor(cursor_id)
    if not unknown:
        return None
    made.transform = lambda frame: _with_unknown(decode_reply(frame), unknown)
    return {**command, "cursors": own}


def _with_unknown(reply: Document, unknown: list[Any]) -> Document:
    return {**reply, "cursorsNotFound": [*reply.get("cursorsNotFound", []), *unknown]}


def _check_sessions(message: Message, sandbox: Sandbox, _scope: Scope, _plan: Plan) -> Document:
    command = message.decode()
    sessions = command[message.name]
    if (
        not isinstance(sessions, list)
        or len(sessions) > _MOST_IDS
        or not all(_is_session(session) for session in sessions)
    ):
        raise RefusedError(f"{message.name} needs an array of up to {_MOST_IDS:,} session ids.", Code.BadValue)
    own = [{"id": Binary(sandbox.own_session(session["id"]), UUID_SUBTYPE)} for session in sessions]
    return {message.name: own, "$db": command["$db"]}


def _is_session(session: Any) -> bool:
    if not isinstance(session, dict) or session.keys() != {"id"}:
        return False
    value = session["id"]
    return isinstance(value, Binary) and value.subtype == UUID_SUBTYPE and len(value) == 16


CHECKS: dict[Check, Callable[[Message, Sandbox, Scope, Plan], Document | None]] = {
    Check.NONE: _check_nothing,
    Check.JAVASCRIPT: _check_javascript,
    Check.PIPELINE: _check_pipeline,
    Check.LISTING: _check_listing,
    Check.EXPLAIN: _check_explain,
    Check.RENAME: _check_rename,
    Check.NAMESPACES: _check_namespaces,
    Check.CURSOR: _check_cursor,
    Check.CURSORS: _check_cursors,
    Check.SESSIONS: _check_sessions,
}
