import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pairing import max_weight_matching
from tests import plain

GRAPHS = Path(__file__).parents[4] / "shared/data/graphs"
needs_graphs = pytest.mark.skipif(
    not (GRAPHS / "INDEX.json").is_file(),
    reason="the graphs with known optima are not in ../shared/data/graphs; the generated families below always run",
)


def solve(n, edges, max_cardinality=False):
    """The answer, after checking that it is a matching of these edges and adds up."""
    u, v, weight = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    found = max_weight_matching(n, u, v, weight, max_cardinality=max_cardinality)
    best: dict[frozenset[int], int] = {}
    for one, other, worth in edges:
        best[frozenset({one, other})] = max(worth, best.get(frozenset({one, other}), worth))
    pairs = {frozenset({row, other}) for row, other in enumerate(found.mate.tolist()) if other >= 0}
    assert sum(map(len, pairs)) == np.count_nonzero(found.mate >= 0)
    assert found.weight == sum(best[pair] for pair in pairs)
    assert type(found.weight) is int
    assert found.mate.dtype == np.int64
    return found


def pairs_in(found):
    return np.count_nonzero(found.mate >= 0) // 2


# Real graphs


def known_optima(full):
    """A case for each optimum that INDEX.json gives; the large geometric graph takes minutes."""
    if not (GRAPHS / "INDEX.json").is_file():
        return [pytest.param(None, None, id="none")]
    cases = []
    for entry in json.loads((GRAPHS / "INDEX.json").read_text("utf-8")):
        optima = [name for name in ("opt_max", "opt_maxcard", "opt_minperfect") if name in entry]
        if entry["name"].startswith("rgg_4096") is full:
            cases += [pytest.param(entry, name, id=f"{entry['name']}-{name}") for name in optima]
    return cases


def expect_optimum(entry, name):
    """A cheapest perfect matching is a heaviest one of the negated weights, among those with the most pairs."""
    sign = -1 if name == "opt_minperfect" else 1
    with gzip.open(GRAPHS / entry["file"], "rt", encoding="utf-8") as lines:
        rows = [list(map(int, line.split()[1:])) for line in lines if line.startswith("e ")]
    assert len(rows) == entry["m"]
    edges = [(one - 1, other - 1, sign * weight) for one, other, weight in rows]
    found = solve(entry["n"], edges, max_cardinality=name != "opt_max")
    assert found.weight == sign * entry[name]
    assert pairs_in(found) == entry["card" if name == "opt_minperfect" else f"{name}_pairs"]


@pytest.mark.uncounted
@needs_graphs
@pytest.mark.parametrize(("entry", "name"), known_optima(full=False))
def test_every_real_graph_gives_its_known_optimum(entry, name):
    expect_optimum(entry, name)


@pytest.mark.uncounted
@needs_graphs
@pytest.mark.full
@pytest.mark.parametrize(("entry", "name"), known_optima(full=True))
def test_the_large_geometric_graph_gives_its_known_optimum(entry, name):
    expect_optimum(entry, name)


@needs_graphs
def test_the_classical_blossom_cases_give_their_known_answers():
    cases = [json.loads(line) for line in (GRAPHS / "vectors_networkx.jsonl").read_text("utf-8").splitlines()]
    assert len(cases) == 50
    for case in cases:
        # Two cases have fractions; a million times their weights, rounded, keeps every comparison as it is.
        scale = 1 if all(type(weight) is int for *_, weight in case["edges"]) else 10**6
        sign = -1 if case["problem"] == "min" else 1
        edges = [(one - 1, other - 1, round(sign * scale * weight)) for one, other, weight in case["edges"]]
        worth = {frozenset({one, other}): weight for one, other, weight in edges}
        found = solve(case["n"], edges, case["maxcardinality"])
        expected = [frozenset({one - 1, other - 1}) for one, other in case["matching"]]
        assert found.weight == sum(worth[pair] for pair in expected), case["test"]
        assert pairs_in(found) == len(expected), case["test"]


# Families whose optimum is known by a formula: (n, edges, best weight, best weight among the most pairs, most pairs)


