"""Decide on a command of a workload, and say how it is sent on.

Everything here follows the table in `commands`; a command passes only when the table, the database, the fields, the
namespaces, the cursors and the sessions it names are all in order.
"""

import struct
from collections.abc import Callable
from typing import Any

from bson.binary import UUID_SUBTYPE, Binary

from hothouse.broker import walker, wire
from hothouse.broker.commands import COMMANDS, DOLLAR_FIELDS, INTERNAL_FIELDS, Check, Names, Policy, Rule
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.wire import Message

Document = dict[str, Any]
Transform = Callable[[Document], Document]

_ADMIN_VALUE = b"\x06\x00\x00\x00admin\x00"
_SESSION_HEAD = b"\x1e\x00\x00\x00\x05id\x00\x10\x00\x00\x00\x04"
_SESSION_BYTES = 30
_NUMBERS = {1: "<d", 16: "<i", 18: "<q"}
_EXPLAINABLE = frozenset(
    ("find", "aggregate", "count", "distinct", "update", "delete", "findAndModify", "findandmodify")
)


class Plan:
    """How a command is carried out."""

    __slots__ = ("answer", "cursor_id", "opens_cursor", "payload", "transform")

    def __init__(self, payload: bytes | bytearray = b"", *, opens_cursor: bool = False) -> None:
        self.payload = payload
        self.opens_cursor = opens_cursor
        self.cursor_id = 0
        """The cursor that a getMore continues."""
        self.answer: Document | None = None
        """Given instead of asking MongoDB."""
        self.transform: Transform | None = None
        """Changes MongoDB's reply before the client sees it."""


def rule_for(message: Message) -> Rule:
    """Return the table's line for a command that is not refused outright.

    Raises: RefusedError.
    """
    rule = COMMANDS.get(message.name)
    if rule is None:
        raise RefusedError(
            f"The command {message.name[:64]!r} is refused: it is not in the list of commands that workloads may use."
        )
    if rule.policy is Policy.REFUSED:
        raise RefusedError(f"The command {message.name} is refused: {rule.note}.")
    return rule


def plan(message: Message, rule: Rule, sandbox: Sandbox) -> Plan:
    """Check a command that the table allows, and return how to send it on.

    Raises: RefusedError.
    """
    _check_database(message, rule, sandbox)
    _check_fields(message)
    if rule.names is not Names.NOTHING:
        _check_named_collection(message, rule)
    session_at = _session_position(message)
    session = b""
    if session_at is not None:
        session = sandbox.own_session(message.frame[session_at : session_at + 16])
    made = Plan(opens_cursor=rule.opens_cursor)
    changed = _CHECKS[rule.check](message, sandbox, made)
    if changed is not None:
        message = wire.parse(wire.replace_body(message, changed))
        session_at = _session_position(message)
    made.payload = wire.rewrite(message, session_at=session_at, session_id=session)
    return made


def check_database_name(message: Message, rule: Rule, sandbox: Sandbox) -> None:
    """Refuse a command that is sent to a database other than its own, or `admin` where drivers send it there.

    Raises: RefusedError.
    """
    _check_database(message, rule, sandbox)


def _check_database(message: Message, rule: Rule, sandbox: Sandbox) -> None:
    value = message.raw(b"$db")
    if value == sandbox.database_value or (rule.on_admin and value == _ADMIN_VALUE):
        return
    name = message.text(b"$db")
    raise RefusedError(
        f"{message.name} on the database {name!r} is refused: this credential reaches only {sandbox.database!r}."
    )


def _check_fields(message: Message) -> None:
    for key in message.elements:
        if key[:1] == b"$" and key not in DOLLAR_FIELDS:
            raise RefusedError(f"The field {key.decode(errors='replace')!r} of {message.name} is refused.")
    if internal := INTERNAL_FIELDS.intersection(message.elements):
        raise RefusedError(f"The field {min(internal).decode()!r} of {message.name} is internal to MongoDB.")


def _check_named_collection(message: Message, rule: Rule) -> None:
    key = message.name.encode()
    name = message.text(key)
    if name is not None:
        walker.check_collection(name, message.name)
    elif rule.names is Names.COLLECTION or _number(message, key) != 1:
        raise RefusedError(f"{message.name} needs the name of a collection as a string.", Code.InvalidNamespace)


def _number(message: Message, key: bytes) -> float | None:
    element = message.elements[key]
    layout = _NUMBERS.get(element.type)
    return None if layout is None else struct.unpack_from(layout, message.frame, element.start)[0]


def _session_position(message: Message) -> int | None:
    """Return where the 16 bytes of the session's id lie.

    Raises: RefusedError for a session id with anything else in it, such as another user's digest.
    """
    element = message.elements.get(b"lsid")
    if element is None:
        return None
    head = message.frame[element.start : element.start + len(_SESSION_HEAD)]
    if element.end - element.start != _SESSION_BYTES or head != _SESSION_HEAD:
        raise RefusedError("lsid must hold a UUID `id` and nothing else.", Code.BadValue)
    return element.start + len(_SESSION_HEAD)


def _check_nothing(_message: Message, _sandbox: Sandbox, _plan: Plan) -> None:
    return None


def _check_javascript(message: Message, sandbox: Sandbox, _plan: Plan) -> None:
    if walker.find_suspicious(message.frame):
        walker.check_everywhere(message.decode(), sandbox.database)


def _check_pipeline(message: Message, sandbox: Sandbox, _plan: Plan) -> None:
    _check_pipeline_command(message.name, message.decode(), sandbox.database)


