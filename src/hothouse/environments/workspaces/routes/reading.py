"""Routes that give what is in a workspace.

Files are strangers' to the main origin, where people are signed in: none is shown as a page. Each comes as an
attachment, in a sandbox by `Content-Security-Policy`, under a type that runs nothing; pictures may be shown within our
own pages.
"""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from hothouse.environments.workspaces.dependencies import CurrentWorkspaces, ViewedWorkspace
from hothouse.environments.workspaces.ranges import asked_range
from hothouse.environments.workspaces.schemas import FileEntry, FilePath, FileText
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/workspaces/{workspace_id}/files", tags=["workspaces"])

AtPath = Annotated[FilePath, Query(description="Percent-encoded; empty for the workspace itself.")]
SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "svg": "image/svg+xml",
}
BYTES: dict[int | str, dict[str, object]] = {
    200: {"content": {"application/octet-stream": {}}},
    206: {"description": "The part that was asked for", "content": {"application/octet-stream": {}}},
    304: {"description": "It is still the one with the etag in `If-None-Match`"},
    416: {"description": "The file is shorter than where the part is to begin"},
}


@router.get("", operation_id="workspace-files.list")
async def list_files(
    workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, paging: Paging, path: AtPath = ""
) -> Page[FileEntry]:
    """List a folder: folders first, then files, by name."""
    return await workspaces.browsing.page(workspace["_id"], path, paging)


@router.get("/entry", operation_id="workspace-files.show")
async def show_file(workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, path: AtPath = "") -> FileEntry:
    """Say what is at a path; of a link, that it is one."""
    return await workspaces.browsing.look(workspace["_id"], path)


@router.get("/text", operation_id="workspace-files.read")
async def read_text(
    workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, response: Response, path: AtPath = ""
) -> FileText:
    """Give a text file to be edited."""
    text = await workspaces.browsing.text(workspace["_id"], path)
    response.headers["ETag"] = text.entry.etag
    return text


@router.get("/content", operation_id="workspace-files.download", response_class=StreamingResponse, responses=BYTES)
async def download_file(
    workspace: ViewedWorkspace,
    workspaces: CurrentWorkspaces,
    path: AtPath = "",
    range_header: Annotated[str | None, Header(alias="Range", description="One range of bytes.")] = None,
    if_range: Annotated[str | None, Header(description="The etag that the range is of.")] = None,
    if_none_match: Annotated[str | None, Header(description="An etag that one has.")] = None,
) -> Response:
    """Give a file, or a part of it."""
    opened = await workspaces.browsing.open(workspace["_id"], path)
    entry = opened.entry
    headers = {**SANDBOX, "ETag": entry.etag, "Accept-Ranges": "bytes", **_attachment(entry.name)}
    if if_none_match == entry.etag:
        opened.close()
        return Response(status_code=304, headers=headers)
    wanted = asked_range(range_header, entry.size) if if_range in (None, entry.etag) else None
    if wanted is not None and wanted.is_beyond:
        opened.close()
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{entry.size}"})
    start, end = (wanted.start, wanted.end) if wanted else (0, entry.size)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{entry.size}"
    kind = PICTURES.get(entry.name.rpartition(".")[2].lower(), "application/octet-stream")
    content: Iterator[bytes] = opened.read(start, end)
    return StreamingResponse(content, 206 if wanted else 200, headers=headers, media_type=kind)


@router.get(
    "/zip",
    operation_id="workspace-files.download-folder",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}},
)
async def download_folder(
    workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, path: AtPath = ""
) -> StreamingResponse:
    """Give a folder as a zip, packed while it is sent; links are left out."""
    entry = await workspaces.browsing.look(workspace["_id"], path)
    pieces = await workspaces.zipping.stream(workspace["_id"], path)
    headers = {**SANDBOX, **_attachment(f"{entry.name or workspace['name']}.zip")}
    return StreamingResponse(pieces, headers=headers, media_type="application/zip")


def _attachment(name: str) -> dict[str, str]:
    """Return the header that has it saved, by RFC 6266."""
    plain = "".join(character if character.isalnum() or character in " ._-" else "_" for character in name)
    plain = plain.encode("ascii", "replace").decode().replace("?", "_")
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
