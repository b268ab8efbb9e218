"""Apps for tests, and a friend who deploys them through the API."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import httpx2
from tests.support.waiting import eventually

ENDED = ("serving", "failed", "superseded")

# Needs nothing installed, so that its build is quick; `/crash` ends it.
SERVER = """
import http.server, json, os, sys
VERSION = "{version}"

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/crash":
            print("crashing as told", flush=True)
            os._exit(3)
        answer = json.dumps(dict(os.environ)) if self.path == "/env" else VERSION
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_): ...

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

print("serving", VERSION, flush=True)
Server((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
"""


def manifest(slug: str, **more: Any) -> dict[str, Any]:
    """Make a manifest of a `command` app that runs `main.py`."""
    base = {"schema_version": "1", "slug": slug, "name": slug.title(), "kind": "command"}
    return base | {"entry": ["python", "main.py"], "health": {"timeout_seconds": 20}} | more


def source(slug: str, version: str = "one", main: str | None = None, **more: Any) -> dict[str, str]:
    """Make the files of an app that answers with its version."""
    import json

    return {
        "manifest.json": json.dumps(manifest(slug, **more)),
        "main.py": main or SERVER.replace("{version}", version),
    }


def zip_of(files: Mapping[str, str | bytes]) -> bytes:
    """Pack files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


class AppsApi:
    """Uploads, deploys and waits, as one person."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def send(self, files: Mapping[str, str | bytes] | bytes, name: str = "app.zip") -> httpx2.Response:
        """Upload an archive and return the answer, whatever it is."""
        data = files if isinstance(files, bytes) else zip_of(files)
        return await self.client.post("/api/v1/uploads", files={"file": (name, data, "application/zip")})

    async def upload(self, files: Mapping[str, str | bytes]) -> dict[str, Any]:
        answer = await self.send(files)
        assert answer.status_code == 201, answer.text
        upload: dict[str, Any] = answer.json()
        return upload

    async def deploy(self, files: Mapping[str, str | bytes], **body: Any) -> dict[str, Any]:
        """Upload and ask for the deployment, which is returned as it is at first."""
        upload = await self.upload(files)
        return await self.post(f"/api/v1/uploads/{upload['id']}/deploy", 202, json=body)

    async def served(self, files: Mapping[str, str | bytes], **body: Any) -> dict[str, Any]:
        """Deploy and wait until it serves."""
        ended = await self.ended(await self.deploy(files, **body))
        assert ended["state"] == "serving", ended
        return ended

    async def ended(self, deployment: dict[str, Any], seconds: float = 30) -> dict[str, Any]:
        """Wait until a deployment has ended, in whatever way."""

        async def look() -> dict[str, Any] | None:
            now = await self.get(f"/api/v1/deployments/{deployment['id']}")
            return now if now["state"] in ENDED else None

        result: dict[str, Any] = await eventually(look, f"the end of {deployment}", seconds)
        return result

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        answer = await self.client.get(path, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    async def post(self, path: str, status: int = 202, **options: Any) -> Any:
        answer = await self.client.post(path, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    async def app(self, slug: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.get(f"/api/v1/apps/{slug}")
        return found

    async def in_state(self, slug: str, state: str, seconds: float = 15) -> dict[str, Any]:
        """Wait until an app is in a state."""
        seen: dict[str, Any] = {}

        async def look() -> bool:
            seen.update(await self.app(slug))
            return bool(seen["state"] == state)

        try:
            await eventually(look, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{slug} is {seen['state']} ({seen['reason']}), not {state}") from error
        return seen

    async def subject(self, email: str) -> str:
        """Return the subject that somebody is."""
        found = await self.get("/api/v1/subjects", params={"q": email, "kinds": "user"})
        return str(next(one["subject"] for one in found["items"] if one["email"] == email))

    async def grant(self, slug: str, subject: str, role: str = "viewer", **more: Any) -> None:
        """Give somebody, by e-mail address or as a subject, a role on an app."""
        subject = await self.subject(subject) if "@" in subject else subject
        body = {"role": role, **more}
        answer = await self.client.put(f"/api/v1/access/app/{slug}/grants/{subject}", json=body)
        assert answer.status_code == 200, answer.text

    async def revoke(self, slug: str, subject: str) -> None:
        """Take away what somebody was given on an app."""
        subject = await self.subject(subject) if "@" in subject else subject
        answer = await self.client.delete(f"/api/v1/access/app/{slug}/grants/{subject}")
        assert answer.status_code == 204, answer.text

    async def open(self, slug: str, openness: str) -> None:
        """Say how open an app is."""
        answer = await self.client.put(f"/api/v1/access/app/{slug}/openness", json={"openness": openness})
        assert answer.status_code == 204, answer.text

    async def share_with(self, slug: str, *emails: str) -> None:
        """Let these people, and nobody else, look at an app."""
        await self.open(slug, "private")
        sharing = await self.get(f"/api/v1/access/app/{slug}")
        for grant in sharing["grants"]:
            await self.revoke(slug, grant["subject"]["subject"])
        for email in emails:
            await self.grant(slug, email)

    async def delete(self, slug: str) -> None:
        answer = await self.client.delete(f"/api/v1/apps/{slug}", params={"confirm": slug})
        assert answer.status_code == 204, answer.text
