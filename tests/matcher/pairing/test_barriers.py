from datetime import timedelta

import numpy as np
import pytest

from matcher.pairing import Policy, Relation, Wish
from matcher.pairing.barriers import barriers, first_barrier, untimed_barriers
from matcher.pairing.facing import Facing
from matcher.vocabulary import Barrier
from tests.builders import MONDAY, hours, make_candidate, make_pool

NONE = Barrier(0)
WOMEN = Wish("gender", frozenset({"woman"}))


def every(pool, policy=Policy()):  # noqa: B008  # frozen
    everybody = np.arange(len(pool))
    return barriers(Facing(pool, policy, everybody, everybody))


def between(one, other, policy=Policy(), **known):  # noqa: B008  # frozen
    """What stands between ada and bo, the same from either side."""
    pool = make_pool([make_candidate("ada", **one), make_candidate("bo", **other)], policy, **known)
    flags = every(pool, policy)
    assert flags[0, 1] == flags[1, 0]
    assert flags.dtype == np.uint16
    return Barrier(int(flags[0, 1]))


def test_two_ready_members_have_no_barrier():
    assert between({}, {}) is NONE


@pytest.mark.parametrize(
    "barrier",
    [
        Barrier.BLOCKED,
        Barrier.DECLINED_BEFORE,
        Barrier.RECENT_PARTNERS,
        Barrier.UNANSWERED_RECENTLY,
        Barrier.HELD,
    ],
)
@pytest.mark.parametrize(("first", "second"), [("ada", "bo"), ("bo", "ada")])
def test_what_stands_between_two_is_a_barrier_by_itself_and_both_ways(barrier, first, second):
    assert between({}, {}, relations=[Relation(first, second, barrier)]) is barrier


@pytest.mark.parametrize(
    ("barrier", "policy", "days", "bars"),
    [
        (Barrier.RECENT_PARTNERS, Policy(recent_partners_weeks=4), 27, True),
        (Barrier.RECENT_PARTNERS, Policy(recent_partners_weeks=4), 28, False),
        (Barrier.RECENT_PARTNERS, Policy(recent_partners_weeks=None), 9999, True),
        (Barrier.UNANSWERED_RECENTLY, Policy(unanswered_days=4), 3, True),
        (Barrier.UNANSWERED_RECENTLY, Policy(unanswered_days=4), 4, False),
        (Barrier.UNANSWERED_RECENTLY, Policy(unanswered_days=None), 9999, True),
    ],
)
def test_the_policy_says_how_long_the_past_keeps_two_apart(barrier, policy, days, bars):
    relation = Relation("ada", "bo", barrier, MONDAY - timedelta(days=days))
    assert between({}, {}, policy, relations=[relation]) is (barrier if bars else NONE)


def test_two_without_a_common_language_are_kept_apart():
    arabic = {"languages": frozenset({"Arabic", "Urdu"})}
    assert between(arabic, {}) is Barrier.NO_COMMON_LANGUAGE
    assert between(arabic, {"languages": frozenset({"English", "Urdu"})}) is NONE


def test_common_time_is_counted_in_blocks_of_the_policy():
    other = {"windows": hours("Mon 19:00-20:00")}
    assert between({}, other) is NONE
    assert between({}, {"windows": hours("Mon 19:15-20:00")}) is Barrier.TOO_LITTLE_COMMON_TIME
    assert between({}, other, Policy(block_minutes=45)) is Barrier.TOO_LITTLE_COMMON_TIME
    assert between({}, other, Policy(least_blocks=3)) is Barrier.TOO_LITTLE_COMMON_TIME
    assert between({"windows": ()}, other, Policy(least_blocks=0)) is NONE


def test_common_time_that_a_clock_change_takes_away_is_too_little():
    evening, midday = hours("Wed 18:00-19:00"), hours("Wed 13:00-14:00")
    other = {"zone": "America/New_York", "windows": midday}
    assert between({"windows": evening}, other, Policy(term_weeks=8)) is NONE  # until 8 March
    assert between({"windows": evening}, other, Policy(term_weeks=9)) is Barrier.TOO_LITTLE_COMMON_TIME


