"""Reading a long sorted list piece by piece from a server that reads all that matches before it limits.

The embedded server does; an index helps it only where the query says how far to read. How far that is, is known from
the pages that were read before.
"""

from bisect import bisect_left, bisect_right


class Fences:
    """Keys of a list at which pages ended. Any will do: they say how much is read at a time, never what is found."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def put(self, key: str) -> None:
        """Take note of a key where a full page ended."""
        at = bisect_left(self._keys, key)
        if self._keys[at : at + 1] != [key]:
            self._keys.insert(at, key)

    def beyond(self, key: str | None, count: int = 1) -> str | None:
        """Return the fence so many fences behind a key, or behind the beginning; None where none is left.

        >>> fences = Fences()
        >>> for key in ("m", "c", "h"):
        ...     fences.put(key)
        >>> fences.beyond(None), fences.beyond("c"), fences.beyond("d", 2), fences.beyond("h", 9), fences.beyond("m")
        ('c', 'h', 'm', 'm', None)
        """
        behind = self._keys[bisect_right(self._keys, key) if key is not None else 0 :]
        return behind[min(count, len(behind)) - 1] if behind else None
