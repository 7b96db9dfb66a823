"""What a person reads at the end of a run."""

from dataclasses import replace

import pytest

from jobs.summary import people, summary
from matcher.pairing.assignment import Assignment
from matcher.spreadsheets.person import SetAside
from matcher.vocabulary import Mode


def lines(night, **changes) -> list[str]:
    assignment: Assignment = replace(night.assignment, **changes)
    return list(summary(assignment, night.candidates, night.sheet, night.names))


def test_it_shows_counts_points_people_and_how_it_was_decided(night):
    said = "\n".join(lines(night))
    assert said.startswith("Pairing of people.csv, for the 12 weeks from Monday 12 January 2026\n\n1 pair · 1 trio")
    assert "Points (worst 70, median 77.5, in all 155)\n    60–79   █ 1\n    80–99   █ 1\n" in said
    assert "Pairs (1)\n  Dee and Eve: 85 points, 2 h a week" in said
    assert "Fay: Nobody here was a possible partner this time. Too little common time with 5 others.\n    " in said
    assert "could have helped." in said
    assert "every one of 4 possible pairs was weighed" in said
    assert "proven" not in said


@pytest.mark.parametrize("mode", list(Mode))
def test_a_shortlist_says_what_was_not_weighed(night, mode):
    said = "\n".join(lines(night, weighed_pairs=3, mode=mode))
    assert "the best 3 of 4 possible pairs were weighed" in said
    assert ("Who has a partner was decided over all of them" in said) is (mode is Mode.FEWEST_LEFT_OUT)


def test_long_lists_are_counted_after_a_dozen(night):
    many = night.assignment.pairs * 15
    assert "  and 3 more" in lines(night, pairs=many)


def test_several_alone_have_their_main_reasons_counted(night):
    (alone,) = night.assignment.alone
    competing = replace(alone, possible_partners=2)
    said = "\n".join(lines(night, alone=(alone, alone, competing)))
    assert "Main reasons: too little common time (2); no possible partner (1)" in said


def test_rows_set_aside_for_one_reason_are_one_line(night):
    rows = tuple(SetAside(row, f"r{row}", "no goal") for row in range(2, 20))
    sheet = replace(night.sheet, set_aside=rows)
    said = "\n".join(summary(night.assignment, night.candidates, sheet, {}))
    assert "  rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19: no goal" in said


def test_a_night_without_pairs_has_no_picture(night):
    assert not any(line.startswith("Points") for line in lines(night, pairs=(), trios=()))


def test_waiting_is_told_where_somebody_waited(night):
    waited = [replace(person, nights_waited=3) for person in night.candidates.people]
    candidates = replace(night.candidates, people=tuple(waited))
    said = "\n".join(summary(night.assignment, candidates, night.sheet, {}))
    assert "Longest wait: 3 nights among those with a partner, 0 nights among those alone." in said


def test_people_are_called_by_name_where_they_have_one():
    assert people(["a"], {}) == "a"
    assert people(["a", "b", "c"], {"c": "Cyd"}) == "a, b and Cyd"


def test_who_has_waited_is_told_to_the_coordinator(night):
    alone = replace(night.assignment.alone[0], nights_waited=2)
    assert "    Has waited 2 nights." in "\n".join(lines(night, alone=(alone,)))
