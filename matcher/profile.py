"""What a member told us about themselves, both ways: as values that the pairing takes, and as JSON that a row keeps.

Here alone is the JSON spelt, so that a form, an import and a night never read it differently.
"""

from collections.abc import Iterable
from typing import Any

from matcher.pairing.candidate import Wish
from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY, Window


def windows_to_json(windows: Iterable[Window]) -> list[list[int]]:
    """Windows as ``[day, from minute, to minute]``, in their order.

    The day is 0 (Monday) to 6. Both minutes count from that day's midnight, so that a window which runs on into the
    next day ends after minute 1440.
    """
    return [_window_to_json(window) for window in windows]


def windows_from_json(written: Iterable[Iterable[int]]) -> tuple[Window, ...]:
    """The windows that :func:`windows_to_json` wrote."""
    return tuple(_window_from_json(*each) for each in written)


def wishes_to_json(wishes: Iterable[Wish]) -> list[dict[str, Any]]:
    """Wishes as objects with ``trait``, the ``accepted`` values in order of the alphabet, and ``may_ask``."""
    return [{"trait": each.trait, "accepted": sorted(each.accepted), "may_ask": each.may_ask} for each in wishes]


def wishes_from_json(written: Iterable[dict[str, Any]]) -> tuple[Wish, ...]:
    """The wishes that :func:`wishes_to_json` wrote."""
    return tuple(Wish(each["trait"], frozenset(each["accepted"]), each["may_ask"]) for each in written)


def _window_to_json(window: Window) -> list[int]:
    day, start = divmod(window.start, QUARTERS_A_DAY)
    return [day, start * QUARTER_MINUTES, (start + window.end - window.start) * QUARTER_MINUTES]


def _window_from_json(day: int, from_minute: int, to_minute: int) -> Window:
    midnight = day * QUARTERS_A_DAY
    return Window(midnight + from_minute // QUARTER_MINUTES, midnight + to_minute // QUARTER_MINUTES)
