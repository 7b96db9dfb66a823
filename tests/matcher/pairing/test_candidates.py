import dataclasses

import numpy as np
import pytest

from matcher.errors import PoolError
from matcher.pairing import Candidates, Experience, Goal, Policy, Relation, Wish
from matcher.vocabulary import Barrier, SupportStyle
from tests.builders import MONDAY, hours, make_candidate, make_pool


def columns_of(pool):
    """Everything in a pool as plain values, so that two pools can be compared."""
    found = {}
    for field in dataclasses.fields(Candidates):
        value = getattr(pool, field.name)
        value = value.toarray() if hasattr(value, "toarray") else value
        found[field.name] = value.tolist() if isinstance(value, np.ndarray) else repr(value)
    return found


VARIED = [
    make_candidate("cy", zone="Asia/Kathmandu", nights_waited=2, requests=frozenset({"ada"})),
    make_candidate("ada", wishes=(Wish("age", frozenset({"30s"})),), support_style=SupportStyle.FIRM),
    make_candidate("bo", traits={"age": "30s"}, experiences=(Experience("grief"),), channels=frozenset({"video"})),
    make_candidate("di", goals=frozenset({Goal("running", "marathon"), Goal("python")}), rhythm="weekly"),
]


def test_members_stand_sorted_by_id_in_whatever_order_they_came():
    relations = [Relation("ada", "bo", Barrier.BLOCKED), Relation("cy", "bo", Barrier.HELD)]
    one = make_pool(VARIED, relations=relations, together=[("ada", "cy")])
    other = make_pool(VARIED[::-1], relations=relations[::-1], together=[("cy", "ada")])
    assert one.ids == ("ada", "bo", "cy", "di")
    assert len(one) == 4
    assert columns_of(one) == columns_of(other)


def test_the_term_follows_from_the_date_and_the_policy():
    pool = make_pool(["ada"], Policy(term_weeks=3))
    assert (pool.on, len(pool.mondays), pool.mondays[0]) == (MONDAY, 3, MONDAY)


def test_an_empty_pool_is_a_pool():
    pool = make_pool([])
    assert len(pool) == 0
    assert pool.ids == ()
    assert pool.free.shape == (1, 0, 84)


def test_an_id_used_twice_is_named():
    with pytest.raises(PoolError, match="Two members have the id bo; give each person an id of their own"):
        make_pool(["bo", "ada", "bo"])


def test_partners_in_an_open_pair_do_not_wait():
    pool = make_pool(["ada", "bo", "cy"], open_pairs=[("cy", "bo")])
    assert pool.waiting.tolist() == [True, False, False]
    assert pool.open_pairs.tolist() == [[1, 2]]


def test_pairs_and_relations_with_somebody_absent_are_left_out():
    pool = make_pool(
        ["ada", "bo"],
        open_pairs=[("ada", "zoe")],
        together=[("zoe", "bo")],
        relations=[Relation("ada", "zoe", Barrier.BLOCKED)],
    )
    assert pool.waiting.all()
    assert len(pool.together) == 0
    assert pool.standing.nnz == 0


@pytest.mark.parametrize(
    "known",
    [
        {"together": [("ada", "bo"), ("bo", "cy")]},
        {"open_pairs": [("ada", "bo"), ("cy", "bo")]},
        {"together": [("ada", "bo")], "open_pairs": [("bo", "cy")]},
        {"together": [("bo", "bo")]},
    ],
)
def test_nobody_is_in_two_settled_pairs(known):
    with pytest.raises(PoolError, match=r"^bo is kept together with two people, or is in an open pair"):
        make_pool(["ada", "bo", "cy"], **known)


def test_a_pair_that_a_coordinator_names_both_ways_round_is_one_pair():
    assert make_pool(["ada", "bo"], together=[("ada", "bo"), ("bo", "ada")]).together.tolist() == [[0, 1]]


def test_availability_that_was_never_given_is_no_free_time():
    assert not make_pool([make_candidate(windows=(), writing_is_enough=True)]).free.any()
    assert make_pool([make_candidate(windows=hours("Mon 18:00-18:15"))]).free.any()
