"""Apps in networks of their own reach the platform: their database, and other apps by the gateway. Nothing else."""

import json
import sys
from pathlib import Path

import pytest
from tests.support.running_platform import Platform

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes need Linux")
LOOK = """
import json, os, socket, urllib.error, urllib.request
from urllib.parse import parse_qs

import pymongo


def database():
    with pymongo.MongoClient(os.environ["HOTHOUSE_DATABASE_URI"], serverSelectionTimeoutMS=5000) as client:
        notes = client.get_default_database().notes
        notes.insert_one({"text": "kept"})
        return notes.find_one()["text"]


def other(slug):
    url = os.environ["HOTHOUSE_APPS_URL"].replace("{app}", slug)
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['HOTHOUSE_APP_TOKEN']}"})
    try:
        return urllib.request.urlopen(request, timeout=20).read().decode()
    except urllib.error.HTTPError as error:
        return error.code


def reached(port):
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
    except OSError:
        return False
    return True


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    ports = parse_qs(scope["query_string"].decode()).get("port", [])
    said = {"database": database(), "open": other("open"), "closed": other("closed"), "ports": [*map(reached, ports)]}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})
"""


def deploy(platform: Platform, token: str, folder: Path, **manifest: object) -> None:
    (folder / "manifest.json").write_text(json.dumps({"schema_version": "1", "name": "A", **manifest}))
    done = platform.cli("deploy", str(folder), "--yes", "--wait", token=token)
    assert done.returncode == 0, done.stderr + done.stdout


def test_database_and_other_apps_and_nothing_else(platform: Platform, token: str, tmp_path: Path) -> None:
    for slug, access in (("open", "public"), ("closed", "private")):
        page = tmp_path / slug
        page.mkdir()
        (page / "index.html").write_text("hello")
        deploy(platform, token, page, slug=slug, access=access, kind="static", entry=".")
    looker = tmp_path / "looker"
    looker.mkdir()
    (looker / "main.py").write_text(LOOK)
    deploy(platform, token, looker, slug="looker", kind="asgi", entry="main:app", packages=["pymongo"])
    ports = json.loads((platform.home / "ports.json").read_text())
    with platform.app_client("looker", token) as client:
        said = client.get("/", params={"port": ports["mongodb"]}).json()
    assert said == {"database": "kept", "open": "hello", "closed": 404, "ports": [False]}
