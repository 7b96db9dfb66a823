"""The candidate graph of a night: all pairs looked at once, and those that the solver shall weigh."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.barriers import Flags, barriers
from matcher.pairing.candidates import Candidates
from matcher.pairing.compatibility import Points, points
from matcher.pairing.facing import Facing
from matcher.pairing.forest import Adjacency, Mates, best_cover
from matcher.pairing.policy import Policy
from matcher.pairing.watch import Watch
from matcher.vocabulary import Barrier, Mode

PAIRS_AT_ONCE = 100_000
"""How many pairs are compared in one block: 84 bytes for each pair and week."""


@dataclass(frozen=True, slots=True, eq=False)
class CandidateGraph:
    """Members and the possible pairs that the solver weighs; more pairs may be added at any time by their prices.

    ``u`` < ``v`` int64[m] and ``points`` int32[m], sorted by (u, v). ``adjacency`` holds *all* possible pairs as bits,
    ``possible_pairs`` counts them, and ``complete`` says whether the solver sees each of them.
    """

    n: int
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    points: NDArray[np.int32]
    adjacency: Adjacency
    possible_pairs: int

    @property
    def complete(self) -> bool:
        """Whether every possible pair is in the graph."""
        return len(self.u) == self.possible_pairs


def weigh(facing: Facing) -> tuple[Flags, Points]:
    """May they, and how well: all barriers (BELOW_FLOOR too) and the points of rows x columns."""
    found = points(facing)
    below = (found < facing.policy.floor_points) * np.uint16(Barrier.BELOW_FLOOR)
    return barriers(facing) | below, found


def candidate_graph(candidates: Candidates, policy: Policy, watch: Watch) -> CandidateGraph:
    """Look at every pair of waiting members and choose which of the possible ones the solver weighs.

    All of them up to ``policy.whole_pool_pairs``. Beyond, the ``policy.shortlist`` best partners of each member by
    points, and, where nobody is to walk alone, the pairs of one best cover of *all* possible pairs: so who is covered
    never depends on the shortlist, only the last points can. Cost: O(n**2 * weeks) table look-ups.
    """
    u, v, found = _possible_pairs(candidates, policy, watch)
    adjacency = _adjacency(len(candidates), u, v)
    chosen = np.ones(len(u), dtype=np.bool_)
    if len(u) > policy.whole_pool_pairs:
        chosen = _best_of_each(len(candidates), u, v, found, policy.shortlist)
        if policy.mode is Mode.FEWEST_LEFT_OUT:
            chosen |= _among(u, v, best_cover(adjacency, waiting_order(candidates)))
    return CandidateGraph(len(candidates), u[chosen], v[chosen], found[chosen], adjacency, len(u))


def waiting_order(candidates: Candidates) -> list[int]:
    """All rows, who comes first in the order of waiting first; who waited alike by id."""
    return [int(row) for row in np.argsort(-candidates.rank, kind="stable")]


def _possible_pairs(
    candidates: Candidates, policy: Policy, watch: Watch
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """All pairs of waiting members without a barrier, and their points, sorted by (u, v)."""
    waiting = np.flatnonzero(candidates.waiting)
    parts = []
    for rows, columns in _halves(waiting):
        flags, found = weigh(Facing(candidates, policy, rows, columns))
        row, column = np.nonzero((flags == 0) & (rows[:, None] < columns[None]))
        parts.append((rows[row], columns[column], found[row, column]))
        watch.hear("compare", int(np.searchsorted(waiting, rows[-1])) + 1, len(waiting))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int32)
    u, v, all_points = (np.concatenate(part) for part in zip(*parts, strict=True))
    return u, v, all_points


def _halves(waiting: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Cut the upper half of members x members into blocks of bounded size: rows, and the columns from them on."""
    start = 0
    while start < len(waiting):
        end = start + max(1, PAIRS_AT_ONCE // (len(waiting) - start))
        yield waiting[start:end], waiting[start:]
        start = end


def _adjacency(n: int, u: NDArray[np.int64], v: NDArray[np.int64]) -> Adjacency:
    possible = np.zeros((n, n), dtype=np.bool_)
    possible[u, v] = possible[v, u] = True
    packed = np.packbits(possible, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _best_of_each(
    n: int, u: NDArray[np.int64], v: NDArray[np.int64], found: NDArray[np.int32], most: int
) -> NDArray[np.bool_]:
    """Mark the pairs that are among the ``most`` best of at least one of the two.

    Equal points go to the next member in the circle of ids, so that nobody is on everybody's list for a small id.
    """
    owner, other = np.concatenate([u, v]), np.concatenate([v, u])
    pair = np.tile(np.arange(len(u)), 2)
    best_first = np.lexsort(((other - owner) % n, -np.tile(found, 2), owner))
    starts = np.searchsorted(owner[best_first], np.arange(n))
    place = np.arange(len(owner)) - starts[owner[best_first]]
    chosen = np.zeros(len(u), dtype=np.bool_)
    chosen[pair[best_first][place < most]] = True
    return chosen


def _among(u: NDArray[np.int64], v: NDArray[np.int64], mate: Mates) -> NDArray[np.bool_]:
    """Mark the pairs of a matching."""
    paired: NDArray[np.bool_] = np.array(mate, dtype=np.int64)[u] == v
    return paired
