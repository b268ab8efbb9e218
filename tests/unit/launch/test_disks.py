"""Folders with a file system of their own, and the measuring of those without."""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.waiting import eventually

from hothouse.launch import disks, images
from hothouse.launch.backends.local.keeper import disk
from hothouse.launch.backends.local.keeper.disk import TooDeep, Watch, sizes
from hothouse.launch.errors import DiskError

MIB = 2**20
PAUSE = 5.0
SEE_IT_AFTERWARDS = 'echo ready; read go; echo inside > "$0/inside"; cat "$0/outside"'
needs_images = pytest.mark.skipif(not disks.can_mount(), reason="only root on a machine with loop devices can")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "with space" / "home"
    path.mkdir(parents=True)
    yield path
    assert disks.release_below(tmp_path) == []
    assert not os.path.ismount(path)


def fill(file: Path, mebibytes: int) -> None:
    with file.open("wb") as target:
        for _ in range(mebibytes):
            target.write(os.urandom(MIB))


def let_go(folder: Path) -> None:
    """Release a disk, and wait until no sandbox of another test, which saw it mounted, holds it any more."""
    disks.release(folder)
    deadline = time.monotonic() + 30
    image = str(images.image_of(folder))
    while subprocess.run(["losetup", "-n", "-j", image], capture_output=True, check=True).stdout:
        assert time.monotonic() < deadline, f"{image} is still held"
        time.sleep(0.05)


