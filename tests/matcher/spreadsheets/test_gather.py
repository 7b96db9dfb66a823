"""From lists to relations and to the order of waiting."""

from dataclasses import replace

import pytest

from matcher.errors import SheetError
from matcher.pairing import Policy
from matcher.spreadsheets.gather import Lists, gather
from matcher.spreadsheets.lists import PeopleList
from matcher.spreadsheets.person import Person, Sheet
from matcher.vocabulary import Barrier
from tests.builders import MONDAY, make_candidate


def rows(*ids: tuple[str, ...], alone: tuple[str, ...] = ()) -> PeopleList:
    return PeopleList(rows=ids, notes=(), alone=alone)


def pool(**lists):
    people = tuple(Person(make_candidate(each, nights_waited=2), "", row) for row, each in enumerate("abcd", start=2))
    sheet = Sheet(file_name="", people=people, set_aside=(), stated=(), notes=())
    return gather(sheet, Lists(**lists), Policy(), MONDAY)


def test_everybody_of_a_past_trio_is_apart_from_the_others_now():
    standing = pool(past=[rows(("a", "b", "c"))], apart=[rows(("a", "d"))]).standing
    assert standing[0, 1] == standing[1, 2] == standing[0, 2] == Barrier.RECENT_PARTNERS
    assert standing[0, 3] == Barrier.HELD
    assert standing[1, 3] == 0


def test_who_was_alone_goes_first_until_they_have_had_a_partner():
    people = pool(past=[rows(alone=("a", "b")), rows(("b", "c"), alone=("a",))]).people
    assert [person.goes_first for person in people] == [True, False, False, False]
    assert [person.nights_waited for person in people] == [4, 2, 2, 2]


def test_two_are_kept_together_and_three_are_refused():
    assert pool(together=[rows(("c", "b"))]).together.tolist() == [[1, 2]]
    with pytest.raises(SheetError, match="a, b, c cannot be kept together as three"):
        pool(together=[rows(("a", "b", "c"))])


def test_the_sheet_itself_stays_as_it_was():
    candidate = make_candidate("a")
    sheet = Sheet(file_name="", people=(Person(candidate, "", 2),), set_aside=(), stated=(), notes=())
    gather(sheet, Lists(past=[rows(alone=("a",))]), Policy(), MONDAY)
    assert sheet.people[0].candidate == replace(candidate)
