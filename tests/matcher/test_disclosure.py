from dataclasses import replace

import pytest

from matcher.disclosure import GoalShown, Reader, Shown, shown_to
from matcher.errors import SpoiltError
from matcher.models import ConsentGiven, Experience, Goal, Member, Milestone
from matcher.sealing import Unreadable
from matcher.states import Consent, Visibility
from matcher.vocabulary import SupportStyle
from tests.rows import NOW

SPOILT = Unreadable(SpoiltError("changed since it was sealed"))
BY_LEVEL = {
    Visibility.ONLY_ME: set(),
    Visibility.FOR_MATCHING: set(),
    Visibility.PARTNER: {Reader.PARTNER},
    Visibility.PROPOSED: set(Reader),
}


def goal(**changes):
    ready = {"area": "sleep", "words": "sleep well", "visibility": Visibility.PROPOSED}
    ready |= {"if_this": "I lie awake", "then_that": "read.", "milestones": [Milestone(place=0, words="a week")]}
    return Goal(**ready | changes)


def member(**changes):
    ready = {
        "name": "Robin",
        "languages": ["de", "en"],
        "writing_is_enough": True,
        "goals": [],
        "experiences": [],
        "channels": ["phone"],
        "rhythm": "weekly",
        "support_style": SupportStyle.FIRM,
        "card": "Ask me twice.",
        "consents": [ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW)],
    }
    return Member(**ready | changes)


def test_partners_alone_read_style_and_card():
    everybody = Shown(
        name="Robin",
        languages=["de", "en"],
        writing_is_enough=True,
        goals=[],
        experiences=[],
        channels=["phone"],
        rhythm="weekly",
        support_style="",
        card="",
    )
    assert shown_to(member(), Reader.PROPOSED) == shown_to(member(), Reader.COORDINATOR) == everybody
    assert shown_to(member(), Reader.PARTNER) == replace(everybody, support_style="firm", card="Ask me twice.")


@pytest.mark.parametrize("reader", Reader)
def test_what_was_not_told_is_empty(reader):
    shown = shown_to(member(support_style=None, card=None, channels=[], rhythm=""), reader)
    assert (shown.support_style, shown.card, shown.channels, shown.rhythm) == ("", "", [], "")


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("level", Visibility)
def test_a_goal_shows_its_area_to_all_and_its_words_by_its_own_level(level, reader):
    (shown,) = shown_to(member(goals=[goal(visibility=level)]), reader).goals
    assert (shown.area, shown.words) == ("sleep", "sleep well" if reader in BY_LEVEL[level] else "")


@pytest.mark.parametrize("level", Visibility)
def test_milestones_and_plan_are_for_partners_who_read_the_words(level):
    reads = Reader.PARTNER in BY_LEVEL[level]
    (partners,) = shown_to(member(goals=[goal(visibility=level)]), Reader.PARTNER).goals
    assert (partners.milestones, partners.plan) == ((["a week"], "If I lie awake, then read.") if reads else ((), ""))
    for reader in (Reader.PROPOSED, Reader.COORDINATOR):
        (others,) = shown_to(member(goals=[goal(visibility=level)]), reader).goals
        assert (others.milestones, others.plan) == ((), "")


@pytest.mark.parametrize("half", ["if_this", "then_that"])
def test_half_a_plan_is_none(half):
    (shown,) = shown_to(member(goals=[goal(**{half: ""})]), Reader.PARTNER).goals
    assert shown.plan == ""


@pytest.mark.parametrize("over", ["reached_at", "let_go_at"])
def test_a_goal_that_is_over_is_shown_to_nobody(over):
    assert [shown_to(member(goals=[goal(**{over: NOW})]), reader).goals for reader in Reader] == [[], [], []]


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("level", Visibility)
def test_an_experience_is_shown_only_where_it_was_opened(level, reader):
    lived = [
        Experience(tag="grief", stage="steadier", visibility=level),
        Experience(tag="loss", visibility=level),
    ]
    shown = shown_to(member(experiences=lived), reader).experiences
    assert shown == (["grief (steadier)", "loss"] if level is Visibility.PROPOSED else [])


@pytest.mark.parametrize("reader", Reader)
def test_without_the_yes_to_use_them_or_after_it_was_taken_back_no_experience_is_shown(reader):
    lived = [Experience(tag="grief", visibility=Visibility.PROPOSED)]
    taken_back = ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW, withdrawn_at=NOW)
    for consents in ([], [taken_back]):
        assert shown_to(member(experiences=lived, consents=consents), reader).experiences == []


def test_what_was_spoilt_is_nothing_and_stops_nobody():
    told = member(
        card=SPOILT,
        goals=[goal(words=SPOILT, if_this=SPOILT, milestones=[Milestone(place=0, words=SPOILT)])],
        experiences=[
            Experience(tag=SPOILT, visibility=Visibility.PROPOSED),
            Experience(tag="grief", stage=SPOILT, visibility=Visibility.PROPOSED),
        ],
    )
    shown = shown_to(told, Reader.PARTNER)
    assert shown.card == ""
    assert shown.goals == [GoalShown("sleep", "", [], "")]
    assert shown.experiences == ["grief"]


def test_nothing_else_of_a_member_is_ever_shown():
    assert set(Shown.__slots__) == {
        *("name", "languages", "writing_is_enough", "goals", "experiences"),
        *("channels", "rhythm", "support_style", "card"),
    }
    assert set(GoalShown.__slots__) == {"area", "words", "milestones", "plan"}
