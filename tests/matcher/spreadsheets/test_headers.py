import pytest

from matcher.spreadsheets.choices import FIELDS
from matcher.spreadsheets.headers import ALIASES, TRAITS, day_in_header, plain, recognise, recognise_traits


def test_every_field_is_known_by_its_own_name():
    assert tuple(ALIASES) == FIELDS
    assert all(plain(name) in aliases for name, aliases in {**ALIASES, **TRAITS}.items())
    assert all(plain(alias) == alias for aliases in ALIASES.values() for alias in aliases)


def test_case_and_signs_of_a_header_do_not_count():
    assert plain(" What is your  E-mail? ") == "what is your e mail"
    assert plain("support_style") == "support style"


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("When are you free? [Monday]", 0),
        ("Free [ sun ] ", 6),
        ("Wednesday", 2),
        ("Free [Morning]", None),
        ("Goal", None),
    ],
)
def test_a_column_of_a_grid_ends_in_a_day(header, day):
    assert day_in_header(header) == day


def test_the_columns_of_a_form_are_recognised():
    header = (
        "Timestamp",
        "Email Address",
        "What is your name?",
        "Which time zone are you in?",
        "Which languages do you feel at home in?",
        "What is your goal?",
        "When are you free? [Monday]",
        "When are you free? [Tuesday]",
        "",
    )
    found = {name: places for name, places in recognise(header, taken=()).items() if places}
    assert found == {
        "email": (1,),
        "name": (2,),
        "zone": (3,),
        "languages": (4,),
        "goals": (5,),
        "availability": (6, 7),
    }


def test_a_word_inside_two_headers_tells_neither():
    assert recognise(("Would writing only be fine?",), taken=())["writing"] == (0,)
    assert recognise(("Your first language", "Your other languages"), taken=())["languages"] == ()


def test_a_column_that_is_taken_is_not_recognised():
    assert recognise(("goals", "d_goals"), taken=[1])["goals"] == (0,)
    assert recognise(("goals", "d_goals"), taken=[])["goals"] == (1,)


def test_of_two_headers_alike_the_first_is_taken():
    assert recognise(("Name", "name?"), taken=())["name"] == (0,)


def test_traits_are_recognised():
    assert recognise_traits(("id", "Gender", "City")) == {"gender": 1, "place": 2}
