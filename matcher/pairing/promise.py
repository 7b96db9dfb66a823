"""The promise in its order, as one integer for each pair."""

import numpy as np
from numpy.typing import NDArray

from matcher.errors import PoolError
from matcher.pairing.candidates import Candidates
from matcher.pairing.policy import Policy
from matcher.pairing.shortlist import CandidateGraph
from matcher.vocabulary import Mode

_LARGEST = 2**61 - 1
"""A solver may multiply a weight by four in 64 bits."""


def promise_weights(candidates: Candidates, policy: Policy, graph: CandidateGraph) -> NDArray[np.int64]:
    """One integer per edge whose largest total keeps the promise in its order: int64[m].

    ``fewest_left_out``, to be solved with ``max_cardinality``: waiting before points. All ranks are shared out before
    one point more counts, and the covered sets of largest matchings are a matroid, so only their order matters.
    ``best_fit``, solved without: points, then pairs, then the sum of the ranks of those covered. Raises PoolError if a
    pool is so large that 64 bits cannot hold it.
    """
    most_pairs = graph.n // 2
    waited = candidates.rank[graph.u] + candidates.rank[graph.v]
    all_ranks = int(candidates.rank.sum())
    if policy.mode is Mode.FEWEST_LEFT_OUT:
        per_rank = most_pairs * policy.max_points + 1
        largest = policy.max_points + per_rank * 2 * int(candidates.rank.max(initial=0))
        weights = graph.points + per_rank * waited
    else:
        per_pair = all_ranks + 1
        per_point = per_pair * (most_pairs + 1)
        largest = policy.max_points * per_point + per_pair + all_ranks
        weights = graph.points * np.int64(min(per_point, _LARGEST)) + per_pair + waited
    if largest > _LARGEST:
        raise PoolError("This pool is too large for its policy: lower the points, or pair it in parts.")
    return weights.astype(np.int64)
