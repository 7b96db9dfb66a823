"""The engine's rules a second time, as plainly as Python can say them: one pair at a time, no numpy, no bit tricks.

Slow and obvious on purpose; the tests hold the engine against it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from matcher.pairing.candidate import Candidate, Relation
from matcher.pairing.policy import Policy
from matcher.vocabulary import Barrier, Likeness, Term

Pair = tuple[str, str]


@cache
def wall_clock(zone: str, monday: date) -> tuple[int, ...]:
    """What the clock on the wall shows at each quarter-hour of one UTC week, in minutes since Monday."""
    instants = (datetime.combine(monday, time(), UTC) + timedelta(minutes=15 * quarter) for quarter in range(672))
    shown = (instant.astimezone(ZoneInfo(zone)) for instant in instants)
    return tuple((local.weekday() * 24 + local.hour) * 60 + local.minute for local in shown)


@cache
def free_instants(zone: str, windows: tuple, monday: date) -> str:
    """One UTC week as 672 letters, "x" for each quarter-hour at which the wall clock stands inside a window."""
    return _free_by(wall_clock(zone, monday), windows)


@cache
def _free_by(clock: tuple[int, ...], windows: tuple) -> str:
    inside = {quarter % 672 for window in windows for quarter in range(window.start, window.end)}
    return "".join("x" if minute // 15 in inside else "." for minute in clock)


def mondays(on: date, weeks: int) -> list[date]:
    first = on - timedelta(days=on.weekday())
    if on.weekday() >= 3:
        first += timedelta(days=7)
    return [first + timedelta(days=7 * week) for week in range(weeks)]


def blocks(people: Sequence[Candidate], policy: Policy, on: date) -> int:
    """Meetings that fit into everybody's common time in the leanest week."""
    hours = tuple((person.zone, person.windows) for person in people)
    return _blocks(hours, tuple(mondays(on, policy.term_weeks)), policy.block_minutes // 15)


@cache
def _blocks(hours: tuple[tuple[str, tuple], ...], weeks: tuple[date, ...], block_quarters: int) -> int:
    different = {tuple(free_instants(zone, windows, monday) for zone, windows in hours) for monday in weeks}
    return min(blocks_in(common(each), block_quarters) for each in different)


@cache
def _as_number(week: str) -> int:
    return int(week.replace("x", "1").replace(".", "0"), 2)


def common(weeks: Iterable[str]) -> str:
    number = -1
    for week in weeks:
        number &= _as_number(week)
    return f"{number:0672b}"


def blocks_in(week: str, block_quarters: int) -> int:
    """Whole blocks in each run of ones; the week is a circle."""
    if "0" not in week:
        return 672 // block_quarters
    start = week.index("0")
    return sum(len(run) // block_quarters for run in re.findall("1+", week[start:] + week[:start]))


def barrier(
    one: Candidate, other: Candidate, relations: Sequence[Relation], together: Sequence[Pair], policy: Policy, on: date
) -> Barrier | None:
    """The first barrier between two people, or None."""
    for each in all_barriers(one, other, relations, together, policy, on):
        return each
    return None


def all_barriers(
    one: Candidate, other: Candidate, relations: Sequence[Relation], together: Sequence[Pair], policy: Policy, on: date
) -> Iterator[Barrier]:
    two = {one.id, other.id}
    standing = {each.barrier for each in relations if {each.first, each.second} == two and _stands(each, policy, on)}
    if any(two & set(pair) and two != set(pair) for pair in together):
        standing.add(Barrier.HELD)
    yield from sorted(standing)
    if not one.languages & other.languages:
        yield Barrier.NO_COMMON_LANGUAGE
    both_write = one.writing_is_enough and other.writing_is_enough
    if not both_write and blocks([one, other], policy, on) < policy.least_blocks:
        yield Barrier.TOO_LITTLE_COMMON_TIME
    if not (_content(one, other) and _content(other, one)):
        yield Barrier.OUTSIDE_WISHES
    if sum(points(one, other, policy, on).values()) < policy.floor_points:
        yield Barrier.BELOW_FLOOR


def _stands(relation: Relation, policy: Policy, on: date) -> bool:
    if relation.since is None:
        return True
    days = (on - relation.since).days
    if relation.barrier is Barrier.RECENT_PARTNERS and policy.recent_partners_weeks is not None:
        return days < 7 * policy.recent_partners_weeks
    if relation.barrier is Barrier.UNANSWERED_RECENTLY and policy.unanswered_days is not None:
        return days < policy.unanswered_days
    return True


def _content(one: Candidate, other: Candidate) -> bool:
    return all(other.traits.get(wish.trait, "") in wish.accepted for wish in one.wishes)


def points(one: Candidate, other: Candidate, policy: Policy, on: date) -> dict[Term, int]:
    """Points of each term for two people."""
    counts = {
        Term.COMMON_TIME: blocks([one, other], policy, on),
        Term.GOAL_AREA: len({goal.area for goal in one.goals} & {goal.area for goal in other.goals}),
        Term.GOAL_CLOSENESS: len({goal for goal in one.goals & other.goals if goal.tag}),
        Term.EXPERIENCE: len(_roads(one) & _roads(other)),
        Term.STAGE: _stages(one, other, policy.weights[Term.STAGE].ask_for),
        Term.SUPPORT_STYLE: one.support_style is not None and one.support_style == other.support_style,
        Term.CHANNEL: len(one.channels & other.channels),
        Term.RHYTHM: one.rhythm != "" and one.rhythm == other.rhythm,
        Term.PREFERENCE: len(_met(one, other)) + len(_met(other, one)),
        Term.REQUEST: (other.id in one.requests) + (one.id in other.requests),
    }
    if policy.weights[Term.GOAL_AREA].ask_for is Likeness.DIFFERENT:
        counts[Term.GOAL_AREA] = counts[Term.GOAL_AREA] == 0
    if policy.weights[Term.EXPERIENCE].ask_for is Likeness.DIFFERENT:
        counts[Term.EXPERIENCE] = bool(_roads(one)) and bool(_roads(other)) and counts[Term.EXPERIENCE] == 0
    if policy.weights[Term.SUPPORT_STYLE].ask_for is Likeness.DIFFERENT:
        both = one.support_style is not None and other.support_style is not None
        counts[Term.SUPPORT_STYLE] = both and one.support_style != other.support_style
    weights = policy.weights
    return {term: min(int(count) * weights[term].each, weights[term].at_most) for term, count in counts.items()}


def _met(one: Candidate, other: Candidate) -> set[str]:
    return {each.trait for each in one.preferences if other.traits.get(each.trait, "") in each.accepted}


def _roads(person: Candidate) -> set[str]:
    return {each.tag for each in person.experiences}


def _stages(one: Candidate, other: Candidate, ask_for: Likeness) -> int:
    here = {each.tag: each.stage for each in one.experiences}
    there = {each.tag: each.stage for each in other.experiences}
    shared = [tag for tag in here if here[tag] and there.get(tag)]
    return sum((here[tag] == there[tag]) is (ask_for is Likeness.LIKE) for tag in shared)


def every_matching(people: Sequence[str], possible: set[Pair]) -> Iterator[list[Pair]]:
    """All matchings of the possible pairs, the empty one included; ``people`` are sorted."""
    if not people:
        yield []
        return
    first, *rest = people
    yield from every_matching(rest, possible)
    for partner in rest:
        if (first, partner) in possible:
            others = [each for each in rest if each != partner]
            for matching in every_matching(others, possible):
                yield [(first, partner), *matching]


def every_seating(guests: Sequence[str], places: Sequence[Pair]) -> Iterator[list[tuple[str, Pair]]]:
    """All ways to seat some of the guests, at most one at a place."""
    if not guests:
        yield []
        return
    first, *rest = guests
    yield from every_seating(rest, places)
    for place in places:
        for seating in every_seating(rest, [each for each in places if each != place]):
            yield [(first, place), *seating]
