"""What hostile code in an environment, or a hostile person at the API, may try by way of the file browser."""

import asyncio
import io
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.waiting import eventually
from tests.support.workspaces_api import WorkspaceApi, WorkspacesLab

from hothouse.environments.workspaces.jobs import CopyFiles
from hothouse.environments.workspaces.service import zipping
from hothouse.environments.workspaces.service.copies import KIND
from hothouse.jobs.interfaces import JobFailed
from hothouse.kit import beneath
from hothouse.kit.clock import SystemClock
from hothouse.launch.backends.local import LocalLauncher

SECRET = b"what must stay unseen"
BAD_PATHS = [
    *("..", "../secret", "%2e%2e/secret", "a/../../secret", "/etc/passwd", "%2Fetc%2Fpasswd", "a%00b", "a//b", "./a"),
    *("%FF/..", "x" * 256, "d/" * 2_000 + "d"),
]
SWAP = """
import os, sys
from hothouse.kit import beneath
root = os.open(sys.argv[1], beneath.FOLDER)
while True:
    try:
        beneath.exchange(root, b"in", root, b"trap")
    except FileNotFoundError:
        pass
"""
READING = ("", "/entry", "/text", "/content", "/zip")


@contextmanager
def swapping(space: WorkspaceApi) -> Iterator[None]:
    """Exchange the folder `in` for a link that leads out, without end, as code in an environment may."""
    (space.files.parent / "outside").mkdir()
    (space.whole / "outside" / "a").write_bytes(SECRET)
    (space.files / "in").mkdir()
    (space.files / "in" / "a").write_text("inside")
    (space.files / "trap").symlink_to("../outside")
    with subprocess.Popen([sys.executable, "-c", SWAP, str(space.files)]) as racing:
        try:
            yield
        finally:
            racing.kill()


class TestPaths:
    @pytest.mark.parametrize("path", BAD_PATHS)
    async def test_none_leads_out(self, space: WorkspaceApi, path: str) -> None:
        (space.files.parent / "secret").write_bytes(SECRET)
        for route in READING:
            await space.ask("GET", f"/files{route}", 422, params={"path": path})
        await space.ask("PUT", "/files/text", 422, json={"path": path, "text": "x"})
        await space.ask("POST", "/files/folders", 422, json={"path": path})
        await space.ask("POST", "/files/delete", 422, json={"path": path})
        await space.ask("POST", "/uploads", 422, json={"path": path, "size": 1})
        await space.write("mine.txt", "x")
        await space.ask("POST", "/files/move", 422, json={"path": "mine.txt", "to": path})
        assert (space.whole / "secret").read_bytes() == SECRET

    async def test_the_workspace_itself_is_not_moved_or_deleted(self, space: WorkspaceApi) -> None:
        await space.ask("POST", "/files/delete", 422, json={"path": ""})
        await space.ask("POST", "/files/move", 422, json={"path": "", "to": "a"})

    async def test_deeper_than_a_path_can_say(self, space: WorkspaceApi) -> None:
        inner = os.open(space.files, beneath.FOLDER)
        for _ in range(2_100):
            os.mkdir("d", dir_fd=inner)
            outer, inner = inner, os.open("d", beneath.FOLDER, dir_fd=inner)
            os.close(outer)
        os.close(inner)
        await space.ask("GET", "/files/zip")
        gone = await space.ask("POST", "/files/delete", json={"path": "d"})
        await space.ask("DELETE", f"/bin/{gone['id']}", 204)
        await eventually(lambda: not any((space.whole / "gone").iterdir()), "it is removed")


