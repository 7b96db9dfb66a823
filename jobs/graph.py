"""The candidate graph as GraphML, for programs that draw and study graphs. Ids and figures, no names."""

from pathlib import Path

import networkx as nx

from matcher.pairing import Assignment, Candidates, Policy
from matcher.pairing.shortlist import candidate_graph
from matcher.pairing.watch import Unwatched


def write_graph(path: Path, assignment: Assignment, candidates: Candidates, policy: Policy) -> None:
    """Write the pairs that the solver weighed, with their points, and which of them are partners now."""
    weighed = candidate_graph(candidates, policy, Unwatched())
    together = {frozenset(found.ids) for found in assignment.pairs}
    graph: nx.Graph[str] = nx.Graph()
    for person in candidates.people:
        graph.add_node(person.id, nights_waited=person.nights_waited, welcomes_three=person.welcomes_three)
    for u, v, points in zip(weighed.u, weighed.v, weighed.points.tolist(), strict=True):
        one, other = candidates.ids[u], candidates.ids[v]
        graph.add_edge(one, other, points=points, partners={one, other} in together)
    nx.write_graphml(graph, path)
