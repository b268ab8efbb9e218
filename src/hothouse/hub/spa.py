"""Serving the web UI: built files, and the page itself for every address that is one of its screens."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

UI_FOLDER = Path(__file__).with_name("ui")
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Hothouse</title>
<body>
<h1>The web UI is not built yet</h1>
<p>The platform runs. Run <code>make web</code> (or <code>make run</code>) in the source folder and reload this page.
</p></body></html>"""
NEVER_PAGES = ("/api/", "/internal/", "/health/", "/assets/")


class BuiltFiles(StaticFiles):
    """Static files whose names carry a hash of their content, so browsers may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def add_ui(app: FastAPI, folder: Path = UI_FOLDER) -> None:
    """Serve the web UI from `folder` below everything else; without a build, a page that says how to make one."""
    if (folder / "assets").is_dir():
        app.mount("/assets", BuiltFiles(directory=folder / "assets"), name="assets")

    async def page(path: str) -> Response:
        wanted = (folder / path).resolve()
        if path and wanted.is_file() and wanted.is_relative_to(folder.resolve()):
            return FileResponse(wanted)
        if f"/{path}".startswith(NEVER_PAGES):
            raise HTTPException(404)
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    app.add_api_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False, dependencies=None)