class TestLinks:
    @pytest.mark.parametrize("target", ["/etc", "..", "../..", "in", "/proc/self/root", "link"])
    async def test_none_is_followed(self, space: WorkspaceApi, target: str) -> None:
        (space.files / "in").mkdir()
        (space.files / "link").symlink_to(target)
        for route in ("/text", "/content", "/zip", ""):
            await space.ask("GET", f"/files{route}", 409, params={"path": "link"})
            await space.ask("GET", f"/files{route}", 409, params={"path": "link/passwd"})
        await space.write("link/new.txt", "x", 409)
        await space.ask("POST", "/files/folders", 409, json={"path": "link/new"})
        await space.ask("POST", "/files/delete", 409, json={"path": "link/passwd"})
        await space.ask("POST", "/uploads", 409, json={"path": "link/new.bin", "size": 1})

    async def test_a_link_is_not_written_through(self, space: WorkspaceApi) -> None:
        (space.files.parent / "secret").write_bytes(SECRET)
        (space.files / "a.txt").symlink_to("../secret")
        await space.ask("POST", "/uploads", 409, json={"path": "a.txt", "size": 1, "overwrite": True})
        await space.write("a.txt", "x", 409)
        assert (space.whole / "secret").read_bytes() == SECRET

    async def test_reading_while_they_are_swapped(self, space: WorkspaceApi) -> None:
        with swapping(space):
            seen: set[bytes] = set()
            statuses: set[int] = set()
            for _ in range(200):
                answer = await space.client.get(f"{space.url}/files/content", params={"path": "in/a"})
                statuses.add(answer.status_code)
                seen.add(answer.content if answer.status_code == 200 else b"refused")
        assert seen <= {b"inside", b"refused"}
        assert 409 in statuses, "the race never happened"

    async def test_writing_while_they_are_swapped(self, space: WorkspaceApi) -> None:
        with swapping(space):
            statuses = set()
            for number in range(30):
                body = {"path": f"in/new-{number}", "text": "x"}
                statuses.add((await space.client.put(f"{space.url}/files/text", json=body)).status_code)
                body = {"path": "in/a"}
                gone = await space.client.post(f"{space.url}/files/delete", json=body)
                if gone.status_code == 200:
                    await space.client.post(f"{space.url}/bin/{gone.json()['id']}/restore")
        assert statuses <= {200, 409}
        assert sorted(os.listdir(space.whole / "outside")) == ["a"]
        assert (space.whole / "outside" / "a").read_bytes() == SECRET

    async def test_packing_and_copying_while_they_are_swapped(self, space: WorkspaceApi) -> None:
        with swapping(space):
            for _ in range(10):
                content = await space.ask("GET", "/files/zip")
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    assert SECRET not in b"".join(archive.read(name) for name in archive.namelist())
            made = await space.snapshot("Racing")
        kept = space.whole / "snapshots" / made["id"]
        found = [path.read_bytes() for path in kept.rglob("*") if path.is_file() and not path.is_symlink()]
        assert SECRET not in found


