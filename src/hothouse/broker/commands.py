"""Which MongoDB commands and pipeline stages a workload may use, and why not the others.

This is the one table: the broker decides by it, the reference page is generated from it, and the tests walk through
it. What is not listed is refused. Sources: the command and stage lists of the MongoDB manual,
https://www.mongodb.com/docs/manual/reference/command/ and
https://www.mongodb.com/docs/manual/reference/mql/aggregation-stages/.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Policy(StrEnum):
    """What happens to a command."""

    ALLOWED = "allowed"
    """Sent on to MongoDB when everything it names lies in the workload's own database."""
    ANSWERED = "answered"
    """Answered by the broker itself."""
    REFUSED = "refused"
    """Never carried out."""


class Names(StrEnum):
    """What the value of the command's first field is."""

    COLLECTION = "a collection"
    COLLECTION_OR_ONE = "a collection or 1"
    NOTHING = "nothing"


class Check(StrEnum):
    """What else of the command must be looked at before it is sent on."""

    NONE = "its documents are data"
    JAVASCRIPT = "no server-side JavaScript"
    PIPELINE = "each stage and namespace of its pipeline"
    LISTING = "no server-side JavaScript; of another app, names of what was granted"
    EXPLAIN = "the explained command, as if it were sent itself"
    RENAME = "both namespaces"
    NAMESPACES = "each namespace in nsInfo"
    CURSOR = "a cursor of the same workload"
    CURSORS = "cursors of the same workload"
    SESSIONS = "sessions become the workload's own"


class Time(StrEnum):
    """How long MongoDB may work on a command."""

    FREE = "as long as it takes"
    QUERY = "the time limit of a command"
    AWAIT = "the time limit of a command, for which it may wait"
    LONG = "ten minutes"


class Growth(StrEnum):
    """What a command does to the space that the database takes."""

    NONE = "none"
    GROWS = "more"
    SHRINKS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the table."""

    policy: Policy
    names: Names = Names.NOTHING
    check: Check = Check.JAVASCRIPT
    on_admin: bool = False
    """Drivers send it to the database `admin`."""
    before_login: bool = False
    opens_cursor: bool = False
    on_granted: bool = False
    """It may also read another app's database, as far as that was granted."""
    time: Time = Time.FREE
    growth: Growth = Growth.NONE
    note: str = ""
    """Why it is refused and what to do instead, or what is special about it."""


def _allowed(**options: Any) -> Rule:
    return Rule(policy=Policy.ALLOWED, **options)


def _collection(**options: Any) -> Rule:
    return _allowed(names=Names.COLLECTION, **options)


def _read(**options: Any) -> Rule:
    return _collection(time=Time.QUERY, on_granted=True, **options)


def _write(**options: Any) -> Rule:
    return _collection(time=Time.QUERY, growth=Growth.GROWS, **options)


def _define(**options: Any) -> Rule:
    return _collection(time=Time.LONG, **options)


def _answered(note: str, *, before_login: bool = False, on_admin: bool = True) -> Rule:
    return Rule(policy=Policy.ANSWERED, on_admin=on_admin, before_login=before_login, note=note)


def _refused(names: str, note: str) -> Iterator[tuple[str, Rule]]:
    rule = Rule(policy=Policy.REFUSED, note=note)
    return ((name, rule) for name in names.split())


_HELLO = _answered("describes the broker, never the server behind it", before_login=True)
_BUILD_INFO = _answered("version and limits of the server", before_login=True)
_SCRAM = "signs in with SCRAM-SHA-256 and the credential from HOTHOUSE_DATABASE_URI"
_PIPELINE = {"check": Check.PIPELINE}
_IN_TRANSACTION = "ends the workload's own transaction"

_ACCOUNTS = "accounts and roles belong to the platform; a workload has exactly one credential"
_SERVER = "it shows or changes the whole server"
_REPLICATION = "it shows or changes the replica set or cluster"
_JAVASCRIPT = "it runs JavaScript on the server; use an aggregation pipeline"
_RAW = "it writes past the checks of ordinary commands; use insert, update and delete"
_SESSIONS = "it reaches sessions of others; end your own with endSessions"

