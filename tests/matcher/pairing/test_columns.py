from datetime import date

import numpy as np
import pytest

from matcher.errors import PoolError
from matcher.pairing import Experience, Policy, Relation, Wish
from matcher.pairing.columns import (
    codes,
    dense_ranks,
    free_bits,
    marks,
    marks_for,
    pair_rows,
    refuse_repeated,
    request_counts,
    staged_marks,
    standing_flags,
    trait_columns,
)
from matcher.pairing.week import wall_clocks, windows_of
from matcher.vocabulary import Barrier, Stage
from tests.builders import MONDAY, hours, make_candidate

PLACE = {"ada": 0, "bo": 1, "cy": 2}


def test_marks_say_who_has_which_thing():
    people = [make_candidate(languages=frozenset(each)) for each in ({"English"}, {"Arabic", "English"}, set())]
    found = marks(people, lambda person: person.languages)
    assert found.tolist() == [[0, 1], [1, 1], [0, 0]]
    assert found.dtype == np.float32
    assert marks_for([frozenset("b"), frozenset("ac")], "abc").tolist() == [[0, 1, 0], [1, 0, 1]]


def test_a_pool_that_has_nothing_has_no_columns():
    assert marks([make_candidate()], lambda person: person.channels).shape == (1, 0)
    assert marks([], lambda person: person.languages).shape == (0, 0)


def test_codes_number_what_was_said_and_nothing_is_minus_one():
    assert codes(["weekly", "", "daily", "weekly"]).tolist() == [1, -1, 0, 1]
    assert codes([]).tolist() == []


def test_who_waited_alike_shares_a_rank_and_ranks_have_no_gaps():
    people = [
        make_candidate(nights_waited=9),
        make_candidate(goes_first=True),
        make_candidate(nights_waited=9),
        make_candidate(),
        make_candidate(past_promise=True, nights_waited=20),
    ]
    assert dense_ranks(people).tolist() == [1, 2, 1, 0, 3]


def test_a_trait_is_a_column_only_if_somebody_asks_about_it():
    people = [
        make_candidate(traits={"gender": "woman", "region": "north"}),
        make_candidate(traits={"gender": "man"}, wishes=(Wish("gender", frozenset({"woman", "nonbinary"})),)),
        make_candidate(),
    ]
    (column,) = trait_columns(people)
    assert column.name == "gender"
    assert column.value.tolist() == [2, 1, 0]  # nothing said, man, woman
    assert column.accepts.tolist() == [[True, True, True], [False, False, True], [True, True, True]]
    assert (column.accepts_if_asked == column.accepts).all()
    assert trait_columns([make_candidate(traits={"gender": "woman"})]) == ()


def test_several_wishes_about_one_trait_must_all_hold_and_advice_may_touch_only_the_open_one():
    wishes = (Wish("age", frozenset({"30s", "40s"}), may_ask=True), Wish("age", frozenset({"40s", "50s"})))
    people = [make_candidate(wishes=wishes), *(make_candidate(traits={"age": age}) for age in ("30s", "40s", "50s"))]
    (column,) = trait_columns(people)
    assert column.accepts[0].tolist() == [False, False, True, False]
    assert column.accepts_if_asked[0].tolist() == [False, False, True, True]


def test_of_several_preferences_about_one_trait_one_is_enough_and_none_is_a_must():
    nice = (Wish("age", frozenset({"30s"})), Wish("age", frozenset({"40s"})))
    people = [make_candidate(preferences=nice), *(make_candidate(traits={"age": age}) for age in ("30s", "40s", "50s"))]
    (column,) = trait_columns(people)
    assert column.prefers.tolist() == [[False, True, True, False], *[[False] * 4] * 3]
    assert column.accepts.all()


def test_standing_flags_add_up_stand_both_ways_and_forget_the_absent():
    relations = [
        Relation("bo", "ada", Barrier.BLOCKED),
        Relation("ada", "bo", Barrier.RECENT_PARTNERS, date(2025, 12, 1)),
        Relation("bo", "cy", Barrier.UNANSWERED_RECENTLY, date(2025, 12, 1)),  # 42 days ago
        Relation("ada", "zoe", Barrier.BLOCKED),
        Relation("zoe", "ada", Barrier.BLOCKED),
    ]
    flags = standing_flags(relations, PLACE, Policy(), MONDAY).toarray()
    expected = np.zeros((3, 3), dtype=np.int32)
    expected[0, 1] = expected[1, 0] = Barrier.BLOCKED | Barrier.RECENT_PARTNERS
    assert (flags == expected).all()


def test_requests_count_who_asked_for_whom():
    people = [
        make_candidate("ada", requests=frozenset({"bo", "zoe"})),
        make_candidate("bo", requests=frozenset({"ada", "cy"})),
        make_candidate("cy"),
    ]
    assert request_counts(people, PLACE).toarray().tolist() == [[0, 2, 0], [2, 0, 1], [0, 1, 0]]


def test_everybody_is_free_by_the_clock_of_their_own_zone():
    people = [make_candidate(), make_candidate(zone="Asia/Kathmandu")]
    clocks = wall_clocks(["Asia/Kathmandu", "Europe/London"], [MONDAY])
    bits = free_bits(people, np.array([1, 0]), clocks)
    found = [windows_of(np.unpackbits(row).astype(bool)) for row in bits[0]]
    assert found == [hours("Mon 18:00-20:00"), hours("Mon 12:15-14:15")]


def test_roads_stand_in_the_same_columns_for_every_stage():
    people = [
        make_candidate(experiences=(Experience("grief", Stage.STEADIER), Experience("debt"))),
        make_candidate(experiences=(Experience("grief", Stage.LOOKING_BACK), Experience("debt", Stage.STEADIER))),
    ]
    thick, steadier, back = staged_marks(people)
    assert thick.tolist() == [[0, 0], [0, 0]]
    assert steadier.tolist() == [[0, 1], [1, 0]]  # debt, grief
    assert back.tolist() == [[0, 0], [0, 1]]


def test_a_pair_counts_once_however_often_and_in_whatever_order_it_is_named():
    pairs = [("cy", "bo"), ("bo", "ada"), ("bo", "cy"), ("ada", "zoe"), ("zoe", "bo")]
    assert pair_rows(pairs, PLACE).tolist() == [[0, 1], [1, 2]]
    assert pair_rows([], PLACE).shape == (0, 2)


def test_who_is_in_two_settled_pairs_is_named():
    people = [make_candidate("ada"), make_candidate("bo"), make_candidate("cy")]
    refuse_repeated(np.array([[0, 1]]), people)
    with pytest.raises(PoolError, match=r"^bo is kept together with two people"):
        refuse_repeated(np.array([[0, 1], [1, 2]]), people)
