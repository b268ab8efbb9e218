"""Indexes of older manifests, brought into today's form."""

from typing import Any

from pydantic import ValidationError

from hothouse.apps.manifests.data import Index
from hothouse.apps.manifests.proposing.report import Remark
from hothouse.apps.manifests.sentences import pointer

_OPTIONS = {
    "unique": "unique",
    "sparse": "sparse",
    "expireAfterSeconds": "expire_after_seconds",
    "partialFilterExpression": "partial_filter",
    "weights": "weights",
    "default_language": "default_language",
}
_NEEDLESS = frozenset({"background", "name"})


def import_indexes(collections: Any) -> tuple[dict[str, list[dict[str, Any]]], list[Remark]]:
    """Map `managed_indexes`; what cannot be mapped is reported and left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    remarks: list[Remark] = []
    for collection, indexes in collections.items() if isinstance(collections, dict) else ():
        for old in indexes if isinstance(indexes, list) else ():
            index, lost = _import_index(old)
            where = pointer(["data", "indexes", collection])
            if index is None:
                remarks.append(Remark("dropped", where, f"An index could not be read: {lost}"))
                continue
            found.setdefault(str(collection), []).append(index)
            if lost:
                remarks.append(Remark("dropped", where, f'Options of index "{index.get("name", "")}": {lost}.'))
        if found.get(str(collection)):
            count = len(found[str(collection)])
            remarks.append(
                Remark(
                    "mapped",
                    pointer(["data", "indexes", collection]),
                    f"{count} {'index is' if count == 1 else 'indexes are'} kept.",
                )
            )
    return found, remarks


def _import_index(old: Any) -> tuple[dict[str, Any] | None, str]:
    """Give today's form and what was lost of it, or None and the reason."""
    if not isinstance(old, dict):
        return None, "it is not an object."
    given = old.get("options")
    options: dict[str, Any] = given if isinstance(given, dict) else {}
    kind = old.get("type", "regular")
    index = {new: options[name] for name, new in _OPTIONS.items() if name in options}
    index |= {key: old[key] for key in ("name", "keys", "definition") if old.get(key) is not None}
    if kind in ("search", "vectorSearch"):
        index["type"] = kind
    try:
        clean = Index.model_validate(index)
    except ValidationError as error:
        return None, " ".join(details["msg"] for details in error.errors())
    lost = sorted(set(options) - set(_OPTIONS) - _NEEDLESS)
    return clean.model_dump(mode="json", exclude_defaults=True), ", ".join(lost)