@needs_images
class TestEnsure:
    def test_full_is_said_to_the_program(self, folder: Path) -> None:
        assert disks.ensure(folder, 16 * MIB)
        with pytest.raises(OSError, match="No space") as caught:
            fill(folder / "big", 40)
        assert caught.value.errno == errno.ENOSPC
        assert (folder / "big").stat().st_size >= 16 * MIB, "as much as was promised"

    def test_image_takes_only_what_is_used(self, folder: Path) -> None:
        disks.ensure(folder, 512 * MIB)
        assert images.image_of(folder).stat().st_blocks * 512 < 16 * MIB
        assert list(folder.iterdir()) == []

    async def test_deleting_gives_space_back(self, folder: Path) -> None:
        disks.ensure(folder, 64 * MIB)
        fill(folder / "big", 32)
        disks.release(folder)
        full = images.image_of(folder).stat().st_blocks
        disks.ensure(folder, 64 * MIB)
        (folder / "big").unlink()
        os.sync()  # and yet the kernel may free the blocks a little later

        def is_smaller() -> bool:
            disks.release(folder)
            disks.ensure(folder, 64 * MIB)
            return images.image_of(folder).stat().st_blocks < full // 2

        await eventually(is_smaller)

    def test_keeps_what_was_there(self, folder: Path) -> None:
        (folder / "kept").write_text("x")
        (folder / "link").symlink_to("/etc/passwd")
        os.chown(folder, 4321, 4321)
        folder.chmod(0o710)
        disks.ensure(folder, 16 * MIB)
        assert (folder / "kept").read_text() == "x"
        assert (folder / "link").is_symlink()
        assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (4321, 0o710)
        disks.release(folder)
        assert list(folder.iterdir()) == []
        disks.ensure(folder, 16 * MIB)
        assert (folder / "kept").read_text() == "x"

    def test_again_is_nothing_new(self, folder: Path) -> None:
        disks.ensure(folder, 16 * MIB)
        (folder / "kept").touch()
        disks.ensure(folder, 16 * MIB)
        assert len([path for path, _ in images.mounts() if path == folder]) == 1

    @pytest.mark.parametrize("is_mounted", [True, False])
    def test_grows(self, folder: Path, *, is_mounted: bool) -> None:
        disks.ensure(folder, 16 * MIB)
        (folder / "kept").touch()
        if not is_mounted:
            disks.release(folder)
        disks.ensure(folder, 64 * MIB)
        if is_mounted and not images._may_resize_mounted():
            assert disks.usage(folder).limit_bytes < 32 * MIB  # type: ignore[operator]
            disks.release(folder)
            disks.ensure(folder, 64 * MIB)
        fill(folder / "big", 40)
        assert (folder / "kept").exists()

    def test_shrinks_when_it_fits(self, folder: Path) -> None:
        disks.ensure(folder, 128 * MIB)
        fill(folder / "kept", 4)
        disks.ensure(folder, 32 * MIB)
        assert disks.usage(folder).limit_bytes > 100 * MIB  # type: ignore[operator]
        let_go(folder)
        disks.ensure(folder, 32 * MIB)
        assert (folder / "kept").stat().st_size == 4 * MIB
        assert disks.usage(folder).limit_bytes < 64 * MIB  # type: ignore[operator]

    def test_does_not_shrink_below_what_is_held(self, folder: Path) -> None:
        disks.ensure(folder, 128 * MIB)
        fill(folder / "kept", 80)
        let_go(folder)
        with pytest.raises(DiskError, match="holds more"):
            disks.ensure(folder, 16 * MIB)
        disks.ensure(folder, 128 * MIB)
        assert (folder / "kept").stat().st_size == 80 * MIB

    def test_holds_more_than_it_may(self, folder: Path) -> None:
        fill(folder / "kept", 40)
        with pytest.raises(DiskError, match="No space"):
            disks.ensure(folder, 16 * MIB)
        assert (folder / "kept").stat().st_size == 40 * MIB
        assert not images.image_of(folder).exists()

    def test_files_put_into_an_unmounted_folder(self, folder: Path) -> None:
        disks.ensure(folder, 16 * MIB)
        disks.release(folder)
        (folder / "stray").touch()
        with pytest.raises(DiskError, match="not in its image"):
            disks.ensure(folder, 16 * MIB)
        (folder / "stray").unlink()

    @pytest.mark.parametrize("step", ["mkfs.ext4", "cp", "umount", "rmtree"])
    def test_cut_short_loses_nothing(self, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        """Killed at any step of moving in, the next one finds everything."""
        (folder / "kept").write_text("x")
        run = images._run

        class Killed(BaseException):
            pass

        def killed(*command: object, **_options: object) -> str:
            if step in (command[0], "rmtree" if isinstance(command[0], Path) else ""):
                raise Killed
            return run(*command, **_options)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(images, "_run", killed)
            patch.setattr(images.shutil, "rmtree", killed)
            with pytest.raises(Killed):
                disks.ensure(folder, 16 * MIB)
        disks.ensure(folder, 16 * MIB)
        assert (folder / "kept").read_text() == "x"
        assert {path.name for path in folder.parent.iterdir()} == {"home", "home.disk", "home.disk.lock"}

    def test_setuid_programs_and_devices_are_dead(self, folder: Path) -> None:
        disks.ensure(folder, 16 * MIB)
        os.mknod(folder / "zero", 0o666 | 0o020000, os.makedev(1, 5))
        with pytest.raises(PermissionError):
            (folder / "zero").open()


@needs_images
class TestRelease:
    def test_in_use(self, folder: Path) -> None:
        disks.ensure(folder, 16 * MIB)
        with (folder / "open").open("w"):
            assert not disks.release(folder)
            assert disks.release_below(folder.parent) == [folder]
        assert disks.release(folder)
        assert disks.release(folder)

    def test_still_seen_by_a_sandbox(self, folder: Path) -> None:
        """Mounted again while a namespace holds on to it, it is the same file system, not a second one on the image."""
        disks.ensure(folder, 16 * MIB)
        pipe = subprocess.PIPE
        command = ["unshare", "--mount", "sh", "-c", SEE_IT_AFTERWARDS, folder]
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as sandbox:
            assert sandbox.stdout is not None
            assert sandbox.stdout.readline() == "ready\n"
            disks.release(folder)
            disks.ensure(folder, 32 * MIB)
            (folder / "outside").write_text("outside\n")
            assert sandbox.communicate("go\n")[0] == "outside\n"
        assert (folder / "inside").read_text() == "inside\n"

    def test_device_that_is_just_taken_back(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the kernel still called the image's device a moment ago is another's, or nobody's."""
        disks.ensure(folder, 16 * MIB)
        (folder / "kept").touch()
        disks.release(folder)
        other = folder.with_name("other")
        other.mkdir()
        disks.ensure(other, 16 * MIB)
        stale = images.loop_of(other)
        asked = iter([stale, "/dev/loop-that-is-gone", None])
        monkeypatch.setattr(images, "_attached", lambda image: next(asked))
        disks.ensure(folder, 16 * MIB)
        assert (folder / "kept").exists()
        assert len([path for path, _ in images.mounts() if path == folder]) == 1

    def test_attach(self, folder: Path) -> None:
        disks.attach(folder)
        assert not os.path.ismount(folder)
        disks.ensure(folder, 16 * MIB)
        (folder / "kept").touch()
        disks.release(folder)
        disks.attach(folder)
        assert (folder / "kept").exists()


class TestUsage:
    def test_without_an_image(self, folder: Path) -> None:
        fill(folder / "big", 3)
        (folder / "link").symlink_to("/usr")
        os.link(folder / "big", folder / "again")
        found = disks.usage(folder)
        assert found.limit_bytes is None
        assert 3 * MIB <= found.used_bytes < 4 * MIB

    @needs_images
    def test_with_an_image(self, folder: Path) -> None:
        disks.ensure(folder, 16 * MIB)
        fill(folder / "big", 3)
        os.sync()
        found = disks.usage(folder)
        assert 3 * MIB <= found.used_bytes < 5 * MIB
        assert found.limit_bytes is not None
        assert 16 * MIB <= found.limit_bytes < 24 * MIB


class TestWatch:
    def test_says_what_is_too_much(self, folder: Path) -> None:
        now = 0.0
        watch = Watch([str(folder)], 2 * MIB, PAUSE, lambda: now)
        fill(folder / "big", 1)
        now += PAUSE
        assert watch.step() is None
        fill(folder / "more", 2)
        assert watch.step() is None, "not yet time to look again"
        now += PAUSE
        assert watch.step() == "it used more disk space than its limit (2 MiB)"

    def test_many_files_are_counted_in_steps(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(disk, "ENTRIES_PER_STEP", 10)
        for number in range(25):
            (folder / str(number)).write_bytes(b"x" * 4096)
        now = PAUSE
        watch = Watch([str(folder)], 24 * 4096, PAUSE, lambda: now)
        watch._next = now
        assert [watch.step() is None for _ in range(3)] == [True, True, False]

    def test_nothing_to_watch(self) -> None:
        assert Watch([], 0, PAUSE).due_in() is None

    def test_hiding_in_the_depth(self, folder: Path) -> None:
        fd = os.open(folder, os.O_RDONLY)
        for _ in range(disk.DEEPEST + 1):
            os.mkdir("d", dir_fd=fd)
            below = os.open("d", os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = below
        os.close(fd)
        with pytest.raises(TooDeep):
            sum(sizes(str(folder)))
        before = len(os.listdir("/proc/self/fd"))
        watch = Watch([str(folder)], 64 * MIB, PAUSE, lambda: 0.0)
        watch._next = 0.0
        assert "nested deeper" in (watch.step() or "")
        assert len(os.listdir("/proc/self/fd")) <= before, "no descriptor is left open"

    def test_link_swapped_in_for_a_folder(self, folder: Path) -> None:
        (folder / "link").symlink_to("/usr", target_is_directory=True)
        assert sum(sizes(str(folder))) < MIB
