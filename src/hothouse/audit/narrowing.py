"""How a search goes through the record: window by window, each found by the condition that seems to leave least.

The embedded server reads everything that matches before it limits, and everything that one condition matches as soon as
there are two. So windows are narrow where much is found in them, and only the rarest condition is left to an index.
"""

from typing import Any

from hothouse.database.connection import Document

BY_INDEX = ("about", "who", "action", "result")
"""Conditions that an index serves, the one that usually leaves least first."""
FIRST_WINDOW, WIDEST_WINDOW, WIDER = 200, 20_000, 4


class Narrowing:
    """Says how many places to look at next, and by which condition; learns from what was found there."""

    def __init__(self, only: Document) -> None:
        self.width = FIRST_WINDOW
        self._only = only
        self._rates = {key: 0.0 for key in BY_INDEX if key in only}
        self._is_known = len(only) < 2

    @property
    def query(self) -> Document:
        """The condition to leave to an index; none in the first window if there are several: it shows which is rare."""
        rarest = min(self._rates, key=self._rates.__getitem__, default=None) if self._is_known else None
        return {rarest: self._only[rarest]} if rarest else {}

    def learn(self, found: list[Document], width: int) -> list[Document]:
        """Take note of what the query found in so many places, and return what meets all conditions."""
        for key in self.query or self._rates:
            self._rates[key] = sum(_has(entry[key], self._only[key]) for entry in found) / width
        self._is_known = True
        meant = [entry for entry in found if all(_has(entry[key], value) for key, value in self._only.items())]
        if len(meant) < FIRST_WINDOW / WIDER:
            self.width = min(self.width * WIDER, WIDEST_WINDOW)
        return meant


def _has(field: Any, value: Any) -> bool:
    return value in field if isinstance(field, list) else bool(field == value)
