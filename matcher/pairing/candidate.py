"""One waiting member as the pairing sees them, and what stands between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.pairing.week import Window
from matcher.vocabulary import Barrier, Stage, SupportStyle


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """What a member works on: an area that a proposal always names, and a closer tag (or "") that it never does."""

    area: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Experience:
    """Something a member has lived and lets us use for pairing; ``shown`` if proposed people may read it."""

    tag: str
    stage: Stage | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """The partner's trait is one of the accepted values: a must, or as a preference nice to have.

    Somebody who never said is outside of it. ``may_ask`` says that advice may touch it: "you may ask me about this".
    """

    trait: str
    accepted: frozenset[str]
    may_ask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A frozen snapshot of one waiting member. Never holds a name, an address or a text.

    Readiness is decided before: a candidate has a zone, a language, a goal, and windows or ``writing_is_enough``.
    ``traits`` are used by wishes and preferences and by nothing else. ``requests`` are ids of members asked for.
    """

    id: str
    zone: str
    languages: frozenset[str]
    goals: frozenset[Goal]
    windows: tuple[Window, ...] = ()
    writing_is_enough: bool = False
    experiences: tuple[Experience, ...] = ()
    support_style: SupportStyle | None = None
    channels: frozenset[str] = frozenset()
    rhythm: str = ""
    welcomes_three: bool = False
    traits: Mapping[str, str] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()
    preferences: tuple[Wish, ...] = ()
    requests: frozenset[str] = frozenset()
    past_promise: bool = False
    goes_first: bool = False
    nights_waited: int = 0

    def __post_init__(self) -> None:
        """Refuse two entries for one experience: a member stands at one place of a road."""
        if len({each.tag for each in self.experiences}) < len(self.experiences):
            raise ValueError(f"{self.id} has two entries for one experience")

    @property
    def place_in_waiting(self) -> tuple[bool, bool, int]:
        """The order of waiting as the rules define it; who has the larger one comes first."""
        return self.past_promise, self.goes_first, self.nights_waited


@dataclass(frozen=True, slots=True)
class Relation:
    """What stands between two members, since a date (None: without an end)."""

    first: str
    second: str
    barrier: Barrier
    since: date | None = None