COMMANDS: dict[str, Rule] = {
    # Reading
    "find": _read(opens_cursor=True),
    "aggregate": _allowed(
        names=Names.COLLECTION_OR_ONE, check=Check.PIPELINE, opens_cursor=True, on_granted=True, time=Time.QUERY
    ),
    "count": _read(),
    "distinct": _read(),
    "getMore": _allowed(check=Check.CURSOR, opens_cursor=True, on_granted=True, time=Time.AWAIT),
    "killCursors": _allowed(check=Check.CURSORS, on_granted=True),
    "explain": _allowed(check=Check.EXPLAIN, time=Time.QUERY, note="the server's name is left out of the answer"),
    # Writing
    "insert": _write(check=Check.NONE),
    "update": _write(),
    "delete": _collection(time=Time.QUERY, growth=Growth.SHRINKS),
    "findAndModify": _write(),
    "findandmodify": _write(),
    "bulkWrite": _allowed(
        check=Check.NAMESPACES, on_admin=True, opens_cursor=True, time=Time.QUERY, growth=Growth.GROWS
    ),
    # Collections and indexes
    "create": _define(**_PIPELINE, growth=Growth.GROWS),
    "collMod": _define(**_PIPELINE),
    "drop": _define(growth=Growth.SHRINKS),
    "dropDatabase": _allowed(growth=Growth.SHRINKS, time=Time.LONG),
    "renameCollection": _allowed(check=Check.RENAME, on_admin=True, time=Time.LONG),
    "convertToCapped": _define(growth=Growth.SHRINKS),
    "createIndexes": _define(**_PIPELINE, growth=Growth.GROWS),
    "dropIndexes": _define(growth=Growth.SHRINKS),
    "deleteIndexes": _define(growth=Growth.SHRINKS),
    "listCollections": _allowed(check=Check.LISTING, opens_cursor=True, on_granted=True, time=Time.QUERY),
    "listIndexes": _read(opens_cursor=True),
    "createSearchIndexes": _define(growth=Growth.GROWS),
    "updateSearchIndex": _define(),
    "dropSearchIndex": _define(),
    "listSearchIndexes": _collection(opens_cursor=True, time=Time.QUERY),
    "collStats": _collection(time=Time.QUERY),
    "collstats": _collection(time=Time.QUERY),
    "dbStats": _allowed(time=Time.QUERY),
    "dbstats": _allowed(time=Time.QUERY),
    "validate": _define(),
    # Sessions and transactions
    "commitTransaction": _allowed(on_admin=True, note=_IN_TRANSACTION),
    "abortTransaction": _allowed(on_admin=True, note=_IN_TRANSACTION),
    "endSessions": _allowed(check=Check.SESSIONS, on_admin=True),
    "refreshSessions": _allowed(check=Check.SESSIONS, on_admin=True),
    "startSession": _answered("gives a random session id"),
    # Getting to know each other
    "hello": _HELLO,
    "isMaster": _HELLO,
    "ismaster": _HELLO,
    "ping": _answered("says that the broker is there", before_login=True),
    "buildInfo": _BUILD_INFO,
    "buildinfo": _BUILD_INFO,
    "saslStart": _answered(_SCRAM, before_login=True),
    "saslContinue": _answered(_SCRAM, before_login=True),
    "connectionStatus": _answered("names the workload and its database"),
    "listDatabases": _answered("lists the own database and those granted; `filter` may hold a name"),
    "whatsmyuri": _answered("the address the client connects from"),
    # Refused on purpose
    **dict(_refused("mapReduce mapreduce eval $eval group", _JAVASCRIPT)),
    **dict(_refused("applyOps doTxn", _RAW)),
    **dict(
        _refused(
            "createUser updateUser dropUser dropAllUsersFromDatabase usersInfo grantRolesToUser revokeRolesFromUser "
            "createRole updateRole dropRole dropAllRolesFromDatabase rolesInfo grantPrivilegesToRole "
            "grantRolesToRole revokePrivilegesFromRole revokeRolesFromRole invalidateUserCache",
            _ACCOUNTS,
        )
    ),
    **dict(_refused("authenticate getnonce logout", "the only way to sign in is SCRAM-SHA-256, once per connection")),
    **dict(_refused("killSessions killAllSessions killAllSessionsByPattern", _SESSIONS)),
    **dict(
        _refused(
            "shutdown fsync fsyncUnlock logRotate getLog getParameter setParameter getCmdLineOpts hostInfo "
            "serverStatus currentOp killOp top lockInfo profile connPoolStats connectionStats "
            "setFeatureCompatibilityVersion getDefaultRWConcern setDefaultRWConcern setClusterParameter "
            "getClusterParameter compact reIndex dbHash planCacheClear planCacheClearFilters "
            "planCacheListFilters planCacheSetFilter setQuerySettings removeQuerySettings configureFailPoint "
            "logApplicationMessage getAuditConfig setAuditConfig rotateCertificates dropConnections "
            "listCommands features",
            _SERVER,
        )
    ),
    **dict(
        _refused(
            "replSetGetStatus replSetGetConfig replSetInitiate replSetReconfig replSetStepDown replSetFreeze "
            "replSetSyncFrom replSetMaintenance replSetAbortPrimaryCatchUp replSetResizeOplog appendOplogNote "
            "addShard removeShard listShards shardCollection enableSharding moveChunk movePrimary split mergeChunks "
            "balancerStart balancerStop balancerStatus flushRouterConfig getShardMap isdbgrid cloneCollection clone "
            "copydb cloneCollectionAsCapped",
            _REPLICATION,
        )
    ),
}
"""Every command the broker knows, by name."""


