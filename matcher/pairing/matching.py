"""Maximum-weight matching in a general graph: the seam behind which the solver stands.

Peers with peers is matching in a *general* graph. The assignment solver on a symmetric matrix may pair A with B and B
with C, so it is no solver here.
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np
import scipy
from numpy.typing import NDArray

ENGINE_NAME = "alongside 2"
"""Raised whenever the same people and policy could get other pairs than before, or they tell other things."""
ENGINE = f"{ENGINE_NAME} with networkx {nx.__version__} and scipy {scipy.__version__}"
"""Which engine decided."""
PROOF = "exact solver, not certified"


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """``mate`` int64[n], -1 for who is alone; ``weight``, the total as an exact Python integer; and its certificate.

    networkx returns no dual prices, so ``price`` is None and ``blossoms`` is empty, and nobody may call it proven.
    """

    mate: NDArray[np.int64]
    weight: int
    price: NDArray[np.int64] | None = None
    blossoms: tuple[tuple[int, ...], ...] = ()


def max_weight_matching(
    n: int,
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    weight: NDArray[np.int64],
    *,
    max_cardinality: bool = False,
) -> Matching:
    """Find pairs of largest total weight; with ``max_cardinality`` the largest among those with the most pairs.

    ``u``, ``v`` and ``weight`` are integers[m]; edge i joins members u[i] and v[i] of 0..n-1. Of parallel edges the
    best counts. Among equal answers it takes the one that networkx finds on nodes in order and edges sorted by (u, v),
    so the order of the input does not matter. Raises ValueError naming the first bad row: self loops, ids outside of
    the graph, anything but integers. Cost: O(n**3) in Python; 1,000 members with 12,000 edges take about ten seconds.

    Source: Z. Galil, Efficient algorithms for finding maximum matching in graphs, ACM Computing Surveys 18 (1986).
    """
    first, second, worth = (_integers(name, of) for name, of in (("u", u), ("v", v), ("weight", weight)))
    _refuse_bad_rows(n, first, second, worth)
    best = _best_of_parallel(np.minimum(first, second), np.maximum(first, second), worth)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(n))
    # networkx takes only Python's own int for an integer, and checks its optimum only then.
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in best), strict=True))
    pairs = nx.max_weight_matching(graph, maxcardinality=max_cardinality)
    mate = np.full(n, -1, dtype=np.int64)
    for one, other in pairs:
        mate[one], mate[other] = other, one
    return Matching(mate, sum(graph[one][other]["weight"] for one, other in pairs))


def _integers(name: str, values: NDArray[np.int64]) -> NDArray[np.int64]:
    # Of a list numpy would make floats where one number is too large, and hide which one.
    array = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {array.ndim}")
    if array.dtype.kind == "f":
        odd = np.flatnonzero(~(np.isfinite(array) & (array == np.floor(array))))
        bad = odd[:1].tolist() or list(range(array.size))[:1]
    else:
        bad = [row for row, value in enumerate(array.tolist()) if not _fits(value)][:1]
    for row in bad:
        raise ValueError(f"{name} must be integers of 64 bits; row {row} is {array.tolist()[row]!r}")
    return array.astype(np.int64)


def _fits(value: object) -> bool:
    return type(value) is int and abs(value) <= np.iinfo(np.int64).max


def _refuse_bad_rows(n: int, u: NDArray[np.int64], v: NDArray[np.int64], weight: NDArray[np.int64]) -> None:
    if not len(u) == len(v) == len(weight):
        raise ValueError(f"u, v and weight must be equally long, not {len(u)}, {len(v)} and {len(weight)}")
    bad = np.flatnonzero((u < 0) | (v < 0) | (u >= n) | (v >= n) | (u == v))
    if len(bad):
        row = int(bad[0])
        what = "a self loop" if u[row] == v[row] else f"outside of the {n} members"
        raise ValueError(f"row {row} is {what}: {u[row]}, {v[row]}")


def _best_of_parallel(
    u: NDArray[np.int64], v: NDArray[np.int64], weight: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Sort edges by (u, v) and keep the best of parallel ones."""
    order = np.lexsort((-weight, v, u))
    u, v, weight = u[order], v[order], weight[order]
    first = np.ones(len(u), dtype=np.bool_)
    first[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
    return u[first], v[first], weight[first]
