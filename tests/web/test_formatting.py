from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from web.formatting import (
    counted,
    day,
    hours,
    languages,
    listed,
    moment,
    number,
    people,
    person,
    safe_picture,
    seconds,
    sentence,
    words_of_slip,
)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (number(23295), "23,295"),
        (counted(1, "pair"), "1 pair"),
        (counted(0, "pair"), "0 pairs"),
        (counted(1200, "person", "people"), "1,200 people"),
        (day(date(2026, 1, 2)), "2 January 2026"),
        (hours(0), "0 min"),
        (hours(45), "45 min"),
        (hours(90), "1 h 30 min"),
        (hours(120), "2 h"),
        (seconds(0.04), "under 0.1 s"),
        (seconds(12.34), "12.3 s"),
        (sentence("no UTC zone"), "No UTC zone."),
        (sentence("Done."), "Done."),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
    ],
)
def test_figures_are_written_as_people_read_them(shown, words):
    assert shown == words


def test_names_keep_their_own_direction_and_never_become_markup():
    assert person("<b>") == Markup("<bdi>&lt;b&gt;</bdi>")
    assert people(["Ada", "יעל"]) == Markup("<bdi>Ada</bdi> and <bdi>יעל</bdi>")


def test_languages_are_called_by_their_names_and_unknown_ones_stay():
    assert languages(["de", "pt", "klingon"]) == "German, Portuguese, klingon"
    assert languages([]) == ""


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/London", "on Sunday 18 January at 03:30 (Europe/London)"),
        ("Asia/Tokyo", "on Sunday 18 January at 12:30 (Asia/Tokyo)"),
        ("America/Los_Angeles", "on Saturday 17 January at 19:30 (America/Los_Angeles)"),
    ],
)
def test_a_moment_is_told_by_the_readers_clock_with_its_zone_once(zone, words):
    assert moment(datetime(2026, 1, 18, 3, 30, tzinfo=UTC), zone) == words


@pytest.mark.parametrize(
    ("slips", "words"),
    [
        (["Write a name.", "And more."], "Write a name."),
        ([], ""),
        ([{}, {"words": ["Too long."]}, {"area": ["Missing."]}], "Too long."),
        (["There are too many.", {"words": ["Too long."]}], "There are too many."),
        ([{"lines": [{}, {"words": ["Too long."]}]}], "Too long."),
        ([[], {}], ""),
        (("One.",), "One."),
    ],
)
def test_of_all_slips_of_a_field_the_first_sentence_is_said(slips, words):
    assert words_of_slip(slips) == words


def test_a_picture_of_ours_is_markup():
    assert safe_picture("<svg></svg>") == Markup("<svg></svg>")
    assert isinstance(safe_picture("<svg></svg>"), Markup)


def test_the_templates_know_all_of_these_words(app):
    known = app.jinja_env.filters
    assert {"moment", "languages", "words_of_slip", "safe_picture", "person", "people", "day"} <= set(known)
    assert known["moment"] is moment
