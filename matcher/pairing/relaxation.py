"""The single changes that advice may suggest to somebody who is alone, and the partners each would bring."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.candidates import Candidates
from matcher.pairing.facing import Facing
from matcher.pairing.forest import bits_of
from matcher.pairing.policy import Policy
from matcher.pairing.shortlist import weigh
from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY, Window, local_quarters, utc_bits
from matcher.vocabulary import DAYS, PARTS_OF_DAY, Barrier

OPEN_TO_CHANGE = Barrier.TOO_LITTLE_COMMON_TIME | Barrier.OUTSIDE_WISHES | Barrier.BELOW_FLOOR
"""Barriers that one person could lift. Languages and what happened between two people are not among them."""

COMMON_FROM = 5
"""How many people have a goal area that may be named to somebody who is not their partner."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, the members who would be possible partners only with it, as bits, and a sentence to the person."""

    partners: int
    sentence: str


Variant = tuple[str, Callable[[Candidates, int], None]]
"""A sentence, and how to write the change into one row of a small pool of copies."""


def changes(candidates: Candidates, policy: Policy, row: int, others: NDArray[np.int64]) -> Iterator[Change]:
    """Every change that would bring a member somebody new: hours first, the part of the week that brings most first.

    Nothing here touches a wish that the member did not open. Cost: one comparison of about thirty copies of the
    member, each with one change, with those others whom a change could reach.
    """
    flags = weigh(Facing(candidates, policy, np.array([row]), others))[0][0]
    near = others[((flags & ~np.uint16(OPEN_TO_CHANGE)) == 0) & (flags != 0)]
    hours = _brought(candidates, policy, row, near, _more_hours(candidates, row))
    yield from sorted(hours, key=lambda change: -change.partners.bit_count())
    minutes = max(QUARTER_MINUTES, policy.block_minutes // 2 // QUARTER_MINUTES * QUARTER_MINUTES)
    if minutes < policy.block_minutes:
        said = f"Meetings of {minutes} minutes instead of {policy.block_minutes} could have helped."
        yield from _brought(candidates, replace(policy, block_minutes=minutes), row, near, [(said, _as_it_is)])
    rest = [*_writing(), *_more_areas(candidates, policy), *_wider_wishes(candidates, row)]
    yield from _brought(candidates, policy, row, near, rest)


def _brought(
    candidates: Candidates, policy: Policy, row: int, near: NDArray[np.int64], variants: Sequence[Variant]
) -> list[Change]:
    """Copy the member once for each variant, change each copy, and see who would be a possible partner of it."""
    copies = range(len(variants))
    pool = candidates.take(np.concatenate([np.full(len(variants), row), near]))
    for copy, (_, change) in zip(copies, variants, strict=True):
        change(pool, copy)
    flags, _ = weigh(Facing(pool, policy, np.array(copies), np.arange(len(variants), len(pool))))
    brought = [bits_of(near[partners].tolist()) for partners in flags == 0]
    return [Change(bits, said) for bits, (said, _) in zip(brought, variants, strict=True) if bits]


def _as_it_is(pool: Candidates, copy: int) -> None:
    """Change nothing: the policy is what differs."""


def _more_hours(candidates: Candidates, row: int) -> list[Variant]:
    """One more part of the week on the member's own wall clock."""
    clocks = candidates.clocks[:, candidates.zone[row]]
    return [
        (
            f"One more free stretch, {name} {part} ({start}:00-{end}:00), could have helped.",
            _free_at(utc_bits(local_quarters([_window(day, start, end)]), clocks)),
        )
        for day, name in enumerate(DAYS)
        for part, (start, end) in PARTS_OF_DAY.items()
    ]


def _window(day: int, start: int, end: int) -> Window:
    return Window(day * QUARTERS_A_DAY + start * 4, day * QUARTERS_A_DAY + end * 4)


def _free_at(bits: NDArray[np.uint8]) -> Callable[[Candidates, int], None]:
    def change(pool: Candidates, copy: int) -> None:
        pool.free[:, copy] |= bits

    return change


def _writing() -> list[Variant]:
    def change(pool: Candidates, copy: int) -> None:
        pool.writing[copy] = True

    return [("Saying that writing is enough could have helped.", change)]


def _more_areas(candidates: Candidates, policy: Policy) -> list[Variant]:
    """One more goal area, which matters only where a floor of points keeps people apart.

    Only areas that five people have: a rarer one may be somebody's own words, and would point at them.
    """

    def add(column: int) -> Callable[[Candidates, int], None]:
        def change(pool: Candidates, copy: int) -> None:
            pool.areas[copy, column] = 1

        return change

    if not policy.floor_points:
        return []
    common = np.flatnonzero(candidates.areas.sum(axis=0) >= COMMON_FROM).tolist()
    return [
        (f"One more goal, in {candidates.area_names[column]}, could have helped.", add(column)) for column in common
    ]


def _wider_wishes(candidates: Candidates, row: int) -> list[Variant]:
    """One wish less, but only one that the member said we may ask about."""

    def widen(place: int) -> Callable[[Candidates, int], None]:
        def change(pool: Candidates, copy: int) -> None:
            pool.traits[place].accepts[copy] = pool.traits[place].accepts_if_asked[copy]

        return change

    return [
        (f"A wider wish about {trait.name} could have helped; you said we may ask about it.", widen(place))
        for place, trait in enumerate(candidates.traits)
        if (trait.accepts_if_asked[row] & ~trait.accepts[row]).any()
    ]
