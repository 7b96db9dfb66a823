"""What somebody wishes for: read by nobody, shown again to themselves as they told it."""

import pytest

from matcher import groups
from matcher.models import Group
from tests.rows import NOW
from tests.web.filled import filled, send, slips, told_again
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_joining import open_proposals
from tests.web.test_memberships import member_of
from web.wishes import ANY, MUST, NICE

LINES = ["Gender: Woman, Man, Another", "age: 18-29; 30-39; 40+", "no values:", "gender: someone else"]


@pytest.fixture
def waiting(visits, rows):
    with rows.begin() as session:
        group = session.get_one(Group, member_of(session, visits, "waiting").group_id)
        groups.set_terms(session, group, "trait", LINES, NOW)
    return visits.by("waiting"), visits.path("/members/{waiting}/wishes")


def about(number, **told):
    return {f"traits-{number}-{name}": value for name, value in told.items()}


AGE, GENDER = 0, 1


def kept(rows, visits, who="waiting"):
    with rows() as session:
        member = member_of(session, visits, who)
        return member.wishes, member.preferences, member.about_me


def test_the_words_of_the_group_are_offered_each_trait_once(waiting):
    visit, path = waiting
    page = visit.get(path)
    assert [filled(page)[f"traits-{number}-trait"] for number in (AGE, GENDER)] == ["age", "gender"]
    assert "traits-2-trait" not in page.text
    for word in ("Woman", "Another", "someone else", "30-39"):
        assert f">{word}<" in page.text


def test_a_group_without_words_for_it_asks_nothing(visits):
    words = words_of(visits.by("elsewhere").get(visits.path("/members/{elsewhere}/wishes")))
    assert "Your group asks for nothing about people themselves" in words


def test_what_is_told_is_kept_and_shown_again(waiting, visits, rows):
    visit, path = waiting
    told = about(GENDER, own="woman", accepted=["woman", "another"], how_much=MUST, may_ask="y")
    told |= about(AGE, own="30-39", accepted="30-39", how_much=NICE)
    assert send(visit, path, told).status_code == 303
    assert kept(rows, visits) == (
        [{"trait": "gender", "accepted": ["another", "woman"], "may_ask": True}],
        [{"trait": "age", "accepted": ["30-39"], "may_ask": False}],
        {"gender": "woman", "age": "30-39"},
    )
    shown = told_again(visit, path)
    assert {name: shown[name] for name in told} == told
    assert send(visit, path).status_code == 303
    assert told_again(visit, path) == shown


def test_a_wish_without_words_is_for_the_same_as_oneself(waiting, visits, rows):
    visit, path = waiting
    assert send(visit, path, about(GENDER, own="man", how_much=MUST)).status_code == 303
    assert kept(rows, visits)[0] == [{"trait": "gender", "accepted": ["man"], "may_ask": False}]
    assert told_again(visit, path)[f"traits-{GENDER}-accepted"] == "man"


def test_everything_may_be_taken_back(waiting, visits, rows):
    visit, path = waiting
    assert send(visit, path, about(GENDER, own="man", how_much=MUST)).status_code == 303
    assert send(visit, path, about(GENDER, own="", accepted=None, how_much=ANY)).status_code == 303
    assert kept(rows, visits) == ([], [], {})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (about(GENDER, own="", how_much=MUST), "Say your own “gender” to ask for the same, or choose what you accept."),
        (about(GENDER, own="", how_much=NICE), "Say your own “gender”"),
        (about(GENDER, accepted=["man"], how_much=ANY), "Say how much “gender” matters, or take away what is ticked."),
        (about(GENDER, own="martian"), "Choose one of the list."),
        (about(GENDER, accepted=["martian"], how_much=MUST), "Choose from the list."),
        (about(GENDER, how_much="a lot"), "Choose one of the list."),
        (about(GENDER, trait="shoe size", own="", accepted=None, how_much=MUST), "Say your own “shoe size”"),
        (about(GENDER, trait="age", own="30-39", accepted=None, how_much=NICE), "stands there twice"),
    ],
)
def test_a_slip_is_said_and_every_choice_is_still_there(waiting, visits, rows, typed, said):
    visit, path = waiting
    told = about(AGE, own="30-39", accepted=["30-39", "40+"], how_much=NICE, may_ask="y")
    answer = send(visit, path, told | typed)
    assert answer.status_code == 422
    assert said in " ".join(slips(answer))
    shown = filled(answer)
    assert {name: shown[name] for name in told} == told
    for name, value in typed.items():
        if "list" not in said and value is not None:
            assert shown.get(name) in (value, "".join(value))
    assert kept(rows, visits) == ([], [], {})


def test_what_a_sheet_has_told_stays_also_in_words_that_the_group_does_not_have(waiting, visits, rows):
    from_a_sheet = [{"trait": "smoking", "accepted": ["no"], "may_ask": True}]
    musts = [{"trait": "gender", "accepted": ["non-binary", "woman"], "may_ask": False}]
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.wishes, member.preferences = [*musts, *from_a_sheet], from_a_sheet
        member.about_me = {"gender": "non-binary", "smoking": "no"}
    visit, path = waiting
    shown = told_again(visit, path)
    assert shown[f"traits-{GENDER}-own"] == "non-binary"
    assert set(shown[f"traits-{GENDER}-accepted"]) == {"woman", "non-binary"}
    assert send(visit, path, about(AGE, own="40+")).status_code == 303
    wishes, preferences, own = kept(rows, visits)
    assert sorted(wishes, key=lambda each: each["trait"]) == [*musts, *from_a_sheet]
    assert [each["trait"] for each in preferences] == ["smoking"]
    assert own == {"gender": "non-binary", "smoking": "no", "age": "40+"}


def test_wishes_that_were_spoilt_are_empty_and_can_be_told_anew(waiting, visits, rows):
    spoil(rows, "members", "wishes", "preferences", "about_me")
    visit, path = waiting
    assert told_again(visit, path)[f"traits-{GENDER}-own"] == ""
    assert send(visit, path, about(GENDER, own="woman")).status_code == 303
    assert kept(rows, visits) == ([], [], {"gender": "woman"})


def test_a_wish_that_would_close_a_proposal_is_asked_about_first(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}/wishes")
    asked = send(visit, path, about(0, own="woman", accepted=["woman"], how_much=MUST))
    assert asked.status_code == 422
    assert "This would close the open proposal. Save anyway?" in slips(asked)
    with rows() as session:
        assert open_proposals(session, visits) == 1
    assert kept(rows, visits, "proposed")[0] == []
    assert visit.post(path, filled(asked) | {"anyway": "yes"}).status_code == 303
    assert kept(rows, visits, "proposed")[0] == [{"trait": "gender", "accepted": ["woman"], "may_ask": False}]
    with rows() as session:
        assert open_proposals(session, visits) == 0


def test_nothing_of_it_stands_on_any_other_page(waiting, visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.wishes = [{"trait": "canary", "accepted": ["canary"], "may_ask": True}]
        member.about_me = {"canary": "canary"}
    paths = [visits.path(f"/members/{{waiting}}/{each}") for each in ("preview", "settings", "support")]
    paths += [visits.path("/members/{waiting}/preview?as=partner"), "/today", "/settings"]
    for path in paths:
        assert "canary" not in visits.by("waiting").get(path).text
    for path in ("/desk/{group}", "/desk/{group}/people", "/desk/{group}/night"):
        assert "canary" not in visits.by("coordinator").get(visits.path(path)).text
