"""What is to be recorded, before it has a place in the chain."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from math import isfinite
from typing import Any, Self

from hothouse.audit.chain import canonical, hash_of, seal_of
from hothouse.audit.schemas import Result
from hothouse.database.connection import Document
from hothouse.kit.ids import new_id
from hothouse.kit.trail import Thing, Trail, Who

LONGEST = 500
MOST_VALUES = 200
PLATFORM = Who(name="Hothouse", via="platform")


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing that was done, is being done, or was refused."""

    action: str
    result: Result = "done"
    who: Who = PLATFORM
    about: tuple[Thing, ...] = ()
    status: int | None = None
    reason: str | None = None
    address: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    began_at: datetime | None = None
    id: str = field(default_factory=new_id)

    def told_by(self, trail: Trail) -> Self:
        """Return the draft with what a request's trail says."""
        about = (*self.about, *(thing for thing in trail.about if thing not in self.about))
        return replace(self, who=trail.who, about=about, before=dict(trail.before), after=dict(trail.after))

    def entry(self, seq: int, prev: str, at: datetime, key: bytes) -> Document:
        """Return the document of the entry at a place in the chain."""
        text = canonical({**self._content(), "seq": seq, "prev": prev, "at": at.isoformat()})
        digest = hash_of(text)
        return {
            "_id": self.id,
            "seq": seq,
            "at": at,
            "text": text,
            "hash": digest,
            "seal": seal_of(key, digest),
            **self.found_by(),
        }

    def found_by(self) -> Document:
        """Return the fields by which entries are searched; what they say is in the text as well."""
        names = [name for thing in self.about for name in (thing.id, thing.name) if name]
        kinds = [f"{thing.kind}:{name}" for thing in self.about for name in (thing.id, thing.name) if name]
        return {
            "who": [
                one for who in (self.who, self.who.impersonator) if who for one in (who.id, who.email.lower()) if one
            ],
            "action": self.action,
            "result": self.result,
            "about": list(dict.fromkeys([*kinds, *names])),
        }

    def stored(self) -> Document:
        """Return the draft as it is kept while what it says is being done."""
        return {"_id": self.id, "at": self.began_at, "text": canonical(self._content())}

    def _content(self) -> dict[str, Any]:
        return {
            "v": 1,
            "id": self.id,
            "who": _written(self.who),
            "action": self.action,
            "about": [asdict(thing) for thing in self.about],
            "result": self.result,
            "status": self.status,
            "reason": clipped(self.reason),
            "address": self.address[:100],
            "before": clipped(self.before) or None,
            "after": clipped(self.after) or None,
            "began_at": self.began_at.isoformat() if self.began_at and self.result == "unknown" else None,
        }


def restored(content: Mapping[str, Any], began_at: datetime, **more: Any) -> Draft:
    """Return the draft that was stored."""
    return Draft(
        id=content["id"],
        who=_read(content["who"]),
        action=content["action"],
        about=tuple(Thing(**thing) for thing in content["about"]),
        address=content["address"],
        began_at=began_at,
        **more,
    )


def _written(who: Who) -> dict[str, Any]:
    written = asdict(who)
    if who.impersonator is None:
        del written["impersonator"]
    else:
        del written["impersonator"]["impersonator"]
    return written


def _read(written: Mapping[str, Any]) -> Who:
    by = written.get("impersonator")
    return Who(**{**written, "impersonator": Who(**by) if by else None})


def clipped(value: Any) -> Any:
    """Return a JSON value short enough to keep for years."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, Mapping):
        return {str(key)[:LONGEST]: clipped(one) for key, one in list(value.items())[:MOST_VALUES]}
    if isinstance(value, list | tuple | set | frozenset):
        return [clipped(one) for one in list(value)[:MOST_VALUES]]
    if isinstance(value, datetime):
        return value.isoformat()
    is_json = value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value))
    return value if is_json else str(value)
