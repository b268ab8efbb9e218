"""Measure in turns, so that what else the machine does falls on every way alike."""

import time
from dataclasses import dataclass
from statistics import median

from work import Row, Way

COMPARED = 3
"""The first three ways take part in every round; further ones sit out when they have taken their time for the row."""


@dataclass(frozen=True)
class Measured:
    """Medians of one way for one row: its rate, and its share of the direct rate of the same round."""

    rate: float
    ratio: float


async def measure(row: Row, ways: dict[str, Way], rounds: int, seconds: float) -> dict[str, Measured]:
    """Return what was measured by way. The first way is what the others are compared with."""
    first, *_ = names = list(ways)
    seconds = max(seconds, row.least_seconds)
    left = dict.fromkeys(names[COMPARED:], rounds * seconds)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    await ways[first].rate(row, seconds)
    for number in range(rounds):
        rates: dict[str, float] = {}
        for name in names if number % 2 else reversed(names):
            begin = time.perf_counter()
            rate = None if left.get(name, 1) <= 0 else await ways[name].rate(row, seconds)
            if name in left:
                left[name] -= time.perf_counter() - begin
            if rate is not None:
                rates[name] = rate
        for name, rate in rates.items():
            found[name].append((rate, rate / rates[first]))
    for way in ways.values():
        await way.tidy()
    return {
        name: Measured(median(rate for rate, _ in each), median(ratio for _, ratio in each))
        for name, each in found.items()
        if each
    }
