import re

from matcher.spreadsheets.languages import CODES


def test_a_language_is_one_whatever_it_is_called():
    assert {CODES[name] for name in ("german", "deutsch", "deu", "ger", "de")} == {"de"}
    assert CODES["british sign language"] == CODES["bsl"] == "bfi"


def test_names_are_case_folded_and_codes_short():
    assert all(name == name.casefold() for name in CODES)
    assert all(re.fullmatch("[a-z]{2,3}", code) and CODES[code] == code for code in CODES.values())