def chain_of_triangles(triangles, inside=10, between=1):
    """Each triangle gives one pair; of those left over every second joins its neighbour over the link."""
    edges = []
    for first in range(0, 3 * triangles, 3):
        edges += [(first, first + 1, inside), (first + 1, first + 2, inside), (first, first + 2, inside)]
        edges += [(first + 2, first + 3, between)] if first + 3 < 3 * triangles else []
    best = inside * triangles + between * (triangles // 2)
    return 3 * triangles, edges, best, best, 3 * triangles // 2


def everybody_alike(n, weight=7):
    """A complete graph in which every pair is as good as any other."""
    edges = [(one, other, weight) for one in range(n) for other in range(one + 1, n)]
    return n, edges, weight * (n // 2), weight * (n // 2), n // 2


def joined_hubs(hubs, leaves, leaf=3, joint=10):
    """Hubs in a row, each with its leaves: two hubs together are worth more than two leaves, and are one pair fewer."""
    edges = [(hub, hub + 1, joint) for hub in range(hubs - 1)]
    edges += [(hub, hubs + hub * leaves + each, leaf) for hub in range(hubs) for each in range(leaves)]
    return hubs + hubs * leaves, edges, joint * (hubs // 2) + leaf * (hubs % 2), leaf * hubs, hubs


def ring(n, one=5, other=3):
    """A circle whose weights take turns; of an odd one somebody stays alone."""
    edges = [(member, (member + 1) % n, one if member % 2 == 0 else other) for member in range(n)]
    return n, edges, max(one, other) * (n // 2), max(one, other) * (n // 2), n // 2


def path_of_three(middle, ends=1):
    """The classical case in which the best weight and the most pairs are two different things."""
    return 4, [(0, 1, ends), (1, 2, middle), (2, 3, ends)], middle, 2 * ends, 2


FAMILIES = {
    "chain of 1 triangle": chain_of_triangles(1),
    "chain of 60 triangles": chain_of_triangles(60),
    "chain of 61 triangles": chain_of_triangles(61, inside=1000, between=499),
    "chain of triangles and of worthless links": chain_of_triangles(9, between=0),
    "9 alike": everybody_alike(9),
    "40 alike": everybody_alike(40),
    "41 alike": everybody_alike(41, weight=2**40),
    "12 hubs": joined_hubs(12, 4),
    "13 hubs": joined_hubs(13, 5),
    "a ring of 3": ring(3),
    "a ring of 50": ring(50),
    "a ring of 51": ring(51, one=2, other=9),
    "a ring of 101": ring(101),
    "a path of 1, 10 and 1": path_of_three(10),
}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_family_with_a_formula_gives_its_optimum(family):
    n, edges, best, best_of_most_pairs, most_pairs = family
    assert solve(n, edges).weight == best
    with_most = solve(n, edges, max_cardinality=True)
    assert (with_most.weight, pairs_in(with_most)) == (best_of_most_pairs, most_pairs)


def families():
    size = st.integers(1, 8)
    return st.one_of(
        st.builds(chain_of_triangles, size, st.integers(10, 99), st.integers(0, 4)),
        st.builds(everybody_alike, st.integers(2, 12), st.integers(1, 99)),
        st.builds(joined_hubs, size, st.integers(1, 4), st.integers(1, 9), st.integers(19, 99)),
        st.builds(ring, st.integers(3, 15), st.integers(1, 99), st.integers(1, 99)),
        st.builds(path_of_three, st.integers(3, 99)),
    )


@settings(max_examples=200)
@given(family=families(), data=st.data(), max_cardinality=st.booleans())
def test_neither_names_nor_the_order_of_edges_decide(family, data, max_cardinality):
    n, edges, best, best_of_most_pairs, _ = family
    names = data.draw(st.permutations(range(n)))
    renamed = [(names[one], names[other], weight) for one, other, weight in edges]
    turned = data.draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges)))
    shuffled = [
        (other, one, weight) if turn else (one, other, weight)
        for turn, (one, other, weight) in zip(turned, data.draw(st.permutations(renamed)), strict=True)
    ]
    found = solve(n, shuffled, max_cardinality)
    assert found.weight == (best_of_most_pairs if max_cardinality else best)
    assert found.mate.tolist() == solve(n, renamed, max_cardinality).mate.tolist()


@pytest.mark.parametrize("seed", range(200))
def test_small_graphs_give_the_best_of_all_their_matchings(seed):
    random = np.random.default_rng(seed)
    n, largest = int(random.integers(2, 8)), int(random.choice([1, 3, 50]))
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if random.random() < 0.7]
    weight = {pair: int(random.integers(-1, largest + 1)) for pair in pairs}
    edges = [(*pair, worth) for pair, worth in weight.items()]
    totals = [(len(each), sum(weight[pair] for pair in each)) for each in plain.matchings(pairs)]
    assert solve(n, edges).weight == max(total for _, total in totals)
    with_most = solve(n, edges, max_cardinality=True)
    assert (pairs_in(with_most), with_most.weight) == max(totals)


