"""What each reader sees of a member, and nothing more: every word told is a canary."""

import pytest

from matcher.disclosure import Reader
from matcher.models import Experience, Goal, Milestone
from matcher.states import Visibility
from tests.rows import NOW
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_memberships import member_of
from web.preview import READERS

EVERYBODY, PARTNER_ALONE = {"proposed", "partner", "coordinator"}, {"partner"}
SEEN_BY = {
    "canary name": EVERYBODY,
    "canary channel": EVERYBODY,
    "canary rhythm": EVERYBODY,
    "Canary area": EVERYBODY,
    "canary hidden area": EVERYBODY,
    "canary open words": EVERYBODY,
    "canary open experience": EVERYBODY,
    "canary partner words": PARTNER_ALONE,
    "canary open milestone": PARTNER_ALONE,
    "canary partner milestone": PARTNER_ALONE,
    "canary if": PARTNER_ALONE,
    "canary then": PARTNER_ALONE,
    "canary card": PARTNER_ALONE,
    "canary own words": set(),
    "canary own milestone": set(),
    "canary own if": set(),
    "canary own experience": set(),
    "canary matching experience": set(),
    "canary goal that was put down": set(),
    "canary wish": set(),
    "canary about me": set(),
    "canary tag": set(),
}


@pytest.fixture
def path(visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.name, member.channels, member.rhythm = "canary name", ["canary channel"], "canary rhythm"
        member.card, member.zone = "canary card", "Pacific/Chatham"
        member.wishes = [{"trait": "canary wish", "accepted": ["canary wish"], "may_ask": True}]
        member.about_me = {"canary about me": "canary about me"}
        member.preferences = member.wishes
        for goal in member.goals:
            goal.let_go_at = NOW
            goal.area = "canary goal that was put down"
        member.goals.extend(
            Goal(
                area=area,
                tag="canary tag",
                words=f"canary {whose} words",
                visibility=visibility,
                if_this="canary own if" if whose == "own" else "canary if",
                then_that="canary own then" if whose == "own" else "canary then",
                milestones=[Milestone(place=0, words=f"canary {whose} milestone")],
            )
            for area, whose, visibility in (
                ("canary area", "open", Visibility.PROPOSED),
                ("canary partner area", "partner", Visibility.PARTNER),
                ("canary hidden area", "own", Visibility.ONLY_ME),
            )
        )
        for each in list(member.experiences):
            session.delete(each)
        member.experiences = [
            Experience(tag=f"canary {whose} experience", tag_mark=f"mark {whose}", visibility=visibility)
            for whose, visibility in (
                ("open", Visibility.PROPOSED),
                ("own", Visibility.ONLY_ME),
                ("matching", Visibility.FOR_MATCHING),
            )
        ]
    return visits.path("/members/{waiting}/preview")


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_sees_what_is_for_them_and_nothing_else(visits, path, reader):
    text = visits.by("waiting").get(f"{path}?as={reader}").text
    for canary, seen_by in SEEN_BY.items():
        assert (canary.casefold() in text.casefold()) is (reader in seen_by), canary
    for private in ("Pacific/Chatham", "Chatham", "18:00", "waiting@example.org</dd>"):
        assert private not in text


@pytest.mark.parametrize("odd", ["", "?as=", "?as=everybody", "?as=partner&as=coordinator", "?as=%00"])
def test_without_a_choice_it_is_the_look_of_who_is_proposed(visits, path, odd):
    text = visits.by("waiting").get(path + odd).text
    expected = "a person proposed to you sees you" if "partner" not in odd else "your partner sees you"
    assert expected in text


def test_the_three_looks_are_links_and_the_one_that_is_open_says_so(visits, path):
    text = visits.by("waiting").get(f"{path}?as=coordinator").text
    for name, reader in READERS.items():
        mark = ' aria-current="page"' if reader is Reader.COORDINATOR else ""
        assert f'?as={name}"{mark}>{str(reader).capitalize()}</a>' in text


def test_without_the_yes_to_use_them_no_experience_is_shown(visits, rows, path):
    with rows.begin() as session:
        for given in member_of(session, visits, "waiting").consents:
            given.withdrawn_at = NOW
    for reader in READERS:
        assert "Has lived" not in visits.by("waiting").get(f"{path}?as={reader}").text


def test_what_was_spoilt_is_shown_as_nothing_and_stops_no_page(visits, rows, path):
    spoil(rows, "goals", "words", "if_this", "then_that")
    spoil(rows, "milestones", "words")
    spoil(rows, "members", "card")
    spoil(rows, "experiences", "tag")
    for reader in READERS:
        answer = visits.by("waiting").get(f"{path}?as={reader}")
        assert answer.status_code == 200
        assert "canary name" in answer.text


def test_who_has_told_nothing_has_no_name_yet(visits):
    words = words_of(visits.by("newcomer").get(visits.path("/members/{newcomer}/preview")))
    assert "No name yet" in words
