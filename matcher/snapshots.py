"""What a night is decided from, as a value that can be kept and read back: the same snapshot, the same assignment."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matcher.pairing import Candidate, Candidates, Policy
from matcher.pairing.candidate import Experience, Goal, Relation
from matcher.pairing.facing import Facing
from matcher.pairing.shortlist import weigh
from matcher.profile import windows_from_json, windows_to_json, wishes_from_json, wishes_to_json
from matcher.vocabulary import Barrier, Stage, SupportStyle

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The people of a pool, what stands between them, and who is kept together or open to a third, on a date.

    Whoever is ``set_aside`` would be in it if their row could be read.
    """

    on: date
    people: tuple[Candidate, ...]
    relations: tuple[Relation, ...] = ()
    together: tuple[Pair, ...] = ()
    open_pairs: tuple[Pair, ...] = ()
    set_aside: tuple[str, ...] = ()

    def candidates(self, policy: Policy) -> Candidates:
        """The pool in columns, ready to be planned.

        Two whom a coordinator keeps together, and who may not be paired or have found somebody else meanwhile, are two
        like all others: what one of them did must stop nobody's night, and its failing would tell of it.
        """
        return Candidates.of(
            self.people,
            policy,
            self.on,
            relations=self.relations,
            together=tuple(self._still_together(policy)),
            open_pairs=self.open_pairs,
        )

    def _still_together(self, policy: Policy) -> Iterator[Pair]:
        settled = {id_ for pair in self.open_pairs for id_ in pair}
        for pair in sorted(self.together):
            two = replace(self.of(pair), together=())
            if settled.isdisjoint(pair) and len(two.people) == 2:
                barriers, _ = weigh(Facing.pair(two.candidates(policy), policy, 0, 1))
                if not barriers.any():
                    settled.update(pair)
                    yield pair

    def of(self, ids: Collection[str]) -> "Snapshot":
        """The part of it that is about these people."""
        wanted = set(ids)
        return Snapshot(
            on=self.on,
            people=tuple(person for person in self.people if person.id in wanted),
            relations=tuple(each for each in self.relations if {each.first, each.second} <= wanted),
            together=tuple(pair for pair in self.together if wanted.issuperset(pair)),
            open_pairs=tuple(pair for pair in self.open_pairs if wanted.issuperset(pair)),
        )

    def without_words_of(self, ids: Collection[str]) -> "Snapshot":
        """The same, but these people tell nothing any more: whoever goes on from it pairs them with nobody.

        They keep their places, and with them what the night counts and who of an open pair did not wait.
        """
        silent = tuple(_silent(person) if person.id in ids else person for person in self.people)
        return replace(self, people=silent)

    def to_json(self) -> dict[str, Any]:
        """The snapshot as JSON can hold it, in one order only."""
        return {
            "on": self.on.isoformat(),
            "people": [_person_to_json(person) for person in sorted(self.people, key=lambda person: person.id)],
            "relations": sorted(_relation_to_json(each) for each in self.relations),
            "together": sorted(map(list, self.together)),
            "open_pairs": sorted(map(list, self.open_pairs)),
            "set_aside": sorted(self.set_aside),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Snapshot":
        """Read back what :meth:`to_json` gave."""
        return cls(
            on=date.fromisoformat(kept["on"]),
            people=tuple(map(_person_from_json, kept["people"])),
            relations=tuple(map(_relation_from_json, kept["relations"])),
            together=tuple((first, second) for first, second in kept["together"]),
            open_pairs=tuple((first, second) for first, second in kept["open_pairs"]),
            set_aside=tuple(kept["set_aside"]),
        )


def _silent(person: Candidate) -> Candidate:
    past_promise, goes_first, nights_waited = person.place_in_waiting
    return Candidate(
        id=person.id,
        zone="UTC",
        languages=frozenset(),
        goals=frozenset(),
        past_promise=past_promise,
        goes_first=goes_first,
        nights_waited=nights_waited,
    )


def _person_to_json(person: Candidate) -> dict[str, Any]:
    return {
        "id": person.id,
        "zone": person.zone,
        "languages": sorted(person.languages),
        "goals": sorted([goal.area, goal.tag] for goal in person.goals),
        "windows": windows_to_json(person.windows),
        "writing_is_enough": person.writing_is_enough,
        "experiences": [[each.tag, each.stage, each.shown] for each in person.experiences],
        "support_style": person.support_style,
        "channels": sorted(person.channels),
        "rhythm": person.rhythm,
        "welcomes_three": person.welcomes_three,
        "traits": dict(person.traits),
        "wishes": wishes_to_json(person.wishes),
        "preferences": wishes_to_json(person.preferences),
        "requests": sorted(person.requests),
        "waiting": list(person.place_in_waiting),
    }


def _person_from_json(kept: Mapping[str, Any]) -> Candidate:
    past_promise, goes_first, nights_waited = kept["waiting"]
    return Candidate(
        id=kept["id"],
        zone=kept["zone"],
        languages=frozenset(kept["languages"]),
        goals=frozenset(Goal(area, tag) for area, tag in kept["goals"]),
        windows=windows_from_json(kept["windows"]),
        writing_is_enough=kept["writing_is_enough"],
        experiences=tuple(Experience(tag, stage and Stage(stage), shown) for tag, stage, shown in kept["experiences"]),
        support_style=kept["support_style"] and SupportStyle(kept["support_style"]),
        channels=frozenset(kept["channels"]),
        rhythm=kept["rhythm"],
        welcomes_three=kept["welcomes_three"],
        traits=kept["traits"],
        wishes=wishes_from_json(kept["wishes"]),
        preferences=wishes_from_json(kept.get("preferences", ())),  # nights of the first engine knew none
        requests=frozenset(kept["requests"]),
        past_promise=past_promise,
        goes_first=goes_first,
        nights_waited=nights_waited,
    )


def _relation_to_json(relation: Relation) -> list[Any]:
    return [
        relation.first,
        relation.second,
        int(relation.barrier),
        relation.since.isoformat() if relation.since else "",
    ]


def _relation_from_json(kept: list[Any]) -> Relation:
    first, second, barrier, since = kept
    return Relation(first, second, Barrier(barrier), date.fromisoformat(since) if since else None)
