"""Error answers: a calm page for people, problem details (RFC 9457) for programs."""

import html
import sys
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from hothouse_sdk.logs import current_request_id, get_logger

_HINTS = {
    401: "You are not signed in, or your session has ended.",
    403: "You may not see this part of the app.",
    404: "There is nothing at this address.",
    500: "Something went wrong in the app. Its log says what.",
    503: "A part this app needs does not answer just now. Try again in a moment.",
}

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status} {title}</title><style>
:root {{ color-scheme: light dark; --paper: #f8faf9; --ink: #17211c; --soft: #5d6b64; --leaf: #1b7f52 }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #0f1512; --ink: #e7eeea; --soft: #93a39b; --leaf: #5fd39c }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-content: center; background: var(--paper);
  color: var(--ink); font: 1rem/1.6 system-ui, sans-serif }}
main {{ max-width: 34rem; padding: 2rem }} p {{ margin: .5rem 0; overflow-wrap: anywhere }}
b {{ color: var(--leaf); font-size: .9rem; letter-spacing: .08em }}
h1 {{ margin: .25rem 0 1rem; font-size: 1.9rem; line-height: 1.2 }}
small {{ color: var(--soft) }} a {{ color: var(--leaf) }}
</style></head><body><main><b>{status}</b><h1>{title}</h1><p>{detail}</p>
<p><a href="/">Back to the start</a></p>{reference}</main></body></html>
"""


def install(app: FastAPI) -> None:
    """Register the handlers of every error on an app."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(Exception, _unexpected)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - narrows the type; registered for this class only
    if error.status_code in {204, 205, 304}:
        return Response(status_code=error.status_code, headers=error.headers)
    return answer(request, error.status_code, error.detail, headers=error.headers)


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    errors = [
        {"pointer": "/" + "/".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in jsonable_encoder(error.errors(), exclude={"ctx", "input", "url"})
    ]
    detail = "; ".join(f"{item['pointer']}: {item['message']}" for item in errors)
    return answer(request, 422, detail, errors=errors)


async def _unexpected(request: Request, error: Exception) -> Response:
    get_logger("hothouse_sdk").error(
        "request failed", method=request.method, path=request.url.path, error=f"{type(error).__name__}: {error}"
    )
    return answer(request, 503 if _is_database_down(error) else 500)


def _is_database_down(error: Exception) -> bool:
    """Tell a database that does not answer from a bug, without importing PyMongo into apps that do not use it."""
    pymongo_errors: Any = sys.modules.get("pymongo.errors")
    return pymongo_errors is not None and isinstance(error, pymongo_errors.ConnectionFailure)


def answer(
    request: Request, status: int, detail: Any = None, *, headers: Any = None, errors: list[Any] | None = None
) -> Response:
    """Make the answer to an error; `detail` defaults to a sentence for the status."""
    title = _phrase(status)
    if detail is None or detail == title:
        detail = _HINTS.get(status, title)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_page(status, title, str(detail)), status, headers=headers)
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if errors:
        problem["errors"] = errors
    if status >= 500:
        problem["request_id"] = current_request_id()
    return JSONResponse(problem, status, headers=headers, media_type="application/problem+json")


def _page(status: int, title: str, detail: str) -> str:
    request_id = current_request_id()
    reference = f"<p><small>Request {html.escape(request_id)}</small></p>" if status >= 500 and request_id else ""
    return _PAGE.format(status=status, title=html.escape(title), detail=html.escape(detail), reference=reference)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
