"""Availability as 672 quarter-hours: local wall time on one side, UTC on the other, and the time two people share.

A week starts on Monday at 00:00. Windows are written in local wall time; every UTC quarter-hour of a real week of the
term looks up the wall clock of the member's zone at that instant. So a clock change never shifts anybody's evening: an
hour that the change skips is nobody's, an hour that it repeats is free twice, and Sunday runs on into Monday: into
the Monday of the same week, as if it came again (where a clock changes that Sunday, a meeting over its midnight may be
an hour off).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from matcher.vocabulary import DAYS

QUARTER_MINUTES = 15
QUARTERS_A_DAY = 96
QUARTERS = 7 * QUARTERS_A_DAY
WEEK_BYTES = QUARTERS // 8

Bits = NDArray[np.uint8]
Quarters = NDArray[np.int16]
Counts = NDArray[np.int32]
States = NDArray[np.intp]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of local wall time, in quarter-hours since Monday 00:00; ``end`` may pass 672 and wraps to Monday."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a window that is empty, or longer than a week."""
        if not (0 <= self.start < QUARTERS and self.start < self.end <= self.start + QUARTERS):
            raise ValueError(f"a window runs from 0 to 671 and lasts up to a week, not {self.start} to {self.end}")

    def __str__(self) -> str:
        """The window as a person writes it, such as ``Mon 18:00-20:30``; a last quarter-hour ends at 24:00.

        From a whole day on, the clock alone no longer says where it ends: ``Mon 18:00-Wed 20:30``.
        """
        day, start = divmod(self.start, QUARTERS_A_DAY)
        days_later, end = divmod(self.end - 1 - day * QUARTERS_A_DAY, QUARTERS_A_DAY)
        last_day = f"{DAYS[(day + days_later) % 7]} " if days_later and self.end - self.start >= QUARTERS_A_DAY else ""
        return f"{DAYS[day]} {_clock(start)}-{last_day}{_clock(end + 1)}"


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * QUARTER_MINUTES:02d}"


def local_quarters(windows: Iterable[Window]) -> NDArray[np.bool_]:
    """Mark the quarter-hours of local wall time that the windows cover: bool[672]."""
    free = np.zeros(QUARTERS, dtype=np.bool_)
    for window in windows:
        free[np.arange(window.start, window.end) % QUARTERS] = True
    return free


def windows_of(free: NDArray[np.bool_]) -> tuple[Window, ...]:
    """Write bool[672] as windows, the inverse of :func:`local_quarters`; a stretch over Sunday night is one window."""
    if free.all():
        return (Window(0, QUARTERS),)
    starts = np.flatnonzero(free & ~np.roll(free, 1))
    ends = np.flatnonzero(free & ~np.roll(free, -1)) + 1
    if len(starts) and ends[0] <= starts[0]:
        ends = np.append(ends[1:], ends[0] + QUARTERS)
    return tuple(Window(int(start), int(end)) for start, end in zip(starts, ends, strict=True))


def term_mondays(on: date, weeks: int) -> tuple[date, ...]:
    """The Mondays of a term that is paired on a date; whoever starts on Thursday or later begins with the next week."""
    monday = on - timedelta(days=on.weekday())
    first = monday if on.weekday() < DAYS.index("Thu") else monday + timedelta(weeks=1)
    return tuple(first + timedelta(weeks=week) for week in range(weeks))


def wall_clocks(zones: Sequence[str], mondays: Sequence[date]) -> Quarters:
    """What the wall clocks show in each *distinct* week: int16[weeks, zones, 672], UTC quarter -> local quarter.

    Weeks in which every zone keeps the same clock count once, so a term has one week plus one or two for each clock
    change of a zone in use. Cost: 672 look-ups for a zone and week with a change in it, eight for any other.
    """
    every = np.array([[_wall_clock(zone, monday) for zone in zones] for monday in mondays], dtype=np.int16)
    every = every.reshape(len(mondays), len(zones), QUARTERS)
    first_of_its_kind: dict[bytes, int] = {}
    for week, clocks in enumerate(every):
        first_of_its_kind.setdefault(clocks.tobytes(), week)
    return every[list(first_of_its_kind.values())]


