"""Write the reference of MongoDB commands and pipeline stages from the broker's table."""

from collections.abc import Iterator

from markup import code, page, table

from hothouse.broker.commands import (
    COMMANDS,
    JAVASCRIPT_OPERATORS,
    REFUSED_STAGES,
    STAGES,
    STAGES_WITHOUT_COLLECTION,
    Check,
    Names,
    Policy,
    Rule,
)
from hothouse.broker.core import SLOW_READER_SECONDS
from hothouse.broker.sandboxes import MAX_BUFFERED_BYTES, MAX_CONNECTIONS, MAX_CURSORS

PAGE = "reference/broker-commands.md"
INTRODUCTION = """\
An app reaches MongoDB through the broker, with the credential in `HOTHOUSE_DATABASE_URI` and any MongoDB driver. The
broker looks at each command before MongoDB does. A command reaches the app's own database and nothing else; what is not
listed here as allowed or answered is refused with MongoDB's error 13, `Unauthorized`, and a message that says what was
refused. Collections whose names begin with `system.` are MongoDB's own and refused everywhere."""
SESSIONS = """\
Cursors, sessions and transactions belong to the app that opened them: another's cursor is `CursorNotFound` (43), and
another's session id means a different session. A credential that is revoked loses its connections within 2 seconds."""


def render() -> str:
    """Return the page."""
    return page(
        "generate_broker.py",
        "Database commands",
        INTRODUCTION,
        "## Commands",
        "### Allowed in the own database",
        table(("command", "names", "what is checked"), _allowed()),
        "### Answered by the broker",
        table(("command", "answer"), _with_notes(Policy.ANSWERED)),
        "### Refused",
        table(("commands", "because"), _refused()),
        "## Pipeline stages",
        table(("stage", "what is checked"), ((code(name), check.value) for name, check in sorted(STAGES.items()))),
        f"`aggregate: 1` may begin with {_list(STAGES_WITHOUT_COLLECTION)}. Refused on purpose:",
        table(("stage", "because"), ((code(name), reason) for name, reason in sorted(REFUSED_STAGES.items()))),
        f"{_list(JAVASCRIPT_OPERATORS)} run JavaScript on the server and are refused wherever they stand.",
        "## Sessions, cursors and limits",
        SESSIONS,
        table(("limit of one app", "value"), _limits()),
    )


def _allowed() -> Iterator[tuple[str, str, str]]:
    for name, rule in sorted(COMMANDS.items()):
        if rule.policy is Policy.ALLOWED:
            yield code(name), _names(rule), "; ".join(filter(None, (rule.check.value, rule.note)))


def _names(rule: Rule) -> str:
    if rule.names is not Names.NOTHING:
        return rule.names.value
    return "" if rule.check is Check.JAVASCRIPT else "as checked"


def _with_notes(policy: Policy) -> Iterator[tuple[str, str]]:
    return ((code(name), rule.note) for name, rule in sorted(COMMANDS.items()) if rule.policy is policy)


def _refused() -> Iterator[tuple[str, str]]:
    """Give the refused commands, one row for each reason."""
    reasons: dict[str, list[str]] = {}
    for name, rule in COMMANDS.items():
        if rule.policy is Policy.REFUSED:
            reasons.setdefault(rule.note, []).append(name)
    return ((", ".join(code(name) for name in sorted(names)), reason) for reason, names in reasons.items())


def _limits() -> Iterator[tuple[str, str]]:
    yield "open connections", str(MAX_CONNECTIONS)
    yield "open cursors (the longest unused one is forgotten)", f"{MAX_CURSORS:,}"
    yield "unfinished requests, together", f"{MAX_BUFFERED_BYTES // 2**20} MiB"
    yield "longest that an answer may lie unread", f"{SLOW_READER_SECONDS:.0f} s"


def _list(names: frozenset[str]) -> str:
    return ", ".join(code(name) for name in sorted(names))
