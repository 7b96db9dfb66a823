"""Why these two, or three: a partnership with its points per term, its common time and its sentences."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from matcher.pairing.assignment import Partnership
from matcher.pairing.candidates import Candidates
from matcher.pairing.compatibility import points_by_term, reasons
from matcher.pairing.facing import Facing
from matcher.pairing.policy import Policy
from matcher.pairing.week import Window, blocks_in, local_hours
from matcher.vocabulary import Term


def explain(candidates: Candidates, policy: Policy, rows: Sequence[int], joined_by: int | None = None) -> Partnership:
    """Explain two or three members as partners; of three, the weakest pair's points and what holds for each two.

    ``joined_by`` is the row of the third, who joined the other two.
    """
    facings = [Facing.pair(candidates, policy, a, b) for a, b in combinations(sorted(rows), 2)]
    terms = [{term: int(found[0, 0]) for term, found in points_by_term(facing).items()} for facing in facings]
    weakest = min(terms, key=lambda term: sum(term.values()))
    minutes = overlap_minutes(candidates, policy, rows)
    held = _held_by_all(candidates, rows, minutes)
    first, *others = [reasons(facing) for facing in facings]
    said = [text for term, text in first.items() if all(text == other.get(term) for other in others) and held(term)]
    return Partnership(
        ids=tuple(candidates.ids[row] for row in sorted(rows)),
        points=sum(weakest.values()),
        terms=weakest,
        overlap_minutes=minutes,
        reasons=tuple(said),
        joined_by="" if joined_by is None else candidates.ids[joined_by],
    )


def _held_by_all(candidates: Candidates, rows: Sequence[int], minutes: int) -> Callable[[Term], bool]:
    """What is true for each two of three need not be true for the three: they may have no hour or channel together."""
    together = {
        Term.COMMON_TIME: minutes > 0,
        Term.CHANNEL: bool(candidates.channels[list(rows)].all(axis=0).any()),
    }
    return lambda term: together.get(term, True)


def overlap_minutes(candidates: Candidates, policy: Policy, rows: Sequence[int]) -> int:
    """Time for meetings that all the members have in common, in the leanest week of the term."""
    common = np.bitwise_and.reduce(candidates.free[:, list(rows)], axis=1)
    return int(blocks_in(common, policy.block_quarters).min()) * policy.block_minutes


def common_hours(candidates: Candidates, rows: Sequence[int], reader: int) -> tuple[Window, ...]:
    """The hours that all the members have free in every week of the term, on the wall clock of one of them."""
    common = np.bitwise_and.reduce(candidates.free[:, list(rows)], axis=1)
    return local_hours(common, candidates.clocks[:, candidates.zone[reader]])