class Stage(StrEnum):
    """How a pipeline stage is checked."""

    PLAIN = "nothing to check"
    FROM = "the collection in `from` and the nested pipeline"
    UNION = "the collection and the nested pipeline"
    TARGET = "the collection that it writes"
    FACET = "each nested pipeline"
    FUSION = "each nested pipeline in `input.pipelines`"
    CHANGE_STREAM = "changes of the own database only"


def _plain(names: str) -> dict[str, Stage]:
    return dict.fromkeys(names.split(), Stage.PLAIN)


STAGES: dict[str, Stage] = {
    **_plain(
        "$addFields $bucket $bucketAuto $changeStreamSplitLargeEvent $count $densify $documents $fill $geoNear $group "
        "$limit $listSearchIndexes $match $project $redact $replaceRoot $replaceWith $sample $score $search "
        "$searchMeta $set $setWindowFields $skip $sort $sortByCount $unset $unwind $vectorSearch"
    ),
    "$lookup": Stage.FROM,
    "$graphLookup": Stage.FROM,
    "$unionWith": Stage.UNION,
    "$out": Stage.TARGET,
    "$merge": Stage.TARGET,
    "$facet": Stage.FACET,
    "$rankFusion": Stage.FUSION,
    "$scoreFusion": Stage.FUSION,
    "$changeStream": Stage.CHANGE_STREAM,
}
"""The stages a pipeline may hold; every other one is refused."""

REFUSED_STAGES: dict[str, str] = {
    **dict.fromkeys(("$collStats", "$indexStats", "$planCacheStats"), "it names the server; use the command collStats"),
    **dict.fromkeys(
        ("$currentOp", "$listSessions", "$listLocalSessions", "$queryStats", "$listSampledQueries"),
        "it shows what others do on the server",
    ),
    **dict.fromkeys(
        ("$backupCursor", "$backupCursorExtend", "$shardedDataDistribution", "$listClusterCatalog", "$querySettings"),
        _SERVER,
    ),
}
"""Stages refused on purpose, with the reason."""


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


STAGE_FIELDS: dict[str, frozenset[str]] = {
    "$lookup": _fields("from localField foreignField let pipeline as"),
    "$graphLookup": _fields(
        "from startWith connectFromField connectToField as maxDepth depthField restrictSearchWithMatch"
    ),
    "$unionWith": _fields("coll db pipeline"),
    "$merge": _fields("into on let whenMatched whenNotMatched"),
    "$changeStream": _fields(
        "fullDocument fullDocumentBeforeChange resumeAfter startAfter startAtOperationTime showExpandedEvents "
        "allChangesForCluster"
    ),
}
"""The fields of stages that have others, which only servers of a cluster send to each other."""

REFUSED_SEARCH_FIELDS = _fields("mongotQuery mergingPipeline metadataMergeProtocolVersion requiresSearchMetaCursor")
"""Fields of `$search`, `$searchMeta` and `$vectorSearch` that only servers of a cluster send to each other."""

WRITING_STAGES = frozenset(("$out", "$merge"))
"""The stages that write; on another app's database they are refused."""

STAGES_WITHOUT_COLLECTION = frozenset(("$documents", "$changeStream"))
"""The stages that `aggregate: 1` may begin with."""

JAVASCRIPT_OPERATORS = frozenset(("$where", "$function", "$accumulator"))
INTERNAL_PREFIX = "$_internal"

REFUSED_OPTIONS = frozenset(("storageEngine", "indexOptionDefaults", "collectionUUID"))
"""Options of create, collMod and createIndexes that reach into the storage of the whole server."""
