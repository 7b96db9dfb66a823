import pytest

from tests.web.pages import words_of


@pytest.fixture
def words(visitor):
    return words_of(visitor.get("/"))


@pytest.mark.parametrize(
    "said",
    [
        "pairs the members of a peer support group",
        "not together",
        "alongside pair people.csv",
        "alongside serve result.json",
        "members cannot sign in",
        "call your local emergency number",
    ],
)
def test_it_says_what_alongside_is_for_and_how_to_begin(said, words):
    assert said in words


def test_it_has_a_calm_voice(words):
    assert "!" not in words


def test_it_does_not_tell_whether_there_is_a_pairing(visitor, coordinator):
    assert coordinator().get("/").data == visitor.get("/").data


def test_no_telephone_number_is_invented(words):
    assert not any(sign.isdigit() for sign in words.partition("Get help now")[2])
