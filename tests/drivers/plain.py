"""Results as plain JSON, without what differs from run to run: ids, clocks, tokens, addresses, names."""

import json
import re
import time
from collections.abc import Awaitable
from typing import Any

from bson import json_util
from bson.binary import UuidRepresentation
from bson.errors import BSONError
from gridfs.errors import GridFSError
from pymongo.errors import PyMongoError

DRIVER_ERRORS = (PyMongoError, BSONError, GridFSError, TypeError, ValueError)
"""What drivers raise; the last two for arguments that they refuse themselves."""

_EXACT = json_util.CANONICAL_JSON_OPTIONS.with_options(uuid_representation=UuidRepresentation.STANDARD)
_RECENT_SECONDS = 3 * 86_400
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\]):\d+")
_OBJECT = re.compile(r"(?:Async)?(?:Collection|Database|MongoClient)\(.*\)")
_NUMBER = re.compile(r"(?<=ransaction number )\d+|(?<=ursor id )\d+|0x[0-9a-f]{8,}")
_HEX_ID = re.compile(r"\b[0-9a-f]{24}\b")
_DROPPED = frozenset(("$clusterTime", "operationTime", "serverInfo", "serverParameters"))
_RUN_SPECIFIC = frozenset(("_data", "uuid", "collectionUUID", "ui", "lsid", "connectionId"))


async def attempt(work: Awaitable[Any]) -> Any:
    """Return what `work` gives, or what its error says."""
    try:
        return await work
    except DRIVER_ERRORS as error:
        return describe(error)


def describe(error: Exception) -> dict[str, Any]:
    """Return everything that an app could see of a driver's error."""
    seen: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, PyMongoError):
        seen["labels"] = sorted(error._error_labels)
    seen["code"] = getattr(error, "code", None)
    details = getattr(error, "details", None)
    seen["details" if details else "message"] = details or str(error)
    for name in ("write_errors", "partial_result", "write_concern_errors"):
        if hasattr(error, name):
            seen[name] = getattr(error, name)
    return seen


def plain(value: Any, database: str) -> Any:
    """Return `value` as JSON: extended JSON for BSON types, and what differs between runs replaced by its kind."""
    encoded = json_util.dumps(_open(value), json_options=_EXACT)
    return masked(json.loads(encoded), database)


def _open(value: Any) -> Any:
    """Turn results of the driver into documents, at any depth; a Python integer keeps its BSON type."""
    if isinstance(value, dict):
        return {str(key): _open(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_open(each) for each in value]
    if type(value).__module__ == "pymongo.results":
        return _facts(value)
    if isinstance(value, Exception):
        return _open(describe(value))
    return value


def _facts(result: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"result": type(result).__name__}
    for name in (name for name in dir(type(result)) if isinstance(getattr(type(result), name), property)):
        try:
            facts[name] = _open(getattr(result, name))
        except (PyMongoError, AssertionError) as error:
            facts[name] = type(error).__name__
    return facts


def masked(value: Any, database: str) -> Any:
    """Replace what differs from run to run in extended JSON."""
    if isinstance(value, list):
        return [masked(each, database) for each in value]
    if isinstance(value, str):
        return _masked_text(value, database)
    if not isinstance(value, dict):
        return value
    if _is_of_this_run(value):
        return f"<{next(iter(value))[1:]} of this run>"
    return {
        _masked_text(key, database): f"<{key}>" if key in _RUN_SPECIFIC else masked(each, database)
        for key, each in value.items()
        if key not in _DROPPED
    }


def _masked_text(text: str, database: str) -> str:
    text = _OBJECT.sub("<object>", _HOST.sub("<host>", text.replace(database, "<database>")))
    text = _NUMBER.sub("<number>", text)
    return _HEX_ID.sub(lambda found: "<id>" if _is_recent(int(found[0][:8], 16)) else found[0], text)


def _is_of_this_run(value: dict[str, Any]) -> bool:
    """Tell whether an extended JSON value holds a time near now: ids that drivers make, and clocks."""
    match value:
        case {"$oid": str(text)}:
            return _is_recent(int(text[:8], 16))
        case {"$date": {"$numberLong": str(text)}}:
            return _is_recent(int(text) / 1000)
        case {"$timestamp": {"t": int(seconds)}}:
            return _is_recent(seconds)
    return False


def _is_recent(seconds: float) -> bool:
    return abs(time.time() - seconds) < _RECENT_SECONDS
