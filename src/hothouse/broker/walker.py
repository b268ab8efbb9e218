"""Look through a decoded command for anything that leaves the database it is sent to.

Two nets are laid: pipelines are walked stage by stage, where only stages of the table pass; and every document of the
command is searched at any depth for the stages that name another namespace and for server-side JavaScript, so that a
place the first net does not know of is no hole.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bson.code import Code as JavaScript
from bson.dbref import DBRef

from hothouse.broker.commands import (
    INTERNAL_PREFIX,
    JAVASCRIPT_OPERATORS,
    REFUSED_OPTIONS,
    REFUSED_SEARCH_FIELDS,
    REFUSED_STAGES,
    STAGE_FIELDS,
    STAGES,
    STAGES_WITHOUT_COLLECTION,
    WRITING_STAGES,
    Stage,
)
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.grants import Grant

_NAMING = frozenset((Stage.FROM, Stage.UNION, Stage.TARGET))
_TARGET_KEYS = {"db", "coll", "timeseries"}
_LONGEST_NAME = 64
_ROLES = "$$USER_ROLES"

_WORDS = (
    *(b"$" + name + b"\x00" for name in b"where function accumulator lookup graphLookup unionWith out merge".split()),
    b"$_internal",
    b"$USER_ROLES",
)
_LONG_BYTES = 64 * 1024

_search = re.compile(
    rb"\$(?:(?:where|function|accumulator|lookup|graphLookup|unionWith|out|merge|USER_ROLES)\x00|_internal|USER_ROLES\.)"
).search


def find_suspicious(frame: bytes) -> bool:
    """Tell from a command's bytes whether it may hold something to refuse: a key always appears in them literally.

    In a long command each word is looked for by itself, which takes the same time whatever else is in it.
    """
    if len(frame) > _LONG_BYTES:
        return any(word in frame for word in _WORDS)
    return _search(frame) is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """What one command may touch: a single database, and of another app's only what was granted."""

    database: str
    """The database's name as the workload knows it."""
    grant: Grant | None = None
    """None for the workload's own database."""

    def check_collection(self, name: Any, what: str) -> None:
        """Refuse what is not the name of an ordinary collection, or was not granted.

        Raises: RefusedError.
        """
        if not isinstance(name, str):
            raise RefusedError(f"{what} needs the name of a collection as a string.", Code.InvalidNamespace)
        if not name:
            raise RefusedError(f"{what} needs the name of a collection.", Code.InvalidNamespace)
        if name.startswith(("system.", "$", ".")) or "\x00" in name or ".$cmd" in name:
            raise RefusedError(f"{what}: the collection {name[:_LONGEST_NAME]!r} is MongoDB's own, not for workloads.")
        if self.grant is not None and not self.grant.covers(name):
            raise RefusedError(
                f"{what}: the collection {name[:_LONGEST_NAME]!r} of {self.database!r} is not granted to this app. "
                "Name it in data.read_from of the manifest; an owner of that app has to agree."
            )

    def check_namespace(self, namespace: Any, what: str) -> None:
        """Refuse a `database.collection` that is not within the scope.

        Raises: RefusedError.
        """
        if not isinstance(namespace, str):
            raise RefusedError(f"{what} needs a namespace as a string.", Code.InvalidNamespace)
        name, _, collection = namespace.partition(".")
        self.check_database(name, what)
        self.check_collection(collection, what)

    def check_database(self, name: Any, what: str) -> None:
        """Refuse another database than the command's own: MongoDB joins none, and nothing else needs two.

        Raises: RefusedError.
        """
        if name != self.database:
            raise RefusedError(
                f"{what} names the database {str(name)[:_LONGEST_NAME]!r}, but the command is for {self.database!r}: a "
                "command reaches one database. Read what another app shares with commands of their own."
            )


def check_everywhere(command: Mapping[str, Any], scope: Scope) -> None:
    """Refuse JavaScript, internal operators and namespaces out of scope, at any depth.

    Raises: RefusedError.
    """
    for key, value in _fields(command):
        if key in JAVASCRIPT_OPERATORS:
            raise RefusedError(f"{key} is refused: it runs JavaScript on the server. Use query operators or $expr.")
        if key.startswith(INTERNAL_PREFIX):
            raise RefusedError(f"{key} is refused: it is internal to MongoDB.")
        if STAGES.get(key) in _NAMING:
            _check_naming_stage(key, value, scope)
        if isinstance(value, str) and value.startswith(_ROLES):
            raise RefusedError(f"{_ROLES} is refused: it shows how the platform signs in at MongoDB.")


def check_options(command: Mapping[str, Any]) -> None:
    """Refuse the options that reach into the server's storage.

    Raises: RefusedError.
    """
    for key, _ in _fields(command):
        if key in REFUSED_OPTIONS:
            raise RefusedError(f"The option {key} is refused: it reaches into the storage of the server. Leave it out.")


