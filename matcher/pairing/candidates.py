"""The pool of a night in columns: one row per member, sorted by id, ready to be compared in blocks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.errors import PoolError
from matcher.pairing import columns
from matcher.pairing.candidate import Candidate, Relation
from matcher.pairing.columns import Marks, PairCounts, TraitColumn
from matcher.pairing.policy import Policy
from matcher.pairing.week import Bits, Quarters, term_mondays, wall_clocks

_BY_ROW = (
    *("rank", "waiting", "zone", "writing", "languages", "areas", "tags", "experiences"),
    *("style", "rhythm", "channels", "welcomes_three"),
)
"""The columns whose first axis is the members."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Candidates:
    """A pool of n members in columns (a struct of arrays), made by :meth:`of`.

    ``ids`` are sorted; their places are the rows of every column. ``free`` uint8[weeks, n, 84] are packed UTC
    quarter-hours, ``clocks`` int16[weeks, zones, 672] the wall clocks, ``zone`` int[n] the zone's place in them.
    ``rank`` int64[n] is the order of waiting as dense ranks, larger first. ``standing`` holds flags of
    :class:`~matcher.vocabulary.Barrier`, ``requests`` how many of two asked for the other. ``waiting`` bool[n] is
    False for partners in an open pair, who are here to welcome a third and nothing else; ``open_pairs`` and
    ``together`` int64[pairs, 2] are rows.
    """

    people: tuple[Candidate, ...]
    ids: tuple[str, ...]
    on: date
    mondays: tuple[date, ...]
    rank: NDArray[np.int64]
    waiting: NDArray[np.bool_]
    zone: NDArray[np.int64]
    clocks: Quarters
    free: Bits
    writing: NDArray[np.bool_]
    languages: Marks
    areas: Marks
    area_names: tuple[str, ...]
    tags: Marks
    experiences: Marks
    staged: tuple[Marks, ...]
    style: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    channels: Marks
    welcomes_three: NDArray[np.bool_]
    traits: tuple[TraitColumn, ...]
    standing: PairCounts
    requests: PairCounts
    open_pairs: NDArray[np.int64]
    together: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of members, partners in open pairs included."""
        return len(self.people)

    def take(self, rows: NDArray[np.int64]) -> "Candidates":
        """A pool of copies of these rows, in this order; nobody in it is kept together, and its ids may repeat.

        It may be written to, and is good for comparing, not for planning: that needs a pool of :meth:`of`.
        """
        by_row = {name: getattr(self, name)[rows] for name in _BY_ROW}
        return replace(
            self,
            **by_row,
            people=tuple(self.people[row] for row in rows),
            ids=tuple(self.ids[row] for row in rows),
            free=self.free[:, rows],
            staged=tuple(marks[rows] for marks in self.staged),
            traits=tuple(trait.take(rows) for trait in self.traits),
            standing=self.standing[rows][:, rows],
            requests=self.requests[rows][:, rows],
            open_pairs=self.open_pairs[:0],
            together=self.together[:0],
        )

    @classmethod
    def of(
        cls,
        people: Iterable[Candidate],
        policy: Policy,
        on: date,
        *,
        relations: Iterable[Relation] = (),
        together: Collection[tuple[str, str]] = (),
        open_pairs: Collection[tuple[str, str]] = (),
    ) -> "Candidates":
        """Put people in columns for the term that starts with a pairing on a date; their order does not matter.

        Relations and pairs that name somebody who is not here are left out. Raises PoolError for an id used twice and
        for somebody who is named in two of the pairs.
        """
        rows = tuple(sorted(people, key=lambda person: person.id))
        place = {person.id: row for row, person in enumerate(rows)}
        for one, other in pairwise(rows):
            if one.id == other.id:
                raise PoolError(f"Two members have the id {one.id}; give each person an id of their own.")
        open_rows = columns.pair_rows(open_pairs, place)
        kept_rows = columns.pair_rows(together, place)
        columns.refuse_repeated(np.concatenate([open_rows, kept_rows]), rows)
        mondays = term_mondays(on, policy.term_weeks)
        zones = sorted({person.zone for person in rows})
        areas = tuple(sorted({goal.area for person in rows for goal in person.goals}))
        zone = np.array([zones.index(person.zone) for person in rows], dtype=np.int64)
        clocks = wall_clocks(zones, mondays)
        return cls(
            people=rows,
            ids=tuple(place),
            on=on,
            mondays=mondays,
            rank=columns.dense_ranks(rows),
            waiting=~np.isin(np.arange(len(rows)), open_rows),
            zone=zone,
            clocks=clocks,
            free=columns.free_bits(rows, zone, clocks),
            writing=np.array([person.writing_is_enough for person in rows], dtype=np.bool_),
            languages=columns.marks(rows, lambda person: person.languages),
            areas=columns.marks_for([frozenset(goal.area for goal in person.goals) for person in rows], areas),
            area_names=areas,
            tags=columns.marks(rows, lambda person: {goal for goal in person.goals if goal.tag}),
            experiences=columns.marks(rows, lambda person: {each.tag for each in person.experiences}),
            staged=columns.staged_marks(rows),
            style=columns.codes([person.support_style or "" for person in rows]),
            rhythm=columns.codes([person.rhythm for person in rows]),
            channels=columns.marks(rows, lambda person: person.channels),
            welcomes_three=np.array([person.welcomes_three for person in rows], dtype=np.bool_),
            traits=columns.trait_columns(rows),
            standing=columns.standing_flags(relations, place, policy, on),
            requests=columns.request_counts(rows, place),
            open_pairs=open_rows,
            together=kept_rows,
        )
