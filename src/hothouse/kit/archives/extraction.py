"""Unpacking: all of a checked archive, or nothing."""

import os
import secrets
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from hothouse.kit.archives.reading import DEFAULT_LIMITS, Entry, Limits, Listing, opened, pieces

_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def extract(path: Path, target: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Unpack an archive into a folder that does not exist yet; it appears complete or not at all.

    Files get mode 0644, or 0755 where the archive marks them executable; folders 0755.

    Raises: ArchiveRefused; FileExistsError when `target` exists.
    """
    if target.is_symlink() or target.exists():
        raise FileExistsError(f"{target} exists already; extract into a new folder.")
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(6)}.partial")
    try:
        with opened(path, limits) as (archive, listing):
            _unpack(archive, listing, unfinished)
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _unpack(archive: zipfile.ZipFile, listing: Listing, root: Path) -> None:
    root.mkdir(mode=0o755)
    root.chmod(0o755)
    parents = (str(parent) for entry in listing.files for parent in PurePosixPath(entry.path).parents)
    for folder in sorted({*_with_parents(listing.folders), *parents} - {"."}):
        (root / folder).mkdir()
        (root / folder).chmod(0o755)
    for entry in listing.files:
        _write(archive, entry, root / entry.path)


def _with_parents(folders: tuple[str, ...]) -> set[str]:
    return {str(path) for folder in folders for path in (PurePosixPath(folder), *PurePosixPath(folder).parents)}


def _write(archive: zipfile.ZipFile, entry: Entry, target: Path) -> None:
    mode = 0o755 if entry.is_executable else 0o644
    descriptor = os.open(target, _FILE_FLAGS, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        for piece in pieces(archive, entry):
            file.write(piece)
