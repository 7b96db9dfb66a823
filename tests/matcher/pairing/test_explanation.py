from datetime import date

import pytest

from matcher.pairing import Goal, Policy
from matcher.pairing.explanation import common_hours, explain, overlap_minutes
from matcher.vocabulary import Term
from tests.builders import hours, make_candidate, make_pool

POLICY = Policy()


def evenings(id, text, *areas, **changes):
    return make_candidate(id, windows=hours(text), goals=frozenset(Goal(area) for area in areas), **changes)


THREE = make_pool(
    [
        evenings("ada", "Mon 18:00-20:00", "chess", "python", rhythm="weekly"),
        evenings("bo", "Mon 18:30-20:30", "python", rhythm="weekly"),
        evenings("cy", "Mon 18:00-19:45", "chess", rhythm="weekly"),
    ]
)


def test_a_pair_has_its_terms_their_sum_its_time_and_its_sentences():
    pair = explain(THREE, POLICY, [1, 0])
    assert pair.ids == ("ada", "bo")
    assert {term: each for term, each in pair.terms.items() if each} == {
        Term.COMMON_TIME: 30,
        Term.GOAL_AREA: 30,
        Term.RHYTHM: 10,
    }
    assert list(pair.terms) == list(Term)
    assert (pair.points, pair.overlap_minutes, pair.joined_by) == (70, 90, "")
    assert pair.reasons == (
        "You have time in common in every week of the term.",
        "Your goals meet here: python.",
        "You like the same rhythm.",
    )


@pytest.mark.parametrize("rows", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_three_fit_like_their_weakest_two_and_are_told_what_holds_for_each_two(rows):
    trio = explain(THREE, POLICY, rows, joined_by=2)
    assert (trio.ids, trio.joined_by) == (("ada", "bo", "cy"), "cy")
    assert {term: each for term, each in trio.terms.items() if each} == {Term.COMMON_TIME: 20, Term.RHYTHM: 10}
    assert (trio.points, trio.overlap_minutes) == (30, 60)
    assert trio.reasons == ("You have time in common in every week of the term.", "You like the same rhythm.")


def test_the_overlap_is_that_of_the_leanest_week():
    """London and New York are five hours apart, but four from 8 to 29 March."""
    people = [
        evenings("ada", "Wed 18:00-20:00"),
        evenings("bo", "Wed 13:00-15:00", zone="America/New_York"),
    ]
    for weeks, minutes in ((8, 120), (9, 60)):
        policy = Policy(term_weeks=weeks)
        assert overlap_minutes(make_pool(people, policy), policy, [0, 1]) == minutes


def test_the_overlap_counts_whole_meetings_only():
    pool = make_pool([evenings("ada", "Mon 18:00-19:45"), evenings("bo", "Mon 18:00-19:45")])
    assert overlap_minutes(pool, Policy(), [0, 1]) == 90
    assert overlap_minutes(pool, Policy(block_minutes=60), [0, 1]) == 60


def test_each_reads_the_common_hours_on_their_own_clock():
    people = [
        evenings("ada", "Wed 18:00-20:00; Sun 23:00-24:00"),
        evenings("bo", "Wed 23:45-01:45; Mon 04:45-05:45", zone="Asia/Kathmandu"),
    ]
    pool = make_pool(people, Policy(term_weeks=4))
    assert common_hours(pool, [0, 1], 0) == hours("Wed 18:00-20:00; Sun 23:00-24:00")
    assert common_hours(pool, [0, 1], 1) == hours("Mon 04:45-05:45; Wed 23:45-01:45")


def test_only_hours_of_every_week_are_told():
    """From 29 March, when London's clocks change, the hours of the two no longer lie on each other in full."""
    people = [evenings("ada", "Wed 18:00-20:00"), evenings("bo", "Wed 23:45-01:45", zone="Asia/Kathmandu")]
    pool = make_pool(people, Policy(term_weeks=4), date(2026, 3, 16))
    assert common_hours(pool, [0, 1], 0) == hours("Wed 19:00-20:00")


def test_three_read_only_what_all_three_have():
    assert common_hours(THREE, [0, 1, 2], 2) == hours("Mon 18:30-19:45")


def test_two_who_write_have_no_hours():
    pool = make_pool([make_candidate(each, windows=(), writing_is_enough=True) for each in ("ada", "bo")])
    assert (overlap_minutes(pool, POLICY, [0, 1]), common_hours(pool, [0, 1], 0)) == (0, ())


def test_three_are_told_nothing_that_holds_only_for_each_two_of_them():
    ways = {"ada": {"call", "text"}, "bo": {"text", "video"}, "cy": {"video", "call"}}
    free = {"ada": "Mon 18:00-20:00; Tue 18:00-20:00", "bo": "Tue 18:00-20:00; Wed 18:00-20:00"}
    free["cy"] = "Mon 18:00-20:00; Wed 18:00-20:00"
    people = [
        make_candidate(each, windows=hours(free[each]), channels=frozenset(ways[each]), writing_is_enough=True)
        for each in ways
    ]
    found = explain(make_pool(people), Policy(), (0, 1, 2), joined_by=2)
    assert (found.overlap_minutes, found.reasons) == (0, ("Your goals meet here: python.",))
