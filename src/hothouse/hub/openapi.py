"""The OpenAPI document: each operation with the action it asks permission for, and every status it may answer with.

`python -m hothouse.hub.openapi` prints it; the web client's types are generated from it.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from hothouse.access.interfaces import Action
from hothouse.kit.problems import Problem, ProblemDetails
from hothouse.kit.visiting import SAFE_METHODS

EVERYWHERE = ("hothouse.kit", "hothouse.hub.middleware", "hothouse.audit.errors", "hothouse.hub.problems")
"""Where the problems are defined that any route may answer with."""
OF_CHANGES = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""What only a request that changes something, or has a body, is answered with."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of the API: what it declares, and the feature whose it is."""

    method: str
    path: str
    is_documented: bool
    actions: set[Action]
    module: str

    @property
    def statuses(self) -> set[int]:
        """The statuses of the problems that it may answer with: those of its feature, and those of what is common."""
        feature = ".".join(self.module.split(".")[:2])
        homes = (*EVERYWHERE, "hothouse.identity", "hothouse.access", feature)
        found = {kind.status for kind in _problems() if kind.__module__.startswith(homes)}
        found -= {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR}
        return found - set(OF_CHANGES) if self.method in SAFE_METHODS else found


def actions_of(dependant: Dependant) -> set[Action]:
    """Return the actions that a route's dependencies ask permission for."""
    own = getattr(dependant.call, "action", None)
    found = {own} if isinstance(own, Action) else set()
    return found.union(*(actions_of(inner) for inner in dependant.dependencies))


def describe_actions(app: FastAPI) -> None:
    """Write each route's action, and the problems it may answer with, into the OpenAPI document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(details.pop("$defs", {}))
        schemas["ProblemDetails"] = details
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        used: set[int] = set()
        for operation in operations(app):
            if operation.is_documented:
                described = document["paths"][operation.path][operation.method.lower()]
                described["x-action"] = max(action.value for action in operation.actions)
                described["responses"].pop("422", None)
                for status in sorted(operation.statuses):
                    described["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
                used |= operation.statuses
        components["responses"] = {f"Problem{status}": _response(status) for status in sorted(used)}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _response(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }


def _problems(base: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every kind of problem that was defined."""
    for kind in base.__subclasses__():
        yield kind
        yield from _problems(kind)


def operations(app: FastAPI) -> Iterator[Operation]:
    """Yield every route of the API, once for each method."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for method in sorted(route.methods or ()):
            if isinstance(dependant, Dependant):
                module = getattr(dependant.call, "__module__", "")
                path, is_documented = route.path_format or "", bool(route.include_in_schema)
                yield Operation(method, path, is_documented, actions_of(dependant), module)


def declared_actions(app: FastAPI) -> Iterable[tuple[str, str, bool, set[Action]]]:
    """Yield (method, path, whether it is documented, declared actions) of every route of the API."""
    for one in operations(app):
        yield one.method, one.path, one.is_documented, one.actions


def main() -> None:
    """Print the document."""
    from hothouse.hub.app import create_app  # noqa: PLC0415 -- app.py imports this module
    from hothouse.settings import Settings  # noqa: PLC0415

    json.dump(create_app(Settings()).openapi(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
