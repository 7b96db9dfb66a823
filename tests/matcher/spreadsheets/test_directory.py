import pytest

from matcher.pairing.candidate import Candidate
from matcher.spreadsheets.directory import Directory, key
from matcher.spreadsheets.person import Person


@pytest.fixture
def directory():
    def person(id_, name, email=""):
        candidate = Candidate(id=id_, zone="UTC", languages=frozenset({"en"}), goals=frozenset())
        return Person(candidate, name, 2, email)

    return Directory([person("m1", "Anna B", "anna@example.org"), person("M2", "Robin"), person("m3", "robin")])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (" M1", {"m1"}),
        ("m2", {"M2"}),
        ("anna  b", {"m1"}),
        ("Anna@Example.org", {"m1"}),
        ("Robin", {"M2", "m3"}),
        ("Kim", set()),
        ("", set()),
    ],
)
def test_people_are_found_by_id_email_and_name(directory, text, ids):
    assert directory.ids_of(text) == ids


def test_texts_are_compared_without_case_and_extra_space():
    assert key(" Anna \n B ") == "anna b"
