"""Find the id of a cursor in a reply while it is being passed on."""

import struct

from hothouse.broker.wire import BODY_AT, value_end

_int32 = struct.Struct("<i").unpack_from
_int64 = struct.Struct("<q").unpack_from
_DOCUMENT, _INT64 = 3, 18


class CursorScan:
    """Find `cursor.id` in a reply that arrives in pieces, without holding on to the batch in front of it."""

    __slots__ = ("_at", "_base", "_kept", "_nested", "cursor_id", "has_cursor", "is_done")

    _LONGEST_KEY = 256

    def __init__(self) -> None:
        self._at = BODY_AT + 4
        self._base = 0
        self._kept = b""
        self._nested = False
        self.is_done = False
        self.has_cursor = False
        self.cursor_id = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the frame; `cursor_id` is valid once `is_done`."""
        if self.is_done or (not self._base and self._feed_usual(chunk)):
            return
        if self._at >= self._base + len(self._kept) + len(chunk):
            self._base += len(self._kept) + len(chunk)
            self._kept = b""
            return
        data = self._kept + chunk if self._kept else chunk
        at = self._at - self._base
        try:
            while not self.is_done:
                at = self._step(data, at)
                self._at = self._base + at
        except (IndexError, struct.error):
            pass
        except ValueError:
            self.is_done = len(data) - at > self._LONGEST_KEY
        at = min(at, len(data))
        self._kept = data[at:]
        self._base += at

    def _feed_usual(self, chunk: bytes) -> bool:
        """Take the short way through a reply that is laid out as servers do."""
        if chunk[25:33] != b"\x03cursor\x00" or chunk[43:49] != b"Batch\x00":
            return False
        at = 49 + _int32(chunk, 49)[0]
        if chunk[at : at + 4] != b"\x12id\x00" or len(chunk) < at + 12:
            return False
        self.cursor_id = _int64(chunk, at + 4)[0]
        self.is_done = self.has_cursor = True
        return True

    def _step(self, data: bytes, at: int) -> int:
        """Pass over one field, or into the cursor; return where the next one begins."""
        kind = data[at]
        if not kind:
            self.is_done = True
            return at
        key_end = data.index(0, at + 1)
        key = data[at + 1 : key_end]
        if self._nested and key == b"id" and kind == _INT64:
            self.cursor_id = _int64(data, key_end + 1)[0]
            self.is_done = self.has_cursor = True
            return key_end + 9
        if not self._nested and key == b"cursor" and kind == _DOCUMENT:
            self._nested = True
            return key_end + 5
        return value_end(data, kind, key_end + 1)
