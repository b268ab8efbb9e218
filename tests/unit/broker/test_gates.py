"""Writes and definitions of one database take turns."""

import asyncio

import pytest

from hothouse.broker import gates
from hothouse.broker.gates import Gate, Passage


def _waiter(gate: Gate, passage: Passage) -> asyncio.Task[None]:
    return asyncio.create_task(gate.enter(passage))


async def _settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


class TestGate:
    async def test_writes_go_together(self) -> None:
        gate = Gate()
        assert gate.try_enter(Passage.WRITE)
        assert gate.try_enter(Passage.WRITE)
        assert not gate.try_enter(Passage.DEFINITION)

    async def test_definition_waits_for_writes_and_holds_later_ones(self) -> None:
        gate = Gate()
        await gate.enter(Passage.WRITE)
        definition = _waiter(gate, Passage.DEFINITION)
        await _settle()
        write = _waiter(gate, Passage.WRITE)
        await _settle()
        assert not definition.done()
        assert not write.done(), "it came later"
        gate.leave(Passage.WRITE)
        await definition
        await _settle()
        assert not write.done()
        gate.leave(Passage.DEFINITION)
        await write

    async def test_one_who_gave_up_is_in_nobodys_way(self) -> None:
        gate = Gate()
        await gate.enter(Passage.WRITE)
        definition = _waiter(gate, Passage.DEFINITION)
        await _settle()
        write = _waiter(gate, Passage.WRITE)
        await _settle()
        definition.cancel()
        await write
        assert definition.cancelled()

    async def test_one_who_leaves_at_his_turn_passes_it_on(self) -> None:
        gate = Gate()
        await gate.enter(Passage.DEFINITION)
        first, second = _waiter(gate, Passage.DEFINITION), _waiter(gate, Passage.WRITE)
        await _settle()
        gate.leave(Passage.DEFINITION)
        first.cancel()
        await second

    async def test_patience(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(gates, "PATIENCE_SECONDS", 0.01)
        gate = Gate()
        await gate.enter(Passage.WRITE)
        await gate.enter(Passage.DEFINITION)
        gate.leave(Passage.DEFINITION)
        assert gate.try_enter(Passage.WRITE)
