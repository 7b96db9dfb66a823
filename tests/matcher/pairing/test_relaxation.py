from dataclasses import replace

import numpy as np
import pytest

from matcher.pairing import Goal, Policy, Relation, Wish
from matcher.pairing.forest import members_of
from matcher.pairing.policy import DEFAULT_WEIGHTS
from matcher.pairing.relaxation import changes
from matcher.vocabulary import Barrier, Likeness, Mode, Term
from tests.builders import hours, make_candidate, make_pool
from tests.pools import invented_pool
from tests.real_changes import change_in, possible_partners, real_changes


def brought(pool, policy, row=0):
    """Whom each change brings, in the order in which the changes are told."""
    others = np.flatnonzero(pool.waiting & (np.arange(len(pool)) != row))
    found = [
        (change_in(change.sentence), {pool.ids[partner] for partner in members_of(change.partners)})
        for change in changes(pool, policy, row, others)
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_an_hour_that_brings_most_is_told_first():
    people = [
        make_candidate("ada", windows=hours("Mon 12:00-14:00")),
        make_candidate("bo", windows=hours("Tue 18:00-20:00")),
        make_candidate("cy", windows=hours("Tue 19:00-21:00; Sat 06:00-08:00")),
    ]
    found = brought(make_pool(people), Policy())
    assert found == {("hours", "Tue evening"): {"bo", "cy"}, ("hours", "Sat morning"): {"cy"}}
    assert list(found) == [("hours", "Tue evening"), ("hours", "Sat morning")]


def test_hours_are_those_of_the_members_own_clock():
    people = [
        make_candidate("ada", windows=(), zone="Asia/Kathmandu"),
        make_candidate("bo", windows=hours("Mon 20:00-21:00")),  # Tuesday, 01:45 in Kathmandu
        make_candidate("cy", windows=hours("Mon 13:00-14:00")),  # Monday, 18:45
    ]
    policy = Policy(term_weeks=4)
    assert brought(make_pool(people, policy), policy) == {("hours", "Mon evening"): {"cy"}}


@pytest.mark.parametrize(
    ("block_minutes", "minutes"), [(15, None), (30, "15"), (45, "15"), (60, "30"), (90, "45"), (120, "60")]
)
def test_shorter_meetings_last_half_as_long_in_whole_quarters(block_minutes, minutes):
    policy = Policy(block_minutes=block_minutes, least_blocks=1, term_weeks=4)
    free = f"Mon 18:00-18:{block_minutes // 2 // 15 * 15 or 15}" if block_minutes < 120 else "Mon 18:00-19:00"
    pool = make_pool([make_candidate(each, windows=hours(free)) for each in ("ada", "bo")], policy)
    found = [said for kind, said in brought(pool, policy) if kind == "shorter"]
    assert found == ([minutes] if minutes else [])


def test_writing_helps_only_with_those_for_whom_it_is_enough():
    people = [
        make_candidate("ada", windows=()),
        make_candidate("bo", windows=(), writing_is_enough=True),
        make_candidate("cy", windows=()),
    ]
    assert brought(make_pool(people), Policy()) == {("writing", "writing"): {"bo"}}


@pytest.fixture
def _every_area_is_common(monkeypatch):
    monkeypatch.setattr("matcher.pairing.relaxation.COMMON_FROM", 1)


def test_an_area_that_few_people_have_is_never_named_to_another():
    several = [make_candidate(f"m{number}", goals=frozenset({Goal("chess")})) for number in range(5)]
    policy = Policy(floor_points=70)
    assert ("area", "chess") in brought(make_pool([make_candidate("ada"), *several]), policy)
    assert ("area", "chess") not in brought(make_pool([make_candidate("ada"), *several[:4]]), policy)


@pytest.mark.usefixtures("_every_area_is_common")
def test_one_more_goal_helps_only_where_a_floor_keeps_people_apart():
    people = [make_candidate("ada"), make_candidate("bo", goals=frozenset({Goal("chess")}))]
    assert brought(make_pool(people), Policy(floor_points=0)) == {}
    found = brought(make_pool(people), Policy(floor_points=70))
    assert found[("area", "chess")] == {"bo"}
    assert ("area", "python") not in found


def test_where_difference_is_asked_for_another_goal_is_no_help():
    weights = {**DEFAULT_WEIGHTS, Term.GOAL_AREA: replace(DEFAULT_WEIGHTS[Term.GOAL_AREA], ask_for=Likeness.DIFFERENT)}
    policy = Policy(weights=weights, floor_points=50)
    chess = make_candidate("cy", goals=frozenset({Goal("chess")}), windows=hours("Tue 18:00-20:00"))
    pool = make_pool([make_candidate("ada"), make_candidate("bo"), chess], policy)
    assert brought(pool, policy) == {("hours", "Tue evening"): {"cy"}, ("shorter", "15"): {"bo"}}


def test_only_a_wish_that_the_member_opened_is_touched():
    for may_ask in (False, True):
        wishes = (Wish("age", frozenset({"30s"}), may_ask), Wish("region", frozenset({"north"})))
        people = [
            make_candidate("ada", wishes=wishes),
            make_candidate("bo", traits={"age": "40s", "region": "north"}),
            make_candidate("cy", traits={"age": "40s", "region": "south"}),
        ]
        assert brought(make_pool(people), Policy()) == ({("wish", "age"): {"bo"}} if may_ask else {})


def test_the_wishes_of_others_are_not_touched():
    people = [make_candidate("ada"), make_candidate("bo", wishes=(Wish("age", frozenset({"30s"}), may_ask=True),))]
    assert brought(make_pool(people), Policy()) == {}


@pytest.mark.parametrize("barrier", [Barrier.BLOCKED, Barrier.DECLINED_BEFORE, Barrier.HELD, Barrier.RECENT_PARTNERS])
def test_what_stands_between_two_is_never_to_be_relaxed(barrier):
    people = [make_candidate("ada", windows=()), make_candidate("bo")]
    assert brought(make_pool(people), Policy())
    assert brought(make_pool(people, relations=[Relation("ada", "bo", barrier)]), Policy()) == {}


def test_a_language_is_never_to_be_learned_for_it():
    people = [make_candidate("ada", windows=(), languages=frozenset({"Urdu"})), make_candidate("bo")]
    assert brought(make_pool(people), Policy()) == {}


def test_who_is_a_possible_partner_already_is_not_brought():
    assert brought(make_pool(["ada", "bo"]), Policy()) == {}


def test_trying_changes_leaves_the_pool_as_it_was():
    people = [make_candidate("ada", wishes=(Wish("age", frozenset({"30s"}), True),), windows=()), make_candidate("bo")]
    pool = make_pool(people)
    before = pool.free.copy(), pool.writing.copy(), pool.areas.copy(), pool.traits[0].accepts.copy()
    list(changes(pool, Policy(floor_points=50), 0, np.array([1])))
    after = pool.free, pool.writing, pool.areas, pool.traits[0].accepts
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


@pytest.mark.uncounted
@pytest.mark.usefixtures("_every_area_is_common")
def test_every_change_brings_whom_it_would_bring_if_the_member_made_it():
    kinds = set()
    for seed in range(120):
        invented = invented_pool(seed, Mode.FEWEST_LEFT_OUT, most=6, term_weeks=3)
        if seed % 3 == 0:
            invented = replace(invented, policy=replace(invented.policy, floor_points=60))
        pool = invented.candidates()
        for row in np.flatnonzero(pool.waiting)[:2].tolist():
            person = pool.people[row]
            already = possible_partners(person, invented, invented.policy)
            expected = {
                change: new
                for change, changed, policy in real_changes(person, invented)
                if (new := possible_partners(changed, invented, policy) - already)
            }
            found = brought(pool, invented.policy, row)
            assert found == expected, seed
            hours_told = [len(partners) for (kind, _), partners in found.items() if kind == "hours"]
            assert hours_told == sorted(hours_told, reverse=True)
            kinds |= {kind for kind, _ in found}
    assert kinds == {"hours", "shorter", "writing", "area", "wish"}
