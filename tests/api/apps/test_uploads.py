"""What may be uploaded, and what is made of it."""

import io
import stat
import zipfile
from typing import Any

import pytest
from tests.support.apps_api import manifest, source, zip_of


def with_entry(name: str, content: bytes = b"x", mode: int | None = None) -> bytes:
    """Pack an archive with one entry of that exact name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(name)
        if mode is not None:
            entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, content)
        archive.writestr("main.py", "print()")
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("zeros", b"\0" * 60_000_000)
    return packed.getvalue()


REFUSED = {
    "escape": with_entry("../../escaped.py"),
    "absolute": with_entry("/etc/escaped.py"),
    "link": with_entry("link", b"/etc/passwd", stat.S_IFLNK | 0o777),
    "bomb": bomb(),
    "many": zip_of({f"{number}.txt": "" for number in range(10_001)}),
    "empty": zip_of({}),
    "no zip": b"this is not a zip at all",
}


class TestReceive:
    @pytest.mark.parametrize("kind", list(REFUSED))
    async def test_refuses_what_is_unsafe_and_keeps_nothing(self, lab: Any, kind: str) -> None:
        before = {path for path in lab.settings.home.rglob("*") if path.is_file() and "database" not in path.parts}
        answer = await lab.ada.send(REFUSED[kind])
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/archive-refused")
        assert len(answer.json()["detail"]) > 30
        after = {path for path in lab.settings.home.rglob("*") if path.is_file() and "database" not in path.parts}
        assert after == before
        assert not (lab.settings.home.parent / "escaped.py").exists()

    async def test_tells_what_it_is(self, lab: Any) -> None:
        upload = await lab.ada.upload(source("told"))
        assert upload["origin"] == "manifest"
        assert upload["problems"] == []
        assert upload["manifest"]["slug"] == "told"
        assert upload["existing_app"] is None
        assert set(upload["files"]) == {"main.py", "manifest.json"}

    async def test_names_the_app_it_would_replace_to_those_who_may(self, lab: Any) -> None:
        await lab.ada.deploy(source("mine", name="A secret project"))
        assert (await lab.ada.upload(source("mine")))["existing_app"]["name"] == "A secret project"
        told = await lab.grace.send(source("mine", version="other"))
        assert told.json()["existing_app"] is None
        assert "secret project" not in told.text

    async def test_not_signed_in(self, lab: Any) -> None:
        answer = await lab.anyone.post("/api/v1/uploads", files={"file": ("x.zip", zip_of(source("x")))})
        assert answer.status_code == 401


class TestDeploy:
    async def test_proposed_manifest_must_be_confirmed(self, lab: Any) -> None:
        upload = await lab.ada.upload({"app.py": "from fastapi import FastAPI\napp = FastAPI()\n"})
        assert (upload["origin"], upload["manifest"]["kind"]) == ("proposed", "asgi")
        path = f"/api/v1/uploads/{upload['id']}/deploy"
        refused = await lab.ada.client.post(path, json={})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/manifest-not-confirmed")
        assert await lab.database["apps"].find_one({"slug": upload["manifest"]["slug"]}) is None

    async def test_every_problem_of_an_edited_manifest_is_named(self, lab: Any) -> None:
        upload = await lab.ada.upload(source("edited"))
        wrong = manifest("No Slug", resources={"memory": "lots"}, env={"BAD": "a\u0000b"}, access="everyone")
        refused = await lab.ada.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={"manifest": wrong})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/manifest-invalid")
        pointers = {error["pointer"] for error in refused.json()["errors"]}
        assert {"/slug", "/resources/memory", "/env/BAD", "/access"} <= pointers

    async def test_entry_that_is_not_in_the_source(self, lab: Any) -> None:
        upload = await lab.ada.upload(source("edited"))
        wrong = manifest("edited", kind="asgi", entry="nowhere:app")
        refused = await lab.ada.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={"manifest": wrong})
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/entry"]

    async def test_upload_of_somebody_else(self, lab: Any) -> None:
        upload = await lab.ada.upload(source("others"))
        theirs = await lab.grace.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
        missing = await lab.grace.client.post("/api/v1/uploads/nothing/deploy", json={})
        assert theirs.status_code == missing.status_code == 404
        assert theirs.json() == missing.json()

    async def test_slug_of_somebody_else(self, lab: Any) -> None:
        await lab.ada.deploy(source("taken"))
        upload = await lab.grace.upload(source("taken", "hers"))
        refused = await lab.grace.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/slug-taken")

    async def test_archive_that_is_gone(self, lab: Any) -> None:
        upload = await lab.ada.upload(source("vanished", "unlike any other"))
        for path in (lab.settings.home / "objects").rglob(f"*{upload['digest']}*"):
            path.unlink()
        answer = await lab.ada.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
        assert answer.status_code == 404
        assert "Upload the source again" in answer.json()["detail"]
