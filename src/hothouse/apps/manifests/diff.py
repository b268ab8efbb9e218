"""One agreed way to write a manifest down, and what changed between two of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hothouse.apps.manifests.model import Manifest
from hothouse.apps.manifests.sentences import pointer

Op = Literal["add", "remove", "replace"]
_ORDERED_LISTS = frozenset({"/entry"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` is None for an addition, `after` for a removal."""

    op: Op
    pointer: str
    before: Any
    after: Any


def canonical(manifest: Manifest) -> dict[str, Any]:
    """Write out every field, defaults included, in one order; manifests that mean the same give the same dict."""
    return manifest.model_dump(mode="json", by_alias=True, exclude={"schema_uri"})


def compact(manifest: Manifest) -> dict[str, Any]:
    """Write the manifest as a person would: required fields, and others only where they differ from the default."""
    return manifest.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def diff(before: Manifest, after: Manifest) -> list[Change]:
    """List what changed between two manifests, in the order of the fields."""
    return list(_compare(canonical(before), canonical(after), ()))


def _compare(before: Any, after: Any, path: tuple[object, ...]) -> Iterator[Change]:
    where = pointer(path)
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _compare_member(before, after, key, path)
    elif _is_set(before) and _is_set(after) and where not in _ORDERED_LISTS:
        yield from (Change("remove", f"{where}/{i}", item, None) for i, item in enumerate(before) if item not in after)
        yield from (Change("add", f"{where}/{i}", None, item) for i, item in enumerate(after) if item not in before)
    else:
        op: Op = "add" if before is None else "remove" if after is None else "replace"
        yield Change(op, where, before, after)


def _compare_member(before: Any, after: Any, key: str, path: tuple[object, ...]) -> Iterator[Change]:
    if key not in after:
        yield Change("remove", pointer((*path, key)), before[key], None)
    elif key not in before:
        yield Change("add", pointer((*path, key)), None, after[key])
    else:
        yield from _compare(before[key], after[key], (*path, key))


def _is_set(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
