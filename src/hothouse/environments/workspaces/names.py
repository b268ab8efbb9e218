"""Paths and names as the API has them. A file system allows any bytes but `/` and NUL, and not all of them are text.

A path in the API is percent-encoded as in addresses, so that every file can be named: `caf%C3%A9/a%0Ab.txt`. Names that
are shown have no characters that could disturb a page or mislead its reader.
"""

import unicodedata
from urllib.parse import quote_from_bytes, unquote_to_bytes

from hothouse.environments.workspaces.errors import PathRefused
from hothouse.kit.beneath import check

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def decode(path: str, pointer: str = "/path") -> bytes:
    """Return the bytes of a path of the API; empty is the workspace itself. Raises: `PathRefused`.

    >>> decode("a%20b/caf%C3%A9"), decode("")
    (b'a b/caf\\xc3\\xa9', b'')
    """
    try:
        return check(unquote_to_bytes(path))
    except (ValueError, UnicodeEncodeError) as error:
        why = str(error) if not isinstance(error, UnicodeEncodeError) else "A path is UTF-8, percent-encoded."
        raise PathRefused(why, pointer) from error


def decode_some(path: str, pointer: str = "/path") -> bytes:
    """Return the bytes of a path that is not the workspace itself. Raises: `PathRefused`."""
    if not (decoded := decode(path, pointer)):
        raise PathRefused("Name a file or folder in the workspace.", pointer)
    return decoded


def encode(path: bytes) -> str:
    """Return a path as the API gives it.

    >>> encode(b"a b/\\xff")
    'a%20b/%FF'
    """
    return quote_from_bytes(path, safe="/")


def shown(path: bytes) -> str:
    """Return a name, or path, to be read by people; what cannot be seen is written out.

    >>> shown(b"a\\nb"), shown(b"caf\\xc3\\xa9 \\xff"), shown("x\\u202egnp.exe".encode())
    ('a\\\\x0ab', 'café \\\\xff', 'x\\\\u202egnp.exe')
    """
    text = path.decode("utf-8", "backslashreplace")
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
