"""Who is left over and welcomes three may join a pair that does: here the assignment solver is right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.errors import PoolError
from matcher.pairing.candidates import Candidates
from matcher.pairing.facing import Facing
from matcher.pairing.policy import Policy
from matcher.pairing.shortlist import PAIRS_AT_ONCE, weigh
from matcher.pairing.week import common_blocks

Rows = NDArray[np.int64]


def join_pairs(
    candidates: Candidates, policy: Policy, pairs: Sequence[tuple[int, int]], alone: Sequence[int]
) -> list[tuple[int, int]]:
    """Seat members who are alone at pairs, at most one at each: (member, place of the pair in ``pairs``), by member.

    All three welcome three, no barrier stands between any two of them, and they have a block in common in every week
    (or writing is enough for all). As many as can be; then who comes first in the order of waiting; then the largest
    sum of points, three fitting as well as their weakest pair. Best *for these pairs*: other pairs might leave better
    seats. Cost: O(alone * pairs * the fewer of both). Raises PoolError where the numbers would not fit into float64.

    Source: D. F. Crouse, On implementing 2D rectangular assignment algorithms (2016), as scipy has it.
    """
    guests = np.array([row for row in sorted(alone) if candidates.welcomes_three[row]], dtype=np.int64)
    hosts = [place for place, pair in enumerate(pairs) if candidates.welcomes_three[list(pair)].all()]
    if not len(guests) or not hosts:
        return []
    first, second = np.array([pairs[place] for place in hosts], dtype=np.int64).T
    worth = _worth(candidates, policy, guests, first, second)
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(int(guests[guest]), hosts[seat]) for guest, seat in chosen if worth[guest, seat] > 0]


def _worth(candidates: Candidates, policy: Policy, guests: Rows, first: Rows, second: Rows) -> NDArray[np.float64]:
    """Count before waiting before points, in one number for each seat, [guests, pairs]; 0 where it is no seat."""
    fit, may_sit = _seats(candidates, policy, guests, first, second)
    most = len(guests)
    place = np.unique(candidates.rank[guests], return_inverse=True)[1]
    per_rank = most * (int(fit.max()) + 1)
    per_seat = per_rank * (int(place.max()) * most + 1)
    if per_seat * (most + 1) >= 2**53:
        raise PoolError("Too many members are left over to seat them in trios at once; pair this pool in parts.")
    return np.where(may_sit, per_seat + per_rank * place[:, None] + fit, 0.0)


def _seats(
    candidates: Candidates, policy: Policy, guests: Rows, first: Rows, second: Rows
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """How well each guest fits each pair, and whether the three may sit together at all: [guests, pairs] each."""
    own = [weigh(Facing.pair(candidates, policy, a, b)) for a, b in zip(first, second, strict=True)]
    flags, points = (np.array([found[part][0, 0] for found in own])[None] for part in (0, 1))
    some = max(1, PAIRS_AT_ONCE // len(first))
    parts = [_beside(candidates, policy, guests[at : at + some], first, second) for at in range(0, len(guests), some)]
    fit, may_sit = (np.vstack(part) for part in zip(*parts, strict=True))
    return np.minimum(fit, points), may_sit & (flags == 0)


def _beside(
    candidates: Candidates, policy: Policy, guests: Rows, first: Rows, second: Rows
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The same for some of the guests, without what stands between the two of a pair."""
    flags_first, points_first = weigh(Facing(candidates, policy, guests, first))
    flags_second, points_second = weigh(Facing(candidates, policy, guests, second))
    free, writing = candidates.free, candidates.writing
    blocks = common_blocks(free[:, guests], free[:, first] & free[:, second], policy.block_quarters)
    all_write = writing[guests][:, None] & (writing[first] & writing[second])[None]
    have_time = (blocks >= policy.least_blocks_of_three) | all_write
    return np.minimum(points_first, points_second), ((flags_first | flags_second) == 0) & have_time
