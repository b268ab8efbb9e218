"""Copies a tree of files; runs by itself in a sandbox, as the user whose files they are, with nothing of the platform.

    python copying.py <from> <to> <most bytes>

Links are copied as the links they are and never followed; of files and folders the mode and the time are kept. Devices,
pipes, sockets and what lies too deep are left out, with a line each. Files with several names become several files.
What went wrong is said in the last line, and the exit code is 1.
"""

import os
import stat
import sys
import time
from typing import NamedTuple

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
MAX_DEPTH = 200
MOST_NOTES = 1_000
PIECE = 2**20
TELL_SECONDS = 1.0


class TooMuch(Exception):
    """There is more than may be copied."""


class Place(NamedTuple):
    """What is copied: from one open folder to another, under the same name."""

    source: int
    target: int
    name: bytes
    path: bytes


class Copy:
    """One copy, and how far it is."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = self.files = self.notes = 0
        self.told = time.monotonic()

    def note(self, path: bytes, why: str) -> None:
        self.notes += 1
        if self.notes <= MOST_NOTES:
            print(f"Left out: {os.fsdecode(path)!a} {why}", flush=True)

    def tell(self, *, now: bool = False) -> None:
        if now or time.monotonic() - self.told > TELL_SECONDS:
            self.told = time.monotonic()
            print(f"{self.files:,} files, {self.bytes / 2**20:,.1f} MiB copied", flush=True)

    def count(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.most_bytes:
            raise TooMuch
        self.tell()

    def folder(self, source: int, target: int, path: bytes, depth: int) -> None:
        """Copy what is in an open folder into another one."""
        for entry in os.scandir(source):
            name = os.fsencode(entry.name)
            inner = path + b"/" + name if path else name
            try:
                about = os.stat(name, dir_fd=source, follow_symlinks=False)
                self.one(Place(source, target, name, inner), about, depth)
            except FileNotFoundError:
                continue
            except PermissionError:
                self.note(inner, "cannot be read")

    def one(self, place: Place, about: os.stat_result, depth: int) -> None:
        if stat.S_ISLNK(about.st_mode):
            os.symlink(os.readlink(place.name, dir_fd=place.source), place.name, dir_fd=place.target)
        elif stat.S_ISDIR(about.st_mode):
            if depth >= MAX_DEPTH:
                self.note(place.path, "lies too deep")
                return
            self.inner_folder(place, about, depth)
        elif stat.S_ISREG(about.st_mode):
            self.file(place, about)
        else:
            self.note(place.path, "is a device, pipe or socket")
            return
        self.files += 1
        self.count(0)

    def inner_folder(self, place: Place, about: os.stat_result, depth: int) -> None:
        inside = os.open(place.name, FOLDER, dir_fd=place.source)
        try:
            os.mkdir(place.name, 0o700, dir_fd=place.target)
            made = os.open(place.name, FOLDER, dir_fd=place.target)
            try:
                self.folder(inside, made, place.path, depth + 1)
                keep(made, about)
            finally:
                os.close(made)
        finally:
            os.close(inside)

    def file(self, place: Place, about: os.stat_result) -> None:
        inside = os.open(place.name, READ, dir_fd=place.source)
        try:
            made = os.open(place.name, WRITE, 0o600, dir_fd=place.target)
            try:
                left = about.st_size  # one that grows without end is cut
                while left > 0 and (piece := os.read(inside, min(PIECE, left))):
                    left -= len(piece)
                    while piece:
                        piece = piece[os.write(made, piece) :]
                    self.count(0)
                self.count(os.fstat(made).st_blocks * 512)
                keep(made, about)
            finally:
                os.close(made)
        finally:
            os.close(inside)


def keep(descriptor: int, about: os.stat_result) -> None:
    """Give mode and time of the original; what would run as somebody else, does not."""
    os.fchmod(descriptor, stat.S_IMODE(about.st_mode) & 0o777)
    os.utime(descriptor, ns=(about.st_atime_ns, about.st_mtime_ns))


def main(source_path: str, target_path: str, most_bytes: str) -> int:
    """Copy; return the exit code."""
    sys.setrecursionlimit(10_000)
    copy = Copy(int(most_bytes))
    source = os.open(source_path, FOLDER)
    target = os.open(target_path, FOLDER)
    try:
        copy.folder(source, target, b"", 0)
        keep(target, os.fstat(source))
    except TooMuch:
        return fail(f"there is more than {copy.most_bytes / 2**20:,.0f} MiB, which is all that is left of the quota")
    except OSError as error:
        return fail((error.strerror or "the system refused").lower())
    copy.tell(now=True)
    if copy.notes > MOST_NOTES:
        print(f"{copy.notes:,} things were left out in all.", flush=True)
    return 0


def fail(why: str) -> int:
    print(f"Not copied: {why}.", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
