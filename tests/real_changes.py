"""What advice may suggest, done for real: the member changes, and the rules are asked once more."""

import re
from collections.abc import Iterator
from dataclasses import replace

from matcher.pairing import Candidate, Goal, Policy, Window
from matcher.vocabulary import DAYS, PARTS_OF_DAY
from tests import second_opinion
from tests.pools import Pool

PATTERNS = {
    "hours": re.compile(r"One more free stretch, (\w+ \w+) "),
    "shorter": re.compile(r"Meetings of (\d+) minutes instead of \d+ could"),
    "writing": re.compile(r"(writing) is enough"),
    "area": re.compile(r"One more goal, in (\w+), could"),
    "wish": re.compile(r"A wider wish about (\w+) could"),
}
Change = tuple[str, str]


def change_in(sentence: str) -> Change:
    """Which change a sentence suggests; exactly one."""
    found = [(kind, said[1]) for kind, pattern in PATTERNS.items() if (said := pattern.search(sentence))]
    assert len(found) == 1, sentence
    return found[0]


def real_changes(person: Candidate, invented: Pool) -> Iterator[tuple[Change, Candidate, Policy]]:
    """Every change that a member could make, done: the change, the changed member, the policy that then holds."""
    policy = invented.policy
    for day, name in enumerate(DAYS):
        for part, (start, end) in PARTS_OF_DAY.items():
            more = Window(day * 96 + start * 4, day * 96 + end * 4)
            yield ("hours", f"{name} {part}"), replace(person, windows=(*person.windows, more)), policy
    shorter = {30: 15, 45: 15, 60: 30}.get(policy.block_minutes)
    if shorter:
        yield ("shorter", str(shorter)), person, replace(policy, block_minutes=shorter)
    yield ("writing", "writing"), replace(person, writing_is_enough=True), policy
    for area in sorted({goal.area for each in invented.people for goal in each.goals}):
        yield ("area", area), replace(person, goals=person.goals | {Goal(area)}), policy
    for trait in sorted({wish.trait for wish in person.wishes}):
        kept = tuple(wish for wish in person.wishes if wish.trait != trait or not wish.may_ask)
        yield ("wish", trait), replace(person, wishes=kept), policy


def possible_partners(person: Candidate, invented: Pool, policy: Policy) -> set[str]:
    """Who may be paired with a member, by the plain rules; partners in an open pair are not asked."""
    taken = {each for pair in invented.open_pairs for each in pair} | {person.id}
    known = invented.relations, invented.together, policy, invented.on
    others = [each for each in invented.people if each.id not in taken]
    return {
        other.id
        for other in others
        if not second_opinion.barrier(*sorted((person, other), key=lambda each: each.id), *known)
    }
