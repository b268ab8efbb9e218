"""Frames, documents and replies, taken apart and changed."""

import uuid

import bson
import pytest
from bson import Binary, Int64, Timestamp
from hypothesis import given
from hypothesis import strategies as st

from hothouse.broker import wire
from hothouse.broker.cursors import CursorScan
from hothouse.broker.errors import MalformedMessageError, RefusedError
from hothouse.broker.framing import MAX_HANDSHAKE_BYTES, FrameAssembler

SESSION = {"id": Binary.from_uuid(uuid.UUID(int=5))}
TIME = {"clusterTime": Timestamp(9, 9), "signature": {"hash": b"h" * 20, "keyId": Int64(1)}}
FIND = {"find": "a", "filter": {"x": 1}, "lsid": SESSION, "$clusterTime": TIME, "$db": "hh_a"}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc$.", max_size=5), inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(st.text("abcdef", min_size=1, max_size=5), values, min_size=1, max_size=6)


class TestParse:
    @given(documents)
    def test_finds_each_field_as_the_decoder_does(self, document: dict[str, object]) -> None:
        message = wire.parse(wire.encode_message(document))
        assert [key.decode() for key in message.elements] == list(document)
        assert message.name == next(iter(document))
        assert message.decode() == bson.decode(bson.encode(document))
        for key, element in message.elements.items():
            alone = bytes([element.type]) + key + b"\x00" + message.frame[element.start : element.end] + b"\x00"
            again = bson.decode((len(alone) + 4).to_bytes(4, "little") + alone)
            assert again[key.decode()] == message.decode()[key.decode()]

    @given(st.binary(max_size=200))
    def test_garbage_is_only_ever_refused(self, garbage: bytes) -> None:
        frame = (16 + len(garbage)).to_bytes(4, "little") + bytes(8) + wire.OP_MSG.to_bytes(4, "little") + garbage
        try:
            message = wire.parse(frame)
            message.decode()
        except (MalformedMessageError, RefusedError):
            return
        assert message.elements

    @given(st.data())
    def test_a_changed_byte_is_only_ever_refused(self, data: st.DataObject) -> None:
        frame = bytearray(wire.encode_message(FIND))
        frame[data.draw(st.integers(16, len(frame) - 1))] = data.draw(st.integers(0, 255))
        try:
            wire.parse(bytes(frame)).decode()
        except (MalformedMessageError, RefusedError):
            return


class TestRewrite:
    def test_swaps_the_session_and_drops_cluster_time_and_checksum(self) -> None:
        plain = wire.encode_message(FIND)
        frame = bytearray(plain + b"\x01\x02\x03\x04")
        frame[:4] = len(frame).to_bytes(4, "little")
        frame[16] |= wire.CHECKSUM_PRESENT
        message = wire.parse(bytes(frame))
        at = plain.index(uuid.UUID(int=5).bytes)
        changed = bytes(wire.rewrite(message, session_at=at, session_id=b"n" * 16, cuts=list(wire.cut_time(message))))
        assert int.from_bytes(changed[:4], "little") == len(changed)
        again = wire.parse(changed)
        assert not again.flags
        expected = {key: value for key, value in FIND.items() if key != "$clusterTime"}
        assert again.decode() == {**expected, "lsid": {"id": Binary(b"n" * 16, 4)}}

    def test_nothing_to_change_sends_the_same_bytes(self) -> None:
        frame = wire.encode_message({"find": "a", "$db": "x"})
        assert wire.rewrite(wire.parse(frame), session_at=None, session_id=b"") is frame


class TestCursorScan:
    REPLIES = (
        ({"cursor": {"firstBatch": [{"a": 1}] * 50, "id": Int64(77), "ns": "a.b"}, "ok": 1.0}, 77),
        (
            {"cursor": {"nextBatch": [], "postBatchResumeToken": {"_data": "x"}, "id": Int64(0), "ns": "a"}, "ok": 1.0},
            0,
        ),
        ({"ok": 1.0, "cursor": {"id": Int64(-5), "ns": "a", "firstBatch": []}}, -5),
        ({"ok": 0.0, "errmsg": "no", "code": 13}, None),
        ({"nErrors": 0, "cursor": {"ns": "x", "partial": "y" * 300, "id": Int64(2**60)}, "ok": 1.0}, 2**60),
    )

    @pytest.mark.parametrize(("reply", "expected"), REPLIES)
    @pytest.mark.parametrize("piece", [1, 3, 20, 64, 100_000])
    def test_in_pieces(self, reply: dict[str, object], expected: int | None, piece: int) -> None:
        frame = wire.encode_message(reply)
        scan = CursorScan()
        for at in range(0, len(frame), piece):
            scan.feed(frame[at : at + piece])
        assert (scan.cursor_id if scan.has_cursor else None) == expected


class TestFrameAssembler:
    @given(st.lists(documents, min_size=1, max_size=5), st.integers(1, 200))
    def test_puts_pieces_together(self, sent: list[dict[str, object]], piece: int) -> None:
        frames = [wire.encode_message(document) for document in sent]
        stream = b"".join(frames)
        assembler = FrameAssembler()
        for at in range(0, len(stream), piece):
            assembler.feed(stream[at : at + piece])
        assert assembler.held_bytes == len(stream)
        assert list(assembler.frames) == frames
        assembler.frames.clear()
        assert assembler.held_bytes == 0

    def test_refuses_a_length_before_reading_it(self) -> None:
        header = (MAX_HANDSHAKE_BYTES + 1).to_bytes(4, "little") + bytes(8) + wire.OP_MSG.to_bytes(4, "little")
        with pytest.raises(MalformedMessageError, match="are allowed"):
            FrameAssembler().feed(header)
