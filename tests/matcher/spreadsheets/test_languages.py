import re

import pytest

from matcher.spreadsheets.cells import languages_in
from matcher.spreadsheets.languages import CODES, TITLES


def test_a_language_is_one_whatever_it_is_called():
    assert {CODES[name] for name in ("german", "deutsch", "deu", "ger", "de")} == {"de"}
    assert CODES["british sign language"] == CODES["bsl"] == "bfi"


def test_names_are_case_folded_and_codes_short():
    assert all(name == name.casefold() for name in CODES)
    assert all(re.fullmatch("[a-z]{2,3}", code) and CODES[code] == code for code in CODES.values())


def test_every_language_has_a_name_that_a_page_can_show():
    assert set(TITLES) == set(CODES.values())
    assert [TITLES[code] for code in ("de", "en", "zh", "ht", "sh", "ase")] == [
        "German",
        "English",
        "Chinese",
        "Haitian Creole",
        "Serbo-Croatian",
        "American Sign Language",
    ]


@pytest.mark.parametrize("code", TITLES)
def test_a_name_that_was_shown_and_is_sent_back_is_the_same_language(code):
    assert languages_in(TITLES[code]) == {code}
    assert languages_in(f"{TITLES[code]}; English") == {code, "en"}
