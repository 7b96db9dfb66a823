"""The page of a group's last night, against the rows it is made of."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher.models import LeftAlone, PairingRun
from matcher.states import RunState
from tests.invented_night import TOLD, invented_night
from tests.rows import NOW, make_account, make_group, make_member, make_proposal, make_run
from tests.web.pages import cards, words_of
from tests.web.typed import without_tokens
from web.last_night import last_night

CANARY = "canary"


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def page(visits):
    """The page of the last night of the house's group, as its coordinator opens it."""
    return lambda: visits.by("coordinator").get(visits.path("/desk/{group}/night"))


@pytest.fixture
def night(rows):
    """What the page is made of."""
    with rows() as session:
        run = session.scalars(select(PairingRun).where(PairingRun.night == NOW.date())).one()
        people = [[answer.member for answer in each.answers] for each in run.proposals]
        assert all(all(each) for each in people)
        assert all(each.member for each in run.alone)
        return run


@pytest.fixture
def changed(rows):
    """Change the rows of the last night before its page is opened."""

    def by(change):
        with rows.begin() as session:
            change(session.scalars(select(PairingRun).where(PairingRun.night == NOW.date())).one())

    return by


def test_every_proposal_stands_there_with_its_reasons_and_points(page, night):
    answer = page()
    shown = cards(answer, "pairs") + cards(answer, "trios")
    assert len(shown) == len(night.proposals) == 11
    for proposal in night.proposals:
        names = {each.member.name for each in proposal.answers}
        card = next(card for card in shown if all(name in card.split("points")[0] for name in names))
        assert all(reason in card for reason in proposal.reasons)
        assert f"{proposal.points} points" in card


def test_the_figures_are_those_of_the_rows(page, night):
    words = words_of(page())
    assert "Pairing of 14 January 2026" in words
    assert "22 of 25 people have a proposal" in words  # the two of the open pair were not waiting
    assert "9 pairs 2 trios 3 wait" in words
    assert "Nobody sees an answer before all have said yes." in words
    assert f"Points in all {sum(each.points for each in night.proposals):,}" in words


def test_who_waits_stands_there_with_why_and_without_what_is_theirs_alone(page, night):
    answer = page()
    shown = cards(answer, "waiting")
    first, second, third = (
        next(card for card in shown if card.startswith(each.member.name)) for each in sorted(night.alone, key=number)
    )
    assert "Nobody here was a possible partner this time." in first
    assert "Not together with 2 others." in first
    assert "More people had the same few possible partners than there were of these." in second
    assert "2 possible partners in this pairing." in second
    assert "could not go out" in third
    assert "could have helped." not in words_of(answer)
    assert "blocked" not in words_of(answer).lower()


def number(row):
    return row.id


def test_what_coordinators_may_not_read_is_nowhere_on_the_page(page, changed):
    def hide(run):
        for each in [answer.member for proposal in run.proposals for answer in proposal.answers]:
            each.wishes = [{"trait": CANARY, "accepted": [CANARY], "may_ask": True}]
            each.about_me, each.account.address = {CANARY: CANARY}, f"{CANARY}{each.id}@example.org"
            each.goals[0].tag = each.goals[0].words = each.card = CANARY
        for alone in run.alone:
            alone.could_help = CANARY
        run.proposals[0].answers[0].yes = False

    before = page().text
    changed(hide)
    assert page().status_code == 200
    assert without_tokens(page()) == re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", before)


def test_points_tell_nothing_that_only_one_of_them_may_know(page, changed):
    def weigh(run):
        pairs = [each for each in run.proposals if len(each.answers) == 2]
        pairs[0].points, pairs[0].points_by_term = 85, {"common_time": 20, "request": 40, "experience": 15, "stage": 10}

    changed(weigh)
    card = next(card for card in cards(page(), "pairs") if "85 points" in card)
    assert "common time 20" in card
    assert "what they keep to themselves 65" in card
    assert not any(word in card for word in ("request", "experience", "stage"))


def test_the_one_change_that_could_help_is_not_even_read(session):
    group, run = invented_night(session)
    assert all(each.could_help for each in run.alone)
    assert {each.could_help for each in last_night(session, group, make_account(session)).alone} == {""}


def test_a_draft_that_was_dropped_is_not_shown(session):
    group, run = invented_night(session, pairs=2)
    for each in run.proposals[0].answers:
        each.dropped = True
    shown = last_night(session, group, make_account(session))
    assert len(shown.pairs) == 1
    assert shown.waiting == 9


@pytest.mark.parametrize(
    ("state", "words"),
    [(RunState.DRAFTED, "go out at noon"), (RunState.HELD, "a coordinator holds them"), (RunState.PUBLISHED, "asked")],
)
def test_the_page_says_how_far_the_night_has_come(session, state, words):
    group, run = invented_night(session)
    run.state = state
    assert words in last_night(session, group, make_account(session)).standing


@pytest.mark.parametrize("state", [RunState.QUIET, RunState.FAILED, RunState.GATHERED, RunState.SUPERSEDED])
def test_a_night_without_proposals_is_not_the_last_one_to_show(session, state):
    group = make_group(session)
    make_run(session, group, NOW.date() - timedelta(days=3), told=TOLD)
    make_run(session, group, NOW.date(), state=state)
    assert last_night(session, group, make_account(session)).on == NOW.date() - timedelta(days=3)


def test_nights_waited_are_earlier_pairings_alone_since_somebody_waits(session):
    group = make_group(session)
    member = make_member(session, group, waiting_since=NOW.date() - timedelta(days=6))
    for days in (9, 6, 3, 0):
        run = make_run(session, group, NOW.date() - timedelta(days=days), told=TOLD)
        run.alone.append(LeftAlone(member=member, cause="odd circle", possible_partners=1, barriers={}))
    session.flush()
    assert [each.nights_waited for each in last_night(session, group, make_account(session)).alone] == [2]


def test_two_of_one_name_are_told_apart(session):
    group = make_group(session)
    two = [make_member(session, group, name="Ada"), make_member(session, group, name="ada\x07")]
    make_proposal(session, make_run(session, group, NOW.date(), told=TOLD), two)
    (pair,) = last_night(session, group, make_account(session)).pairs
    assert sorted(pair.names) == sorted([f"Ada ({two[0].public_id[:4]})", f"ada ({two[1].public_id[:4]})"])


def test_the_groups_own_crisis_lines_stand_on_the_page(page):
    assert "The line of this test: never called" in words_of(page())


def test_the_page_is_nobodys_but_the_coordinators(visits):
    path = visits.path("/desk/{group}/night")
    assert visits.by("coordinator_elsewhere").get(path).status_code == 404
    assert visits.by("waiting").get(path).status_code == 404
    assert visits.by().get(path).location.startswith("/sign-in?next=")


def test_a_coordinator_who_is_a_member_sees_of_their_own_pair_that_there_is_one(session):
    group, run = invented_night(session)
    own = run.proposals[0].answers[0].member
    shown = last_night(session, group, own.account)
    (mine,) = [each for each in shown.pairs + shown.trios if "You" in each.names]
    assert (mine.names, mine.points, mine.terms, mine.joined_by) == (("You", "one other"), None, {}, "")
    assert shown.total_points == sum(each.points for each in shown.pairs + shown.trios if each is not mine)
    assert mine.reasons == ("This is a pair of your own, so another coordinator looks at it.",)
    others = {name for each in shown.pairs + shown.trios for name in each.names}
    assert not others & {answer.member.name for answer in run.proposals[0].answers}
