"""Small graphs by definition: every matching there is. Slow, and meant to be."""

from collections.abc import Iterator, Sequence

Edges = Sequence[tuple[int, int]]
Matching = tuple[tuple[int, int], ...]


def matchings(edges: Edges) -> Iterator[Matching]:
    """Every matching of a graph, the empty one too."""
    if not edges:
        yield ()
        return
    (one, other), *rest = edges
    yield from matchings(rest)
    apart = [edge for edge in rest if not {one, other} & set(edge)]
    yield from (((one, other), *matching) for matching in matchings(apart))


def covered(matching: Matching) -> frozenset[int]:
    """The members who have a partner."""
    return frozenset(member for pair in matching for member in pair)


def largest_covers(edges: Edges) -> set[frozenset[int]]:
    """Whom the largest matchings of a graph cover."""
    covers = {covered(matching) for matching in matchings(edges)}
    most = max(map(len, covers))
    return {cover for cover in covers if len(cover) == most}
