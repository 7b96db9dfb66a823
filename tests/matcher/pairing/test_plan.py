"""The whole night against brute force over all matchings, in both modes, and what must hold for every night."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import numpy as np
import pytest

from matcher.errors import PoolError
from matcher.pairing import Assignment, Candidates, Matching, Policy, Relation, plan
from matcher.pairing.shortlist import candidate_graph
from matcher.pairing.watch import Unwatched
from matcher.vocabulary import Mode
from tests import second_opinion
from tests.builders import make_candidate
from tests.pools import Pool, invented_pool

PUSH = 2_000
"""Pools on each push, each of them paired in both modes; with the shortlists more than 4,500 nights."""
NIGHTS, SHORTLISTS = 20, 3
"""In how many parts they come, so that processes can share them."""


class Oracle:
    """All that brute force knows about one pool, whatever the mode."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        people = {person.id: person for person in pool.people}
        places = sorted({person.place_in_waiting for person in pool.people})
        self.rank = {member_id: places.index(person.place_in_waiting) for member_id, person in people.items()}
        self.welcomes_three = {member_id for member_id, person in people.items() if person.welcomes_three}
        self.people = people
        self.points, self.barred = {}, set()
        for one, other in combinations(sorted(people), 2):
            both = people[one], people[other]
            self.points[one, other] = sum(second_opinion.points(*both, pool.policy, pool.on).values())
            if second_opinion.barrier(*both, pool.relations, pool.together, pool.policy, pool.on):
                self.barred.add((one, other))
        taken = {member_id for pair in pool.open_pairs for member_id in pair}
        self.waiting = sorted(set(people) - taken)
        self.possible = {pair for pair in combinations(self.waiting, 2) if pair not in self.barred}

    def worth(self, matching: list[second_opinion.Pair], mode: Mode) -> tuple[object, ...]:
        """What the promise of a mode compares, in its order."""
        ranks = sorted((self.rank[each] for pair in matching for each in pair), reverse=True)
        points = sum(self.points[pair] for pair in matching)
        if mode is Mode.FEWEST_LEFT_OUT:
            return len(matching), ranks, points
        return points, len(matching), sum(ranks)

    def best(self, possible: set[second_opinion.Pair], mode: Mode) -> tuple[object, ...]:
        return max(self.worth(matching, mode) for matching in second_opinion.every_matching(self.waiting, possible))

    def fit(self, three: tuple[str, ...]) -> int:
        return min(self.points[pair] for pair in combinations(sorted(three), 2))

    def may_sit(self, guest: str, pair: second_opinion.Pair) -> bool:
        three = sorted((guest, *pair))
        people = [self.people[each] for each in three]
        if not set(three) <= self.welcomes_three or not self.barred.isdisjoint(combinations(three, 2)):
            return False
        time = second_opinion.blocks(people, self.pool.policy, self.pool.on)
        return time >= self.pool.policy.least_blocks_of_three or all(each.writing_is_enough for each in people)

    def worth_of_seats(self, seats: list[tuple[str, second_opinion.Pair]]) -> tuple[object, ...]:
        ranks = sorted((self.rank[guest] for guest, _ in seats), reverse=True)
        return len(seats), ranks, sum(self.fit((guest, *pair)) for guest, pair in seats)


def pairs_before_trios(assignment: Assignment, pool: Pool) -> list[second_opinion.Pair]:
    """The pairs of a night before anybody joined one; open pairs are not of this night."""
    of_trios = [tuple(each for each in trio.ids if each != trio.joined_by) for trio in assignment.trios]
    pairs = [pair.ids for pair in assignment.pairs] + of_trios
    return sorted(pair for pair in pairs if pair not in pool.open_pairs)


def in_both_modes(seed: int, **limits: int) -> tuple[Oracle, list[Pool]]:
    """One pool in both modes, and what the oracle knows of them: the slow part, and the same for both."""
    pools = [invented_pool(seed, mode, **limits) for mode in Mode]
    assert all(replace(pool, policy=pools[0].policy) == pools[0] for pool in pools)
    return Oracle(pools[0]), pools


@pytest.mark.uncounted
@pytest.mark.parametrize("part", range(NIGHTS))
def test_the_night_equals_brute_force_over_all_matchings_in_both_modes(part):
    for seed in range(part, PUSH, NIGHTS):
        oracle, pools = in_both_modes(seed)
        for pool in pools:
            assignment = plan(pool.candidates(), pool.policy)
            pairs, mode = pairs_before_trios(assignment, pool), pool.policy.mode
            assert set(pairs) <= oracle.possible, (seed, mode)
            assert oracle.worth(pairs, mode) == oracle.best(oracle.possible, mode), (seed, mode)
            assert assignment.possible_pairs == len(oracle.possible), (seed, mode)


@pytest.mark.uncounted
def test_the_trios_equal_brute_force_over_all_seats_at_the_nights_pairs():
    seated = 0
    for seed in range(500):
        pool = invented_pool(seed, Mode.FEWEST_LEFT_OUT)
        assignment = plan(pool.candidates(), pool.policy)
        oracle = Oracle(pool)
        pairs = pairs_before_trios(assignment, pool)
        covered = {each for pair in pairs for each in pair}
        guests = [each for each in oracle.waiting if each not in covered]
        seats = [
            (trio.joined_by, tuple(each for each in trio.ids if each != trio.joined_by)) for trio in assignment.trios
        ]
        assert all(oracle.may_sit(guest, pair) for guest, pair in seats), seed
        allowed = (
            seating
            for seating in second_opinion.every_seating(guests, pairs + pool.open_pairs)
            if all(oracle.may_sit(guest, pair) for guest, pair in seating)
        )
        assert oracle.worth_of_seats(seats) == max(map(oracle.worth_of_seats, allowed)), seed
        seated += len(seats)
    assert seated > 20


