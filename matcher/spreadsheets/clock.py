"""Hours of one day as people write them: ``18:00-20:30``, ``6-8pm``, ``7.30am to noon``, ``22-1``.

Hours without am or pm are those of a 24-hour clock. Where only one of two has am or pm, the other is the one that
makes the shorter window: 6-8pm lasts two hours. An end at or before its start lies in the night that follows, if the
window starts at 17:00 or later and lasts at most twelve hours. Times are narrowed to whole quarter-hours.
"""

import re

from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY
from matcher.spreadsheets.cells import CellError, not_understood, quoted

Quarters = tuple[int, int]
"""A start and an end in quarter-hours since midnight; an end after 96 lies in the night that follows."""

CLOCK = r"(?:\d{1,2}(?:[:.h]\d{2}|h)?(?:\s*[ap]\.?m\b\.?)?|noon\b|midnight\b)"
TO = r"\s*(?:-|–|—|−|\bto\b|\buntil\b|\btill\b)\s*"

DAY_MINUTES = 24 * 60
HALF_DAY_MINUTES = 12 * 60
NIGHT_FROM_MINUTES = 17 * 60

_INSTEAD = '24-hour times, for example "18:00-20:30"'


def quarters_in(text: str) -> Quarters:
    """Read hours such as ``6-8pm`` as the whole quarter-hours inside them."""
    start, end = _minutes(text)
    if end <= start:
        if start < NIGHT_FROM_MINUTES or _length(start, end) > HALF_DAY_MINUTES:
            where = "where" if end == start else "before"
            raise CellError(f"{quoted(text)} ends {where} it starts; write {_INSTEAD}")
        end += DAY_MINUTES
    first, last = -(-start // QUARTER_MINUTES), end // QUARTER_MINUTES
    if first >= last:
        raise CellError(f"{quoted(text)} holds no whole quarter-hour such as 18:00-18:15; write {_INSTEAD}")
    return first, last


def on_the_other_half(time: Quarters, part: Quarters) -> bool:
    """Whether hours lie outside of a part of the day, and would meet it on the other half of a 12-hour clock."""
    return not _meet(time, part) and _meet(half_a_day_later(time), part)


def half_a_day_later(time: Quarters) -> Quarters:
    """The same hours read as pm instead of am."""
    return time[0] + QUARTERS_A_DAY // 2, time[1] + QUARTERS_A_DAY // 2


def written(time: Quarters) -> str:
    """The hours as a person writes them, such as ``18:00-20:00``."""
    return "-".join(f"{quarter // 4:02d}:{quarter % 4 * QUARTER_MINUTES:02d}" for quarter in time)


def _meet(time: Quarters, part: Quarters) -> bool:
    return time[0] < part[1] and part[0] < time[1]


def _minutes(text: str) -> tuple[int, int]:
    """The start and the end in minutes, not judging yet whether one comes after the other."""
    first, last = re.split(TO, text, flags=re.IGNORECASE)
    one_is_told = _half(first) != _half(last)
    starts = _readings(text, first, either=one_is_told)
    ends = [(end or DAY_MINUTES) if _half(last) else end for end in _readings(text, last, either=one_is_told)]
    if DAY_MINUTES in starts:
        raise not_understood(text, _INSTEAD)
    return min(((start, end) for start in starts for end in ends), key=lambda time: _length(*time))


def _length(start: int, end: int) -> int:
    return (end - start) % DAY_MINUTES or DAY_MINUTES


def _half(clock: str) -> bool:
    """Whether a time says which half of the day it means."""
    return clock.casefold() in ("noon", "midnight") or clock.casefold().rstrip(".").endswith("m")


def _readings(text: str, clock: str, either: bool) -> list[int]:
    """Minutes since midnight: one reading, or two for a small hour (not 08:00) whose half the other time tells."""
    if clock.casefold() in ("noon", "midnight"):
        return [HALF_DAY_MINUTES if clock.casefold() == "noon" else 0]
    hour, minute = [*map(int, re.findall(r"\d+", clock)), 0][:2]
    half = "".join(set("apAP") & set(clock)).casefold()
    if minute > 59 or hour * 60 + minute > DAY_MINUTES or (half and not 1 <= hour <= 12):
        raise not_understood(text, _INSTEAD)
    morning = hour % 12 * 60 + minute
    if half:
        return [morning + (HALF_DAY_MINUTES if half == "p" else 0)]
    if either and 1 <= hour <= 12 and not clock.startswith("0"):
        return [morning, morning + HALF_DAY_MINUTES]
    return [hour * 60 + minute]
