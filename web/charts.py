"""Small pictures of numbers, as geometry that a template draws. A table beside each holds the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

WIDTH, HEIGHT = 320, 150
SIDE, TOP, BOTTOM = 14, 20, 22  # room for half a number at either end, a count above a bar, numbers below
MOST_BARS = 8
GAP = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """How many values lie from `least` to `most`, both included, and where the bar stands in the picture."""

    least: int
    most: int
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where the count stands above the bar."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A number below the ground, at the edge of a bar."""

    x: float
    value: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How integers spread: the bars of equal width, and the least, middle and highest value."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    least: int
    middle: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - BOTTOM


def distribution(values: Sequence[int]) -> Distribution | None:
    """Draw at most eight bars, from round numbers to round numbers; without values there is nothing to draw."""
    if not values:
        return None
    ordered = sorted(values)
    step = round_step(ordered[0], ordered[-1])
    starts = range(ordered[0] // step * step, ordered[-1] + 1, step)
    counts = [sum(start <= value < start + step for value in ordered) for start in starts]
    bars = tuple(bar(place, start, step, counts) for place, start in enumerate(starts))
    slot = (WIDTH - 2 * SIDE) / len(bars)
    edges = [*starts, starts[-1] + step]
    ticks = tuple(Tick(round(SIDE + place * slot, 1), value) for place, value in enumerate(edges))
    return Distribution(bars, ticks, ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1])


def bar(place: int, start: int, step: int, counts: Sequence[int]) -> Bar:
    """One bar of the row; somebody is always visible, even beside many."""
    slot = (WIDTH - 2 * SIDE) / len(counts)
    room = HEIGHT - TOP - BOTTOM
    height = max(round(room * counts[place] / max(counts), 1), 2.0) if counts[place] else 0.0
    return Bar(
        least=start,
        most=start + step - 1,
        count=counts[place],
        x=round(SIDE + place * slot + GAP / 2, 1),
        y=round(TOP + room - height, 1),
        width=round(slot - GAP, 1),
        height=height,
    )


def round_step(least: int, most: int) -> int:
    """The smallest of 5, 10, 20, 50, 100, … that needs no more than eight bars."""
    steps = (first * 10**power for power in count() for first in (5, 10, 20))
    return next(step for step in steps if most // step - least // step < MOST_BARS)
