"""The candidate graph as a file."""

import networkx as nx

from jobs.graph import write_graph


def test_the_graph_holds_members_possible_pairs_and_who_is_together(night, tmp_path):
    path = tmp_path / "all.graphml"
    write_graph(path, night.assignment, night.candidates, night.policy)
    graph = nx.read_graphml(path)
    assert sorted(map(sorted, graph.edges)) == [["a", "b"], ["a", "c"], ["b", "c"], ["d", "e"]]
    assert graph.nodes["a"] == {"nights_waited": 0, "welcomes_three": True}
    assert "Ada" not in path.read_text()
