"""The single changes that advice may suggest to somebody who is alone, and the partners each would bring."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.barriers import untimed_barriers
from matcher.pairing.candidates import Candidates
from matcher.pairing.facing import Facing
from matcher.pairing.forest import bits_of
from matcher.pairing.policy import Policy
from matcher.pairing.shortlist import weigh
from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY, Window, local_quarters, utc_bits
from matcher.vocabulary import DAYS, PARTS_OF_DAY

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, the members who would be possible partners with it, as bits, and a sentence to the person."""

    partners: int
    sentence: str


def changes(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    """Every change a member could make, as far as it brings a partner at all: hours first, then the rest.

    Nothing here touches a wish that the member did not open, a language, or what happened between two people.
    """
    asked = _more_hours, _shorter_meetings, _writing, _more_areas, _wider_wishes
    for each in asked:
        yield from (change for change in each(candidates, policy, row, others) if change.partners)


def _partners(candidates: Candidates, policy: Policy, row: int, others: Rows) -> int:
    flags, _ = weigh(Facing(candidates, policy, np.array([row]), others))
    return bits_of(int(other) for other in others[flags[0] == 0])


def _more_hours(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    """One more part of the week, on the member's own wall clock; the part that brings most people first."""
    apart = untimed_barriers(Facing(candidates, policy, np.array([row]), others))[0]
    near = others[apart == 0]
    clocks = candidates.clocks[:, candidates.zone[row]]
    found = []
    for day, name in enumerate(DAYS):
        for part, (start, end) in PARTS_OF_DAY.items():
            window = Window(day * QUARTERS_A_DAY + start * 4, day * QUARTERS_A_DAY + end * 4)
            free = candidates.free.copy()
            free[:, row] |= utc_bits(local_quarters([window]), clocks)
            partners = _partners(replace(candidates, free=free), policy, row, near)
            found.append(
                Change(partners, f"One more free stretch, {name} {part} ({start}-{end} h), could have helped.")
            )
    yield from sorted(found, key=lambda change: -change.partners.bit_count())


def _shorter_meetings(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    minutes = max(QUARTER_MINUTES, policy.block_minutes // 2 // QUARTER_MINUTES * QUARTER_MINUTES)
    if minutes < policy.block_minutes:
        partners = _partners(candidates, replace(policy, block_minutes=minutes), row, others)
        yield Change(partners, f"Meetings of {minutes} minutes instead of {policy.block_minutes} could have helped.")


def _writing(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    writing = candidates.writing.copy()
    writing[row] = True
    partners = _partners(replace(candidates, writing=writing), policy, row, others)
    yield Change(partners, "Saying that writing is enough could have helped.")


def _more_areas(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    """One more goal area matters only where a floor of points keeps people apart."""
    if not policy.floor_points:
        return
    for column, area in enumerate(candidates.area_names):
        areas = candidates.areas.copy()
        areas[row, column] = 1
        partners = _partners(replace(candidates, areas=areas), policy, row, others)
        yield Change(partners, f"One more goal, in {area}, could have helped.")


def _wider_wishes(candidates: Candidates, policy: Policy, row: int, others: Rows) -> Iterator[Change]:
    """One wish less, but only one that the member said we may ask about."""
    for place, trait in enumerate(candidates.traits):
        accepts = trait.accepts.copy()
        accepts[row] = trait.accepts_if_asked[row]
        traits = list(candidates.traits)
        traits[place] = replace(trait, accepts=accepts)
        partners = _partners(replace(candidates, traits=tuple(traits)), policy, row, others)
        yield Change(partners, f"A wider wish about {trait.name} could have helped; you said we may ask about it.")
