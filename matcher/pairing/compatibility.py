"""How well? Points for two candidates, a sum of named terms, and the sentence that each term says to a person."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.candidate import Candidate
from matcher.pairing.facing import Facing
from matcher.pairing.policy import Weight
from matcher.vocabulary import Likeness, Term
from matcher.wording import listed

Points = NDArray[np.int32]
_ON_A_ROAD = " this road: "


def points_by_term(facing: Facing) -> Mapping[Term, Points]:
    """The points of every term for rows x columns, int32[r, c] each, never below 0 and never above its cap."""
    weights = facing.policy.weights
    return {term: _points(_COUNTS[term](facing, weights[term]), weights[term]) for term in Term}


def points(facing: Facing) -> Points:
    """The compatibility of rows x columns: int32[r, c], the sum of all terms. Symmetric; at most policy.max_points."""
    total = np.zeros((len(facing.rows), len(facing.columns)), dtype=np.int32)
    for term in points_by_term(facing).values():
        total += term
    return total


def _points(count: NDArray[np.int32], weight: Weight) -> Points:
    capped: Points = np.minimum(count * np.int32(weight.each), weight.at_most).astype(np.int32)
    return capped


def _common_time(facing: Facing, _: Weight) -> NDArray[np.int32]:
    return facing.blocks


def _goal_area(facing: Facing, weight: Weight) -> NDArray[np.int32]:
    shared = facing.shared(facing.candidates.areas)
    return shared if weight.ask_for is Likeness.LIKE else np.int32(1) - np.minimum(shared, 1)


def _goal_closeness(facing: Facing, _: Weight) -> NDArray[np.int32]:
    return facing.shared(facing.candidates.tags)


def _experience(facing: Facing, weight: Weight) -> NDArray[np.int32]:
    """Shared roads; or, where difference is asked for, two people who both say something and share nothing of it."""
    shared = facing.shared(facing.candidates.experiences)
    if weight.ask_for is Likeness.LIKE:
        return shared
    row, column = facing.how_many(facing.candidates.experiences)
    nothing_shared: NDArray[np.int32] = ((shared == 0) & (row > 0) & (column > 0)).astype(np.int32)
    return nothing_shared


def _stage(facing: Facing, weight: Weight) -> NDArray[np.int32]:
    """Shared roads on which both said where they stand, and stand at the same place or at another one."""
    staged = facing.candidates.staged
    same = sum((facing.shared(marks) for marks in staged), np.zeros_like(facing.blocks))
    if weight.ask_for is Likeness.LIKE:
        return same
    both_said: NDArray[np.int32] = facing.shared(np.sum(staged, axis=0))
    different: NDArray[np.int32] = both_said - same
    return different


def _support_style(facing: Facing, weight: Weight) -> NDArray[np.int32]:
    both, same = facing.alike(facing.candidates.style)
    return (same if weight.ask_for is Likeness.LIKE else both & ~same).astype(np.int32)


def _channel(facing: Facing, _: Weight) -> NDArray[np.int32]:
    return facing.shared(facing.candidates.channels)


def _rhythm(facing: Facing, _: Weight) -> NDArray[np.int32]:
    return facing.alike(facing.candidates.rhythm)[1].astype(np.int32)


def _preference(facing: Facing, _: Weight) -> NDArray[np.int32]:
    """How many of the preferences of both are met."""
    met = np.zeros((len(facing.rows), len(facing.columns)), dtype=np.int32)
    for trait in facing.candidates.traits:
        met += trait.prefers[facing.rows][:, trait.value[facing.columns]]
        met += trait.prefers[facing.columns][:, trait.value[facing.rows]].T
    return met


def _request(facing: Facing, _: Weight) -> NDArray[np.int32]:
    return facing.between(facing.candidates.requests)


_COUNTS: Mapping[Term, Callable[[Facing, Weight], NDArray[np.int32]]] = MappingProxyType(
    {
        Term.COMMON_TIME: _common_time,
        Term.GOAL_AREA: _goal_area,
        Term.GOAL_CLOSENESS: _goal_closeness,
        Term.EXPERIENCE: _experience,
        Term.STAGE: _stage,
        Term.SUPPORT_STYLE: _support_style,
        Term.CHANNEL: _channel,
        Term.RHYTHM: _rhythm,
        Term.PREFERENCE: _preference,
        Term.REQUEST: _request,
    }
)


def reasons(facing: Facing) -> Mapping[Term, str]:
    """Why these two, as a sentence for both of them per term: the first row facing the first column.

    Tells only what both show to people who are proposed to them: goal areas, hours, ways to be in touch, and
    experiences that both chose to show. Terms that rest on anything else say nothing: "your goals are close" or "you
    share an experience" would tell one of them something that the other shows later, or never; a preference that is met
    would tell who the other is. A request is named only where both asked. No numbers: they are nobody's worth.
    """
    first = facing.candidates.people[facing.rows[0]]
    second = facing.candidates.people[facing.columns[0]]
    earned = {term for term, found in points_by_term(facing).items() if found[0, 0] > 0}
    said = {term: _SENTENCES[term](first, second, facing.policy.weights[term]) for term in Term if term in earned}
    return {term: sentence for term, sentence in said.items() if sentence}


def tells_what_was_lived(reason: str) -> bool:
    """Whether a sentence of these rests on experiences."""
    return _ON_A_ROAD in reason


def _say_area(first: Candidate, second: Candidate, weight: Weight) -> str:
    if weight.ask_for is Likeness.DIFFERENT:
        return "Your goals lie in different areas, so that each brings something new."
    areas = {goal.area for goal in first.goals} & {goal.area for goal in second.goals}
    return f"Your goals meet here: {listed(sorted(areas))}."


def _say_experience(first: Candidate, second: Candidate, weight: Weight) -> str:
    shown = _shown(first) & _shown(second)
    return f"You both know{_ON_A_ROAD}{listed(sorted(shown))}." if shown and weight.ask_for is Likeness.LIKE else ""


def _say_stage(first: Candidate, second: Candidate, weight: Weight) -> str:
    roads = _shown(first) & _shown(second)
    stages = ({each.tag: each.stage for each in person.experiences} for person in (first, second))
    here, there = stages
    wanted = weight.ask_for is Likeness.LIKE
    found = {tag for tag in roads if here[tag] and there[tag] and (here[tag] == there[tag]) is wanted}
    if not found:
        return ""
    return f"You stand at {'the same place' if wanted else 'different places'} on{_ON_A_ROAD}{listed(sorted(found))}."


def _shown(person: Candidate) -> set[str]:
    return {each.tag for each in person.experiences if each.shown}


def _say_request(first: Candidate, second: Candidate, _: Weight) -> str:
    return "You asked for each other." if second.id in first.requests and first.id in second.requests else ""


def _say(sentence: str) -> Callable[[Candidate, Candidate, Weight], str]:
    return lambda first, second, weight: sentence


_SENTENCES: Mapping[Term, Callable[[Candidate, Candidate, Weight], str]] = MappingProxyType(
    {
        Term.COMMON_TIME: _say("You have time in common in every week of the term."),
        Term.GOAL_AREA: _say_area,
        Term.GOAL_CLOSENESS: _say(""),
        Term.EXPERIENCE: _say_experience,
        Term.STAGE: _say_stage,
        Term.SUPPORT_STYLE: _say(""),
        Term.CHANNEL: _say("You like to be in touch in the same way."),
        Term.RHYTHM: _say("You like the same rhythm."),
        Term.PREFERENCE: _say(""),
        Term.REQUEST: _say_request,
    }
)
