import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.addresses import is_address, masked, normalised


def test_case_space_and_the_way_an_accent_is_typed_do_not_make_another_person():
    assert normalised(" Ada@Example.ORG\n") == "ada@example.org"
    assert normalised("Jose\u0301@example.org") == normalised("JOSÉ@example.org") == "josé@example.org"


def test_a_sharp_s_stays_since_mail_goes_to_what_is_kept():
    assert normalised("Groß@example.org") == "groß@example.org"


@given(st.text())
def test_an_address_is_normalised_once_and_for_all(text):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("address", ["ada@example.org", "a.b+c'd@mail.example.co.uk", "josé@exämple.org"])
def test_an_address_is_known(address):
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@example",
        "@example.org",
        "ada@",
        "ada@example.",
        "ada@example.org, bob@example.org",
        "ada@example.org\r\nBcc: bob@example.org",
        "ada @example.org",
        "Ada <ada@example.org>",
        "ada\x00@example.org",
        "ada\u200b@example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_mail_could_not_go_to_or_would_go_astray_from_is_none(address):
    assert not is_address(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@example.org", "a…@e….org"),
        ("a@mail.example.co.uk", "a…@m….uk"),
        ("josé@exämple.org", "j…@e….org"),
        ("", ""),
        ("ada", ""),
    ],
)
def test_a_coordinator_sees_of_an_address_only_how_it_begins_and_ends(address, shown):
    assert masked(address) == shown
