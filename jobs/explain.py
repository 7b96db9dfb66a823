"""Everything about one member's night: their partners and the points, or why they are alone, and who else would fit."""

from collections.abc import Iterator, Mapping

import numpy as np

from jobs.summary import people
from matcher.pairing import Assignment, Candidates, Partnership, Policy
from matcher.pairing.advice import told
from matcher.pairing.explanation import common_hours
from matcher.pairing.facing import Facing
from matcher.pairing.shortlist import weigh
from matcher.wording import counted

_NEXT_BEST = 5


def explain_member(
    assignment: Assignment, candidates: Candidates, policy: Policy, member_id: str, names: Mapping[str, str]
) -> Iterator[str]:
    """The lines that explain one member's place; ``member_id`` is in the pool."""
    yield people((member_id,), names)
    for found in assignment.partnerships:
        if member_id in found.ids:
            yield from _partners(found, candidates, member_id, names)
    for each in assignment.alone:
        if each.id == member_id:
            yield "  is alone."
            yield from (f"  {sentence}" for sentence in filter(None, [*told(each), each.could_help]))
    yield from _next_best(assignment, candidates, policy, member_id, names)


def _partners(found: Partnership, candidates: Candidates, member_id: str, names: Mapping[str, str]) -> Iterator[str]:
    others = [each for each in found.ids if each != member_id]
    yield f"  with {people(others, names)}: {counted(found.points, 'point')}"
    if found.joined_by:
        yield f"  {people((found.joined_by,), names)} joined a pair; three fit as well as their weakest two."
    yield from (f"  {points:4}  {term.replace('_', ' ')}" for term, points in found.terms.items() if points)
    yield from (f"  {reason}" for reason in found.reasons)
    rows = [candidates.ids.index(each) for each in found.ids]
    reader = candidates.ids.index(member_id)
    hours = ", ".join(map(str, common_hours(candidates, rows, reader)))
    if hours:
        yield f"  Free together every week ({candidates.people[reader].zone}): {hours}"


def _next_best(
    assignment: Assignment, candidates: Candidates, policy: Policy, member_id: str, names: Mapping[str, str]
) -> Iterator[str]:
    """The possible partners with most points, and with whom each of them is."""
    row = candidates.ids.index(member_id)
    waiting = np.flatnonzero(candidates.waiting & (np.arange(len(candidates)) != row))
    flags, points = weigh(Facing(candidates, policy, np.array([row]), waiting))
    possible = [(-int(points[0, at]), candidates.ids[waiting[at]]) for at in np.flatnonzero(flags[0] == 0)]
    partners = {each: found.ids for found in assignment.partnerships for each in found.ids}
    yield f"  {counted(len(possible), 'possible partner')}{':' if possible else '.'}"
    for negative, other in sorted(possible)[:_NEXT_BEST]:
        with_whom = [each for each in partners.get(other, ()) if each != other]
        place = f"is with {people(with_whom, names)}" if with_whom else "is alone"
        yield f"  {-negative:4}  {people((other,), names)} {place}"
    if len(possible) > _NEXT_BEST:
        yield f"        and {len(possible) - _NEXT_BEST:,} more"
