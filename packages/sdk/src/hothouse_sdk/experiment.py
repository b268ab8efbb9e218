"""`Experiment`: a FastAPI app that knows the folder it lives in."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from hothouse_sdk import errors
from hothouse_sdk.files import AppFiles
from hothouse_sdk.logs import begin_request
from hothouse_sdk.manifest import Manifest, find_folder
from hothouse_sdk.users import User

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase
    from starlette.templating import Jinja2Templates

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


class Experiment(FastAPI):
    """A FastAPI app with its manifest, `templates/`, `static/`, database and current user at hand.

    >>> from starlette.testclient import TestClient
    >>> experiment = Experiment()
    >>> @experiment.get("/")
    ... async def index() -> str:
    ...     return "Hello"
    >>> client = TestClient(experiment)
    >>> client.get("/").json(), client.get("/healthz").json()
    ('Hello', {'status': 'ok'})

    The folder is that of the module which makes the experiment, or the nearest above it that holds a
    `manifest.json`; `folder` names another. A `static/` folder there is served at `/static`. Everything FastAPI
    takes may be given; its pages at `/docs`, which load scripts from outside, are off unless `docs_url` is set.
    """

    def __init__(self, *, folder: str | Path | None = None, lifespan: Lifespan | None = None, **options: Any) -> None:
        self.folder = Path(folder).resolve() if folder is not None else find_folder(_caller_folder())
        self.manifest = Manifest.read(self.folder)
        settings: dict[str, Any] = {
            "title": self.manifest.name,
            "description": self.manifest.description,
            "debug": os.environ.get("HOTHOUSE_SDK_DEBUG") == "1",
            "docs_url": None,
            "redoc_url": None,
        }
        super().__init__(lifespan=_closing(lifespan), **settings | options)
        errors.install(self)
        self.add_api_route("/healthz", _healthz, include_in_schema=False)
        if (self.folder / "static").is_dir():
            self.mount("/static", AppFiles(directory=self.folder / "static"), name="static")

    @cached_property
    def templates(self) -> "Jinja2Templates":
        """The Jinja templates in `templates/`; filters and globals go to `templates.env`."""
        from starlette.templating import Jinja2Templates  # noqa: PLC0415 - loaded by apps that use it

        return Jinja2Templates(directory=self.folder / "templates")

    @property
    def database(self) -> "AsyncDatabase[dict[str, Any]]":
        """The app's database, for code outside a request. Raises: DatabaseNotConfigured."""
        from hothouse_sdk.database import open_database  # noqa: PLC0415 - loaded by apps that use it

        return open_database()

    def other_database(self, app: str) -> "AsyncDatabase[dict[str, Any]]":
        """Return the database of another app by its slug, for reading what its owner has agreed to.

        Ask for that in the manifest, `data.read_from`. Until then operations fail; `is_not_granted` tells.
        Raises: DatabaseNotConfigured.
        """
        from hothouse_sdk.database import open_database  # noqa: PLC0415 - loaded by apps that use it

        return open_database(app)

    def user(self, request: HTTPConnection) -> User | None:
        """Return the signed-in user of a request, None where there is none."""
        return User.from_headers(request.headers)

    def render(
        self,
        template: str,
        request: Request,
        /,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """Render a template of `templates/` with `context`, and `manifest`, `user`, `request` and `url_for`."""
        known = {"manifest": self.manifest, "user": self.user(request)}
        return self.templates.TemplateResponse(request, template, known | context, status_code, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, with its request id known to everything that logs."""
        if scope["type"] in {"http", "websocket"}:
            begin_request(Headers(scope=scope))
        await super().__call__(scope, receive, send)


async def _healthz() -> dict[str, str]:
    return {"status": "ok"}


def _closing(inner: Lifespan | None) -> Lifespan:
    """Wrap the app's own lifespan so that actors and the database close after it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        try:
            if inner is None:
                yield None
            else:
                async with inner(app) as state:
                    yield state
        finally:
            await _close()

    return lifespan


async def _close() -> None:
    """Stop what was used; what was never imported has nothing to close."""
    try:
        if actors := sys.modules.get("hothouse_sdk.actors"):
            await actors.stop_actors()
    finally:
        if database := sys.modules.get("hothouse_sdk.database"):
            await database.close_database()


def _caller_folder() -> Path:
    """Find the folder of the module that makes the experiment; the working directory for an interactive one."""
    frame = sys._getframe(2)  # noqa: SLF001 - what `logging` and `warnings` use to find their caller
    file = frame.f_globals.get("__file__")
    return Path(file).parent if file else Path.cwd()
