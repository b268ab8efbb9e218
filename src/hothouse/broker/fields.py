"""Which top-level fields a command may have: what the manual documents and drivers send, and nothing else.

MongoDB's servers say more to each other in fields of their own, some of which name foreign collections, wait for ever
or step a primary down. A list of what is allowed cannot miss one. Source: the command pages of the MongoDB manual,
https://www.mongodb.com/docs/manual/reference/command/.
"""

from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.wire import DOCUMENT, Message, scan

EVERY = (
    "$db $readPreference $clusterTime lsid txnNumber autocommit startTransaction readConcern writeConcern maxTimeMS "
    "comment apiVersion apiStrict apiDeprecationErrors"
)
"""The fields of every command."""
_QUERY = "let collation hint"
_WRITE = "let collation hint ordered bypassDocumentValidation bypassEmptyTsReplacement stmtId stmtIds"
_VALIDATION = "validator validationLevel validationAction viewOn pipeline changeStreamPreAndPostImages"
_FIND_AND_MODIFY = f"{_WRITE} query sort remove update new fields upsert arrayFilters"
_STATS = "scale freeStorage"

_OWN: dict[str, str] = {
    "find": (
        f"{_QUERY} filter sort projection skip limit batchSize singleBatch max min returnKey showRecordId tailable "
        "oplogReplay noCursorTimeout awaitData allowPartialResults allowDiskUse"
    ),
    "aggregate": f"{_QUERY} pipeline explain allowDiskUse cursor bypassDocumentValidation",
    "count": f"{_QUERY} query fields limit skip",
    "distinct": f"{_QUERY} key query",
    "getMore": "collection batchSize",
    "killCursors": "cursors",
    "explain": "verbosity",
    "insert": f"{_WRITE} documents",
    "update": f"{_WRITE} updates",
    "delete": f"{_WRITE} deletes",
    "findAndModify": _FIND_AND_MODIFY,
    "findandmodify": _FIND_AND_MODIFY,
    "bulkWrite": f"{_WRITE} ops nsInfo errorsOnly cursor",
    "create": (
        f"{_VALIDATION} capped autoIndexId size max timeseries expireAfterSeconds clusteredIndex encryptedFields "
        "collation storageEngine indexOptionDefaults"
    ),
    "collMod": f"{_VALIDATION} index cappedSize cappedMax expireAfterSeconds timeseries",
    "drop": "",
    "dropDatabase": "",
    "renameCollection": "to dropTarget",
    "convertToCapped": "size",
    "createIndexes": "indexes commitQuorum ignoreUnknownIndexOptions",
    "dropIndexes": "index",
    "deleteIndexes": "index",
    "listCollections": "filter nameOnly authorizedCollections cursor",
    "listIndexes": "cursor",
    "createSearchIndexes": "indexes",
    "updateSearchIndex": "id name definition",
    "dropSearchIndex": "id name",
    "listSearchIndexes": "id name cursor",
    "collStats": _STATS,
    "collstats": _STATS,
    "dbStats": _STATS,
    "dbstats": _STATS,
    "validate": "full repair metadata checkBSONConformance background",
    "commitTransaction": "recoveryToken",
    "abortTransaction": "recoveryToken",
    "endSessions": "",
    "refreshSessions": "",
}

FIELDS: dict[str, frozenset[bytes]] = {
    name: frozenset(f"{name} {EVERY} {own}".encode().split()) for name, own in _OWN.items()
}
"""The fields of each command that is sent on, its own name included."""

_CONCERNS = {
    b"readConcern": frozenset((b"level", b"afterClusterTime", b"atClusterTime")),
    b"writeConcern": frozenset((b"w", b"j", b"wtimeout")),
}
_OF_CONNECTION = frozenset(b"lsid txnNumber autocommit startTransaction $clusterTime $readPreference".split())
_LONGEST_NAME = 64


def check_fields(message: Message) -> None:
    """Refuse fields that are not in the list, also inside read and write concerns.

    Raises: RefusedError.
    """
    elements = message.elements
    if not elements.keys() <= FIELDS[message.name]:
        _refuse(message.name, min(elements.keys() - FIELDS[message.name]))
    for key, allowed in _CONCERNS.items():
        element = elements.get(key)
        if element is not None and element.type == DOCUMENT:
            try:
                found = scan(message.frame, element.start, element.end).keys()
            except (ValueError, IndexError) as error:
                raise RefusedError(f"{key.decode()} of {message.name} cannot be read: {error}.") from error
            if not found <= allowed:
                _refuse(f"{key.decode()} of {message.name}", min(found - allowed))


def check_explained_fields(name: str, fields: set[str]) -> None:
    """Refuse fields of a command inside `explain`, where those of the connection have no business either.

    Raises: RefusedError.
    """
    unknown = {field.encode() for field in fields} - (FIELDS[name] - _OF_CONNECTION)
    if unknown:
        _refuse(f"the explained {name}", min(unknown))


def _refuse(what: str, field: bytes) -> None:
    shown = field[:_LONGEST_NAME].decode(errors="replace")
    raise RefusedError(
        f"The field {shown!r} of {what} is refused: it is not one that workloads may use. Leave it out.",
        Code.IDLUnknownField,
    )
