"""Making archives that depend on nothing but the content: no times, no owners, no order of the disk."""

import os
import secrets
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from hothouse.kit.archives.digests import ArchiveInfo, FileInfo, digest_of, file_info, summarise
from hothouse.kit.archives.errors import ArchiveRefused
from hothouse.kit.archives.ignoring import IGNORE_FILE, IgnorePatterns, environments, is_junk, is_within
from hothouse.kit.archives.names import refuse_collisions, safe_path
from hothouse.kit.archives.reading import DEFAULT_LIMITS, PIECE, Entry, Limits, opened, pieces

_EPOCH = (1980, 1, 1, 0, 0, 0)


def normalise(source: Path, target: Path, limits: Limits = DEFAULT_LIMITS) -> ArchiveInfo:
    """Rewrite a stranger's zip as the canonical one of its content.

    Files that tools leave behind are dropped, and so is a single folder around everything. The same content gives
    the same archive. `target` appears complete or not at all; an existing one is replaced.

    Raises: ArchiveRefused, also when no file is left.
    """
    with opened(source, limits) as (archive, listing), _writer(target) as output:
        kept = _without_junk(listing.files)
        if not kept:
            raise ArchiveRefused("the archive holds no files.")
        cut = len(_common_folder([entry.path for entry in kept]))
        files = []
        for entry in sorted(kept, key=lambda entry: entry.path.encode()):
            path = entry.path[cut:]
            digest = _add(output, path, entry.is_executable, pieces(archive, entry))
            files.append(file_info(entry, digest, path))
    return summarise(files)


def pack(folder: Path, target: Path, limits: Limits = DEFAULT_LIMITS) -> ArchiveInfo:
    """Pack a folder as a canonical zip, leaving out what `.hothouseignore` names and what tools leave behind.

    Raises: ArchiveRefused for links and special files (name them in `.hothouseignore` to leave them out), for
    unreadable files, and when a limit is passed; NotADirectoryError.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder.")
    ignored = folder / IGNORE_FILE
    patterns = IgnorePatterns(ignored.read_text("utf-8").splitlines() if ignored.is_file() else [])
    paths = sorted(_walk(folder, "", patterns, target.resolve()), key=str.encode)
    if not paths:
        raise ArchiveRefused(f"{folder} holds no files to deploy.")
    if len(paths) > limits.files:
        raise ArchiveRefused(f"the folder holds {len(paths):,} files; {limits.files:,} are allowed. Use {IGNORE_FILE}.")
    refuse_collisions(paths, ())
    with _writer(target) as output:
        info = summarise(_pack_file(output, folder, path) for path in paths)
        if info.total > limits.total_bytes:
            raise ArchiveRefused(
                f"the folder has {info.total / 2**20:,.0f} MiB; {limits.total_bytes / 2**20:,.0f} MiB are allowed."
            )
    return info


def _without_junk(entries: Iterable[Entry]) -> list[Entry]:
    kept = [entry for entry in entries if not is_junk(entry.path)]
    inside = environments(entry.path for entry in kept)
    return [entry for entry in kept if not is_within(entry.path, inside)]


def _common_folder(paths: list[str]) -> str:
    """The single folder around all paths, with its slash, or nothing."""
    top, slash, _ = paths[0].partition("/")
    prefix = top + slash
    return prefix if slash and all(path.startswith(prefix) for path in paths) else ""


@contextmanager
def _writer(target: Path) -> Iterator[zipfile.ZipFile]:
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(6)}.partial")
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as output:
            yield output
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _add(output: zipfile.ZipFile, path: str, is_executable: bool, content: Iterable[bytes]) -> str:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.create_system = 3
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | (0o755 if is_executable else 0o644)) << 16
    with output.open(info, "w") as file:
        return digest_of(_copied(content, file))


def _copied(content: Iterable[bytes], file: IO[bytes]) -> Iterator[bytes]:
    for piece in content:
        file.write(piece)
        yield piece


def _walk(folder: Path, prefix: str, patterns: IgnorePatterns, skipped: Path) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise ArchiveRefused(f"the folder cannot be read: {error.strerror}.", prefix or str(folder)) from error
    is_environment = bool(prefix) and any(entry.name == "pyvenv.cfg" for entry in entries)
    for entry in [] if is_environment else entries:
        path = prefix + entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_junk(path) or patterns.ignores(path, is_folder) or Path(entry.path).absolute() == skipped:
            continue
        if is_folder:
            yield from _walk(Path(entry.path), f"{path}/", patterns, skipped)
        elif entry.is_file(follow_symlinks=False):
            yield safe_path(path)
        else:
            what = "a link" if entry.is_symlink() else "a device, socket or pipe"
            raise ArchiveRefused(f"this is {what}, which cannot be deployed; name it in {IGNORE_FILE}.", path)


def _pack_file(output: zipfile.ZipFile, folder: Path, path: str) -> FileInfo:
    try:
        descriptor = os.open(folder / PurePosixPath(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            is_executable = bool(os.fstat(file.fileno()).st_mode & 0o111)
            digest = _add(output, path, is_executable, iter(lambda: file.read(PIECE), b""))
            return FileInfo(path, file.tell(), is_executable, digest)
    except OSError as error:
        raise ArchiveRefused(f"the file cannot be read: {error.strerror}.", path) from error
