"""Paths of an app that anyone may ask, though the app itself is not public: how they are written, and what they match.

A pattern is a path of plain segments, compared letter by letter: `/health` is that path alone. A last segment `*`
stands for everything below: `/api/public/*` matches `/api/public/`, `/api/public/a/b`, but not `/api/public`.

Apps read paths in their own ways: they decode, fold case, resolve dots, drop parameters. So a request matches only if
there is one way to read its path. Whatever is written oddly does not match, and is asked for like the rest of the app.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MOST_PATHS = 50
LONGEST_PATH = 200

_PATTERN_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*|\.well-known")
_PLAIN_SEGMENT = re.compile(rb"[A-Za-z0-9_~@+,=:!$'()*-][A-Za-z0-9._~@+,=:!$'()*-]*")
_ENCODED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
LAST_ASCII = 127


def path_pattern_problem(pattern: str) -> str | None:
    """Say what is wrong with a pattern, or None.

    >>> path_pattern_problem("/api/public/*"), path_pattern_problem("/health"), path_pattern_problem("/")
    (None, None, None)
    """
    if not pattern.startswith("/"):
        return f'A public path starts with "/", for example "/api/public/*"; "{pattern}" does not.'
    if len(pattern) > LONGEST_PATH:
        return f"This is too long; a public path has at most {LONGEST_PATH} characters."
    if pattern == "/*":
        return 'That would be the whole app. Set its access to "public" instead.'
    *folders, last = pattern[1:].split("/")
    if "*" in "".join(folders) or ("*" in last and last != "*"):
        return f'"*" stands for everything below a path, as its whole last part: "/api/public/*", not "{pattern}".'
    segments = folders if last in ("", "*") else [*folders, last]
    if odd := [segment for segment in segments if not _PATTERN_SEGMENT.fullmatch(segment)]:
        return (
            f'"{odd[0]}" cannot be a part of a public path: letters, digits, "-", "_", "~" and, but not in front, "." '
            "make one up. Nothing is encoded, and no part is empty."
        )
    return None


@dataclass(frozen=True, slots=True)
class PublicPaths:
    """Some patterns. What is not valid among them matches nothing."""

    exact: frozenset[bytes] = frozenset()
    below: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "PublicPaths":
        valid = sorted({pattern for pattern in patterns if path_pattern_problem(pattern) is None})
        return cls(
            frozenset(pattern.encode() for pattern in valid if not pattern.endswith("/*")),
            tuple(pattern[:-1].encode() for pattern in valid if pattern.endswith("/*")),
        )

    def match(self, target: bytes) -> bool:
        """Tell whether a request's target, as it came, is one that anyone may ask.

        >>> paths = PublicPaths.of(["/health", "/api/public/*"])
        >>> [paths.match(target) for target in (b"/health?deep=1", b"/api/public/a/b", b"/api/public/", b"/")]
        [True, True, True, False]
        >>> [paths.match(b"/api/public/" + rest) for rest in (b"../admin", b"%2e%2e/admin", b"/a", b"a;b", b"a%2Fb")]
        [False, False, False, False, False]
        """
        path = target.partition(b"?")[0]
        if path in self.exact:
            return True
        return any(path.startswith(folder) and _is_plain(path[len(folder) :]) for folder in self.below)


def _is_plain(rest: bytes) -> bool:
    """Whether what a `*` stands for can be read in one way only; one trailing slash is no odder than none."""
    segments = rest.split(b"/")
    if segments[-1] == b"":
        segments.pop()
    return all(_is_plain_segment(segment) for segment in segments)


def _is_plain_segment(segment: bytes) -> bool:
    if b"%" in segment:
        texts = [_decoded(run) for run in _ENCODED.findall(segment)]
        if not all(_is_harmless(text) for text in texts):
            return False
        segment = _ENCODED.sub(lambda run: b"." if run[0].startswith(b"%20") else b"x", segment)
    return bool(_PLAIN_SEGMENT.fullmatch(segment))


def _decoded(run: bytes) -> str:
    """Return what was encoded; empty if that is no text."""
    try:
        return unquote_to_bytes(run).decode()
    except UnicodeDecodeError:
        return ""


def _is_harmless(text: str) -> bool:
    """Whether it had to be encoded, and nothing makes ASCII of it: spaces, and letters that stay what they are."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return bool(text) and all(one == " " or (ord(one) > LAST_ASCII and one.isalnum()) for one in text + folded)
