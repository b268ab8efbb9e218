"""Zip archives from strangers: checked before anything is written, unpacked whole or not at all, made canonical."""

from hothouse.kit.archives.digests import ArchiveInfo, FileInfo, content_digest, inspect
from hothouse.kit.archives.errors import ArchiveRefused
from hothouse.kit.archives.extraction import extract
from hothouse.kit.archives.reading import DEFAULT_LIMITS, Limits
from hothouse.kit.archives.writing import normalise, pack

__all__ = [
    "DEFAULT_LIMITS",
    "ArchiveInfo",
    "ArchiveRefused",
    "FileInfo",
    "Limits",
    "content_digest",
    "extract",
    "inspect",
    "normalise",
    "pack",
]
