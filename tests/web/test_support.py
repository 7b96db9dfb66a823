"""How to support somebody: told once, shown again, and offered in the usual words."""

import pytest

from matcher.support import LONGEST_CARD
from tests.web.filled import filled, send, slip_beside, slips, told_again
from tests.web.spoilt import spoil
from tests.web.test_joining import open_proposals
from tests.web.test_memberships import member_of

TOLD = {
    "support_style": "firm",
    "channels": ["phone", "in person"],
    "rhythm": "every two weeks",
    "welcomes_three": "y",
    "card": "Ask me twice.\nNever say “cheer up” <&>",
}


@pytest.fixture
def waiting(visits):
    return visits.by("waiting"), visits.path("/members/{waiting}/support")


def test_what_is_told_is_shown_again(waiting):
    visit, path = waiting
    assert send(visit, path, TOLD).location == path.replace("support", "settings")
    assert told_again(visit, path) == TOLD
    assert send(visit, path).status_code == 303
    assert told_again(visit, path) == TOLD


def test_everything_may_be_taken_back(waiting, visits, rows):
    visit, path = waiting
    nothing = {"support_style": "", "channels": None, "rhythm": "", "welcomes_three": None, "card": " "}
    assert send(visit, path, nothing).status_code == 303
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert (member.support_style, member.channels, member.rhythm) == (None, [], "")
        assert (member.welcomes_three, member.card) == (False, None)
    assert told_again(visit, path) == {"support_style": "", "rhythm": "", "card": ""}


def test_words_that_came_from_a_sheet_are_offered_too_and_stay(waiting, visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.channels, member.rhythm = ["carrier pigeon", "phone"], "at full moon"
    visit, path = waiting
    shown = told_again(visit, path)
    assert (set(shown["channels"]), shown["rhythm"]) == ({"phone", "carrier pigeon"}, "at full moon")
    assert send(visit, path, {"card": "Anew"}).status_code == 303
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert (member.channels, member.rhythm) == (["carrier pigeon", "phone"], "at full moon")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("card", "w" * (LONGEST_CARD + 1), "The card has 1,001 signs; write at most 1,000."),
        ("card", "Ask\u0000me", "There is a sign in this that no page can show."),
        ("rhythm", "hourly", "Choose one of the list."),
        ("support_style", "roughly", "Choose one of the list."),
        ("channels", ["phone", "telepathy"], "Choose from the list."),
    ],
)
def test_a_slip_stands_beside_its_field_and_the_rest_is_kept(waiting, field, typed, said):
    visit, path = waiting
    before = told_again(visit, path)
    answer = send(visit, path, TOLD | {field: typed})
    assert answer.status_code == 422
    assert said in slip_beside(answer, field)
    assert [said in line for line in slips(answer)] == [True]
    shown = filled(answer)
    assert {name: shown[name] for name in TOLD if name != field} == {name: TOLD[name] for name in TOLD if name != field}
    assert field != "card" or shown["card"] == typed.replace("\u0000", "\ufffd")
    assert told_again(visit, path) == before


def test_a_card_that_was_spoilt_is_empty_and_can_be_written_anew(waiting, rows):
    spoil(rows, "members", "card")
    visit, path = waiting
    assert told_again(visit, path)["card"] == ""
    assert send(visit, path, {"card": "Anew"}).status_code == 303
    assert told_again(visit, path)["card"] == "Anew"


def test_no_proposal_closes_because_of_it_so_nothing_is_asked(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}/support")
    assert send(visit, path, TOLD).status_code == 303
    assert told_again(visit, path) == TOLD
    with rows() as session:
        assert open_proposals(session, visits) == 1