def _check_pipeline_command(name: str, command: Document, database: str) -> None:
    if "pipeline" in command:
        walker.check_pipeline(command["pipeline"], database)
    if "viewOn" in command:
        walker.check_collection(command["viewOn"], f"{name} with viewOn")
    if name == "aggregate":
        if not isinstance(command[name], str):
            walker.check_start(command.get("pipeline"))
    else:
        walker.check_options(command)
    walker.check_everywhere(command, database)


def _check_explain(message: Message, sandbox: Sandbox, made: Plan) -> None:
    command = message.decode()
    explained = command["explain"]
    name = next(iter(explained), None) if isinstance(explained, dict) else None
    if not isinstance(name, str) or name not in _EXPLAINABLE:
        raise RefusedError(f"explain of {name!r} is refused. Explain one of: {', '.join(sorted(_EXPLAINABLE))}.")
    if explained.get("$db", sandbox.database) != sandbox.database:
        raise RefusedError(f"explain names the database {explained['$db']!r}; this credential has another.")
    for key in explained:
        raw = key.encode()
        if raw in INTERNAL_FIELDS or (key.startswith("$") and raw not in DOLLAR_FIELDS):
            raise RefusedError(f"The field {key!r} of {name} is refused.")
    if COMMANDS[name].names is Names.COLLECTION or explained[name] != 1:
        walker.check_collection(explained[name], f"explain of {name}")
    _check_pipeline_command(name, explained, sandbox.database)
    walker.check_everywhere(command, sandbox.database)
    made.transform = _without_server_names


def _without_server_names(reply: Document) -> Document:
    """Leave the address and settings of the server out of an explanation."""
    open_values: list[Any] = [reply]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            for name in ("serverInfo", "serverParameters", "host"):
                value.pop(name, None)
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)
    return reply


def _check_rename(message: Message, sandbox: Sandbox, _plan: Plan) -> None:
    walker.check_namespace(message.text(b"renameCollection"), sandbox.database, "renameCollection")
    walker.check_namespace(message.text(b"to"), sandbox.database, "renameCollection")


def _check_namespaces(message: Message, sandbox: Sandbox, _plan: Plan) -> None:
    if b"nsInfo" in message.elements or walker.find_suspicious(message.frame):
        command = message.decode()
        walker.check_everywhere(command, sandbox.database)
        namespaces = command.get("nsInfo")
    else:
        namespaces = message.decode_sequence(b"nsInfo")
    if not isinstance(namespaces, list) or not namespaces:
        raise RefusedError("bulkWrite needs nsInfo, an array of namespaces.", Code.FailedToParse)
    for entry in namespaces:
        if not isinstance(entry, dict) or entry.keys() != {"ns"}:
            raise RefusedError("An entry of nsInfo must hold `ns` and nothing else.")
        walker.check_namespace(entry["ns"], sandbox.database, "bulkWrite")


def _check_cursor(message: Message, sandbox: Sandbox, made: Plan) -> None:
    element = message.elements[b"getMore"]
    if element.type != 18 or message.text(b"collection") is None:
        raise RefusedError("getMore needs a 64-bit cursor id and a collection.", Code.BadValue)
    cursor_id = int(_number(message, b"getMore") or 0)
    if cursor_id not in sandbox.cursors:
        raise RefusedError(f"cursor id {cursor_id} not found", Code.CursorNotFound)
    made.cursor_id = cursor_id


def _check_cursors(message: Message, sandbox: Sandbox, made: Plan) -> Document | None:
    """Let a workload kill its own cursors; the others it names are reported as not found."""
    command = message.decode()
    wanted = command.get("cursors")
    if not isinstance(wanted, list) or not isinstance(command["killCursors"], str):
        raise RefusedError("killCursors needs a collection and an array of cursor ids.", Code.BadValue)
    own = [cursor_id for cursor_id in wanted if isinstance(cursor_id, int) and cursor_id in sandbox.cursors]
    unknown = [cursor_id for cursor_id in wanted if cursor_id not in own]
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
    made.transform = lambda reply: {**reply, "cursorsNotFound": [*reply.get("cursorsNotFound", []), *unknown]}
    return {**command, "cursors": own}


def _check_sessions(message: Message, sandbox: Sandbox, _plan: Plan) -> Document:
    command = message.decode()
    sessions = command[message.name]
    if not isinstance(sessions, list) or not all(_is_session(session) for session in sessions):
        raise RefusedError(f"{message.name} needs an array of session ids.", Code.BadValue)
    own = [{"id": Binary(sandbox.own_session(session["id"]), UUID_SUBTYPE)} for session in sessions]
    return {message.name: own, "$db": command["$db"]}


def _is_session(session: Any) -> bool:
    if not isinstance(session, dict) or session.keys() != {"id"}:
        return False
    value = session["id"]
    return isinstance(value, Binary) and value.subtype == UUID_SUBTYPE and len(value) == 16


_CHECKS: dict[Check, Callable[[Message, Sandbox, Plan], Document | None]] = {
    Check.NONE: _check_nothing,
    Check.JAVASCRIPT: _check_javascript,
    Check.PIPELINE: _check_pipeline,
    Check.EXPLAIN: _check_explain,
    Check.RENAME: _check_rename,
    Check.NAMESPACES: _check_namespaces,
    Check.CURSOR: _check_cursor,
    Check.CURSORS: _check_cursors,
    Check.SESSIONS: _check_sessions,
}