def check_pipeline(pipeline: Any, scope: Scope) -> None:
    """Refuse a pipeline that holds a stage which is not in the table, or a namespace out of scope.

    Raises: RefusedError.
    """
    if not isinstance(pipeline, list):
        raise RefusedError("A pipeline must be an array of stages.", Code.FailedToParse)
    for stage in pipeline:
        if not isinstance(stage, dict) or len(stage) != 1:
            raise RefusedError("A pipeline stage must be a document with one field.", Code.FailedToParse)
        ((name, body),) = stage.items()
        _check_stage(name, body, scope)


def check_start(pipeline: Any) -> None:
    """Refuse an `aggregate: 1` that does not begin with a stage made for it.

    Raises: RefusedError.
    """
    first = next(iter(pipeline[0]), "nothing") if isinstance(pipeline, list) and pipeline else "nothing"
    if first not in STAGES_WITHOUT_COLLECTION:
        allowed = " or ".join(sorted(STAGES_WITHOUT_COLLECTION))
        raise RefusedError(f"aggregate: 1 may only begin with {allowed}, not with {first}.")


def _check_stage(name: str, body: Any, scope: Scope) -> None:
    stage = STAGES.get(name)
    if stage is None:
        reason = REFUSED_STAGES.get(name, "it is not in the list of stages that workloads may use")
        raise RefusedError(f"The pipeline stage {name} is refused: {reason}.")
    if stage in _NAMING:
        _check_naming_stage(name, body, scope)
    if name in STAGE_FIELDS:
        _check_stage_fields(name, body)
    elif name.lower().endswith(("search", "searchmeta")) and isinstance(body, Mapping):
        _refuse_fields(name, REFUSED_SEARCH_FIELDS & body.keys())
    for nested in _nested_pipelines(name, stage, body):
        check_pipeline(nested, scope)
    if stage is Stage.CHANGE_STREAM and body.get("allChangesForCluster", False) is not False:
        raise RefusedError("$changeStream with allChangesForCluster is refused. Watch your own database instead.")


def _check_stage_fields(name: str, body: Any) -> None:
    """Refuse fields that a stage's documentation does not know."""
    if isinstance(body, dict):
        _refuse_fields(name, body.keys() - STAGE_FIELDS[name])
    elif not isinstance(body, str) or STAGES[name] not in (Stage.UNION, Stage.TARGET):
        raise RefusedError(f"{name} needs a document.", Code.FailedToParse)


def _refuse_fields(name: str, fields: Collection[str]) -> None:
    if fields:
        raise RefusedError(f"The field {min(fields)!r} of {name} is refused: it is internal to MongoDB.")


def _nested_pipelines(name: str, stage: Stage, body: Any) -> Iterator[Any]:
    if stage is Stage.FACET:
        if not isinstance(body, dict):
            raise RefusedError(f"{name} needs a document of pipelines.", Code.FailedToParse)
        yield from body.values()
    elif stage is Stage.FUSION:
        pipelines = (
            body["input"].get("pipelines") if isinstance(body, dict) and isinstance(body.get("input"), dict) else None
        )
        if not isinstance(pipelines, dict):
            raise RefusedError(f"{name} needs input.pipelines.", Code.FailedToParse)
        yield from pipelines.values()
    elif isinstance(body, dict):
        if stage in (Stage.FROM, Stage.UNION) and "pipeline" in body:
            yield body["pipeline"]
        elif stage is Stage.TARGET and isinstance(body.get("whenMatched"), list):
            yield body["whenMatched"]


def _check_naming_stage(name: str, body: Any, scope: Scope) -> None:
    """Refuse a namespace out of scope in a stage that names one, in each form the stage can take."""
    if name in WRITING_STAGES and scope.grant is not None:
        raise RefusedError(f"{name} is refused: {scope.database!r} is another app's, for reading only. Write at home.")
    if not isinstance(body, dict):
        scope.check_collection(body, name)
        return
    if "db" in body:
        scope.check_database(body["db"], name)
    for key in ("from", "coll", "into"):
        if key in body:
            _check_target(body[key], scope, name)
    if STAGES[name] is Stage.TARGET and "into" not in body and not _TARGET_KEYS.issuperset(body):
        raise RefusedError(f"{name} is refused: it may only write to {{db, coll}}.")


def _check_target(target: Any, scope: Scope, name: str) -> None:
    if not isinstance(target, dict):
        scope.check_collection(target, name)
        return
    if not _TARGET_KEYS.issuperset(target) or "coll" not in target:
        raise RefusedError(f"{name} is refused: it may only name {{db, coll}}.")
    scope.check_collection(target["coll"], name)
    if "db" in target:
        scope.check_database(target["db"], name)


def _fields(document: Any) -> Iterator[tuple[str, Any]]:
    """Give each key and value at any depth, also of what the BSON decoder makes objects of."""
    open_values = [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, DBRef):
            value = value.as_doc()
        elif isinstance(value, JavaScript):
            value = value.scope
        if isinstance(value, Mapping):
            yield from value.items()
            open_values.extend(value.values())
        elif isinstance(value, list):
            yield from (("", each) for each in value if isinstance(each, str))
            open_values.extend(value)
