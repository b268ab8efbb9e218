"""One place where errors become `application/problem+json`."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException

from hothouse.kit.problems import FieldProblem, Invalid, NotFound, Problem
from hothouse.kit.trail import current_trail

log = structlog.get_logger(__name__)


class DatabaseAway(Problem):
    """MongoDB did not answer."""

    slug, title, status = "database-away", "Database away", 503


class NotAllowed(Problem):
    """The address exists, but not for this method."""

    slug, title, status = "method-not-allowed", "Method not allowed", 405


class TooLarge(Problem):
    """The body of a request is larger than its route takes."""

    slug, title, status = "too-large", "Too large", 413

    def __init__(self) -> None:
        super().__init__(
            "More was sent than is taken here; source archives may have 100 MiB, parts of a file 8 MiB, all else 2 MiB."
        )


class InternalError(Problem):
    """A defect of the platform."""


class BadRequest(Problem):
    """The request cannot be read."""

    slug, title, status = "bad-request", "Bad request", 400


def respond(problem: Problem) -> JSONResponse:
    """Render a problem."""
    return JSONResponse(
        problem.render(), problem.status, headers=problem.headers, media_type="application/problem+json"
    )


def add_handlers(app: FastAPI) -> None:
    """Make every error of the API a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(PyMongoError, _on_database)
    app.add_exception_handler(Exception, _on_defect)


async def _on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 -- registered for Problem only
    current_trail().problem = error.slug
    return respond(error)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this class only
    errors = [_field_problem(details) for details in error.errors()]
    listing = "; ".join(f"{one.pointer or '/'}: {one.message}" for one in errors)
    return respond(Invalid(f"The request has {len(errors)} problem(s). {listing}", errors=errors))


def _field_problem(details: dict[str, Any]) -> FieldProblem:
    where = [str(part).replace("~", "~0").replace("/", "~1") for part in details["loc"][1:]]
    return FieldProblem(pointer="".join(f"/{part}" for part in where), message=str(details["msg"]))


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this class only
    if error.status_code == 404:
        return respond(NotFound(f"There is nothing at {request.url.path}."))
    if error.status_code == 405:
        return respond(
            NotAllowed(f"{request.url.path} does not take {request.method}.", headers=dict(error.headers or {}))
        )
    if error.status_code == 413:
        return respond(TooLarge())
    if error.status_code < 500:
        return respond(BadRequest(str(error.detail)))
    return respond(InternalError(str(error.detail)))


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    log.warning("database-away", path=request.url.path, error=str(error))
    return respond(
        DatabaseAway("The database does not answer at the moment. Try again shortly.", headers={"Retry-After": "2"})
    )


async def _on_defect(request: Request, error: Exception) -> JSONResponse:
    log.error("request-failed", path=request.url.path, method=request.method, exc_info=error)
    answer = respond(InternalError("Something went wrong inside Hothouse; the hub's log has the details."))
    # It is made outside of all middleware.
    answer.headers.update({**request.app.state.security_headers, "Cache-Control": "no-store"})
    return answer
