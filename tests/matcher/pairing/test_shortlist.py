from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from matcher.pairing import Goal, Policy, Relation, shortlist
from matcher.pairing.compatibility import points
from matcher.pairing.facing import Facing
from matcher.pairing.forest import members_of
from matcher.pairing.shortlist import candidate_graph, waiting_order, weigh
from matcher.pairing.watch import Unwatched
from matcher.vocabulary import Barrier, Mode
from tests.builders import hours, make_candidate, make_pool

WHOLE = Policy(term_weeks=1)
SHORT = replace(WHOLE, whole_pool_pairs=0, shortlist=2)


class Listener:
    def __init__(self):
        self.heard = []

    def hear(self, phase, done, total):
        self.heard.append((phase, done, total))


def crowd(n, seed=1, **changes):
    """People with one to three areas of eight and one or two evenings of the week, who waited 0 to 3 nights."""
    random = np.random.default_rng(seed)
    days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
    return [
        make_candidate(
            f"{number:03d}",
            goals=frozenset(Goal(f"area {area}") for area in random.integers(0, 8, 3)),
            windows=hours("; ".join(f"{days[day]} 18:00-20:30" for day in random.integers(0, 5, 2))),
            nights_waited=int(random.integers(0, 4)),
            **changes,
        )
        for number in range(n)
    ]


def graph_of(pool, policy):
    return candidate_graph(pool, policy, Unwatched())


def edges_of(graph):
    return dict(zip(zip(graph.u.tolist(), graph.v.tolist(), strict=True), graph.points.tolist(), strict=True))


def test_a_floor_is_a_barrier_and_lets_through_who_reaches_it():
    pool = make_pool(["ada", "bo"])  # one goal area and four blocks: 30 + 40 points
    for floor, flag in ((69, 0), (70, 0), (71, Barrier.BELOW_FLOOR)):
        flags, found = weigh(Facing.pair(pool, Policy(floor_points=floor), 0, 1))
        assert (flags.tolist(), found.tolist()) == ([[flag]], [[70]])
        assert flags.dtype == np.uint16


def test_a_floor_stands_beside_other_barriers():
    pool = make_pool(["ada", "bo"], relations=[Relation("ada", "bo", Barrier.BLOCKED)])
    flags, _ = weigh(Facing.pair(pool, Policy(floor_points=71), 0, 1))
    assert flags.tolist() == [[Barrier.BLOCKED | Barrier.BELOW_FLOOR]]


def test_every_pair_without_a_barrier_is_in_a_small_graph_once_with_its_points(monkeypatch):
    pool = make_pool(crowd(30), WHOLE, open_pairs=[("003", "017")])
    flags, found = weigh(Facing(pool, WHOLE, np.arange(30), np.arange(30)))
    expected = {
        (row, column): found[row, column]
        for row, column in np.ndindex(30, 30)
        if row < column and not flags[row, column] and pool.waiting[row] and pool.waiting[column]
    }
    for at_once in (1, 7, 100, 100_000):
        monkeypatch.setattr(shortlist, "PAIRS_AT_ONCE", at_once)
        graph = graph_of(pool, WHOLE)
        assert edges_of(graph) == expected
        assert list(edges_of(graph)) == sorted(expected)
        assert (graph.complete, graph.possible_pairs, graph.n) == (True, len(expected), 30)
        possible = {(row, column) for row in range(30) for column in members_of(graph.adjacency[row])}
        assert possible == set(expected) | {(column, row) for row, column in expected}


def test_partners_in_an_open_pair_are_in_nobodys_graph():
    pool = make_pool(["ada", "bo", "cy", "di"], open_pairs=[("ada", "cy")])
    assert list(edges_of(graph_of(pool, WHOLE))) == [(1, 3)]


@pytest.mark.parametrize("people", [[], ["ada"]])
def test_a_pool_without_pairs_has_an_empty_graph(people):
    graph = graph_of(make_pool(people), WHOLE)
    assert (len(graph.u), graph.possible_pairs, graph.complete) == (0, 0, True)
    assert graph.adjacency == [0] * len(people)


def test_the_shortlist_begins_only_beyond_the_pairs_that_the_policy_allows():
    pool = make_pool(crowd(20), WHOLE)
    possible = graph_of(pool, WHOLE).possible_pairs
    assert graph_of(pool, replace(SHORT, whole_pool_pairs=possible)).complete
    short = graph_of(pool, replace(SHORT, whole_pool_pairs=possible - 1))
    assert not short.complete
    assert short.possible_pairs == possible


@pytest.mark.parametrize("mode", Mode)
def test_everybodys_best_partners_are_on_the_shortlist(mode):
    policy = replace(SHORT, mode=mode)
    pool = make_pool(crowd(40), policy)
    whole, short = edges_of(graph_of(pool, WHOLE)), edges_of(graph_of(pool, policy))
    assert short.items() < whole.items()
    for member in range(40):
        own = sorted((found for pair, found in whole.items() if member in pair), reverse=True)
        listed = sorted((found for pair, found in short.items() if member in pair), reverse=True)
        assert listed[:2] == own[:2]
    if mode is Mode.BEST_FIT:
        assert len(short) <= 2 * 40


def test_equal_points_are_spread_over_the_circle_of_ids():
    policy = replace(SHORT, mode=Mode.BEST_FIT)
    people = [make_candidate(f"{number:02d}") for number in range(10)]
    assert set(edges_of(graph_of(make_pool(people), policy))) == {
        tuple(sorted((member, (member + step) % 10))) for member in range(10) for step in (1, 2)
    }


@pytest.mark.parametrize("seed", range(20))
def test_who_can_be_covered_never_depends_on_the_shortlist(seed):
    """Weights are the powers of two of the order of waiting, so equal totals mean the same members."""
    policy = replace(SHORT, shortlist=1)
    pool = make_pool(crowd(30, seed), policy)
    place = {member: place for place, member in enumerate(waiting_order(pool)[::-1])}
    covered = []
    for graph in (graph_of(pool, WHOLE), graph_of(pool, policy)):
        weighed = nx.Graph()
        weighed.add_weighted_edges_from((u, v, 2 ** place[u] + 2 ** place[v]) for u, v in edges_of(graph))
        covered.append({each for pair in nx.max_weight_matching(weighed, maxcardinality=True) for each in pair})
    assert covered[0] == covered[1]


def test_who_waited_longer_comes_first_and_who_waited_alike_by_id():
    nights = {"ada": 1, "bo": 3, "cy": 1, "di": 0, "ed": 3}
    pool = make_pool(make_candidate(each, nights_waited=waited) for each, waited in nights.items())
    assert [pool.ids[row] for row in waiting_order(pool)] == ["bo", "ed", "ada", "cy", "di"]


def test_a_watch_hears_how_far_the_comparison_has_come(monkeypatch):
    monkeypatch.setattr(shortlist, "PAIRS_AT_ONCE", 6)
    listener = Listener()
    candidate_graph(make_pool(["ada", "bo", "cy", "di", "ed"], open_pairs=[("ada", "bo")]), WHOLE, listener)
    assert listener.heard == [("compare", 2, 3), ("compare", 3, 3)]


def test_points_in_the_graph_are_those_of_each_pair():
    pool = make_pool(crowd(12), WHOLE)
    for (row, column), found in edges_of(graph_of(pool, WHOLE)).items():
        assert points(Facing.pair(pool, WHOLE, row, column)).tolist() == [[found]]
