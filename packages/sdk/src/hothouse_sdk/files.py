"""Files of an app, served with validators and without surprises."""

import hashlib
import json
import os
import re
import stat
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# What bundlers append to a name: main.4f2a9c1b.js, index-BcD3fG7h.css.
_FINGERPRINT = re.compile(r"[.-](?=[\w-]*\d)[\w-]{8,}\.\w+$")
_FOREVER = "private, max-age=31536000, immutable"
_REVALIDATE = "no-cache"


class AppFiles(StaticFiles):
    """Serve a folder: never a dotfile, never through a link that leads out of it.

    Answers carry an ETag and are revalidated by browsers, but for names with a fingerprint, which are kept.
    With `html=True`, `/` is `index.html`, `/about` is `about.html`, and `404.html` answers for what is missing.
    """

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find the file of a URL path; `None` where there is none to serve."""
        found, info = self._visible(path)
        if info is None and self.html and path and not Path(path).suffix:
            found, info = self._visible(f"{path}.html")
        return found, info

    def _visible(self, path: str) -> tuple[str, os.stat_result | None]:
        found, info = super().lookup_path(path)
        if info is None or not self._may_serve(Path(found), info):
            return "", None
        return found, info

    def _may_serve(self, found: Path, info: os.stat_result) -> bool:
        root = Path(os.path.realpath(str(self.directory)))
        relative = found.relative_to(root)
        if any(part.startswith(".") for part in relative.parts):
            return False
        if not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):
            return False
        # Where the whole source is the site, the app's manifest (with its members' addresses) is no part of it.
        return not (relative == Path("manifest.json") and _is_app_manifest(found))

    def file_response(
        self, full_path: "str | os.PathLike[str]", stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with the file, or 304 where the browser has it."""
        response = FileResponse(full_path, status_code=status_code, stat_result=stat_result)
        # The change time belongs to the validator: archives give files of two releases the same modification time.
        identity = f"{stat_result.st_mtime_ns}-{stat_result.st_ctime_ns}-{stat_result.st_size}"
        response.headers["etag"] = f'"{hashlib.sha256(identity.encode()).hexdigest()[:24]}"'
        response.headers["cache-control"] = _FOREVER if _FINGERPRINT.search(str(full_path)) else _REVALIDATE
        response.headers["x-content-type-options"] = "nosniff"
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def _is_app_manifest(path: Path) -> bool:
    """Tell Hothouse's manifest from a web app's, which has the same name."""
    try:
        raw = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(raw, dict) and "slug" in raw
