"""What a secret of a person may be called, and where its file may be put."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from hothouse.kit.variables import PLATFORM_ENV, env_problem

FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
RESERVED = PLATFORM_ENV | {
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "PYTHONHOME",
    "PIP_TARGET",
    "PUBLIC_HOST",
    "BASH_ENV",
    "ENV",
    "IFS",
}
RESERVED_PREFIXES = ("HOTHOUSE_", "LD_", "DYLD_")
"""Of what decides how a workload, or whatever it runs, is started."""
LONGEST_PATH, LONGEST_PART = 512, 255


def name_problem(name: str, *, is_variable: bool) -> str | None:
    """Say what is wrong with the name of a secret, or None."""
    if name in RESERVED or name.upper().startswith(RESERVED_PREFIXES):
        return f'"{name}" is set by the platform; choose another name.'
    if is_variable:
        return env_problem(name)
    if not FILE_NAME.match(name):
        return "Use at most 128 letters, digits, dots, hyphens and underscores; start with no dot and no hyphen."
    return None


def file_problem(path: str) -> str | None:
    """Say what is wrong with the path of a secret's file, or None.

    >>> file_problem(".aws/credentials"), file_problem("../x")
    (None, '"../x" leaves the home folder; write a path inside it, such as .aws/credentials.')
    """
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in path) or not unicodedata.is_normalized("NFC", path):
        return "The path has a character in it that no file name may have here."
    if "\\" in path:
        return "Write the path with forward slashes."
    if path.startswith(("/", "~")):
        return f'"{path}" is absolute; write it from the home folder on, such as .aws/credentials.'
    parts = path.split("/")
    if ".." in parts:
        return f'"{path}" leaves the home folder; write a path inside it, such as .aws/credentials.'
    if "" in parts or "." in parts:
        return f'"{path}" does not name a file; write its path from the home folder on, such as .aws/credentials.'
    if len(path.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_PART for part in parts):
        return f"The path is too long: at most {LONGEST_PATH} bytes, and {LONGEST_PART} between two slashes."
    return None


def folders_of(path: str) -> Iterator[str]:
    """Yield the folders in which a file is.

    >>> list(folders_of("a/b/c"))
    ['a/b', 'a']
    """
    yield from (str(folder) for folder in PurePosixPath(path).parents if str(folder) != ".")
