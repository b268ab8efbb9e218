"""What is different on another app's database: reading only, of what was granted, under the name of its slug."""

import struct
from collections.abc import Callable
from typing import Any

from bson.raw_bson import RawBSONDocument

from hothouse.broker.commands import Rule
from hothouse.broker.errors import RefusedError
from hothouse.broker.grants import Place
from hothouse.broker.policy.plan import Document
from hothouse.broker.walker import Scope
from hothouse.broker.wire import STRING, Cut, Message, cut_in, decode_raw_reply

_IN_TRANSACTION = (b"txnNumber", b"startTransaction", b"autocommit")
_REMEDY = "Leave the database of another app out of transactions: read it before or after."


def check(message: Message, rule: Rule, scope: Scope) -> None:
    """Refuse what no grant covers: anything but reading, and reading inside a transaction.

    Raises: RefusedError.
    """
    if not rule.on_granted:
        raise RefusedError(
            f"{message.name} on the database {scope.database!r} is refused: it is another app's, for reading only."
        )
    if b"explain" in message.elements:
        raise RefusedError(f"Explaining commands on {scope.database!r} is refused: it shows what was not granted.")
    if any(key in message.elements for key in _IN_TRANSACTION):
        raise RefusedError(f"{message.name} on {scope.database!r} in a transaction is refused. {_REMEDY}")


def cut_database(message: Message, place: Place) -> Cut:
    """Return the cut that gives MongoDB the database's real name."""
    name = place.database.encode()
    return cut_in(message, b"$db", STRING, struct.pack("<i", len(name) + 1) + name + b"\x00")


def with_own_changes(pipeline: list[Any], scope: Scope) -> list[Any]:
    """Return the pipeline of a change stream whose events name the database as the workload does.

    The new name of a collection that is renamed is left out, since that was not granted.

    Raises: RefusedError for options that show more than the granted collection.
    """
    options = pipeline[0]["$changeStream"]
    if not isinstance(options, dict) or options.get("showExpandedEvents") or options.get("showSystemEvents"):
        raise RefusedError(
            "$changeStream with showExpandedEvents or showSystemEvents is refused on another app's data."
        )
    return [pipeline[0], {"$addFields": {"ns.db": scope.database}}, {"$unset": "to"}, *pipeline[1:]]


def list_collections(command: Document, scope: Scope) -> Document:
    """Return listCollections with only names, and only of what was granted.

    A filter may only name collections: an expression could tell by its errors what else there is.
    Raises: RefusedError.
    """
    wanted = command.get("filter", {})
    if (
        not isinstance(wanted, dict)
        or not wanted.keys() <= {"name", "type"}
        or not all(map(_is_plain, wanted.values()))
    ):
        raise RefusedError("listCollections on another app's database takes only a filter of names and types.")
    assert scope.grant is not None  # noqa: S101 - only called for granted places
    conditions = [wanted] if wanted else []
    if not scope.grant.is_whole:
        conditions.append({"name": {"$in": sorted(scope.grant.collections)}})
    filtered = {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), {})
    return {**command, "filter": filtered, "nameOnly": True}


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        names = value.get("$in")
        return value.keys() == {"$in"} and isinstance(names, list) and all(isinstance(name, str) for name in names)
    return isinstance(value, str)


def hide_names(place: Place) -> Callable[[bytes], Document]:
    """Return what makes MongoDB's replies call the database as the workload does."""

    def transform(frame: bytes) -> Document:
        reply = decode_raw_reply(frame)
        cursor = reply.get("cursor")
        if isinstance(cursor, RawBSONDocument) and "ns" in cursor:
            _, _, collection = str(cursor["ns"]).partition(".")
            reply["cursor"] = {**dict(cursor), "ns": f"{place.name}.{collection}"}
        if "errmsg" in reply:
            reply["errmsg"] = str(reply["errmsg"]).replace(place.database, place.name)
        return reply

    return transform
