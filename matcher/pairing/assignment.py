"""The result of a night: pairs, trios, and who is left alone with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matcher.vocabulary import Barrier, Mode, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """Two or three members who may become partners; ``ids`` are sorted, ``joined_by`` is the third, or "".

    Three fit as well as their weakest pair: ``points`` and ``terms`` are that pair's, ``reasons`` hold for each two of
    them. ``overlap_minutes`` is the time for meetings that all have in common in the leanest week of the term.
    """

    ids: tuple[str, ...]
    points: int
    terms: Mapping[Term, int]
    overlap_minutes: int
    reasons: tuple[str, ...]
    joined_by: str = ""


class Cause(StrEnum):
    """Why somebody is alone: the person's own hours and wishes, or the structure of the pool."""

    NO_POSSIBLE_PARTNER = "no possible partner"
    ODD_CIRCLE = "odd circle"
    COMPETITION = "competition"
    OTHERS_FIT_BETTER = "others fit better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A member who is left over, and why.

    ``barriers`` count, by their first barrier, the other waiting members who are none; with ``possible_partners`` they
    add up to all others. Of ``sides`` members or circles that compete, ``sought`` can be served; both 0 where nobody
    competes. ``could_help`` is one change that could have given this member a partner, as a sentence, or "".
    """

    id: str
    nights_waited: int
    barriers: Mapping[Barrier, int]
    possible_partners: int
    cause: Cause
    sides: int
    sought: int
    could_help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a night decided, with what a checker needs to doubt it.

    ``trios`` may hold partners of an open pair, who were not waiting. ``total_points`` sums the points of all
    partnerships. ``weighed_pairs`` of ``possible_pairs`` were seen by the solver.
    """

    on: date
    mode: Mode
    policy_version: int
    pairs: tuple[Partnership, ...]
    trios: tuple[Partnership, ...]
    alone: tuple[Alone, ...]
    waiting: int
    total_points: int
    possible_pairs: int
    weighed_pairs: int
    proof: str
    engine: str
    fingerprint: str

    @property
    def partnerships(self) -> tuple[Partnership, ...]:
        """Pairs and trios."""
        return self.pairs + self.trios

    @property
    def coverage(self) -> float:
        """The share of waiting members who have a partner, from 0 to 1; 1 where nobody waits."""
        return 1 - len(self.alone) / self.waiting if self.waiting else 1.0
