from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matcher.errors import PoolError
from matcher.pairing import Policy, Weight
from matcher.pairing.promise import promise_weights
from matcher.pairing.shortlist import candidate_graph
from matcher.pairing.watch import Unwatched
from matcher.vocabulary import Mode, Term
from tests import plain
from tests.builders import make_candidate, make_pool

SMALL = Policy(weights=dict.fromkeys(Term, Weight(each=1, at_most=1)))


def pool_and_graph(nights, policy):
    people = [make_candidate(str(number), nights_waited=waited) for number, waited in enumerate(nights)]
    pool = make_pool(people, policy)
    return pool, candidate_graph(pool, policy, Unwatched())


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("seed", range(30))
def test_the_sum_of_weights_orders_matchings_as_the_promise_does(mode, seed):
    random = np.random.default_rng(seed)
    policy = replace(SMALL, mode=mode)
    pool, graph = pool_and_graph(random.integers(0, 4, 5).tolist(), policy)
    graph = replace(graph, points=random.integers(0, policy.max_points + 1, len(graph.u)).astype(np.int32))
    weight = dict(
        zip(zip(graph.u.tolist(), graph.v.tolist(), strict=True), promise_weights(pool, policy, graph), strict=True)
    )
    points = dict(zip(weight, graph.points.tolist(), strict=True))

    def promised(matching):
        waited = sum(int(pool.rank[member]) for member in plain.covered(matching))
        fit = sum(points[pair] for pair in matching)
        return (waited, fit) if mode is Mode.FEWEST_LEFT_OUT else (fit, len(matching), waited)

    matchings = list(plain.matchings(list(weight)))
    totals = [sum(int(weight[pair]) for pair in matching) for matching in matchings]
    for (one, total), (other, another) in product(zip(matchings, totals, strict=True), repeat=2):
        if len(one) == len(other) or mode is Mode.BEST_FIT:
            assert (promised(one) < promised(other)) == (total < another)


@pytest.mark.parametrize("mode", Mode)
def test_weights_that_would_not_fit_into_64_bits_are_refused(mode):
    policy = replace(SMALL, mode=mode)
    pool, graph = pool_and_graph([0, 1, 2, 3], policy)
    huge = replace(pool, rank=pool.rank * 2**58)
    with pytest.raises(PoolError, match="This pool is too large for its policy"):
        promise_weights(huge, policy, graph)


def test_a_pool_of_nobody_has_no_weights():
    pool, graph = pool_and_graph([], SMALL)
    weights = promise_weights(pool, SMALL, graph)
    assert (weights.dtype, len(weights)) == (np.int64, 0)