# What goes in


@pytest.mark.parametrize("n", [0, 1, 5])
def test_where_there_is_no_edge_everybody_is_alone(n):
    found = solve(n, [])
    assert (found.mate.tolist(), found.weight) == ([-1] * n, 0)
    assert max_weight_matching(n, [], [], []).mate.tolist() == [-1] * n


def test_of_parallel_edges_the_best_counts():
    edges = [(0, 1, 2), (1, 0, 9), (0, 1, 4), (1, 2, 6), (2, 1, 8)]
    assert (solve(3, edges).weight, solve(3, edges).mate.tolist()) == (9, [1, 0, -1])


def test_totals_are_exact_beyond_64_bits():
    most = 2**63 - 1
    assert solve(4, [(0, 1, most), (2, 3, most)]).weight == 2 * most


def test_nobody_may_call_it_proven_yet():
    found = solve(2, [(0, 1, 1)])
    assert (found.price, found.blossoms) == (None, ())


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("u", "v", "weight", "sentence"),
    [
        ([0, 1, 2], [1, 1, 2], [1, 1, 1], "row 1 is a self loop: 1, 1"),
        ([0, -1], [1, 2], [1, 1], "row 1 is outside of the 3 members: -1, 2"),
        ([0, 1, 0], [1, 3, 9], [1, 1, 1], "row 1 is outside of the 3 members: 1, 3"),
        ([0, 1], [1, 2], [1, 1.5], "weight must be integers of 64 bits; row 1 is 1.5"),
        ([0, 1], [1, 2], [1.0, 2.0], "weight must be integers of 64 bits; row 0 is 1.0"),
        ([0, 1], [1, 2], [1, NAN], "weight must be integers of 64 bits; row 1 is nan"),
        ([0, 1], [1, 2], [INFINITE, NAN], "weight must be integers of 64 bits; row 0 is inf"),
        ([0, NAN], [1, 2], [1, 1], "u must be integers of 64 bits; row 1 is nan"),
        ([0, 1], [1, 0.5], [1, 1], "v must be integers of 64 bits; row 1 is 0.5"),
        ([0, 1], [1, 2], [1, 2**63], f"weight must be integers of 64 bits; row 1 is {2**63}"),
        ([0, 1], [1, 2], [1, -(2**80)], f"weight must be integers of 64 bits; row 1 is {-(2**80)}"),
        ([0, 2**64], [1, 2], [1, 1], f"u must be integers of 64 bits; row 1 is {2**64}"),
        ([True], [2], [1], "u must be integers of 64 bits; row 0 is True"),
        (["a"], [2], [1], "u must be integers of 64 bits; row 0 is 'a'"),
        ([0], [2], [None], "weight must be integers of 64 bits; row 0 is None"),
        ([[0]], [1], [1], "u must have one dimension, not 2"),
        (0, [1], [1], "u must have one dimension, not 0"),
        ([0, 1], [1], [1, 1], "u, v and weight must be equally long, not 2, 1 and 2"),
        ([0], [1], [], "u, v and weight must be equally long, not 1, 1 and 0"),
    ],
)
def test_bad_input_is_refused_by_its_first_bad_row(u, v, weight, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        max_weight_matching(3, u, v, weight)


@pytest.mark.parametrize(
    ("weight", "row"),
    [
        (np.array([1.0, 2.5]), "row 1 is 2.5"),
        (np.array([1.0, NAN]), "row 1 is nan"),
        (np.array([1.0, 2.0]), "row 0 is 1.0"),
        (np.array([1, 2**63], dtype=np.uint64), f"row 1 is {2**63}"),
        (np.array([1, -(2**63)]), f"row 1 is {-(2**63)}"),
        (np.array([True, False]), "row 0 is True"),
    ],
)
def test_bad_arrays_are_refused_by_their_first_bad_row(weight, row):
    with pytest.raises(ValueError, match=f"^weight must be integers of 64 bits; {row}$"):
        max_weight_matching(3, [0, 1], [1, 2], weight)


def test_a_graph_without_members_has_no_edges():
    with pytest.raises(ValueError, match="row 0 is outside of the 0 members: 0, 1"):
        max_weight_matching(0, [0], [1], [1])
