"""Hold a command to its workload's limits: time, documents in a batch, storage."""

import math
import struct
from typing import Any

from hothouse.broker.commands import Growth, Rule, Time
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.policy.plan import Plan
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.wire import INT32, Cut, Message, cut_in

LONG_TIME_MS = 600_000
"""For building indexes and the like, which take their time on real data."""

_NUMBERS = {1: "<d", 16: "<i", 18: "<q"}
_NO_LIMIT = frozenset((6, 10, 19))
"""BSON types that MongoDB takes for no limit at all (undefined, null), or for a number that is not read here."""
_OPERATIONS = frozenset(("insert", "update", "delete"))
_write_int32 = struct.Struct("<i").pack


def time_limit_ms(rule: Rule, sandbox: Sandbox) -> int:
    """Return how long MongoDB may work on a command; 0 for as long as it takes."""
    if rule.time is Time.FREE:
        return 0
    return LONG_TIME_MS if rule.time is Time.LONG else sandbox.limits.max_time_ms


def cut_time_limit(message: Message, rule: Rule, limit: int) -> Cut | None:
    """Return the cut that gives MongoDB a time limit, where the command has none or a longer one.

    A getMore gets none of its own, since MongoDB takes one only where a cursor waits for documents: the limit of the
    command that opened the cursor goes on counting.
    Raises: RefusedError for a limit that is no number.
    """
    if not limit:
        return None
    element = message.elements.get(b"maxTimeMS")
    if element is None:
        return None if rule.time is Time.AWAIT else cut_in(message, b"maxTimeMS", INT32, _write_int32(limit))
    layout = _NUMBERS.get(element.type)
    if layout is None and element.type not in _NO_LIMIT:
        raise RefusedError("maxTimeMS must be a number of milliseconds.", Code.TypeMismatch)
    value: float = math.nan if layout is None else struct.unpack_from(layout, message.frame, element.start)[0]
    if 0 < value <= limit or value < 0:
        return None
    return cut_in(message, b"maxTimeMS", INT32, _write_int32(limit))


def check_batch(message: Message, sandbox: Sandbox) -> None:
    """Refuse more documents at once than the workload may send.

    Raises: RefusedError.
    """
    count, most = message.count_batch(), sandbox.limits.batch_documents
    if count > most:
        raise RefusedError(
            f"{message.name} holds {count:,} documents or operations; {most:,} at a time are allowed here. Send them "
            "in smaller batches, as drivers do by themselves.",
            Code.InvalidLength,
        )


def check_storage(message: Message, made: Plan, sandbox: Sandbox) -> None:
    """Refuse what would take more space when the database is full already; what makes room still works.

    Raises: RefusedError.
    """
    if made.growth is not Growth.GROWS:
        return
    full = sandbox.storage.refusal() if sandbox.storage is not None else None
    if full is not None and not _makes_room(message):
        raise RefusedError(full, Code.OutOfDiskSpace)


def _makes_room(message: Message) -> bool:
    """Tell whether a writing command only deletes."""
    if message.name.lower() == "findandmodify":
        return _is_true(message, b"remove") and b"update" not in message.elements
    if message.name == "bulkWrite":
        operations: Any = message.decode().get("ops")
        return isinstance(operations, list) and all(
            isinstance(operation, dict) and _OPERATIONS & operation.keys() == {"delete"} for operation in operations
        )
    return False


def _is_true(message: Message, key: bytes) -> bool:
    element = message.elements.get(key)
    return element is not None and element.type == 8 and message.frame[element.start] == 1
