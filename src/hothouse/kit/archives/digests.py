"""What is inside an archive, and one digest for it that no zip metadata can change."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hothouse.kit.archives.reading import DEFAULT_LIMITS, Entry, Limits, opened, pieces


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file: its path, size in bytes, whether it may be executed, sha256 of its content."""

    path: str
    size: int
    is_executable: bool
    digest: str


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """The files of an archive sorted by path, their total size, and the digest of the content."""

    files: tuple[FileInfo, ...]
    total: int
    digest: str


def summarise(files: Iterable[FileInfo]) -> ArchiveInfo:
    """Sort files and compute what they are together."""
    ordered = tuple(sorted(files, key=lambda file: file.path.encode()))
    return ArchiveInfo(ordered, sum(file.size for file in ordered), content_digest(ordered))


def content_digest(files: Iterable[FileInfo]) -> str:
    """Digest (hex sha256) sorted paths, executable bits and contents; folders, times and packing do not count."""
    lines = sorted(f"{file.path}\n{'x' if file.is_executable else '-'} {file.digest}\n".encode() for file in files)
    return hashlib.sha256(b"".join(lines)).hexdigest()


def inspect(path: Path, limits: Limits = DEFAULT_LIMITS) -> ArchiveInfo:
    """Check a whole archive, content included, without writing anything.

    Raises: ArchiveRefused naming the first entry that is not acceptable.
    """
    with opened(path, limits) as (archive, listing):
        return summarise(file_info(entry, digest_of(pieces(archive, entry))) for entry in listing.files)


def digest_of(content: Iterable[bytes]) -> str:
    """Digest content that comes in pieces."""
    digest = hashlib.sha256()
    for piece in content:
        digest.update(piece)
    return digest.hexdigest()


def file_info(entry: Entry, digest: str, path: str | None = None) -> FileInfo:
    """Describe an entry, under another path where it was moved."""
    return FileInfo(path or entry.path, entry.size, entry.is_executable, digest)
