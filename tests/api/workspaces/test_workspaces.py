"""Workspaces as wholes: list, make, rename, snapshots, clones, delete; and others' eyes."""

import os
import stat
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.waiting import eventually
from tests.support.workspaces_api import WorkspaceApi, WorkspacesLab


class TestList:
    async def test_home_is_there_from_the_beginning(self, lab: WorkspacesLab) -> None:
        page = await lab.grace.get("/api/v1/workspaces", params={"limit": 200})
        home = next(one for one in page["items"] if one["name"] == "Home")
        assert (home["is_default"], home["state"], home["used_by"]) == (True, "ready", [])

    async def test_pages(self, lab: WorkspacesLab) -> None:
        for name in ("Aa1", "Aa2"):
            await lab.workspace(name)
        first = await lab.grace.get("/api/v1/workspaces", params={"limit": 1})
        then = await lab.grace.get("/api/v1/workspaces", params={"limit": 1, "cursor": first["next_cursor"]})
        assert [first["items"][0]["name"], then["items"][0]["name"]] == ["Aa1", "Aa2"]

    async def test_size_is_measured_beside(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        (space.files / "a.bin").write_bytes(os.urandom(300_000))
        (space.files / "out").symlink_to("/usr")
        long_ago = {"measured_at": datetime(2020, 1, 1, tzinfo=UTC), "bytes": 0, "files": 0, "is_whole": True}
        await lab.database["workspaces"].update_one({"_id": space.id}, {"$set": {"size": long_ago}})

        async def measured() -> Any:
            size = (await space.ask("GET", ""))["size"]
            return size if size["bytes"] else None

        size = await eventually(measured)
        assert 300_000 <= size["bytes"] < 400_000
        assert size["is_whole"]


class TestOthers:
    async def test_a_stranger_sees_nothing(self, lab: WorkspacesLab) -> None:
        ada = lab.of(await lab.ada.post("/api/v1/workspaces", 201, json={"name": "Ada's"}))
        missing = await lab.grace.client.get("/api/v1/workspaces/nothing/files")
        refused = await lab.grace.client.get(f"{ada.url}/files")
        assert (refused.status_code, refused.json()) == (missing.status_code, missing.json())

    async def test_an_admin_sees_it(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        assert (await lab.ada.get(space.url))["name"] == space.name


class TestChange:
    async def test_rename(self, space: WorkspaceApi) -> None:
        assert (await space.ask("PATCH", "", json={"name": " Other name "}))["name"] == "Other name"

    async def test_a_name_is_taken(self, space: WorkspaceApi) -> None:
        assert (await space.ask("PATCH", "", 409, json={"name": "Home"}))["type"] == "/problems/workspace-name-taken"

    async def test_delete_needs_the_name(self, space: WorkspaceApi) -> None:
        await space.ask("DELETE", "", 422)

    async def test_delete(self, space: WorkspaceApi) -> None:
        await space.write("a.txt", "a")
        await space.ask("DELETE", "", 204, params={"confirm": space.name})
        await space.ask("GET", "", 404)
        assert not space.whole.exists()
        gone = space.whole.parent / ".gone"
        await eventually(lambda: not any(gone.iterdir()), "its files are removed")

    async def test_delete_while_in_use(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        environment = {"_id": "e1", "slug": "e1", "owner_id": "x", "name": "Notebook", "desired": "stopped"}
        await lab.database["environments"].insert_one({**environment, "workspace_id": space.id})
        try:
            problem = await space.ask("DELETE", "", 409, params={"confirm": space.name})
            assert "Notebook" in problem["detail"]
            assert (await space.ask("GET", ""))["used_by"] == ["Notebook"]
        finally:
            await lab.database["environments"].delete_one({"_id": "e1"})

    async def test_changes_are_on_record(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        await space.write("plan.txt", "x")
        entries = (await lab.ada.get("/api/v1/audit", params={"limit": 20}))["items"]
        entry = next(one for one in entries if one["action"] == "workspace-files.write")
        assert entry["after"] == {"path": "plan.txt", "size": 1}
        assert {"kind": "workspace", "id": space.id, "name": space.name} in entry["about"]

    async def test_an_upload_is_on_record_once_it_arrived(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 4})
        for offset in (0, 2):
            await space.part(begun["id"], offset, b"01")
        entries = (await lab.ada.get("/api/v1/audit", params={"limit": 5}))["items"]
        told = [one["after"] for one in entries if one["action"] == "workspace-uploads.add"]
        assert told[0] == {"path": "a", "size": 4, "overwrite": False}
        assert [one["action"] for one in entries[:2]] == ["workspace-uploads.add", "workspace-uploads.begin"]


def lay_out(space: WorkspaceApi) -> None:
    """Make files of every kind, as hostile code may."""
    inner = space.files / "inner"
    inner.mkdir()
    (inner / "run.sh").write_text("#!/bin/sh\n")
    (inner / "run.sh").chmod(0o4750)
    os.utime(inner / "run.sh", (1_000_000_000, 1_000_000_000))
    (space.files / "link").symlink_to("/etc/passwd")
    os.mkfifo(space.files / "pipe")
    (space.files / "line\nbreak").write_text("odd")
    (space.files / os.fsdecode(b"not \xff text")).write_text("odd")


class TestSnapshots:
    async def test_keeps_modes_times_and_links_and_leaves_out_pipes(self, space: WorkspaceApi) -> None:
        lay_out(space)
        made = await space.snapshot("First")
        assert made["state"] == "ready", await space.ask("GET", f"/jobs/{made['job_id']}")
        kept = space.whole / "snapshots" / made["id"]
        about = (kept / "inner" / "run.sh").lstat()
        assert (stat.S_IMODE(about.st_mode), about.st_mtime) == (0o750, 1_000_000_000)
        assert (kept / "link").readlink().as_posix() == "/etc/passwd"
        assert sorted(os.listdir(kept)) == sorted(set(os.listdir(space.files)) - {"pipe"})
        job = await space.ask("GET", f"/jobs/{made['job_id']}")
        assert any("pipe" in line["text"] for line in job["log"]), job

    async def test_way_back_keeps_what_was_there(self, space: WorkspaceApi) -> None:
        await space.write("a.txt", "old")
        made = await space.snapshot("Old")
        (space.files / "a.txt").write_text("new")
        await space.ask("POST", f"/snapshots/{made['id']}/restore", 202)
        assert (await space.done())["reason"] is None
        assert (space.files / "a.txt").read_text() == "old"
        former = (await space.ask("GET", "/snapshots"))["items"][0]
        assert former["name"] == "Before going back to Old"
        assert (space.whole / "snapshots" / former["id"] / "a.txt").read_text() == "new"

    async def test_way_back_is_barred_while_it_is_in_use(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        made = await space.snapshot("Old")
        environment = {"_id": "e2", "slug": "e2", "owner_id": "x", "name": "Running", "desired": "running"}
        await lab.database["environments"].insert_one({**environment, "workspace_id": space.id})
        try:
            await space.ask("POST", f"/snapshots/{made['id']}/restore", 409)
        finally:
            await lab.database["environments"].delete_one({"_id": "e2"})
        assert (await space.ask("GET", ""))["job_id"] is None

    async def test_delete(self, space: WorkspaceApi) -> None:
        made = await space.snapshot("Old")
        await space.ask("DELETE", f"/snapshots/{made['id']}", 204)
        assert (await space.ask("GET", "/snapshots"))["items"] == []
        assert not (space.whole / "snapshots" / made["id"]).exists()

    async def test_of_another_workspace(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        made = await (await lab.workspace()).snapshot("Theirs")
        await space.ask("POST", f"/snapshots/{made['id']}/restore", 404)
        await space.ask("DELETE", f"/snapshots/{made['id']}", 404)

    async def test_more_than_the_quota(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        (space.files / "a.bin").write_bytes(os.urandom(2**20))
        await lab.database["workspaces"].update_one({"_id": space.id}, {"$set": {"quota_bytes": 1_500_000}})
        made = await space.snapshot("Too much")
        assert made["state"] == "failed"
        assert "quota" in made["reason"]
        assert not (space.whole / "snapshots" / made["id"]).exists()


class TestClone:
    async def test_all_files(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        lay_out(space)
        lab.copying.clear()
        try:
            clone = lab.of(await space.ask("POST", "/clone", 202, json={"name": f"{space.name} copy"}))
            await clone.ask("PUT", "/files/text", 409, json={"path": "x", "text": ""})
        finally:
            lab.copying.set()
        await clone.done()
        assert (await clone.ask("GET", ""))["state"] == "ready"
        assert (clone.files / "inner" / "run.sh").read_text() == "#!/bin/sh\n"

    async def test_of_a_snapshot(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        await space.write("a.txt", "old")
        made = await space.snapshot("Old")
        (space.files / "a.txt").write_text("new")
        body = {"name": f"{space.name} old", "snapshot_id": made["id"]}
        clone = lab.of(await space.ask("POST", "/clone", 202, json=body))
        await clone.done()
        assert (clone.files / "a.txt").read_text() == "old"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
    async def test_files_are_their_owners(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        await space.write("a.txt", "a")
        clone = lab.of(await space.ask("POST", "/clone", 202, json={"name": f"{space.name} owned"}))
        await clone.done()
        uids = {path.lstat().st_uid for one in (space, clone) for path in (one.files, one.files / "a.txt")}
        assert len(uids) == 1
        assert min(uids) > lab.settings.launch.first_uid
