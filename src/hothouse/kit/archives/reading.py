"""Reading a zip that a stranger made: everything is checked before anything is written.

Declared sizes are only a first filter; what is really unpacked is counted, in pieces, and has to match.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hothouse.kit.archives.errors import ArchiveRefused
from hothouse.kit.archives.names import refuse_collisions, safe_path

PIECE = 256 * 1024
_NOT_A_ZIP = "this is not a zip archive, or it is damaged."
_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LOCAL_HEADER_BYTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may hold. Ratios below `ratio_from_bytes` of content are not judged."""

    compressed_bytes: int = 100 * 10**6
    total_bytes: int = 1024 * 2**20
    files: int = 10_000
    ratio: int = 200
    ratio_from_bytes: int = 2**20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a checked archive. `path` is clean and relative."""

    path: str
    size: int
    is_executable: bool
    info: zipfile.ZipInfo


@dataclass(frozen=True, slots=True)
class Listing:
    """The checked table of contents: files in the archive's order, and the folders it names."""

    files: tuple[Entry, ...]
    folders: tuple[str, ...]


@contextmanager
def opened(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[zipfile.ZipFile, Listing]]:
    """Open an archive whose table of contents has passed every check.

    Raises: ArchiveRefused, also for damage that shows only while entries are read.
    """
    size = path.stat().st_size
    if size > limits.compressed_bytes:
        raise ArchiveRefused(f"the archive is {size / 1e6:.0f} MB; {limits.compressed_bytes / 1e6:.0f} MB are allowed.")
    try:
        with path.open("rb") as file:
            _check_directory_size(file, size, limits)
            with zipfile.ZipFile(file) as archive:
                yield archive, _listing(archive.infolist(), size, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, UnicodeDecodeError) as error:
        raise ArchiveRefused(_NOT_A_ZIP) from error


def pieces(archive: zipfile.ZipFile, entry: Entry) -> Iterator[bytes]:
    """Unpack one file piece by piece.

    Raises: ArchiveRefused when its content does not have the declared size or checksum.
    """
    read = 0
    try:
        with archive.open(entry.info) as source:
            while piece := source.read(PIECE):
                read += len(piece)
                if read > entry.size:
                    raise ArchiveRefused("the file is larger than the archive says.", entry.path)
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError) as error:
        raise ArchiveRefused("the file is damaged (its checksum or its header does not match).", entry.path) from error
    if read != entry.size:
        raise ArchiveRefused("the file is smaller than the archive says; the archive is damaged.", entry.path)


def _check_directory_size(file: BinaryIO, size: int, limits: Limits) -> None:
    """Refuse a table of contents too large to read, before `zipfile` reads all of it into memory."""
    tail_bytes = min(size, 65_535 + _END_RECORD.size + _LOCATOR_64.size + _END_RECORD_64.size)
    file.seek(size - tail_bytes)
    tail = file.read(tail_bytes)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + _END_RECORD.size > len(tail):
        raise ArchiveRefused(_NOT_A_ZIP)
    count, directory_bytes = _END_RECORD.unpack_from(tail, end)[4:6]
    record = end - _LOCATOR_64.size - _END_RECORD_64.size
    if record >= 0 and tail[end - _LOCATOR_64.size :].startswith(b"PK\x06\x07"):
        count, directory_bytes = _END_RECORD_64.unpack_from(tail, record)[7:9]
    if count > limits.files * 2 or directory_bytes > limits.files * 1024:
        raise _too_many(count, limits)
    file.seek(0)


def _too_many(count: int, limits: Limits) -> ArchiveRefused:
    return ArchiveRefused(
        f"the archive holds {count:,} files; {limits.files:,} are allowed. "
        "Leave out folders such as node_modules and virtual environments."
    )


def _listing(infos: list[zipfile.ZipInfo], archive_bytes: int, limits: Limits) -> Listing:
    folders = tuple(_check_folder(info) for info in infos if info.orig_filename.endswith("/"))
    files = tuple(_check_file(info, limits) for info in infos if not info.orig_filename.endswith("/"))
    if len(files) > limits.files or len(infos) > limits.files * 2:
        raise _too_many(len(infos), limits)
    total = sum(entry.size for entry in files)
    if total > limits.total_bytes:
        raise ArchiveRefused(
            f"unpacked, the archive has {total / 2**20:,.0f} MiB; {limits.total_bytes / 2**20:,.0f} MiB are allowed."
        )
    _check_overlap(infos, archive_bytes)
    refuse_collisions((entry.path for entry in files), folders)
    return Listing(files, folders)


def _check_common(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    path = safe_path(name)
    if info.flag_bits & 0x41:
        raise ArchiveRefused("the file is encrypted; make the archive without a password.", name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ArchiveRefused("this is a link; archives hold plain files only.", name)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveRefused("this is a device, socket or pipe; archives hold plain files only.", name)
    return path


def _check_folder(info: zipfile.ZipInfo) -> str:
    path = _check_common(info)
    if info.file_size:
        raise ArchiveRefused("a folder with content of its own; the archive is damaged.", info.orig_filename)
    return path


def _check_file(info: zipfile.ZipInfo, limits: Limits) -> Entry:
    path, name = _check_common(info), info.orig_filename
    mode = info.external_attr >> 16
    if path == "." or stat.S_ISDIR(mode):
        raise ArchiveRefused("this is named as a file but marked as a folder.", name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveRefused("the file is packed by an unusual method; use the ordinary one (deflate).", name)
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise ArchiveRefused(
            f"the file unpacks to more than {limits.ratio} times its packed size, as archive bombs do.", name
        )
    return Entry(path, info.file_size, bool(mode & 0o111), info)


def _check_overlap(infos: list[zipfile.ZipInfo], archive_bytes: int) -> None:
    """Refuse entries that share packed bytes, by which a small archive can unpack to any size."""
    end, previous = 0, ""
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveRefused(f'the file shares its content with "{previous}", as archive bombs do.', info.filename)
        end, previous = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size, info.filename
    if end > archive_bytes:
        raise ArchiveRefused(_NOT_A_ZIP)
