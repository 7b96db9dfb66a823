"""Ready-made people for the tests: say what matters to the test, the rest is there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from matcher.pairing import Candidate, Candidates, Goal, Policy, Window
from matcher.vocabulary import DAYS

MONDAY = date(2026, 1, 12)
"""An ordinary Monday: with the default policy no clock in Europe changes in the first ten weeks of its term."""
DEFAULTS = Policy()


def hours(text: str) -> tuple[Window, ...]:
    """Windows as a person writes them: ``hours("Mon 18:00-20:30; Sat 22:00-01:00")``; an end may be 24:00."""
    return tuple(_window(part.strip()) for part in text.split(";") if part.strip())


def _window(text: str) -> Window:
    day, _, times = text.partition(" ")
    start, end = (_quarter(each) for each in times.split("-"))
    return Window(DAYS.index(day) * 96 + start, DAYS.index(day) * 96 + (end if end > start else end + 96))


def _quarter(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 4 + int(minute) // 15


def make_candidate(id: str = "ada", **changes: Any) -> Candidate:
    """A ready candidate in London who speaks English, works on one goal and is free on Monday evening."""
    ready: dict[str, Any] = {
        "zone": "Europe/London",
        "languages": frozenset({"English"}),
        "goals": frozenset({Goal("python")}),
        "windows": hours("Mon 18:00-20:00"),
    }
    return Candidate(id=id, **ready | changes)


def make_pool(
    people: Iterable[Candidate | str], policy: Policy = DEFAULTS, on: date = MONDAY, **known: Any
) -> Candidates:
    """A pool of candidates, or of ready ones by their ids; ``known`` are relations, together and open_pairs."""
    ready = (make_candidate(person) if isinstance(person, str) else person for person in people)
    return Candidates.of(ready, policy, on, **known)