@pytest.mark.parametrize(
    ("one", "other", "barrier"),
    [(True, True, NONE), (True, False, Barrier.TOO_LITTLE_COMMON_TIME), (False, True, Barrier.TOO_LITTLE_COMMON_TIME)],
)
def test_writing_is_enough_only_if_it_is_for_both(one, other, barrier):
    ada, bo = ({"windows": (), "writing_is_enough": each} for each in (one, other))
    assert between(ada, bo) is barrier


def test_a_wish_is_a_must_on_either_side():
    assert between({"wishes": (WOMEN,)}, {"traits": {"gender": "woman"}}) is NONE
    assert between({"wishes": (WOMEN,)}, {"traits": {"gender": "man"}}) is Barrier.OUTSIDE_WISHES
    assert between({"traits": {"gender": "man"}}, {"wishes": (WOMEN,)}) is Barrier.OUTSIDE_WISHES


def test_who_never_said_is_outside_of_a_wish():
    assert between({"wishes": (WOMEN,)}, {}) is Barrier.OUTSIDE_WISHES


def test_every_wish_of_a_member_must_hold():
    wishes = (WOMEN, Wish("region", frozenset({"north"})))
    assert between({"wishes": wishes}, {"traits": {"gender": "woman", "region": "north"}}) is NONE
    assert between({"wishes": wishes}, {"traits": {"gender": "woman"}}) is Barrier.OUTSIDE_WISHES


def test_a_trait_without_a_wish_keeps_nobody_apart():
    assert between({"traits": {"gender": "man"}}, {"traits": {"gender": "woman"}}) is NONE


def test_who_is_kept_together_is_held_from_all_others_and_from_nobody_else():
    pool = make_pool(["ada", "bo", "cy", "di"], together=[("cy", "ada")])
    free = {tuple(pair) for pair in np.argwhere(every(pool) == 0).tolist()}
    assert free >= {(0, 2), (2, 0), (1, 3), (3, 1)}
    assert {(row, column) for row, column in free if row != column} == {(0, 2), (2, 0), (1, 3), (3, 1)}
    assert every(pool)[0, 1] == Barrier.HELD


def test_several_barriers_stand_at_once_and_the_first_of_them_is_told():
    relations = [Relation("ada", "bo", Barrier.HELD), Relation("bo", "ada", Barrier.DECLINED_BEFORE)]
    one = {"languages": frozenset({"Arabic"}), "windows": (), "wishes": (WOMEN,)}
    found = between(one, {}, relations=relations)
    assert found == (
        Barrier.DECLINED_BEFORE
        | Barrier.HELD
        | Barrier.NO_COMMON_LANGUAGE
        | Barrier.TOO_LITTLE_COMMON_TIME
        | Barrier.OUTSIDE_WISHES
    )
    assert first_barrier(np.array([found], dtype=np.uint16)).tolist() == [Barrier.DECLINED_BEFORE]


def test_the_first_barrier_follows_the_order_of_the_vocabulary():
    ordered = list(Barrier)
    for place, barrier in enumerate(ordered):
        later = sum(ordered[place:], NONE)
        assert first_barrier(np.array([[barrier, later, 0]], dtype=np.uint16)).tolist() == [[barrier, barrier, 0]]


def test_without_a_look_at_the_clock_only_common_time_is_missing():
    pool = make_pool([make_candidate("ada", windows=()), make_candidate("bo", languages=frozenset({"Urdu"}))])
    pair = Facing.pair(pool, Policy(), 0, 1)
    assert untimed_barriers(pair).tolist() == [[Barrier.NO_COMMON_LANGUAGE]]
    assert barriers(pair).tolist() == [[Barrier.NO_COMMON_LANGUAGE | Barrier.TOO_LITTLE_COMMON_TIME]]
    assert untimed_barriers(pair).dtype == np.uint16


def test_one_pair_has_the_barriers_it_has_among_all():
    people = [
        make_candidate("ada", wishes=(WOMEN,)),
        make_candidate("bo", languages=frozenset({"Arabic"})),
        make_candidate("cy", traits={"gender": "woman"}, languages=frozenset({"Arabic", "English"})),
        make_candidate("di", windows=hours("Tue 09:00-12:00")),
    ]
    pool = make_pool(people, relations=[Relation("cy", "di", Barrier.BLOCKED)], together=[("ada", "cy")])
    found = every(pool)
    for row, column in np.ndindex(found.shape):
        assert barriers(Facing.pair(pool, Policy(), row, column)).tolist() == [[found[row, column]]]
