import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.pairing.forest import ALONE, best_cover, bits_of, cover, members_of, tree_from
from tests import plain


def adjacency_of(n, edges):
    adjacency = [0] * n
    for one, other in edges:
        adjacency[one] |= 1 << other
        adjacency[other] |= 1 << one
    return adjacency


def mates_of(n, matching):
    mate = [ALONE] * n
    for one, other in matching:
        mate[one], mate[other] = other, one
    return mate


def pairs_of(mate):
    """The pairs of a matching; fails if it is none."""
    pairs = {(row, other) for row, other in enumerate(mate) if row < other}
    assert mates_of(len(mate), pairs) == list(mate)
    return pairs


def random_graph(seed, most_members):
    """A graph of 1 to ``most_members`` members, from nearly empty to nearly full."""
    random = np.random.default_rng(seed)
    n, density = int(random.integers(1, most_members + 1)), random.uniform(0.1, 0.8)
    return random, n, [(a, b) for a in range(n) for b in range(a + 1, n) if random.random() < density]


def odd_circles(seed, n):
    """Members in circles of three, five and seven that touch, a few hubs that many compete for, and a little chance."""
    random = np.random.default_rng(seed)
    edges, start = set(), 0
    while start < n - 7:
        length = int(random.choice([3, 5, 7]))
        edges |= {(start + step, start + (step + 1) % length) for step in range(length)}
        edges.add((int(random.integers(0, start + 1)), start + int(random.integers(0, length))))
        start += length
    edges |= {(hub, int(other)) for hub in range(0, n, 40) for other in random.integers(0, n, 6)}
    edges |= {tuple(pair) for pair in random.integers(0, n, (n // 5, 2)).tolist()}
    return random, sorted({(min(a, b), max(a, b)) for a, b in edges if a != b})


@given(st.sets(st.integers(0, 200)))
def test_bits_hold_members(members):
    assert list(members_of(bits_of(members))) == sorted(members)


@pytest.mark.uncounted
@pytest.mark.parametrize("first", range(0, 3000, 250))
def test_the_best_cover_is_the_best_of_all_largest_matchings_in_the_order_of_waiting(first):
    for seed in range(first, first + 250):
        random, n, edges = random_graph(seed, 8)
        order = random.permutation(n).tolist()
        mate = best_cover(adjacency_of(n, edges), order)
        assert pairs_of(mate) <= set(edges)
        found = [mate[member] != ALONE for member in order]
        best = max([member in each for member in order] for each in plain.largest_covers(edges))
        assert found == best, seed


@pytest.mark.uncounted
def test_one_more_member_is_covered_if_and_only_if_that_costs_nobody_who_must_stay():
    outcomes = set()
    for seed in range(1500):
        random, n, edges = random_graph(seed, 8)
        matchings = list(plain.matchings(edges))
        start = matchings[int(random.integers(len(matchings)))]
        mate = mates_of(n, start)
        may_go = bits_of(member for member in range(n) if random.random() < 0.3)
        for root in set(range(n)) - plain.covered(start):
            needed = {root} | {member for member in plain.covered(start) if not may_go >> member & 1}
            possible = any(needed <= plain.covered(each) and len(each) >= len(start) for each in matchings)
            found = cover(adjacency_of(n, edges), mate, root, may_go)
            assert (found is not None) == possible, seed
            outcomes.add(possible)
            if found is not None:
                now = plain.covered(pairs_of(found))
                assert pairs_of(found) <= set(edges)
                assert now >= needed
                assert len(plain.covered(start) - now) <= 1
            assert mate == mates_of(n, start)
    assert outcomes == {True, False}


@pytest.mark.uncounted
def test_a_tree_is_what_gallai_and_edmonds_defined():
    """Even: who could be left over in the root's place, tried one by one. Odd: their other neighbours."""
    shapes = set()
    for seed in range(2000):
        random, n, edges = random_graph(seed, 8)
        matchings = list(plain.matchings(edges))
        start = matchings[int(random.integers(len(matchings)))]
        largest = max(map(len, matchings))
        adjacency, mate = adjacency_of(n, edges), mates_of(n, start)
        for root in set(range(n)) - plain.covered(start):
            tree = tree_from(adjacency, mate, root)
            bigger = any(plain.covered(each) > plain.covered(start) | {root} for each in matchings)
            assert (tree is None) == bigger, seed
            if tree is None:
                assert len(start) < largest
                continue
            with_root = plain.covered(start) | {root}
            even = {left for left in with_root if any(plain.covered(each) == with_root - {left} for each in matchings)}
            near = {other for pair in edges if even & set(pair) for other in pair}
            assert set(members_of(tree.even)) == even, seed
            assert set(members_of(tree.odd)) == near - even, seed
            sides = nx.Graph([pair for pair in edges if set(pair) <= even])
            sides.add_nodes_from(even)
            assert tree.circles == nx.number_connected_components(sides) == len(near - even) + 1, seed
            shapes.add((tree.circles, len(even)))
    assert len(shapes) > 5


def test_a_hub_is_what_its_neighbours_compete_for():
    star = adjacency_of(4, [(0, 1), (0, 2), (0, 3)])
    tree = tree_from(star, mates_of(4, [(0, 1)]), 2)
    assert (tree.even, tree.odd, tree.circles) == (0b0110, 0b0001, 2)


def test_an_odd_circle_competes_for_nobody():
    triangle = adjacency_of(3, [(0, 1), (1, 2), (0, 2)])
    tree = tree_from(triangle, mates_of(3, [(0, 1)]), 2)
    assert (tree.even, tree.odd, tree.circles) == (0b111, 0, 1)


@pytest.mark.parametrize("seed", range(20))
def test_among_many_odd_circles_the_cover_is_as_good_as_the_oracles(seed):
    """Whoever comes earlier is worth more than all who come later together: a power of two each."""
    n = 100 + 10 * seed
    random, edges = odd_circles(seed, n)
    adjacency, order = adjacency_of(n, edges), random.permutation(n).tolist()
    worth = {member: 2 ** (n - place) for place, member in enumerate(order)}
    graph = nx.Graph()
    graph.add_weighted_edges_from((one, other, worth[one] + worth[other]) for one, other in edges)
    oracle = plain.covered(tuple(nx.max_weight_matching(graph, maxcardinality=True)))
    mate = best_cover(adjacency, order)
    assert pairs_of(mate) <= set(edges)
    assert {member for member in range(n) if mate[member] != ALONE} == oracle
    for root in set(range(n)) - oracle:
        tree = tree_from(adjacency, mate, root)
        assert tree.circles == tree.odd.bit_count() + 1
        assert cover(adjacency, mate, root, bits_of(order[order.index(root) :])) is None
