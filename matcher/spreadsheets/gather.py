"""From what was read to a pool: the people of a sheet, what earlier rounds say of them, and who is kept how."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from matcher.errors import SheetError
from matcher.pairing.candidate import Candidate, Relation
from matcher.pairing.candidates import Candidates
from matcher.pairing.policy import Policy
from matcher.spreadsheets.lists import PeopleList
from matcher.spreadsheets.person import Sheet
from matcher.vocabulary import Barrier


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists beside a sheet: earlier rounds, the oldest first; who is held apart; who is kept together."""

    past: Sequence[PeopleList] = ()
    apart: Sequence[PeopleList] = ()
    together: Sequence[PeopleList] = ()


def gather(sheet: Sheet, lists: Lists, policy: Policy, on: date) -> Candidates:
    """Put the people of a sheet into columns.

    A past list has no date, so it bars for as long as it is given. Whoever was alone in earlier rounds, and in none
    since had a partner, goes first, and waited a night for each of them. Raises SheetError for three kept together.
    """
    rounds = _rounds_alone(lists.past)
    people = [_waiting(person.candidate, rounds[person.candidate.id]) for person in sheet.people]
    relations = [*_relations(lists.past, Barrier.RECENT_PARTNERS), *_relations(lists.apart, Barrier.HELD)]
    return Candidates.of(people, policy, on, relations=relations, together=list(_kept(lists.together)))


def _rounds_alone(past: Sequence[PeopleList]) -> Counter[str]:
    """How many rounds everybody has been alone since they last had a partner."""
    rounds: Counter[str] = Counter()
    for each in past:
        for ids in each.rows:
            for had_partner in ids:
                del rounds[had_partner]
        rounds.update(each.alone)
    return rounds


def _waiting(candidate: Candidate, rounds: int) -> Candidate:
    if not rounds:
        return candidate
    return replace(candidate, goes_first=True, nights_waited=candidate.nights_waited + rounds)


def _relations(lists: Sequence[PeopleList], barrier: Barrier) -> Iterator[Relation]:
    for each in lists:
        for ids in each.rows:
            yield from (Relation(one, other, barrier) for one, other in combinations(ids, 2))


def _kept(lists: Sequence[PeopleList]) -> Iterator[tuple[str, str]]:
    for each in lists:
        for ids in each.rows:
            if len(ids) != 2:
                raise SheetError(f"{', '.join(ids)} cannot be kept together as three; write two of them.")
            yield ids[0], ids[1]