@cache
def _wall_clock(zone: str, monday: date) -> Quarters:
    """One zone in one UTC week: int16[672], the local quarter-hour shown at each UTC quarter-hour."""
    midnight = datetime.combine(monday, time(), UTC)
    days = {_offset_quarters(zone, midnight + timedelta(days=day)) for day in range(8)}
    if len(days) == 1:
        offsets = np.full(QUARTERS, days.pop())
    else:
        step = timedelta(minutes=QUARTER_MINUTES)
        offsets = np.array([_offset_quarters(zone, midnight + step * quarter) for quarter in range(QUARTERS)])
    shown: Quarters = ((np.arange(QUARTERS) + offsets) % QUARTERS).astype(np.int16)
    return shown


def _offset_quarters(zone: str, instant: datetime) -> int:
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return (local - instant) // timedelta(minutes=QUARTER_MINUTES)


def utc_bits(local: NDArray[np.bool_], clocks: Quarters) -> Bits:
    """Turn bool[672] of local time into packed UTC bits, uint8[weeks, 84], by one zone's clock, int16[weeks, 672]."""
    return np.packbits(local[clocks], axis=-1)


def local_hours(bits: Bits, clocks: Quarters) -> tuple[Window, ...]:
    """Windows of one zone's local time that are free in *every* week: bits uint8[weeks, 84], clocks int16[weeks, 672].

    This is what a person is told, in their own clock. An hour that a clock change skips in one week does not hide the
    hour of all the other weeks.
    """
    free = np.ones(QUARTERS, dtype=np.bool_)
    for week, clock in zip(np.unpackbits(bits, axis=-1).astype(np.bool_), clocks, strict=True):
        free[clock[~week]] = False
    shown = np.zeros(QUARTERS, dtype=np.bool_)
    shown[clocks.ravel()] = True
    return windows_of(free & shown)


def common_blocks(rows: Bits, columns: Bits, block_quarters: int) -> Counts:
    """Count the meetings that fit into the common time: int32[rows, columns], the smallest over the weeks.

    ``rows`` is uint8[weeks, rows, 84] and ``columns`` uint8[weeks, columns, 84]. A meeting is a block of
    ``block_quarters`` quarter-hours in one unbroken stretch, and no two share a quarter-hour; a stretch may run from
    Sunday into Monday. Cost: 84 table look-ups for each pair and week.
    """
    fewest: Counts = blocks_in(rows[:, :, None] & columns[:, None], block_quarters).min(axis=0)
    return fewest


def blocks_in(bits: Bits, block_quarters: int) -> Counts:
    """Count whole blocks in packed weeks, uint8[..., 84] -> int32[...], stretch by stretch, the week as a circle."""
    flat = bits.reshape(-1, WEEK_BYTES)
    carried: States = np.zeros(len(flat), dtype=np.intp)
    circling = np.flatnonzero((flat[:, 0] >> 7) & flat[:, -1] & 1)
    carried[circling] = _scan(flat[circling], carried[circling], block_quarters)[1]
    blocks, _ = _scan(flat, carried, block_quarters)
    counted: Counts = np.minimum(blocks, QUARTERS // block_quarters).reshape(bits.shape[:-1])
    return counted


def _scan(flat: Bits, carried: States, block_quarters: int) -> tuple[Counts, States]:
    """Read packed weeks byte by byte; the state is how far the running stretch has come towards its next block."""
    found, following = _automaton(block_quarters)
    blocks = np.zeros(len(flat), dtype=np.int32)
    stopped = np.zeros_like(carried)
    hours = np.ascontiguousarray(flat.T)
    is_used: NDArray[np.bool_] = np.logical_or.reduce(hours, axis=1)
    for byte, anybody in zip(hours, is_used, strict=True):
        if not anybody:  # every stretch ends here; most of a small pool's week is like this
            carried = stopped
            continue
        step = carried * 256 + byte
        blocks += found[step]
        carried = following[step]
    return blocks, carried


@cache
def _automaton(block_quarters: int) -> tuple[NDArray[np.int8], States]:
    """For each state and byte, at state * 256 + byte: how many blocks end inside the byte, and the state after it."""
    found = np.zeros(block_quarters * 256, dtype=np.int8)
    following = np.zeros(block_quarters * 256, dtype=np.intp)
    for step in range(block_quarters * 256):
        run, byte = divmod(step, 256)
        for bit in range(7, -1, -1):
            run = run + 1 if byte >> bit & 1 else 0
            if run == block_quarters:
                found[step] += 1
                run = 0
        following[step] = run
    return found, following
