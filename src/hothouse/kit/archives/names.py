"""Which names an archive may hold, and when two of them are the same file somewhere."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from hothouse.kit.archives.errors import ArchiveRefused

_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_PART_BYTES = 255
_MAX_PATH_BYTES = 1024


def safe_path(name: str) -> str:
    """Turn the name of an entry into a clean relative path; `"."` for the root folder itself.

    Raises: ArchiveRefused when it is absolute, leaves the folder, or no portable name.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise ArchiveRefused("the name contains a control character.", name)
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        raise ArchiveRefused("the path is absolute; archives hold relative paths only.", name)
    if "\\" in name:
        raise ArchiveRefused("the path contains a backslash; archives use forward slashes.", name)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ArchiveRefused('the path leaves the archive\'s folder by "..".', name)
    if len(name.encode()) > _MAX_PATH_BYTES or any(len(part.encode()) > _MAX_PART_BYTES for part in parts):
        raise ArchiveRefused("the path is too long.", name)
    return "/".join(parts) or "."


def same_file_key(path: str) -> str:
    """Reduce a path so that names which meet on some file system (case, Unicode form) become equal."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def refuse_collisions(files: Iterable[str], folders: Iterable[str]) -> None:
    """Check that no two files are the same and none is also a folder.

    Raises: ArchiveRefused naming the second of the two.
    """
    seen: dict[str, str] = {}
    for path in files:
        key = same_file_key(path)
        if key in seen:
            raise ArchiveRefused(f'the archive holds this file twice (also as "{seen[key]}").', path)
        seen[key] = path
    parents = {str(parent) for path in seen.values() for parent in PurePosixPath(path).parents}
    for folder in sorted({*folders, *parents} - {"."}):
        if same_file_key(folder) in seen:
            raise ArchiveRefused("the archive holds this name as a file and as a folder.", folder)
