import re
from datetime import UTC, date, time

import pytest

from matcher.errors import GroupError, GroupToldError, ToldError
from matcher.group_told import (
    MOST_TERMS,
    days_in,
    hour_in,
    line_in,
    rules_in,
    start_in,
    terms_in,
    whole_in,
    zone_told,
)

TODAY = date(2026, 1, 14)


def test_a_slip_serves_a_keyboard_and_a_page():
    with pytest.raises(GroupToldError) as refused:
        zone_told("")
    assert isinstance(refused.value, GroupError)
    assert isinstance(refused.value, ToldError)
    assert refused.value.field == "zone"


def test_what_is_told_is_kept_in_the_houses_own_form():
    assert line_in("name", " The \0 quiet\nharbour ", "a name") == "The quiet harbour"
    assert zone_told("europe/london") == "Europe/London"
    assert days_in(["sunday", "Mon", "monday"]) == ["Mon", "Sun"]
    assert hour_in(time(23, 59)) == time(23, 59)
    assert start_in(TODAY, None, TODAY) == TODAY
    assert start_in(None, TODAY, TODAY) is None
    assert whole_in("answer_days", 14, 14, "days") == 14


def test_house_rules_keep_their_lines_and_lose_what_no_page_can_show():
    assert rules_in(" Be kind.\r\nBe\0 on time.\ud800\rRest.\n\n") == "Be kind.\nBe on time.\nRest."
    assert rules_in("x" * 4000 + "\n")


@pytest.mark.parametrize("hour", [time(3, 30, 1), time(3, 30, 0, 1), time(3, 30, tzinfo=UTC)])
def test_an_hour_is_one_of_whole_minutes_on_the_groups_own_clock(hour):
    with pytest.raises(GroupToldError, match="such as 03:30"):
        hour_in(hour)


def test_words_stand_as_they_were_written_each_once():
    assert terms_in("area", ["Running", " ", "running", "get  well", "none"]) == ["Running", "get well"]


@pytest.mark.parametrize(
    ("kind", "words", "field", "sentence"),
    [
        ("colour", [], "kind", "There are no words of the kind colour; there are area, experience, trait."),
        ("area", ["x" * 101], "area", "Write each word in at most 100 signs; one has 101."),
        ("trait", [str(each) for each in range(MOST_TERMS + 1)], "trait", "at most 100 words of a kind; these are 101"),
    ],
)
def test_words_that_no_member_could_choose_from_are_refused(kind, words, field, sentence):
    with pytest.raises(GroupToldError, match=re.escape(sentence)) as refused:
        terms_in(kind, words)
    assert refused.value.field == field
