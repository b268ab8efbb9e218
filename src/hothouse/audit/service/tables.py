"""Entries as rows of a table that spreadsheets read."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from hothouse.audit.schemas import AuditEntry, AuditThing

COLUMNS = ("number", "at", "name", "email", "via", "address", "action", "about", "result", "status", "reason")
VALUES = ("before", "after")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, also where somebody chose it for a name."""


def heading() -> str:
    """Return the names of the columns."""
    return _line([*COLUMNS, *VALUES])


def row_of(entry: AuditEntry) -> str:
    """Return an entry as a row; what was changed is in it as JSON."""
    who, about = entry.who, " ".join(_thing(one) for one in entry.about)
    told = (entry.action, about, entry.result, entry.status, entry.reason)
    changed = [_json(getattr(entry, name)) for name in VALUES]
    return _line([entry.seq, entry.at.isoformat(), who.name, who.email, who.via, entry.address, *told, *changed])


def _thing(thing: AuditThing) -> str:
    return f"{thing.kind}:{thing.name or thing.id}"


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
