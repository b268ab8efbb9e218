"""The OpenAPI document: each operation with the action it asks permission for.

`python -m hothouse.hub.openapi` prints it; the web client's types are generated from it.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from hothouse.access.interfaces import Action
from hothouse.kit.problems import ProblemDetails


def actions_of(dependant: Dependant) -> set[Action]:
    """Return the actions that a route's dependencies ask permission for."""
    own = getattr(dependant.call, "action", None)
    found = {own} if isinstance(own, Action) else set()
    return found.union(*(actions_of(inner) for inner in dependant.dependencies))


def describe_actions(app: FastAPI) -> None:
    """Write each route's action and its error format into the OpenAPI document."""
    problem = {
        "description": "Problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(details.pop("$defs", {}))
        schemas["ProblemDetails"] = details
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for operation, actions in _operations(app, document):
            operation["x-action"] = max(action.value for action in actions)
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = problem
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def declared_actions(app: FastAPI) -> Iterator[tuple[str, str, bool, set[Action]]]:
    """Yield (method, path, whether it is documented, declared actions) of every route of the API."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for method in sorted(route.methods or ()):
            if isinstance(dependant, Dependant):
                yield method, route.path_format or "", bool(route.include_in_schema), actions_of(dependant)


def _operations(app: FastAPI, document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], set[Action]]]:
    for method, path, is_documented, actions in declared_actions(app):
        if is_documented:
            yield document["paths"][path][method.lower()], actions


def main() -> None:
    """Print the document."""
    from hothouse.hub.app import create_app  # noqa: PLC0415 -- app.py imports this module
    from hothouse.settings import Settings  # noqa: PLC0415

    json.dump(create_app(Settings()).openapi(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
