"""Bars for an inline SVG: only arithmetic here, the template draws them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A bar in the units of its chart, with what to say about it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True)
class Chart:
    """Bars, the size of the drawing, and grid lines as (y, value)."""

    width: int
    height: int
    bars: list[Bar]
    lines: list[tuple[float, int]]


def bars(values: list[int], labels: list[str], *, width: int = 720, height: int = 180) -> Chart:
    """Lay out one bar for each value.

    >>> chart = bars([1, 2], ["Mon", "Tue"], width=100, height=50)
    >>> [(bar.x, bar.height) for bar in chart.bars]
    [(7.5, 25.0), (57.5, 50.0)]
    """
    highest = nice_ceiling(max(values, default=0))
    step = width / max(len(values), 1)
    laid = [
        Bar(
            x=round(index * step + step * 0.15, 2),
            y=round(height * (1 - value / highest), 2),
            width=round(step * 0.7, 2),
            height=round(height * value / highest, 2),
            label=label,
            value=value,
        )
        for index, (value, label) in enumerate(zip(values, labels, strict=True))
    ]
    lines = [(0.0, highest), (height / 2, highest // 2)] if highest % 2 == 0 else [(0.0, highest)]
    return Chart(width, height, laid, lines)


def nice_ceiling(value: int) -> int:
    """Return the next number that looks well at the top of an axis.

    >>> [nice_ceiling(value) for value in (0, 2, 3, 11, 180)]
    [2, 2, 4, 20, 200]
    """
    magnitude = 1
    while True:
        for factor in (2, 4, 6, 10):
            if value <= factor * magnitude:
                return factor * magnitude
        magnitude *= 10
