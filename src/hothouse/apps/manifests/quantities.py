"""Sizes as people write them (`512MiB`) and as programs need them (bytes)."""

import re
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {
    "": 1,
    "b": 1,
    "k": 10**3,
    "kb": 10**3,
    "ki": 2**10,
    "kib": 2**10,
    "m": 10**6,
    "mb": 10**6,
    "mi": 2**20,
    "mib": 2**20,
    "g": 10**9,
    "gb": 10**9,
    "gi": 2**30,
    "gib": 2**30,
    "t": 10**12,
    "tb": 10**12,
    "ti": 2**40,
    "tib": 2**40,
}
_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]{0,3})\s*\Z", re.ASCII)
_EXACT = (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def parse_size(value: object) -> int:
    """Read a size in bytes from a whole number or from text such as `512MiB`, `2 GB` or `1.5GiB`.

    Raises: ValueError with a sentence for the author of the manifest.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('Write a size such as "512MiB" or a whole number of bytes.')  # noqa: TRY004 -- pydantic reports ValueError
    if isinstance(value, int):
        size = value
    else:
        match = _SIZE.match(value)
        unit = _UNITS.get(match[2].lower()) if match else None
        if match is None or unit is None:
            raise ValueError(f'"{value}" is not a size; write for example "512MiB", "2GiB" or a whole number of bytes.')
        size = round(float(match[1]) * unit) if "." in match[1] else int(match[1]) * unit
    if size <= 0:
        raise ValueError("A size has to be more than zero.")
    return size


def format_size(size: int) -> str | int:
    """Write a size with the largest binary unit that is exact, or as plain bytes.

    >>> format_size(536870912), format_size(1000)
    ('512MiB', 1000)
    """
    for name, unit in _EXACT:
        if size % unit == 0:
            return f"{size // unit}{name}"
    return size


_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*([kKmMgGtT]([iI]?[bB]?)|[bB])?\s*$"},
        {"type": "integer", "minimum": 1},
    ]
}

ByteSize = Annotated[int, BeforeValidator(parse_size), PlainSerializer(format_size), WithJsonSchema(_SCHEMA)]
