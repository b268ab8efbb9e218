"""The file browser: what it shows, gives, takes and changes."""

import base64
import hashlib
import io
import os
import zipfile
from typing import Any

import pytest
from tests.support.workspaces_api import WorkspaceApi, WorkspacesLab

ODD = {
    b"line\nbreak": "line\\x0abreak",
    b"not \xff text": "not \\xff text",
    b"50%": "50%",
    "x\u202egnp".encode(): "x\\u202egnp",
}


class TestList:
    async def test_folders_come_first_and_pages_follow(self, space: WorkspaceApi) -> None:
        for name in ("b.txt", "a.txt", "c.txt"):
            (space.files / name).write_text(name)
        for name in ("z", "y"):
            (space.files / name).mkdir()
        first = await space.ask("GET", "/files", params={"limit": 3})
        assert [one["name"] for one in first["items"]] == ["y", "z", "a.txt"]
        assert await space.names(limit=3, cursor=first["next_cursor"]) == ["b.txt", "c.txt"]

    async def test_a_cursor_of_another_list(self, space: WorkspaceApi) -> None:
        await space.ask("GET", "/files", 422, params={"cursor": "WyJhIl0"})

    @pytest.mark.parametrize("name", ODD)
    async def test_names_are_shown_safely_and_can_be_used(self, space: WorkspaceApi, name: bytes) -> None:
        (space.files / os.fsdecode(name)).write_bytes(b"content")
        (entry,) = (await space.ask("GET", "/files"))["items"]
        assert entry["name"] == ODD[name]
        assert await space.ask("GET", "/files/content", params={"path": entry["path"]}) == b"content"

    async def test_kinds(self, space: WorkspaceApi) -> None:
        (space.files / "link").symlink_to("/etc")
        os.mkfifo(space.files / "pipe")
        kinds = {one["name"]: one["kind"] for one in (await space.ask("GET", "/files"))["items"]}
        assert kinds == {"link": "link", "pipe": "other"}


class TestDownload:
    @pytest.mark.parametrize(
        ("asked", "status", "content"),
        [("bytes=2-4", 206, b"234"), ("bytes=-2", 206, b"89"), ("bytes=8-", 206, b"89"), ("bytes=10-", 416, b""),
         ("bytes=0-1,3-4", 200, b"0123456789"), ("bytes=-", 200, b"0123456789"), ("bytes=5-99", 206, b"56789")],
    )  # fmt: skip
    async def test_ranges(self, space: WorkspaceApi, asked: str, status: int, content: bytes) -> None:
        (space.files / "a.bin").write_bytes(b"0123456789")
        options: Any = {"params": {"path": "a.bin"}, "headers": {"Range": asked}}
        assert await space.ask("GET", "/files/content", status, **options) == content

    async def test_a_range_of_what_it_was(self, space: WorkspaceApi) -> None:
        (space.files / "a.bin").write_bytes(b"0123456789")
        headers = {"Range": "bytes=2-4", "If-Range": '"older"'}
        assert len(await space.ask("GET", "/files/content", params={"path": "a.bin"}, headers=headers)) == 10

    @pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js", "no-type"])
    async def test_nothing_runs_on_the_main_origin(self, space: WorkspaceApi, name: str) -> None:
        (space.files / name).write_text("<script>alert(1)</script>")
        answer = await space.client.get(f"{space.url}/files/content", params={"path": name})
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        kind = "image/svg+xml" if name.endswith("svg") else "application/octet-stream"
        assert answer.headers["content-type"] == kind

    async def test_what_one_has(self, space: WorkspaceApi) -> None:
        etag = (await space.write("a.txt", "a"))["etag"]
        await space.ask("GET", "/files/content", 304, params={"path": "a.txt"}, headers={"If-None-Match": etag})

    async def test_a_folder(self, space: WorkspaceApi) -> None:
        (space.files / "in").mkdir()
        (space.files / "in" / "é\n.txt").write_text("inside")
        (space.files / "in" / "run").write_text("x")
        (space.files / "in" / "run").chmod(0o755)
        (space.files / "in" / "out").symlink_to("/etc/passwd")
        os.mkfifo(space.files / "in" / "pipe")
        content = await space.ask("GET", "/files/zip", params={"path": "in"})
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            skipped = archive.read("NOT IN THIS ARCHIVE.txt").decode().splitlines()[1:]
            assert sorted(skipped) == ["out", "pipe"]
            assert archive.read("é_x0a.txt") == b"inside"
            assert archive.getinfo("run").external_attr >> 16 & 0o777 == 0o755


