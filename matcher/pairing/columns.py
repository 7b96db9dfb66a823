"""Turn what people said, one person at a time, into columns that numpy can compare in blocks."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.errors import PoolError
from matcher.pairing.candidate import Candidate, Relation
from matcher.pairing.policy import Policy
from matcher.pairing.week import WEEK_BYTES, Bits, Quarters, local_quarters, utc_bits
from matcher.vocabulary import Stage

Rows = Sequence[Candidate]
Marks = NDArray[np.float32]
"""Zeros and ones, [members, things]; float32 so that a product of two counts what is shared, exactly, up to 2**24."""
PairCounts = sparse.csr_array
"""Members x members, int32, symmetric and sparse."""


@dataclass(frozen=True, slots=True, eq=False)
class TraitColumn:
    """A trait that somebody asks about: each member's value as a code int[n], whom they accept bool[n, values].

    ``accepts_if_asked`` is the same without the wishes that advice may touch; ``prefers`` is whom it would be nice to
    have, nobody where nothing was said.
    """

    name: str
    value: NDArray[np.int64]
    accepts: NDArray[np.bool_]
    accepts_if_asked: NDArray[np.bool_]
    prefers: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> "TraitColumn":
        """Copies of these rows."""
        return replace(
            self,
            value=self.value[rows],
            accepts=self.accepts[rows],
            accepts_if_asked=self.accepts_if_asked[rows],
            prefers=self.prefers[rows],
        )


def marks(rows: Rows, things_of: Callable[[Candidate], Iterable[Hashable]]) -> Marks:
    """Mark which member has which thing; the order of the columns has no meaning, but is the same each time."""
    things = [frozenset(things_of(person)) for person in rows]
    vocabulary: frozenset[Hashable] = frozenset().union(*things)
    return marks_for(things, sorted(vocabulary, key=repr))


def marks_for(things: Sequence[frozenset[Hashable]], vocabulary: Sequence[Hashable]) -> Marks:
    """Mark which row has which thing of a given vocabulary: float32[rows, vocabulary]."""
    place = {thing: column for column, thing in enumerate(vocabulary)}
    found = np.zeros((len(things), len(vocabulary)), dtype=np.float32)
    for row, having in enumerate(things):
        found[row, [place[thing] for thing in having]] = 1
    return found


def codes(values: Sequence[str]) -> NDArray[np.int64]:
    """Number the values, the empty one -1: int[rows]."""
    place = {value: code for code, value in enumerate(sorted(set(values) - {""}))} | {"": -1}
    return np.array([place[value] for value in values], dtype=np.int64)


def dense_ranks(rows: Rows) -> NDArray[np.int64]:
    """The order of waiting as dense ranks from 0; members who waited alike share one, larger comes first."""
    places = sorted({person.place_in_waiting for person in rows})
    return np.array([places.index(person.place_in_waiting) for person in rows], dtype=np.int64)


def trait_columns(rows: Rows) -> tuple[TraitColumn, ...]:
    """One column for each trait that is asked about; several wishes about one must all hold, of preferences one."""
    asked_about = {each.trait for row in rows for each in (*row.wishes, *row.preferences)}
    return tuple(_trait_column(rows, name) for name in sorted(asked_about))


def _trait_column(rows: Rows, name: str) -> TraitColumn:
    said = [person.traits.get(name, "") for person in rows]
    values = ["", *sorted(set(said) - {""})]
    accepts = np.ones((len(rows), len(values)), dtype=np.bool_)
    accepts_if_asked, prefers = accepts.copy(), ~accepts
    for row, person in enumerate(rows):
        for wish in (wish for wish in person.wishes if wish.trait == name):
            accepted = np.array([value in wish.accepted for value in values])
            accepts[row] &= accepted
            accepts_if_asked[row] &= accepted | wish.may_ask
        for preference in (each for each in person.preferences if each.trait == name):
            prefers[row] |= np.array([value in preference.accepted for value in values])
    return TraitColumn(name, np.array([values.index(value) for value in said]), accepts, accepts_if_asked, prefers)


def standing_flags(relations: Iterable[Relation], place: Mapping[str, int], policy: Policy, on: date) -> PairCounts:
    """What still keeps two members apart on a date, as flags of Barrier; who is not in ``place`` is left out."""
    flags: dict[tuple[int, int], int] = {}
    for relation in relations:
        first, second = place.get(relation.first), place.get(relation.second)
        if first is None or second is None or not policy.still_bars(relation.barrier, relation.since, on):
            continue
        for pair in ((first, second), (second, first)):
            flags[pair] = flags.get(pair, 0) | int(relation.barrier)
    return _sparse(flags, len(place))


def request_counts(rows: Rows, place: Mapping[str, int]) -> PairCounts:
    """How many of two members asked for the other: 1 or 2."""
    counts: dict[tuple[int, int], int] = {}
    for row, person in enumerate(rows):
        for asked in (place[member_id] for member_id in person.requests if member_id in place):
            for pair in ((row, asked), (asked, row)):
                counts[pair] = counts.get(pair, 0) + 1
    return _sparse(counts, len(rows))


def free_bits(rows: Rows, zone: NDArray[np.int64], clocks: Quarters) -> Bits:
    """Everybody's free quarter-hours in UTC, uint8[weeks, rows, 84], each by the wall clock of the own zone."""
    free = np.zeros((len(clocks), len(rows), WEEK_BYTES), dtype=np.uint8)
    for row, person in enumerate(rows):
        free[:, row] = utc_bits(local_quarters(person.windows), clocks[:, zone[row]])
    return free


def staged_marks(rows: Rows) -> tuple[Marks, ...]:
    """For each stage, who is at it on which road; the roads' columns are the same in all of them."""
    roads = sorted({each.tag for person in rows for each in person.experiences})
    return tuple(
        marks_for([frozenset(each.tag for each in row.experiences if each.stage == stage) for row in rows], roads)
        for stage in Stage
    )


def _sparse(values: Mapping[tuple[int, int], int], n: int) -> PairCounts:
    pairs = np.array(sorted(values), dtype=np.int64).reshape(-1, 2)
    data = np.array([values[first, second] for first, second in pairs.tolist()], dtype=np.int32)
    return sparse.csr_array((data, (pairs[:, 0], pairs[:, 1])), shape=(n, n))


def pair_rows(pairs: Iterable[tuple[str, str]], place: Mapping[str, int]) -> NDArray[np.int64]:
    """The rows of pairs of ids, int64[pairs, 2], each once, sorted, smaller row first; with both here."""
    rows = {(min(place[a], place[b]), max(place[a], place[b])) for a, b in pairs if a in place and b in place}
    return np.array(sorted(rows), dtype=np.int64).reshape(-1, 2)


def refuse_repeated(pairs: NDArray[np.int64], rows: Rows) -> None:
    """Raise PoolError for anybody who is in two of the pairs that are settled before the night."""
    people, times = np.unique(pairs, return_counts=True)
    for row in people[times > 1]:
        raise PoolError(f"{rows[row].id} is kept together with two people, or is in an open pair; name each once.")