class TestOddThings:
    async def test_none_is_waited_for(self, space: WorkspaceApi) -> None:
        os.mkfifo(space.files / "pipe")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(space.files / "socket"))
        names = ["pipe", "socket"]
        if os.geteuid() == 0:
            os.mknod(space.files / "zero", 0o666 | 0o020000, os.makedev(1, 5))
            names.append("zero")
        for name in names:
            async with asyncio.timeout(5):
                for route in ("/content", "/text"):
                    problem = await space.ask("GET", f"/files{route}", 409, params={"path": name})
                    assert problem["type"] == "/problems/not-a-file"
        async with asyncio.timeout(15):
            assert (await space.snapshot("Without"))["state"] == "ready"

    async def test_a_file_that_grows_without_end(self, space: WorkspaceApi) -> None:
        with (space.files / "log").open("ab") as log:
            log.write(b"x" * 500_000)
            log.flush()
            over = threading.Event()

            def grow() -> None:
                while not over.is_set() and log.tell() < 500_000_000:
                    log.write(b"x" * 100_000)

            growing = threading.Thread(target=grow)
            growing.start()
            try:
                async with asyncio.timeout(20):
                    await space.ask("GET", "/files/zip")
                    await space.ask("GET", "/files/content", params={"path": "log"})
            finally:
                over.set()
                growing.join()

    async def test_a_sparse_file_is_no_size(self, space: WorkspaceApi) -> None:
        with (space.files / "huge").open("wb") as huge:
            huge.truncate(2**40)
        await space.write("small.txt", "still fits")

    async def test_too_many_files_are_not_packed(self, space: WorkspaceApi, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zipping, "MOST_FILES", 50)
        for number in range(51):
            (space.files / str(number)).write_text("")
        assert (await space.ask("GET", "/files/zip", 413))["type"] == "/problems/too-many-files"

    async def test_a_folder_of_very_many_is_paged(self, space: WorkspaceApi) -> None:
        for number in range(2_000):
            os.close(os.open(space.files / f"{number:05}", os.O_CREAT | os.O_WRONLY))
        assert await space.names(limit=2) == ["00000", "00001"]

    async def test_times_beyond_the_calendar(self, space: WorkspaceApi) -> None:
        (space.files / "old").write_text("x")
        os.utime(space.files / "old", (-(2**31), 2**33 * 100))
        assert await space.names() == ["old"]
        await space.ask("GET", "/files/zip")

    async def test_a_range_that_is_nonsense(self, space: WorkspaceApi) -> None:
        (space.files / "a").write_text("a")
        for header in ("bytes=" + "9" * 400 + "-", "bytes=--1", "lines=1-2", "bytes=5-1"):
            await space.ask("GET", "/files/content", params={"path": "a"}, headers={"Range": header})


class TestOthers:
    async def test_parts_for_anothers_upload(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        begun = await space.ask("POST", "/uploads", 201, json={"path": "a", "size": 1})
        other = await lab.workspace()
        await other.part(begun["id"], 0, b"x", 404)
        ada = lab.of(await lab.ada.post("/api/v1/workspaces", 201, json={"name": "Attacked"}))
        await ada.part(begun["id"], 0, b"x", 404)
        await ada.write("a.txt", "x", 404)
        await ada.ask("POST", "/files/delete", 404, json={"path": "a"})

    async def test_ids_that_are_paths(self, space: WorkspaceApi) -> None:
        for upload_id in ("%2e%2e", "..%2ffiles", "nothing"):
            await space.ask("GET", f"/uploads/{upload_id}", 404)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
class TestFullDisk:
    @pytest.fixture
    def small(self, space: WorkspaceApi) -> Iterator[WorkspaceApi]:
        """A workspace on a disk of one MiB."""
        space.whole.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(space.whole)], check=True)
        try:
            yield space
        finally:
            subprocess.run(["umount", "-l", str(space.whole)], check=True)

    async def test_an_upload_can_go_on(self, small: WorkspaceApi) -> None:
        (small.files / "filler").write_bytes(b"x" * 600_000)
        begun = await small.ask("POST", "/uploads", 201, json={"path": "a", "size": 700_000})
        problem = await small.part(begun["id"], 0, b"y" * 700_000, 507)
        assert problem["type"] == "/problems/no-space"
        assert (await small.ask("GET", f"/uploads/{begun['id']}"))["offset"] == 0
        (small.files / "filler").unlink()
        assert (await small.part(begun["id"], 0, b"y" * 700_000))["entry"]

    async def test_a_text_is_whole_or_not_there(self, small: WorkspaceApi) -> None:
        made = await small.write("a.txt", "old")
        (small.files / "filler").write_bytes(b"x" * 900_000)
        await small.write("a.txt", "y" * 500_000, 507, made["etag"])
        assert (small.files / "a.txt").read_text() == "old"
        assert list((small.whole / "uploads").iterdir()) == []

    async def test_a_snapshot_fails_and_leaves_nothing(self, small: WorkspaceApi) -> None:
        (small.files / "filler").write_bytes(b"x" * 700_000)
        made = await small.snapshot("Too much")
        assert (made["state"], "space" in made["reason"]) == ("failed", True), made
        assert list((small.whole / "staging").iterdir()) == []