class TestEdit:
    async def test_a_new_file_and_another_text(self, space: WorkspaceApi) -> None:
        made = await space.write("new/deep/a.txt", "one")
        read = await space.ask("GET", "/files/text", params={"path": "new/deep/a.txt"})
        assert (read["text"], read["entry"]["etag"]) == ("one", made["etag"])
        (space.files / "new/deep/a.txt").chmod(0o755)
        await space.write("new/deep/a.txt", "two", etag=made["etag"])
        assert (space.files / "new/deep/a.txt").read_text() == "two"
        assert (space.files / "new/deep/a.txt").stat().st_mode & 0o777 == 0o755

    async def test_no_change_is_overwritten_unseen(self, space: WorkspaceApi) -> None:
        made = await space.write("a.txt", "one")
        (space.files / "a.txt").write_text("by somebody else")
        await space.write("a.txt", "two", 412, made["etag"])
        assert (space.files / "a.txt").read_text() == "by somebody else"

    async def test_what_is_gone_does_not_come_back(self, space: WorkspaceApi) -> None:
        made = await space.write("a.txt", "one")
        (space.files / "a.txt").unlink()
        await space.write("a.txt", "two", 412, made["etag"])
        assert not (space.files / "a.txt").exists()

    async def test_nothing_is_replaced_without_etag(self, space: WorkspaceApi) -> None:
        await space.write("a.txt", "one")
        assert (await space.write("a.txt", "two", 409))["type"] == "/problems/file-there-already"

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"a\0b", b"x" * (2**20 + 1)])
    async def test_what_is_no_text(self, space: WorkspaceApi, content: bytes) -> None:
        (space.files / "a").write_bytes(content)
        assert (await space.ask("GET", "/files/text", 409, params={"path": "a"}))["type"] == "/problems/not-editable"


class TestMove:
    async def test_rename(self, space: WorkspaceApi) -> None:
        await space.write("a.txt", "a")
        moved = await space.ask("POST", "/files/move", json={"path": "a.txt", "to": "b%20c.txt"})
        assert moved["name"] == "b c.txt"
        assert await space.names() == ["b c.txt"]

    async def test_never_replaces(self, space: WorkspaceApi) -> None:
        for name in ("a.txt", "b.txt"):
            await space.write(name, name)
        await space.ask("POST", "/files/move", 409, json={"path": "a.txt", "to": "b.txt"})
        assert (space.files / "b.txt").read_text() == "b.txt"

    async def test_into_itself(self, space: WorkspaceApi) -> None:
        await space.ask("POST", "/files/folders", 201, json={"path": "a"})
        await space.ask("POST", "/files/move", 422, json={"path": "a", "to": "a/b"})

    async def test_what_is_not_there(self, space: WorkspaceApi) -> None:
        await space.ask("POST", "/files/move", 404, json={"path": "a", "to": "b"})


class TestBin:
    async def test_undo(self, space: WorkspaceApi) -> None:
        await space.write("in/a.txt", "a")
        gone = await space.ask("POST", "/files/delete", json={"path": "in"})
        assert await space.names() == []
        assert [one["name"] for one in (await space.ask("GET", "/bin"))["items"]] == ["in"]
        await space.ask("POST", f"/bin/{gone['id']}/restore")
        assert (space.files / "in/a.txt").read_text() == "a"
        assert (await space.ask("GET", "/bin"))["items"] == []

    async def test_undo_replaces_nothing(self, space: WorkspaceApi) -> None:
        await space.write("a.txt", "old")
        gone = await space.ask("POST", "/files/delete", json={"path": "a.txt"})
        await space.write("a.txt", "new")
        await space.ask("POST", f"/bin/{gone['id']}/restore", 409)
        assert (space.files / "a.txt").read_text() == "new"
        assert len((await space.ask("GET", "/bin"))["items"]) == 1

    async def test_a_link_goes_as_a_link(self, space: WorkspaceApi) -> None:
        (space.files / "link").symlink_to("/etc/passwd")
        gone = await space.ask("POST", "/files/delete", json={"path": "link"})
        assert gone["kind"] == "link"
        await space.ask("POST", f"/bin/{gone['id']}/restore")
        assert (space.files / "link").is_symlink()

    async def test_empty(self, space: WorkspaceApi) -> None:
        for name in ("a", "b"):
            await space.write(name, name)
            await space.ask("POST", "/files/delete", json={"path": name})
        await space.ask("DELETE", f"/bin/{(await space.ask('GET', '/bin'))['items'][0]['id']}", 204)
        assert len((await space.ask("GET", "/bin"))["items"]) == 1
        await space.ask("DELETE", "/bin", 204)
        assert (await space.ask("GET", "/bin"))["items"] == []

    @pytest.mark.parametrize("bin_id", ["nothing", "000000000000000-aaaaaaaa"])
    async def test_what_is_not_in_it(self, space: WorkspaceApi, bin_id: str) -> None:
        await space.ask("POST", f"/bin/{bin_id}/restore", 404)


