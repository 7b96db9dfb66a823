"""The figures of a run, and the difference between two runs in people."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import median

from matcher.pairing.assignment import Assignment, Partnership
from matcher.pairing.candidates import Candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a coordinator looks at first. Points are those of pairs and trios; nights are nights waited before.

    ``waiting`` members are ``in_pairs``, ``in_trios`` or ``alone``; partners of an open pair were not waiting.
    """

    waiting: int
    in_pairs: int
    in_trios: int
    alone: int
    coverage: float
    total_points: int
    median_points: float
    worst: Partnership | None
    distribution: Mapping[int, int]
    longest_wait_served_nights: int
    longest_wait_alone_nights: int


STEP_POINTS = 20
"""The width of one bar in the distribution of points."""


def quality(candidates: Candidates, assignment: Assignment) -> Quality:
    """Work out the figures of a run; the distribution counts partnerships by points, in steps of 20, without gaps."""
    points = sorted(found.points for found in assignment.partnerships)
    people = zip(candidates.people, candidates.waiting.tolist(), strict=True)
    nights = {person.id: person.nights_waited for person, waits in people if waits}
    served = [nights[each] for found in assignment.partnerships for each in found.ids if each in nights]
    return Quality(
        waiting=assignment.waiting,
        in_pairs=2 * len(assignment.pairs),
        in_trios=len(served) - 2 * len(assignment.pairs),
        alone=len(assignment.alone),
        coverage=assignment.coverage,
        total_points=assignment.total_points,
        median_points=median(points) if points else 0,
        worst=min(assignment.partnerships, key=lambda found: (found.points, found.ids), default=None),
        distribution=_distribution(points),
        longest_wait_served_nights=max(served, default=0),
        longest_wait_alone_nights=max((each.nights_waited for each in assignment.alone), default=0),
    )


def _distribution(points: list[int]) -> Mapping[int, int]:
    """How many partnerships start at each step, from the lowest to the highest that occurs; ``points`` are sorted."""
    if not points:
        return {}
    steps = {step: len(list(group)) for step, group in groupby(points, key=lambda each: each // STEP_POINTS)}
    return {step * STEP_POINTS: steps.get(step, 0) for step in range(min(steps), max(steps) + 1)}


class Turn(StrEnum):
    """What another run would mean to one member."""

    GAINS = "gains a partner"
    LOSES = "loses a partner"
    STAYS_ALONE = "stays alone"
    OTHER_PARTNER = "gets another partner"
    SAME = "keeps the partner"
    COMES = "is only in the second run"
    GOES = "is only in the first run"


def difference(first: Assignment, second: Assignment) -> Mapping[Turn, tuple[str, ...]]:
    """Compare two runs in people: who gains, who loses, who stays alone. Every member stands at exactly one turn."""
    before, after = _partners(first), _partners(second)
    turns = {each: _turn(before.get(each), after.get(each)) for each in sorted(before | after)}
    return {turn: tuple(each for each, found in turns.items() if found is turn) for turn in Turn}


def _partners(assignment: Assignment) -> dict[str, frozenset[str]]:
    """Everybody's partners, nobody for who is alone."""
    partners = {each: frozenset(found.ids) - {each} for found in assignment.partnerships for each in found.ids}
    return partners | {each.id: frozenset[str]() for each in assignment.alone}


def _turn(before: frozenset[str] | None, after: frozenset[str] | None) -> Turn:
    if before is None or after is None:
        return Turn.COMES if before is None else Turn.GOES
    if before == after:
        return Turn.SAME if before else Turn.STAYS_ALONE
    if not before:
        return Turn.GAINS
    return Turn.OTHER_PARTNER if after else Turn.LOSES