class TestCrash:
    """A worker that is killed at any step of a restore, and another that takes the job up again."""

    @pytest.mark.parametrize("step", ["_copy", "_place", "_end", "_keep_former", "_move_former"])
    @pytest.mark.parametrize("is_after", [False, True])
    async def test_way_back(
        self, lab: WorkspacesLab, space: WorkspaceApi, step: str, is_after: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await space.write("a.txt", "old")
        made = await space.snapshot("Old")
        (space.files / "a.txt").write_text("new")
        launcher = LocalLauncher(lab.settings.home / "crashing", lab.hub.state.isolation)
        job = await self.job(lab, space, made["id"])
        with monkeypatch.context() as patch:
            self.crash_at(patch, step, is_after=is_after)
            with pytest.raises(KilledError):
                await CopyFiles(lab.settings.home, lab.database, launcher, SystemClock())(job, lambda *_: None)
        await CopyFiles(lab.settings.home, lab.database, launcher, SystemClock())(job, lambda *_: None)
        assert (space.files / "a.txt").read_text() == "old"
        snapshots = (await space.ask("GET", "/snapshots"))["items"]
        assert [one["name"] for one in snapshots] == ["Before", "Old"]
        assert (space.whole / "snapshots" / "former" / "a.txt").read_text() == "new"
        assert list((space.whole / "staging").iterdir()) == []

    async def job(self, lab: WorkspacesLab, space: WorkspaceApi, snapshot_id: str) -> dict[str, Any]:
        """Make a job as `Copies.restore` does, which no worker of the lab takes."""
        await lab.database["workspace_snapshots"].delete_one({"_id": "former"})
        job_id = f"{KIND}-crash-{space.id}"
        document = await lab.database["workspaces"].find_one({"_id": space.id})
        assert document is not None
        await lab.database["workspaces"].update_one(
            {"_id": space.id}, {"$set": {"busy": {"what": "restore", "job_id": job_id}}}
        )
        uid = space.files.stat().st_uid if os.geteuid() == 0 else None
        args = {"what": "restore", "job_id": job_id, "workspace_id": space.id, "target_id": space.id, "uid": uid}
        args |= {"snapshot_id": snapshot_id, "former_id": "former", "former_name": "Before", "most_bytes": 2**30}
        return {"_id": job_id, "args": args}

    def crash_at(self, patch: pytest.MonkeyPatch, step: str, *, is_after: bool) -> None:
        original = getattr(CopyFiles, step)
        if asyncio.iscoroutinefunction(original):

            async def crashing(self: CopyFiles, *args: Any) -> Any:
                if is_after:
                    await original(self, *args)
                raise KilledError

        else:

            def crashing(self: CopyFiles, *args: Any) -> Any:  # type: ignore[misc]  # the same, not awaited
                if is_after:
                    original(self, *args)
                raise KilledError

        patch.setattr(CopyFiles, step, crashing)

    async def test_what_cannot_be_started_is_told(self, lab: WorkspacesLab, space: WorkspaceApi) -> None:
        job = await self.job(lab, space, "missing")
        launcher = LocalLauncher(lab.settings.home / "crashing", lab.hub.state.isolation)
        with pytest.raises(JobFailed):
            await CopyFiles(lab.settings.home, lab.database, launcher, SystemClock())(job, lambda *_: None)
        told = await space.ask("GET", "")
        assert (told["state"], told["job_id"]) == ("ready", None)
        assert told["reason"]


class KilledError(BaseException):
    """The worker is no more."""


def test_the_script_of_copies_stands_alone() -> None:
    """It runs without site-packages, and without anything of the platform."""
    import hothouse.environments.workspaces.copying as script

    text = Path(script.__file__).read_text()
    assert "hothouse" not in text
