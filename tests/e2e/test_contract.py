"""What scripts rely on: the command line, the smallest manifest, tokens, the environment of an app."""

import json
from pathlib import Path

import pytest
from tests.support.running_platform import Platform

MAIN = """
import json, os
from urllib.parse import parse_qs

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    body = json.dumps({"env": dict(os.environ), "headers": headers, "version": VERSION}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
"""
MANIFEST = {
    "schema_version": "1",
    "slug": "echo",
    "name": "Echo",
    "kind": "asgi",
    "entry": "main:app",
    "requirements": "requirements.txt",
}
PROMISED = {
    *("PORT", "HOST", "HOTHOUSE_APP", "HOTHOUSE_APP_TOKEN", "HOTHOUSE_APPS_URL", "HOTHOUSE_DATABASE_URI"),
    "HOTHOUSE_URL",
}
ORDINARY = {"PATH", "HOME", "LANG", "LC_CTYPE", "TMPDIR", "PYTHONUNBUFFERED", "PYTHONPATH", "VIRTUAL_ENV", "PWD"}


def write_echo(folder: Path, version: int, main: str = MAIN) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({**MANIFEST, "env": {"GREETING": "Hello"}}))
    (folder / "requirements.txt").write_text("uvicorn\npymongo\n")
    (folder / "main.py").write_text(f"VERSION = {version}\n{main}")
    return folder


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    return write_echo(tmp_path / "echo", 1)


class TestDeploy:
    def test_round_trip(self, platform: Platform, token: str, echo: Path) -> None:
        done = platform.cli("deploy", str(echo), "--wait", "--json", token=token)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told == {"slug": "echo", "release": 1, "state": "running", "url": platform.app_url("echo")}
        with platform.app_client("echo", token) as client:
            self._check_environment(platform, client.get("/").json())
            self._bad_release(platform, token, echo)
            assert client.get("/").json()["version"] == 1, "the old release went away"
            again = platform.cli("deploy", str(write_echo(echo, 3)), "--wait", "--json", token=token)
            assert json.loads(again.stdout)["release"] == 3, again.stderr
            assert client.get("/").json()["version"] == 3
            back = platform.cli("rollback", "echo", token=token)
            assert back.returncode == 0, back.stderr
            assert client.get("/").json()["version"] == 1
            self._stop_and_start(platform, token)
            assert client.get("/").json()["version"] == 1
        gone = platform.cli("delete", "echo", "--yes", token=token)
        assert gone.returncode == 0, gone.stderr
        with platform.app_client("echo", token) as client:
            assert client.get("/").status_code == 404

    def _check_environment(self, platform: Platform, told: dict[str, dict[str, str]]) -> None:
        env, headers = told["env"], told["headers"]
        assert set(env) >= PROMISED | {"GREETING"}
        assert set(env) <= PROMISED | ORDINARY | {"GREETING"}, "something of the platform's got in"
        assert env["HOTHOUSE_APP"] == "echo"
        assert env["HOTHOUSE_URL"] == platform.url
        assert "authorization" not in headers, "the token went through to the app"
        assert headers["x-hothouse-email"] == "ada@example.org"

    def _bad_release(self, platform: Platform, token: str, echo: Path) -> None:
        bad = platform.cli(
            "deploy",
            str(write_echo(echo, 2, f"{MAIN}\nraise RuntimeError('no such table')")),
            "--wait",
            "--json",
            token=token,
        )
        assert bad.returncode == 1
        problem = json.loads(bad.stderr)
        assert problem["type"].startswith("/problems/")
        assert "no such table" in json.dumps(problem), problem

    def _stop_and_start(self, platform: Platform, token: str) -> None:
        assert platform.cli("stop", "echo", token=token).returncode == 0
        with platform.app_client("echo", token) as client:
            assert client.get("/").status_code == 503
        assert platform.cli("start", "echo", token=token).returncode == 0

    def test_bad_token(self, platform: Platform, echo: Path) -> None:
        done = platform.cli("deploy", str(echo), "--wait", "--json", token="hh_invented")
        assert done.returncode == 1
        assert json.loads(done.stderr)["type"] == "/problems/not-signed-in"


class TestApps:
    def test_list_and_show(self, platform: Platform, token: str) -> None:
        listed = json.loads(platform.cli("apps", "--json", token=token).stdout)
        assert "click-tracker" in json.dumps(listed)
        with platform.client() as client:
            app = client.get("/api/v1/apps/hello", headers={"Authorization": f"Bearer {token}"}).json()
        assert {"slug", "name", "kind", "state", "reason", "release", "url", "owner"} <= set(app)

    def test_logs(self, platform: Platform, token: str) -> None:
        platform.wait_for_app("hello", token)
        done = platform.cli("logs", "hello", token=token)
        assert done.returncode == 0, done.stderr
        assert "Uvicorn running" in done.stdout
