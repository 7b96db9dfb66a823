"""Distrusts the solver politely: whom, how well and why not better is worked out again, and no solver is imported.

Coverage and fair wait need no trust at all: a matching is largest if no alternating path joins two members who are
alone (C. Berge, 1957), and it covers the best set if none leads from somebody alone to somebody who comes later.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

import numpy as np

from matcher.pairing.assignment import Assignment, Partnership
from matcher.pairing.candidates import Candidates
from matcher.pairing.explanation import overlap_minutes
from matcher.pairing.facing import Facing
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.forest import ALONE, Adjacency, Mates, bits_of, cover
from matcher.pairing.policy import Policy
from matcher.pairing.shortlist import weigh
from matcher.vocabulary import Barrier, Mode

Findings = list[str]
Places = Mapping[str, int]


def audit(candidates: Candidates, policy: Policy, assignment: Assignment, adjacency: Adjacency) -> Findings:
    """What is wrong with an assignment, as sentences; empty if nothing is. One with a finding is never stored.

    ``adjacency`` are all possible pairs, and taken on trust: they come from the rules, not from the solver. Cost: one
    comparison for each partnership, and in the mode ``fewest_left_out`` one search of an alternating tree for each
    member that the pairs leave over.
    """
    findings = [f"{one} stands before {other}: the input is not sorted." for one, other in _unsorted(candidates)]
    place = {member_id: row for row, member_id in enumerate(candidates.ids)}
    findings += [f"{member_id} is nobody in this pool." for member_id in _named(assignment) if member_id not in place]
    if findings:
        return findings
    findings += _places(candidates, assignment)
    for size, partnerships in ((2, assignment.pairs), (3, assignment.trios)):
        for found in partnerships:
            findings += _partnership(candidates, policy, found, size, place)
    findings += _totals(candidates, policy, assignment)
    findings += _counts(candidates, assignment, adjacency, place)
    if not findings and policy.mode is Mode.FEWEST_LEFT_OUT:
        findings += _cover(candidates, assignment, adjacency, place)
    return findings


def later_than(candidates: Candidates, row: int) -> int:
    """The members who come after one in the order of waiting, as bits."""
    return bits_of(int(other) for other in np.flatnonzero(candidates.rank < candidates.rank[row]))


def _unsorted(candidates: Candidates) -> Iterator[tuple[str, str]]:
    return ((one, other) for one, other in pairwise(candidates.ids) if one >= other)


def _named(assignment: Assignment) -> Iterator[str]:
    for found in assignment.partnerships:
        yield from found.ids
    yield from (each.id for each in assignment.alone)


def _places(candidates: Candidates, assignment: Assignment) -> Findings:
    """Each waiting member has one place: in a partnership or alone. Partners in an open pair only welcome a third."""
    times = Counter(_named(assignment))
    waiting = candidates.waiting
    named = [(each, times[each], bool(waiting[row])) for row, each in enumerate(candidates.ids)]
    twice = [f"{each} has {count} places." for each, count, _ in named if count > 1]
    missing = [f"{each} waits and has no place." for each, count, waits in named if waits and not count]
    open_pairs = {tuple(candidates.ids[row] for row in pair) for pair in candidates.open_pairs.tolist()}
    lent = [each for each, count, waits in named if count and not waits]
    split = [each for each in lent if not any(each in _pair_of(trio) in open_pairs for trio in assignment.trios)]
    return twice + missing + [f"{each} has a partner already." for each in split]


def _pair_of(found: Partnership) -> tuple[str, ...]:
    return tuple(each for each in found.ids if each != found.joined_by)


def _partnership(candidates: Candidates, policy: Policy, found: Partnership, size: int, place: Places) -> Findings:
    """Barriers, points and common time of one partnership, worked out again."""
    who = " and ".join(found.ids)
    rows = [place[each] for each in found.ids]
    if len(set(rows)) != size:
        return [f"{who} are not {size} different members."]
    if found.joined_by not in (found.ids if size == 3 else ("",)):
        return [f"{who} are joined by {found.joined_by or 'nobody'}, and are {size}."]
    findings, points = [], []
    for one, other in combinations(sorted(rows), 2):
        flags, fit = weigh(Facing.pair(candidates, policy, one, other))
        points.append(int(fit[0, 0]))
        barred = [barrier.name for barrier in Barrier if barrier & int(flags[0, 0])]
        findings += [f"{who} are partners in spite of {barrier}." for barrier in barred]
    minutes = overlap_minutes(candidates, policy, rows)
    if found.points != min(points) or found.points != sum(found.terms.values()):
        findings.append(f"{who} have {min(points)} points, not {found.points}.")
    if found.overlap_minutes != minutes:
        findings.append(f"{who} share {minutes} minutes, not {found.overlap_minutes}.")
    return findings + (_three(candidates, policy, rows, minutes, who) if size == 3 else [])


def _three(candidates: Candidates, policy: Policy, rows: list[int], minutes: int, who: str) -> Findings:
    """All three welcome three, and have time together or are content with writing."""
    findings = []
    if not candidates.welcomes_three[rows].all():
        findings.append(f"{who} do not all welcome three.")
    if minutes < policy.least_blocks_of_three * policy.block_minutes and not candidates.writing[rows].all():
        findings.append(f"{who} have too little time as three.")
    return findings


def _totals(candidates: Candidates, policy: Policy, assignment: Assignment) -> Findings:
    findings = []
    total = sum(found.points for found in assignment.partnerships)
    if assignment.total_points != total:
        findings.append(f"The points add up to {total}, not {assignment.total_points}.")
    waiting = int(candidates.waiting.sum())
    if assignment.waiting != waiting:
        findings.append(f"{waiting} members wait, not {assignment.waiting}.")
    if (assignment.on, assignment.mode, assignment.policy_version) != (candidates.on, policy.mode, policy.version):
        findings.append("The assignment is for another date, another mode or another version of the policy.")
    if assignment.fingerprint != fingerprint(candidates, policy, assignment.engine):
        findings.append("The fingerprint belongs to other people, another policy or another engine.")
    return findings


def _counts(candidates: Candidates, assignment: Assignment, adjacency: Adjacency, place: Places) -> Findings:
    """Possible pairs, and for whoever is alone possible partners and barriers, which add up to all others."""
    others = int(candidates.waiting.sum()) - 1
    findings = []
    possible = sum(partners.bit_count() for partners in adjacency) // 2
    if assignment.possible_pairs != possible:
        findings.append(f"There are {possible} possible pairs, not {assignment.possible_pairs}.")
    for each in assignment.alone:
        partners = adjacency[place[each.id]].bit_count()
        if each.possible_partners != partners or sum(each.barriers.values()) + partners != others:
            findings.append(f"The counts for {each.id} do not add up to the {others} others.")
    return findings


def _cover(candidates: Candidates, assignment: Assignment, adjacency: Adjacency, place: Places) -> Findings:
    """Nobody is alone who could have been covered, be it in place of somebody who comes later."""
    mate = mates_of(candidates, assignment, place)
    return [
        f"{candidates.ids[row]} is left over, although a partner could have been found."
        for row in np.flatnonzero(candidates.waiting).tolist()
        if mate[row] == ALONE and cover(adjacency, mate, row, later_than(candidates, row)) is not None
    ]


def mates_of(candidates: Candidates, assignment: Assignment, place: Places) -> Mates:
    """The pairs of a night before anybody joined one, as a matching of the waiting members."""
    mate = [ALONE] * len(candidates)
    for found in assignment.partnerships:
        one, other = (place[each] for each in _pair_of(found))
        if candidates.waiting[one]:
            mate[one], mate[other] = other, one
    return mate