@pytest.mark.uncounted
@pytest.mark.parametrize("part", range(SHORTLISTS))
def test_with_a_shortlist_of_two_who_is_covered_is_still_the_best_of_all_pairs(part):
    shortened = Counter()
    for seed in range(part, 300, SHORTLISTS):
        oracle, pools = in_both_modes(seed, shortlist=2, whole_pool_pairs=0)
        for pool in pools:
            candidates, mode = pool.candidates(), pool.policy.mode
            graph = candidate_graph(candidates, pool.policy, Unwatched())
            ids = candidates.ids
            weighed = {(ids[u], ids[v]) for u, v in zip(graph.u.tolist(), graph.v.tolist(), strict=True)}
            found = oracle.worth(pairs_before_trios(plan(candidates, pool.policy), pool), mode)
            assert found == oracle.best(weighed, mode), (seed, mode)
            if mode is Mode.FEWEST_LEFT_OUT:
                assert found[:2] == oracle.best(oracle.possible, mode)[:2], seed
            shortened[mode] += weighed < oracle.possible
    assert all(shortened[mode] > 40 // SHORTLISTS for mode in Mode)


def test_the_order_in_which_people_and_relations_come_changes_nothing():
    for seed in range(60):
        pool = invented_pool(seed, Mode.FEWEST_LEFT_OUT)
        shuffled = Random(seed).sample(pool.people, len(pool.people))
        turned = [Relation(each.second, each.first, each.barrier, each.since) for each in reversed(pool.relations)]
        again = replace(pool, people=shuffled, relations=turned)
        assert plan(again.candidates(), pool.policy) == plan(pool.candidates(), pool.policy)


def test_one_more_member_never_lowers_the_number_of_pairs():
    for seed in range(60):
        pool = invented_pool(seed, Mode.FEWEST_LEFT_OUT)
        if not pool.people or pool.open_pairs:
            continue
        fewer = replace(pool, people=pool.people[1:])
        before, after = (plan(each.candidates(), pool.policy) for each in (fewer, pool))
        assert len(pairs_before_trios(before, fewer)) <= len(pairs_before_trios(after, pool))


def test_who_is_kept_together_is_paired_and_held_apart_from_all_others():
    kept = 0
    for seed in range(40):
        pool = replace(invented_pool(seed, Mode.FEWEST_LEFT_OUT), open_pairs=[])
        oracle = Oracle(pool)
        for pair in sorted(oracle.possible)[:1]:
            settled = replace(pool, together=[pair])
            assignment = plan(settled.candidates(), pool.policy)
            oracle = Oracle(settled)
            pairs = pairs_before_trios(assignment, settled)
            assert pair in pairs
            mode = settled.policy.mode
            assert oracle.worth(pairs, mode) == oracle.best(oracle.possible, mode)
            kept += 1
    assert kept > 10


def test_nobody_is_kept_together_across_a_barrier():
    people = [make_candidate("ada"), make_candidate("bob", languages=frozenset({"fr"}))]
    pool = Candidates.of(people, Policy(), date(2026, 1, 12), together=[("ada", "bob")])
    with pytest.raises(PoolError, match="ada and bob cannot be kept together: no common language"):
        plan(pool, Policy())


def test_nobody_is_kept_together_below_the_floor():
    policy = Policy(floor_points=71)
    pool = Candidates.of(
        [make_candidate("ada"), make_candidate("bob")], policy, date(2026, 1, 12), together=[("ada", "bob")]
    )
    with pytest.raises(PoolError, match="ada and bob cannot be kept together: below the floor of points"):
        plan(pool, policy)


def test_a_fault_that_the_audit_finds_stops_the_night(monkeypatch):
    pool = invented_pool(3, Mode.FEWEST_LEFT_OUT)
    worse = Matching(np.full(len(pool.people), -1), 0)
    night = sys.modules["matcher.pairing.plan"]  # by its module: the package calls the function by the same name
    monkeypatch.setattr(night, "max_weight_matching", lambda *_, **__: worse)
    with pytest.raises(AssertionError, match="could have been found"):
        plan(pool.candidates(), pool.policy)


def test_a_pool_of_nobody_is_a_night_without_pairs():
    assignment = plan(Candidates.of([], Policy(), date(2026, 1, 12)), Policy())
    assert (assignment.pairs, assignment.alone, assignment.coverage) == ((), (), 1)


def test_the_watch_hears_every_phase_to_its_end():
    heard = []

    class Ear:
        def hear(self, phase: str, done: int, total: int) -> None:
            heard.append((phase, done == total))

    pool = invented_pool(3, Mode.FEWEST_LEFT_OUT)
    plan(pool.candidates(), pool.policy, Ear())
    phases = list(dict.fromkeys(phase for phase, _ in heard))
    assert phases == ["compare", "solve", "trios", "advice", "audit"]
    assert all((phase, True) in heard for phase in phases)
