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
    Time,
)
from hothouse.broker.core import SLOW_READER_SECONDS
from hothouse.broker.fields import EVERY, FIELDS
from hothouse.broker.policy.bounds import LONG_TIME_MS
from hothouse.broker.sandboxes import MAX_BUFFERED_BYTES, MAX_CURSORS, MAX_TRANSACTIONS
from hothouse.broker.wire import MAX_MESSAGE_BYTES
from hothouse.settings import DataSettings

PAGE = "reference/broker-commands.md"
INTRODUCTION = """\
An app reaches MongoDB through the broker, with the credential in `HOTHOUSE_DATABASE_URI` and any MongoDB driver. The
broker looks at each command before MongoDB does. A command reaches one database: the app's own, or for reading that
of another app, by its slug, as far as [an owner of it has agreed](../how-to/share-data.md). What is not listed here
as allowed or answered is refused with MongoDB's error 13, `Unauthorized`, and a message that says what was refused; a
field that is not listed with error 40415, `IDLUnknownField`. Collections whose names begin with `system.` are
MongoDB's own and refused everywhere."""
SESSIONS = """\
Cursors, sessions and transactions belong to the app that opened them: another's cursor is `CursorNotFound` (43), and
another's session id means a different session. A credential that is revoked loses its connections within 2 seconds;
so do commands and change streams that read another app's database under a grant that was taken back."""
GRANTED = """\
Of another app's database only collections that were granted can be read, outside transactions, and never explained or
joined with collections that were not granted. Pipelines there cannot write (`$out`, `$merge`): read there, write at
home. `listCollections` tells names only. The database goes by the other app's slug, present or former, also in
replies."""
TIME = f"""\
MongoDB stops a command after the time limit, also without `maxTimeMS` or with a larger one. Commands on collections
and indexes have {LONG_TIME_MS // 60_000} minutes. A manifest may ask for less of time and storage (`data.limits`); an
admin may allow an app another storage. When the storage is full, writing is refused with error 14031,
`OutOfDiskSpace`; reading and deleting still work."""


def render() -> str:
    """Return the page."""
    return page(
        "generate_broker.py",
        "Database commands",
        INTRODUCTION,
        "## Commands",
        "### Allowed in the own database",
        table(("command", "names", "what is checked", "another app's", "time"), _allowed()),
        "### Their fields",
        f"Every command may have {_words(EVERY)}; of `readConcern` `level`, `afterClusterTime` and `atClusterTime`, of "
        "`writeConcern` `w`, `j` and `wtimeout`. Besides:",
        table(("command", "fields"), _fields()),
        "### Answered by the broker",
        table(("command", "answer"), _with_notes(Policy.ANSWERED)),
        "### Refused",
        table(("commands", "because"), _refused()),
        "## Pipeline stages",
        table(("stage", "what is checked"), ((code(name), check.value) for name, check in sorted(STAGES.items()))),
        f"`aggregate: 1` may begin with {_list(STAGES_WITHOUT_COLLECTION)}. Refused on purpose:",
        table(("stage", "because"), ((code(name), reason) for name, reason in sorted(REFUSED_STAGES.items()))),
        f"{_list(JAVASCRIPT_OPERATORS)} run JavaScript on the server and are refused wherever they stand.",
        "## Another app's database",
        GRANTED,
        "## Sessions, cursors and limits",
        SESSIONS,
        TIME,
        table(("limit of one app", "value"), _limits()),
    )


def _allowed() -> Iterator[tuple[str, ...]]:
    for name, rule in sorted(COMMANDS.items()):
        if rule.policy is Policy.ALLOWED:
            checked = "; ".join(filter(None, (rule.check.value, rule.note)))
            yield code(name), _names(rule), checked, "yes" if rule.on_granted else "", _time(rule)


def _time(rule: Rule) -> str:
    return "" if rule.time is Time.FREE else rule.time.value


def _fields() -> Iterator[tuple[str, str]]:
    for name, fields in sorted(FIELDS.items()):
        own = sorted(field.decode() for field in fields - {name.encode()} if field.decode() not in EVERY.split())
        if own:
            yield code(name), ", ".join(map(code, own))


def _words(names: str) -> str:
    return ", ".join(map(code, names.split()))


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
    platform = DataSettings()
    yield "open connections (`HOTHOUSE_DATA_CONNECTIONS`)", str(platform.connections)
    yield "time for a command (`HOTHOUSE_DATA_MAX_TIME_MS`)", f"{platform.max_time_ms / 1000:.0f} s"
    yield "documents in one command (`HOTHOUSE_DATA_BATCH_DOCUMENTS`)", f"{platform.batch_documents:,}"
    yield "documents and indexes (`HOTHOUSE_DATA_STORAGE_BYTES`)", f"{platform.storage_bytes / 2**30:.0f} GiB"
    yield "one message", f"{MAX_MESSAGE_BYTES // 2**20} MiB"
    yield "open cursors (the longest unused one is closed)", f"{MAX_CURSORS:,}"
    yield "open transactions", str(MAX_TRANSACTIONS)
    yield "unfinished requests, together", f"{MAX_BUFFERED_BYTES // 2**20} MiB"
    yield "longest that an answer may lie unread", f"{SLOW_READER_SECONDS:.0f} s"


def _list(names: frozenset[str]) -> str:
    return ", ".join(code(name) for name in sorted(names))
