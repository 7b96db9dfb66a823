from datetime import date

import pytest

from matcher.models import Account, ConsentGiven, Goal, Member
from matcher.models.people import REQUIRED_CONSENTS
from matcher.states import Consent, MemberState, ProposalState
from tests.rows import NOW, make_account, make_group, make_member, make_partnership, make_proposal, make_run

TODAY = NOW.date()


@pytest.fixture
def session(sessions):
    with sessions() as session:
        yield session


@pytest.fixture
def group(session):
    return make_group(session)


@pytest.mark.parametrize(
    ("changes", "reachable"),
    [
        ({}, True),
        ({"address_confirmed_at": None}, False),
        ({"address_failed_at": NOW}, False),
        ({"erased_at": NOW}, False),
    ],
)
def test_an_account_is_reachable_while_it_is_surely_the_person_and_mail_arrives(session, changes, reachable):
    assert make_account(session, **changes).reachable is reachable


@pytest.mark.parametrize(
    ("changes", "reachable"),
    [({}, True), ({"address_failed_at": NOW}, False), ({"erased_at": NOW}, False)],
)
def test_who_was_invited_in_person_is_reachable_in_that_group_alone(session, group, changes, reachable):
    account = make_account(session, address_confirmed_at=None, **changes)
    here = make_member(session, group, account=account, invited_in_person=True)
    elsewhere = make_member(session, make_group(session), account=account)
    assert (here.reachable, elsewhere.reachable, account.reachable) == (reachable, False, False)
    assert elsewhere.missing() == ["a confirmed address"]
    account.address_confirmed_at = NOW
    assert (here.reachable, elsewhere.reachable) == (reachable, reachable)


def test_a_ready_member_waits(session, group):
    member = make_member(session, group)
    assert member.missing() == []
    assert member.state is MemberState.WAITING


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "a name"),
        ({"zone": ""}, "a zone"),
        ({"languages": []}, "a language"),
        ({"goals": []}, "a goal"),
        ({"windows": []}, "times, or that writing is enough"),
    ],
)
def test_a_member_who_is_not_ready_reads_what_is_missing(session, group, changes, words):
    member = make_member(session, group, **changes)
    assert member.missing() == [words]
    assert member.state is MemberState.NOT_READY


def test_a_goal_that_was_reached_or_let_go_is_no_goal_to_be_paired_for(session, group):
    goals = [Goal(area="running", reached_at=NOW), Goal(area="sleep", let_go_at=NOW)]
    assert make_member(session, group, goals=goals).missing() == ["a goal"]


@pytest.mark.parametrize(
    ("taken_back", "words"),
    [
        (Consent.ADULT, "the word of being an adult"),
        (Consent.HOUSE_RULES, "a yes to the house rules"),
        (Consent.PAIRING, "a yes to being paired"),
    ],
)
def test_a_consent_that_was_taken_back_is_missing(session, group, taken_back, words):
    member = make_member(session, group)
    next(each for each in member.consents if each.consent is taken_back).withdrawn_at = NOW
    assert not member.agrees_to(taken_back)
    assert member.missing() == [words]


def test_a_new_member_misses_everything():
    member = Member(account=Account(), name="", zone="", languages=[], windows=[], writing_is_enough=False)
    assert len(member.missing()) == 9


def test_nobody_needs_to_agree_that_experiences_are_used(session, group):
    assert Consent.EXPERIENCES not in REQUIRED_CONSENTS
    member = make_member(session, group)
    assert not member.agrees_to(Consent.EXPERIENCES)
    member.consents.append(ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW))
    assert member.agrees_to(Consent.EXPERIENCES)


def test_writing_is_enough_without_times(session, group):
    assert make_member(session, group, windows=[], writing_is_enough=True).state is MemberState.WAITING


def test_a_member_is_where_their_place_is(session, group):
    ada, bob, cleo, dan = (make_member(session, group) for _ in range(4))
    make_partnership(session, [ada, bob])
    run = make_run(session, group, TODAY)
    make_proposal(session, run, [cleo, dan])
    assert [each.state for each in (ada, cleo)] == [MemberState.PARTNERED, MemberState.PROPOSED]


def test_a_draft_leaves_its_members_waiting(session, group):
    members = [make_member(session, group) for _ in range(2)]
    make_proposal(session, make_run(session, group, TODAY), members, state=ProposalState.DRAFT)
    assert {each.state for each in members} == {MemberState.WAITING}


def test_who_has_left_has_left_wherever_they_were(session, group):
    member = make_member(session, group)
    make_partnership(session, [member, make_member(session, group)])
    member.left_at = NOW
    assert member.state is MemberState.LEFT


@pytest.mark.parametrize(
    ("start", "end", "rests"),
    [
        (None, None, False),
        (TODAY, None, True),
        (TODAY, date(2026, 1, 15), True),
        (TODAY, TODAY, False),
        (date(2026, 1, 1), date(2026, 1, 14), False),
        (date(2026, 1, 15), None, True),
    ],
)
def test_a_rest_holds_at_once_and_until_the_day_before_its_end(session, group, start, end, rests):
    member = make_member(session, group, resting_from=start, resting_until=end)
    assert member.is_resting(TODAY) is rests
    assert member.state is MemberState.WAITING
