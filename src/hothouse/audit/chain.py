"""The chain of entries: how an entry is hashed and sealed, and how a chain is checked. Needs no database.

The hash of an entry is the SHA-256 of its canonical JSON (sorted keys, no spaces), which holds the hash of the entry
before. Its seal is the HMAC of that hash under the installation's key, so that nobody who can write to the database,
but not read the key, can compute a chain of their own.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

GENESIS = "0" * 64
PRUNE = "audit.prune"
"""Action of the entry that says which entries were removed because the time to keep them had passed."""
OUTSIDE = ("hash", "seal")
MOST_FAULTS = 100


def canonical(entry: Mapping[str, Any]) -> str:
    """Return the text that is hashed."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def seal_of(key: bytes, digest: str) -> str:
    return hmac.new(key, digest.encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it was kept: at which place, with which text, hash and seal."""

    seq: int
    text: str
    hash: str
    seal: str

    @classmethod
    def of_line(cls, line: str) -> Self:
        """Read a line of an export. Raises: `ValueError` for one that is none."""
        entry = json.loads(line)
        if not isinstance(entry, dict) or not isinstance(entry.get("seq"), int):
            raise ValueError("no entry of an audit record")  # noqa: TRY004 -- as json.loads does, which the caller catches
        text = canonical({key: value for key, value in entry.items() if key not in OUTSIDE})
        return cls(entry["seq"], text, str(entry.get("hash")), str(entry.get("seal")))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the chain, and at which entry."""

    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Entries that are not there; `prev` is the hash that the entry after them says theirs is."""

    first: int
    last: int
    prev: str | None


@dataclass(slots=True)
class Verifier:
    """Takes the entries of a chain in their order and names each that is not as it was written.

    Without a `key` seals are not checked. A `is_whole` chain begins with its first entry, or with a record of what was
    removed before; an export may begin anywhere.
    """

    key: bytes | None = None
    is_whole: bool = True
    entries: int = 0
    first: int | None = None
    last: Link | None = None
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pruned: Mapping[str, Any] | None = None

    def take(self, link: Link) -> None:
        """Check the next entry."""
        entry = self._read(link)
        self.entries += 1
        if self.last is not None and link.seq <= self.last.seq:
            self.fault(link.seq, f"comes after entry {self.last.seq}: the order was changed, or it is there twice")
            return
        is_as_written = self._check_self(link, entry)
        self._check_place(link, str(entry.get("prev")) if is_as_written else None)
        self.first = link.seq if self.first is None else self.first
        self.last = link

    def finish(self, head_seq: int = 0, head_hash: str | None = None) -> list[Fault]:
        """Return everything that is wrong; `head_seq` and `head_hash` are what is known of the newest entry."""
        last, digest = (self.last.seq, self.last.hash) if self.last else (0, GENESIS)
        if head_seq > last:
            self.fault(last + 1, f"entries {last + 1} to {head_seq} are missing at the end")
        elif head_hash is not None and head_seq == last and digest != head_hash:
            self.fault(last, "is not the entry that was written last")
        for gap in self.gaps:
            self._judge(gap)
        return sorted(self.faults, key=lambda fault: fault.seq)

    def _read(self, link: Link) -> dict[str, Any]:
        try:
            entry = json.loads(link.text)
        except ValueError:
            return {}
        return entry if isinstance(entry, dict) else {}

    def _check_place(self, link: Link, prev: str | None) -> None:
        expected = self.last.seq + 1 if self.last else 1
        if link.seq > expected and (self.last is not None or self.is_whole):
            self._note_gap(Gap(expected, link.seq - 1, prev))
        elif link.seq == expected and prev is not None and prev != (self.last.hash if self.last else GENESIS):
            self.fault(link.seq, f"does not follow entry {link.seq - 1}: one of the two was replaced")

    def _check_self(self, link: Link, entry: Mapping[str, Any]) -> bool:
        """Tell whether an entry is what its hash says; only then it can be asked what it follows."""
        if hash_of(link.text) != link.hash or entry.get("seq") != link.seq:
            self.fault(link.seq, "was altered: its hash is not that of its content")
            return False
        if self.key is not None and not hmac.compare_digest(seal_of(self.key, link.hash), link.seal):
            self.fault(link.seq, "was not written by this installation: its seal is wrong")
        elif entry.get("action") == PRUNE and entry.get("result") == "done":
            self.pruned = entry.get("after") or {}
        return True

    def _note_gap(self, gap: Gap) -> None:
        """Keep the first gaps and the last: where any is a fault, the last one is."""
        if len(self.gaps) == MOST_FAULTS:
            self.gaps.pop()
        self.gaps.append(gap)

    def _judge(self, gap: Gap) -> None:
        """Take a gap for a fault unless a later entry says that these were removed in due time."""
        pruned = self.pruned or {}
        through = int(pruned.get("through_seq", 0))
        if gap.last > through:
            missing = f"entry {gap.first} is" if gap.first == gap.last else f"entries {gap.first} to {gap.last} are"
            self.fault(gap.first, f"{missing} missing")
        elif gap.last == through and gap.prev != pruned.get("through_hash"):
            self.fault(gap.last + 1, "does not follow the entries that were removed: it was replaced")

    def fault(self, seq: int, message: str) -> None:
        """Note what is wrong with an entry."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(seq, message))
