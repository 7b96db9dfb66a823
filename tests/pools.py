"""Small invented pools, each made from its own seed: as diverse as the rules allow, and dense enough to be hard."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from matcher.pairing.candidate import Candidate, Experience, Goal, Relation, Wish
from matcher.pairing.candidates import Candidates
from matcher.pairing.policy import DEFAULT_WEIGHTS, Policy, Weight
from matcher.pairing.week import Window
from matcher.vocabulary import Barrier, Likeness, Mode, Stage, SupportStyle, Term

ZONES = ("Europe/London", "Europe/Paris", "America/New_York", "Asia/Kathmandu")
STANDING = (Barrier.BLOCKED, Barrier.DECLINED_BEFORE, Barrier.RECENT_PARTNERS, Barrier.UNANSWERED_RECENTLY)
STARTS = (date(2026, 1, 12), date(2026, 3, 12), date(2026, 10, 5))


@dataclass(frozen=True)
class Pool:
    """People and all that stands between them, not yet in columns."""

    people: list[Candidate]
    policy: Policy
    on: date
    relations: list[Relation] = field(default_factory=list)
    together: list[tuple[str, str]] = field(default_factory=list)
    open_pairs: list[tuple[str, str]] = field(default_factory=list)

    def candidates(self, people: list[Candidate] | None = None) -> Candidates:
        return Candidates.of(
            self.people if people is None else people,
            self.policy,
            self.on,
            relations=self.relations,
            together=self.together,
            open_pairs=self.open_pairs,
        )


def invented_pool(seed: int, mode: Mode, most: int = 8, **limits: int) -> Pool:
    """A pool of up to ``most`` people; two of the same seed are the same."""
    chance = Random(seed)
    ids = [f"m{number:02d}" for number in range(most - min(chance.randint(0, most), chance.randint(0, most)))]
    busy, welcoming = chance.random(), chance.choice((0.3, 1))  # some pools are dense, some are sparse
    people = [_person(chance, member_id, ids, busy, welcoming) for member_id in ids]
    chance.shuffle(people)
    on = chance.choice(STARTS)
    relations = [relation for _ in range(chance.randint(0, 2)) for relation in _relation(chance, ids, on)]
    return Pool(people, _policy(chance, mode, limits), on, relations, open_pairs=_open_pair(chance, ids))


def _person(chance: Random, member_id: str, ids: list[str], busy: float, welcoming: float) -> Candidate:
    writing = chance.random() < 0.2
    languages = chance.sample(["fr", "ne"], chance.choice((0, 1))) + ["en"] * (chance.random() > busy / 3)
    return Candidate(
        id=member_id,
        zone=chance.choice(ZONES) if chance.random() < busy / 3 else ZONES[0],
        languages=frozenset(languages or ["en"]),
        goals=frozenset(Goal(chance.choice("abc"), chance.choice(("", "x", "y"))) for _ in range(chance.randint(1, 3))),
        windows=() if writing and chance.random() < 0.5 else tuple(_windows(chance, busy)),
        writing_is_enough=writing,
        experiences=tuple(
            Experience(tag, chance.choice((None, *Stage)), chance.random() < 0.5) for tag in chance.sample("pqr", 2)
        ),
        support_style=chance.choice((None, *SupportStyle)),
        channels=frozenset(chance.sample(["call", "text"], chance.randint(0, 2))),
        rhythm=chance.choice(("", "daily", "weekly")),
        welcomes_three=chance.random() < welcoming,
        traits={"gender": chance.choice(("", "f", "m"))},
        wishes=tuple(_wishes(chance)),
        preferences=tuple(_wishes(Random(f"what {member_id} prefers"), often=0.4)),  # a chance of its own: pools stay
        requests=frozenset(chance.sample(ids, min(len(ids), chance.choice((0, 0, 1))))) - {member_id},
        past_promise=chance.random() < 0.1,
        goes_first=chance.random() < 0.2,
        nights_waited=chance.choice((0, 0, 1, 2, 9)),
    )


def _windows(chance: Random, busy: float) -> Iterator[Window]:
    for _ in range(1 if chance.random() < busy / 2 else 3):
        start = chance.choice((0, 1, 6)) * 96 + chance.choice((68, 72, 92))
        yield Window(start, start + chance.choice((3, 8, 12, 20)))


def _wishes(chance: Random, often: float = 0.1) -> Iterator[Wish]:
    if chance.random() < often:
        yield Wish("gender", frozenset(chance.choice(("f", "m"))), may_ask=chance.random() < 0.5)


def _relation(chance: Random, ids: list[str], on: date) -> list[Relation]:
    if len(ids) < 2:
        return []
    first, second = chance.sample(ids, 2)
    since = chance.choice((None, on - timedelta(days=chance.choice((10, 27, 28, 181, 182, 400)))))
    return [Relation(first, second, chance.choice(STANDING), since)]


def _open_pair(chance: Random, ids: list[str]) -> list[tuple[str, str]]:
    return [(ids[0], ids[1])] if len(ids) > 4 and chance.random() < 0.2 else []


def _policy(chance: Random, mode: Mode, limits: dict[str, int]) -> Policy:
    weights = dict(DEFAULT_WEIGHTS)
    for term in (Term.GOAL_AREA, Term.EXPERIENCE, Term.STAGE, Term.SUPPORT_STYLE):
        weights[term] = Weight(each=chance.choice((0, 7, 20)), at_most=40, ask_for=chance.choice(list(Likeness)))
    floor = chance.choice((0, 0, 0, 40))
    return Policy(mode=mode, weights=weights, floor_points=floor, least_blocks=chance.choice((1, 2, 2, 3)), **limits)
