"""Alternating trees: who can be covered, who competes with whom, and what one new possible partner would change.

Neighbourhoods are Python integers used as bit sets, so that a search looks at 64 members at a time and needs nothing
but the graph and a matching. No weights here: weights belong to the solver, and this module is what doubts it.

Sources: J. Edmonds, Paths, trees, and flowers (1965), for the search; J. Edmonds and D. R. Fulkerson, Transversals and
matroid partition (1965), for why taking members in their order is right; T. Gallai (1964) for who competes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Adjacency = Sequence[int]
"""For each member, the possible partners as bits: bit j of entry i is set if and only if bit i of entry j is."""
Mates = list[int]
ALONE = -1


def members_of(bits: int) -> Iterator[int]:
    """The members of a bit set, smallest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def bits_of(members: Iterable[int]) -> int:
    """Members as a bit set."""
    bits = 0
    for member in members:
        bits |= 1 << member
    return bits


@dataclass(frozen=True, slots=True)
class Tree:
    """An alternating tree that could not grow any more.

    ``even`` bits: the members who could be left over in place of the root. ``odd`` bits: the partners that all of them
    compete for. ``circles`` counts the sides that compete (one member each, or an odd circle that pairs among itself);
    there is always one more of them than there are partners.
    """

    even: int
    odd: int
    circles: int


def tree_from(adjacency: Adjacency, mate: Sequence[int], root: int) -> Tree | None:
    """The tree of an unmatched member; None if it finds another unmatched one, so that the matching can be larger."""
    growth = _Growth(adjacency, mate, root)
    if growth.grow(0) is not None:
        return None
    return Tree(growth.even, growth.odd, len({growth.base[member] for member in members_of(growth.even)}))


def cover(adjacency: Adjacency, mate: Sequence[int], root: int, may_go_without: int) -> Mates | None:
    """Cover an unmatched member too, at the cost of at most one member of the bits ``may_go_without``.

    Returns the new matching, or None if there is none: then no matching at all covers the root and every matched
    member outside of ``may_go_without``. Cost: O(n * m / 64), a small part of it in practice.
    """
    growth = _Growth(adjacency, mate, root)
    end = growth.grow(may_go_without)
    return None if end is None else growth.flipped(end)


def best_cover(adjacency: Adjacency, order: Sequence[int]) -> Mates:
    """A largest matching that covers the best set of members in an order of waiting (who comes first, first).

    Covered sets are a matroid, so going through the members in their order and keeping whom one can is exact. Members
    who rank alike come in the order given; which of *them* are covered is the solver's choice later.
    """
    mate = [ALONE] * len(adjacency)
    undecided = bits_of(order)
    for member in order:
        undecided &= ~(1 << member)
        if mate[member] == ALONE:
            mate = cover(adjacency, mate, member, undecided) or mate
    return mate


class _Growth:
    """One alternating tree while it grows from an unmatched root. Odd circles are shrunk: see ``base``."""

    def __init__(self, adjacency: Adjacency, mate: Sequence[int], root: int) -> None:
        self.adjacency, self.mate, self.root = adjacency, mate, root
        self.even = self.odd = 0
        self.before: dict[int, int] = {}
        """The neighbour from which a member is reached over an edge that is not matched."""
        self.base: dict[int, int] = {}
        """For an even member the base of its circle, itself if there is none."""
        self.inside: dict[int, int] = {}
        """For each base the members of its circle, as bits."""
        self.queue: list[int] = []
        self._add_even(root)

    def grow(self, targets: int) -> int | None:
        """Grow until an unmatched member, or an even one among ``targets``, is found; None if there is none."""
        for member in self.queue:
            for fresh in members_of(self.adjacency[member] & ~self.even & ~self.odd):
                if not (self.even | self.odd) >> fresh & 1:
                    end = self._enter(fresh, member, targets)
                    if end is not None:
                        return end
            while meeting := self.adjacency[member] & self.even & ~self.inside[self.base[member]]:
                new = self._shrink(member, next(members_of(meeting)))
                if new & targets:
                    return next(members_of(new & targets))
        return None

    def flipped(self, end: int) -> Mates:
        """The matching in which the root is covered: together with ``end`` if that was alone, else in its place."""
        mate = list(self.mate)
        member = end
        if mate[end] != ALONE:
            member, mate[end] = mate[end], ALONE
        while member != ALONE:
            before = self.before[member]
            following = mate[before]
            mate[member], mate[before] = before, member
            member = following
        return mate

    def _add_even(self, member: int) -> None:
        self.even |= 1 << member
        self.base[member] = member
        self.inside[member] = 1 << member
        self.queue.append(member)

    def _enter(self, fresh: int, member: int, targets: int) -> int | None:
        """Step from an even member to one not seen before, and on to that one's partner."""
        self.before[fresh] = member
        partner = self.mate[fresh]
        if partner == ALONE:
            return fresh
        self.odd |= 1 << fresh
        self._add_even(partner)
        return partner if targets >> partner & 1 else None

    def _shrink(self, one: int, other: int) -> int:
        """Two even members are neighbours: shrink the odd circle that they close. Returns who became even, as bits."""
        base = self._common_base(one, other)
        circle, new = 0, 0
        for member, came_from in ((one, other), (other, one)):
            walked, passed = self._walk(member, base, came_from)
            circle |= walked
            new |= passed
        self.odd &= ~new
        for member in members_of(new):
            self._add_even(member)
        for member in members_of(circle | new):
            self.base[member] = base
        self.inside[base] |= circle | new
        return new

    def _common_base(self, one: int, other: int) -> int:
        """The base at which the ways from two even members to the root meet."""
        passed = set(self._bases(one))
        return next(at for at in self._bases(other) if at in passed)

    def _bases(self, member: int) -> Iterator[int]:
        """The bases on the way from an even member to the root."""
        at = self.base[member]
        while at != self.root:
            yield at
            at = self.base[self.before[self.mate[at]]]
        yield at

    def _walk(self, member: int, base: int, came_from: int) -> tuple[int, int]:
        """Go from an even member to the base and note the way back: the circles walked, and the odd members passed."""
        walked = passed = 0
        while self.base[member] != base:
            self.before[member] = came_from
            walked |= self.inside[self.base[member]]
            came_from = self.mate[member]
            if self.odd >> came_from & 1:
                passed |= 1 << came_from
            member = self.before[came_from]
        return walked, passed
