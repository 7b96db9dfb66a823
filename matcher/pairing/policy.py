"""The policy of a group: which limits hold, and how many points each term is worth. Versioned, and only data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType

from matcher.errors import PolicyError
from matcher.pairing.week import QUARTER_MINUTES
from matcher.vocabulary import Barrier, Likeness, Mode, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one term is worth: points for each thing in common, and the most it can reach."""

    each: int
    at_most: int
    ask_for: Likeness = Likeness.LIKE


LIKENESS_TERMS = frozenset({Term.GOAL_AREA, Term.EXPERIENCE, Term.STAGE, Term.SUPPORT_STYLE})
"""The criteria in which a group may ask for difference instead of likeness."""

DEFAULT_WEIGHTS: Mapping[Term, Weight] = MappingProxyType(
    {
        Term.COMMON_TIME: Weight(each=10, at_most=60),
        Term.GOAL_AREA: Weight(each=30, at_most=60),
        Term.GOAL_CLOSENESS: Weight(each=15, at_most=45),
        Term.EXPERIENCE: Weight(each=15, at_most=45),
        Term.STAGE: Weight(each=10, at_most=10, ask_for=Likeness.DIFFERENT),
        Term.SUPPORT_STYLE: Weight(each=15, at_most=15),
        Term.CHANNEL: Weight(each=10, at_most=10),
        Term.RHYTHM: Weight(each=10, at_most=10),
        Term.PREFERENCE: Weight(each=15, at_most=30),  # as support style: no sum tells which it was
        Term.REQUEST: Weight(each=40, at_most=80),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A group's rules for pairing. Names carry their units; the defaults are those of the rules page.

    ``recent_partners_weeks`` and ``unanswered_days`` of None mean for ever ("for ever" in a file). ``shortlist`` is how
    many partners per member the solver weighs by points in a pool with more than ``whole_pool_pairs`` possible pairs;
    who is covered is decided over all pairs in either case.
    """

    version: int = 1
    mode: Mode = Mode.FEWEST_LEFT_OUT
    floor_points: int = 0
    block_minutes: int = 30
    least_blocks: int = 2
    least_blocks_of_three: int = 1
    term_weeks: int = 12
    recent_partners_weeks: int | None = 26
    unanswered_days: int | None = 28
    shortlist: int = 24
    whole_pool_pairs: int = 30_000
    weights: Mapping[Term, Weight] = field(default_factory=lambda: DEFAULT_WEIGHTS)

    def __post_init__(self) -> None:
        """Refuse values that no run could use, naming the field."""
        if not isinstance(self.mode, Mode):
            raise PolicyError(f"mode must be a Mode, not {self.mode!r}.")
        for name, (least, most) in _LIMITS.items():
            value = getattr(self, name)
            if value is None and name in _MAY_BE_FOR_EVER:
                continue
            if type(value) is not int or not least <= value <= most:
                raise PolicyError(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
        if self.block_minutes % QUARTER_MINUTES:
            raise PolicyError(f"block_minutes must be whole quarter-hours, not {self.block_minutes}.")
        for term in Term:
            if term not in self.weights:
                raise PolicyError(f"weights must say what each term is worth; {term} is missing.")
        for term, weight in self.weights.items():
            _check_weight(term, weight)

    @property
    def block_quarters(self) -> int:
        """The length of one meeting in quarter-hours."""
        return self.block_minutes // QUARTER_MINUTES

    @property
    def max_points(self) -> int:
        """The most points any pair can have: the sum of what each term can reach."""
        return sum(weight.at_most for weight in self.weights.values())

    def still_bars(self, barrier: Barrier, since: date | None, on: date) -> bool:
        """Say whether something that happened on a date still keeps two people apart; no date: as long as it stands."""
        days = {
            Barrier.RECENT_PARTNERS: self.recent_partners_weeks and self.recent_partners_weeks * 7,
            Barrier.UNANSWERED_RECENTLY: self.unanswered_days,
        }.get(barrier)
        return since is None or days is None or (on - since).days < days

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "Policy":
        """Read a policy as TOML gives it, ``[weights.TERM]`` tables included; errors name the field."""
        known = {each.name for each in fields(cls)}
        for name in values:
            if name not in known:
                raise PolicyError(f"{name} is no field of a policy; there are {', '.join(sorted(known))}.")
        for_ever = [name for name in _MAY_BE_FOR_EVER if values.get(name) == FOR_EVER]
        given = dict(values) | dict.fromkeys(for_ever)
        weights = given.pop("weights", {})
        mode = given.pop("mode", Mode.FEWEST_LEFT_OUT)
        if mode not in list(Mode):
            raise PolicyError(f"mode must be {' or '.join(Mode)}, not {mode!r}.")
        return cls(mode=Mode(str(mode)), weights=_weights(weights), **given)  # type: ignore[arg-type]  # checked above


_MOST = 100_000_000
_LIMITS = {
    "version": (1, _MOST),
    "floor_points": (0, _MOST),
    "block_minutes": (QUARTER_MINUTES, 24 * 60),
    "least_blocks": (0, _MOST),
    "least_blocks_of_three": (0, _MOST),
    "term_weeks": (1, 520),
    "recent_partners_weeks": (0, _MOST),
    "unanswered_days": (0, _MOST),
    "shortlist": (1, _MOST),
    "whole_pool_pairs": (0, _MOST),
}
FOR_EVER = "for ever"
"""How a policy file, which knows no None, says that something never ends."""
_MAY_BE_FOR_EVER = frozenset({"recent_partners_weeks", "unanswered_days"})


def _check_weight(term: Term, weight: Weight) -> None:
    if not isinstance(weight.ask_for, Likeness):
        raise PolicyError(f"weights.{term}.ask_for must be a Likeness, not {weight.ask_for!r}.")
    for name, value in (("each", weight.each), ("at_most", weight.at_most)):
        if type(value) is not int or not 0 <= value <= 10_000:
            raise PolicyError(f"weights.{term}.{name} must be a whole number from 0 to 10000, not {value!r}.")
    if weight.ask_for is Likeness.DIFFERENT and term not in LIKENESS_TERMS:
        raise PolicyError(f"weights.{term} cannot ask for difference; {', '.join(sorted(LIKENESS_TERMS))} can.")


def _weights(tables: object) -> Mapping[Term, Weight]:
    if not isinstance(tables, Mapping):
        raise PolicyError("weights must be tables, one for each term, such as [weights.common_time].")
    weights = dict(DEFAULT_WEIGHTS)
    for name, table in tables.items():
        if name not in list(Term):
            raise PolicyError(f"weights.{name} is no term; there are {', '.join(Term)}.")
        weights[Term(name)] = _weight(weights[Term(name)], name, table)
    return MappingProxyType(weights)


def _weight(default: Weight, name: str, table: object) -> Weight:
    if not isinstance(table, Mapping) or not set(table) <= {"each", "at_most", "ask_for"}:
        raise PolicyError(f"weights.{name} takes each, at_most and ask_for, not {table!r}.")
    ask_for = table.get("ask_for", default.ask_for)
    if ask_for not in list(Likeness):
        raise PolicyError(f"weights.{name}.ask_for must be {' or '.join(Likeness)}, not {ask_for!r}.")
    return Weight(
        each=table.get("each", default.each),
        at_most=table.get("at_most", default.at_most),
        ask_for=Likeness(str(ask_for)),
    )
