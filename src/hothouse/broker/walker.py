"""Look through a decoded command for anything that leaves the workload's own database.

Two nets are laid: pipelines are walked stage by stage, where only stages of the table pass; and every document of the
command is searched at any depth for the stages that name another namespace and for server-side JavaScript, so that a
place the first net does not know of is no hole.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hothouse.broker.commands import (
    INTERNAL_PREFIX,
    JAVASCRIPT_OPERATORS,
    REFUSED_OPTIONS,
    REFUSED_STAGES,
    STAGES,
    STAGES_WITHOUT_COLLECTION,
    Stage,
)
from hothouse.broker.errors import Code, RefusedError

_NAMING = frozenset((Stage.FROM, Stage.UNION, Stage.TARGET))
_TARGET_KEYS = {"db", "coll", "timeseries"}

find_suspicious = re.compile(
    rb"\$(?:(?:where|function|accumulator|lookup|graphLookup|unionWith|out|merge)\x00|_internal)"
).search
"""Tell from a command's bytes whether it may hold something to refuse: a key always appears in them literally."""


def check_everywhere(command: Mapping[str, Any], database: str) -> None:
    """Refuse JavaScript, internal operators and foreign namespaces at any depth.

    Raises: RefusedError.
    """
    for key, value in _fields(command):
        if key in JAVASCRIPT_OPERATORS:
            raise RefusedError(f"{key} is refused: it runs JavaScript on the server. Use query operators or $expr.")
        if key.startswith(INTERNAL_PREFIX):
            raise RefusedError(f"{key} is refused: it is internal to MongoDB.")
        if STAGES.get(key) in _NAMING:
            _check_namespaces(key, value, database)


def check_options(command: Mapping[str, Any]) -> None:
    """Refuse the options that reach into the server's storage.

    Raises: RefusedError.
    """
    for key, _ in _fields(command):
        if key in REFUSED_OPTIONS:
            raise RefusedError(f"The option {key} is refused: it reaches into the storage of the server. Leave it out.")


def check_pipeline(pipeline: Any, database: str) -> None:
    """Refuse a pipeline that holds a stage which is not in the table, or a namespace outside `database`.

    Raises: RefusedError.
    """
    if not isinstance(pipeline, list):
        raise RefusedError("A pipeline must be an array of stages.", Code.FailedToParse)
    for stage in pipeline:
        if not isinstance(stage, dict) or len(stage) != 1:
            raise RefusedError("A pipeline stage must be a document with one field.", Code.FailedToParse)
        ((name, body),) = stage.items()
        _check_stage(name, body, database)


def check_start(pipeline: Any) -> None:
    """Refuse an `aggregate: 1` that does not begin with a stage made for it.

    Raises: RefusedError.
    """
    first = next(iter(pipeline[0]), "nothing") if isinstance(pipeline, list) and pipeline else "nothing"
    if first not in STAGES_WITHOUT_COLLECTION:
        allowed = " or ".join(sorted(STAGES_WITHOUT_COLLECTION))
        raise RefusedError(f"aggregate: 1 may only begin with {allowed}, not with {first}.")


def check_collection(name: Any, what: str) -> None:
    """Refuse what is not the name of an ordinary collection.

    Raises: RefusedError.
    """
    if not isinstance(name, str):
        raise RefusedError(f"{what} needs the name of a collection as a string.", Code.InvalidNamespace)
    if not name or name.startswith(("system.", "$", ".")) or "\x00" in name:
        raise RefusedError(f"{what}: the collection {name!r} is MongoDB's own and not open to workloads.")


def check_namespace(namespace: Any, database: str, what: str) -> None:
    """Refuse a `database.collection` that is not in `database`.

    Raises: RefusedError.
    """
    if not isinstance(namespace, str):
        raise RefusedError(f"{what} needs a namespace as a string.", Code.InvalidNamespace)
    name, _, collection = namespace.partition(".")
    _check_database(name, database, what)
    check_collection(collection, what)


def _check_stage(name: str, body: Any, database: str) -> None:
    stage = STAGES.get(name)
    if stage is None:
        reason = REFUSED_STAGES.get(name, "it is not in the list of stages that workloads may use")
        raise RefusedError(f"The pipeline stage {name} is refused: {reason}.")
    if stage in _NAMING:
        _check_namespaces(name, body, database)
    for nested in _nested_pipelines(stage, body):
        check_pipeline(nested, database)
    if stage is Stage.CHANGE_STREAM and isinstance(body, dict) and body.get("allChangesForCluster", False) is not False:
        raise RefusedError("$changeStream with allChangesForCluster is refused. Watch your own database instead.")


def _nested_pipelines(stage: Stage, body: Any) -> Iterator[Any]:
    if not isinstance(body, dict):
        return
    if stage in (Stage.FROM, Stage.UNION) and "pipeline" in body:
        yield body["pipeline"]
    elif stage is Stage.TARGET and isinstance(body.get("whenMatched"), list):
        yield body["whenMatched"]
    elif stage is Stage.FACET:
        yield from body.values()
    elif stage is Stage.FUSION:
        pipelines = body["input"].get("pipelines") if isinstance(body.get("input"), dict) else None
        if not isinstance(pipelines, dict):
            raise RefusedError("A fusion stage needs input.pipelines.", Code.FailedToParse)
        yield from pipelines.values()


def _check_namespaces(name: str, body: Any, database: str) -> None:
    """Refuse a foreign namespace in a stage that names one, in each form the stage can take."""
    if not isinstance(body, dict):
        check_collection(body, name)
        return
    if "db" in body:
        _check_database(body["db"], database, name)
    for key in ("from", "coll", "into"):
        if key in body:
            _check_target(body[key], database, name)
    if STAGES[name] is Stage.TARGET and "into" not in body and not _TARGET_KEYS.issuperset(body):
        raise RefusedError(f"{name} is refused: it may only write to {{db, coll}}.")


def _check_target(target: Any, database: str, name: str) -> None:
    if not isinstance(target, dict):
        check_collection(target, name)
        return
    if not _TARGET_KEYS.issuperset(target) or "coll" not in target:
        raise RefusedError(f"{name} is refused: it may only name {{db, coll}}.")
    check_collection(target["coll"], name)
    if "db" in target:
        _check_database(target["db"], database, name)


def _check_database(name: Any, database: str, what: str) -> None:
    if name != database:
        raise RefusedError(f"{what} names the database {name!r}; this credential reaches only {database!r}.")


def _fields(document: Any) -> Iterator[tuple[str, Any]]:
    """Give each key and value at any depth."""
    open_values = [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            yield from value.items()
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)
