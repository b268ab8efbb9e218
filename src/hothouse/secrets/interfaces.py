"""What whoever keeps sealed values gives, so that the keys can be changed."""

from dataclasses import dataclass, field
from typing import Protocol

from hothouse.kit.sealing import KeyRing


@dataclass(slots=True)
class Resealed:
    """How many values were sealed anew, and the places of those that could not be."""

    count: int = 0
    unreadable: list[str] = field(default_factory=list)


class Sealed(Protocol):
    """One kind of sealed values."""

    async def reseal(self, ring: KeyRing) -> Resealed:
        """Seal with the present key whatever is not, without undoing what is changed meanwhile. Safe to repeat.

        A value that is changed meanwhile may be left out: this is called until there is nothing left to do.
        """
        ...