class TestUpload:
    async def test_folders_are_made(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        told = await space.upload("data/2026/a.bin", b"0123")
        assert told["entry"]["size"] == 4
        assert (space.files / "data/2026/a.bin").read_bytes() == b"0123"
        assert list((space.whole / "uploads").iterdir()) == []
        if os.geteuid() == 0:
            assert (space.files / "data/2026/a.bin").stat().st_uid > lab.settings.launch.first_uid
            assert (space.files / "data").stat().st_uid == (space.files / "data/2026/a.bin").stat().st_uid

    async def test_an_empty_file(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 0})
        assert begun["entry"]["size"] == 0

    async def test_is_resumed(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 6})
        await space.part(begun["id"], 0, b"012")
        assert await space.names() == []
        (found,) = (await space.ask("GET", "/uploads"))["items"]
        assert (found["id"], found["offset"]) == (begun["id"], 3)
        await space.part(begun["id"], 0, b"012", 409)
        await space.part(begun["id"], found["offset"], b"345")
        assert (space.files / "a").read_bytes() == b"012345"

    async def test_what_a_crash_cut_short_is_gone_on_with(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 6})
        (space.whole / "uploads" / begun["id"] / "data").write_bytes(b"01")  # the rest was not written any more
        assert (await space.ask("GET", f"/uploads/{begun['id']}"))["offset"] == 2
        await space.part(begun["id"], 2, b"2345")
        assert (space.files / "a").read_bytes() == b"012345"

    async def test_checksum_of_a_part(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 3})
        digest = base64.b64encode(hashlib.sha256(b"012").digest()).decode()
        headers = {"Content-Digest": f"sha-256=:{digest}:"}
        await space.part(begun["id"], 0, b"01X", 422, headers=headers)
        assert (await space.part(begun["id"], 0, b"012", headers=headers))["entry"]

    async def test_checksum_of_the_whole(self, space: WorkspaceApi) -> None:
        digest = hashlib.sha256(b"0123").hexdigest()
        await space.upload("a", b"012X", 422, sha256=digest)
        assert await space.names() == []
        assert (await space.upload("b", b"0123", sha256=digest))["entry"]

    async def test_replaces_only_when_told(self, space: WorkspaceApi) -> None:
        etag = (await space.write("a", "old"))["etag"]
        await space.ask("POST", "/uploads", 409, json={"path": "a", "size": 1})
        await space.ask("POST", "/uploads", 412, json={"path": "a", "size": 1, "etag": '"other"'})
        await space.upload("a", b"new", etag=etag)
        await space.upload("a", b"newer", overwrite=True)
        assert (space.files / "a").read_bytes() == b"newer"

    async def test_two_of_the_same_file(self, space: WorkspaceApi) -> None:
        one, other = [await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 3}) for _ in range(2)]
        await space.part(one["id"], 0, b"one")
        await space.part(other["id"], 0, b"two", 409)
        assert (space.files / "a").read_bytes() == b"one"
        await space.part(other["id"], 3, b"", params={"overwrite": True})
        assert (space.files / "a").read_bytes() == b"two"

    async def test_more_than_announced(self, space: WorkspaceApi) -> None:
        await space.upload("a", b"", 404)  # an empty one has arrived by then
        begun = await space.ask("POST", "/uploads", 201, json={"path": "b", "size": 2})
        await space.part(begun["id"], 0, b"0123", 422)

    async def test_more_than_a_part_may_have(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "b", "size": 2**24})
        await space.part(begun["id"], 0, b"x" * (8 * 2**20 + 1), 413)
        await space.part(begun["id"], 0, b"x" * (8 * 2**20))

    async def test_is_cancelled(self, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "b", "size": 2})
        await space.ask("DELETE", f"/uploads/{begun['id']}", 204)
        await space.part(begun["id"], 0, b"01", 404)

    async def test_over_the_quota(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        await lab.database["workspaces"].update_one({"_id": space.id}, {"$set": {"quota_bytes": 100_000}})
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 60_000})
        problem = await space.ask("POST", "/uploads", 507, json={"path": "b", "size": 100_001})
        assert problem["type"] == "/problems/no-space"
        await space.part(begun["id"], 0, b"x" * 60_000)
        await space.write("c.txt", "x" * 50_000, 507)
