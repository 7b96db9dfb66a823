from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matcher import accounts, farewell, invitations, leaving, people, proposals, rests
from matcher.audit_trail import name_of
from matcher.errors import StateError
from matcher.models import Account, AuditEvent, Coordinator, Message, Notice
from matcher.states import MemberState, MessageState, ProposalState
from tests.rows import NOW, make_account, make_group, make_member
from tests.stage import DAY, SUNDAY, WEDNESDAY

A_WEEK, A_MOMENT = timedelta(days=7), timedelta(seconds=1)


def acts_of(stage, account):
    found = select(AuditEvent.act).where(AuditEvent.subject == name_of(account)).order_by(AuditEvent.id)
    return stage.session.scalars(found).all()


def ask(stage, account, now=NOW):
    farewell.ask_to_be_forgotten(stage.session, account, now)
    stage.session.flush()


def notices_of(stage, account):
    found = select(Notice).where(Notice.account_id == account.id, Notice.member_id.is_(None))
    return [(each.kind, each.values) for each in stage.session.scalars(found)]


# Asking


def test_who_asks_is_forgotten_in_seven_days_and_told_when(stage):
    (one,) = stage.people(1)
    ask(stage, one.account)
    assert one.account.erase_at == NOW + A_WEEK
    assert notices_of(stage, one.account) == [("erasure_asked", {"erase_at": (NOW + A_WEEK).isoformat()})]
    (mail,) = stage.session.scalars(select(Message).where(Message.account_id == one.account_id))
    assert (mail.kind, mail.state) == ("erasure_asked", MessageState.WAITING)


def test_asking_twice_neither_puts_it_off_nor_says_it_again(stage):
    (one,) = stage.people(1)
    ask(stage, one.account)
    ask(stage, one.account, NOW + DAY)
    assert one.account.erase_at == NOW + A_WEEK
    assert acts_of(stage, one.account) == ["erasure asked"]
    leaving.erase(stage.session, one.account, NOW + DAY)
    ask(stage, one.account, NOW + 2 * DAY)
    assert one.account.erase_at is None


def test_every_membership_rests_without_an_end_and_nobody_is_proposed(stage):
    one, other, third = stage.people(3)
    elsewhere = make_member(stage.session, make_group(stage.session), account=one.account)
    left = make_member(stage.session, make_group(stage.session), account=one.account)
    leaving.leave(stage.session, left, NOW)
    ask(stage, one.account)
    assert [each.resting_until for each in (one, elsewhere)] == [None, None]
    assert all(people.rests_at(each, NOW + 6 * DAY) for each in (one, elsewhere))
    assert left.resting_from is None
    stage.night(WEDNESDAY)
    (proposal,) = stage.publish()
    assert {each.member for each in proposal.answers} == {other, third}


def test_a_proposal_closes_quietly_and_a_partner_reads_of_a_rest(stage):
    one, other, partner = stage.people(3)
    elsewhere = make_member(stage.session, stage.group, account=make_account(stage.session))
    proposal = stage.open(one, other)
    stage.together(elsewhere, partner)
    ask(stage, one.account)
    ask(stage, elsewhere.account)
    assert (proposal.state, other.state) == (ProposalState.CLOSED, MemberState.PROPOSED)
    assert stage.kinds(other) == ["proposal"]
    assert stage.kinds(partner) == ["started", "partner_rests"]
    assert proposals.shown_to(stage.session, other) == [proposal]


def test_the_last_coordinator_is_told_so_when_they_ask(stage):
    with pytest.raises(StateError, match="You are the last coordinator") as problem:
        ask(stage, stage.coordinator)
    assert (problem.value.subject, stage.coordinator.erase_at) == (stage.coordinator, None)
    assert notices_of(stage, stage.coordinator) == []


def test_a_coordinator_who_is_going_does_not_count_as_another(stage):
    second = make_account(stage.session)
    stage.session.add(Coordinator(group_id=stage.group.id, account=second))
    ask(stage, second)
    with pytest.raises(StateError, match="You are the last coordinator"):
        ask(stage, stage.coordinator)
    farewell.keep(stage.session, second, NOW)
    ask(stage, stage.coordinator)
    assert stage.coordinator.erase_at == NOW + A_WEEK


def test_a_group_that_is_not_open_keeps_nobody(stage):
    closed, account = make_group(stage.session, opened_at=None), make_account(stage.session)
    stage.session.add(Coordinator(group_id=closed.id, account=account))
    ask(stage, account)
    assert account.erase_at == NOW + A_WEEK


# Changing one's mind


def test_who_keeps_the_account_is_back_and_waits_as_before(stage):
    (one,) = stage.people(1)
    ask(stage, one.account)
    farewell.keep(stage.session, one.account, NOW + 2 * DAY)
    stage.session.flush()
    assert (one.account.erase_at, one.resting_from, one.state) == (None, None, MemberState.WAITING)
    assert one.waiting_since == NOW.date() + 2 * DAY
    assert acts_of(stage, one.account) == ["erasure asked", "account kept"]
    (mail,) = stage.session.scalars(select(Message).where(Message.account_id == one.account_id))
    stage.session.refresh(mail)
    assert (mail.state, mail.last_error) == (MessageState.DROPPED, "the account is kept")


def test_keeping_what_nobody_asked_to_forget_does_nothing(stage):
    (one,) = stage.people(1)
    rests.rest(stage.session, one, NOW)
    farewell.keep(stage.session, one.account, NOW)
    assert one.resting_until == NOW.date() + 14 * DAY
    assert acts_of(stage, one.account) == []


@pytest.mark.parametrize("days", [3, 30])
def test_a_rest_that_was_on_before_has_its_own_end_again(stage, days):
    (one,) = stage.people(1)
    rests.rest(stage.session, one, NOW - DAY, days)
    ask(stage, one.account)
    assert one.resting_until is None
    farewell.keep(stage.session, one.account, NOW + 5 * DAY)
    assert (one.resting_from, one.resting_until) == (NOW.date() - DAY, NOW.date() + (days - 1) * DAY)
    stage.night(SUNDAY + 3 * DAY)
    assert (one.resting_from is None) == (days == 3)


def test_a_rest_without_an_end_stays_one(stage):
    (one,) = stage.people(1)
    rests.begin(stage.session, one, NOW - DAY, None)
    ask(stage, one.account)
    farewell.keep(stage.session, one.account, NOW + DAY)
    assert (one.resting_from, one.resting_until) == (NOW.date() - DAY, None)


def test_a_rest_that_is_over_and_was_not_ended_yet_is_not_taken_up_again(stage):
    (one,) = stage.people(1)
    rests.rest(stage.session, one, NOW - 5 * DAY, 2)
    ask(stage, one.account)
    farewell.keep(stage.session, one.account, NOW + DAY)
    assert one.resting_from is None


def test_of_two_times_the_rests_before_the_second_count(stage):
    (one,) = stage.people(1)
    ask(stage, one.account)
    farewell.keep(stage.session, one.account, NOW + DAY)
    rests.rest(stage.session, one, NOW + 2 * DAY)
    ask(stage, one.account, NOW + 3 * DAY)
    farewell.keep(stage.session, one.account, NOW + 4 * DAY)
    assert one.resting_until == NOW.date() + 16 * DAY


def test_a_second_time_is_told_again(stage):
    (one,) = stage.people(1)
    for days in (0, 1):
        ask(stage, one.account, NOW + days * DAY)
        farewell.keep(stage.session, one.account, NOW + days * DAY)
    assert [kind for kind, _ in notices_of(stage, one.account)] == ["erasure_asked"] * 2


# When the week is over


def test_nobody_is_forgotten_before_their_week_is_over(stage):
    one, other = stage.people(2)
    ask(stage, other.account, NOW)
    ask(stage, one.account, NOW - DAY)
    assert farewell.due(stage.session, NOW + 6 * DAY - A_MOMENT) == []
    assert not farewell.forget(stage.session, one.account_id, NOW + 6 * DAY - A_MOMENT)
    assert farewell.due(stage.session, NOW + 6 * DAY) == [one.account_id]
    assert farewell.due(stage.session, NOW + 7 * DAY) == [one.account_id, other.account_id]
    assert farewell.forget(stage.session, one.account_id, NOW + 7 * DAY)
    stage.session.flush()
    assert one.account.erased_at == NOW + 7 * DAY
    assert farewell.due(stage.session, NOW + 7 * DAY) == [other.account_id]
    assert not farewell.forget(stage.session, one.account_id, NOW + 7 * DAY)


def test_who_kept_the_account_at_the_last_moment_is_not_forgotten(stage):
    (one,) = stage.people(1)
    ask(stage, one.account)
    farewell.keep(stage.session, one.account, NOW + A_WEEK)
    assert not farewell.forget(stage.session, one.account_id, NOW + A_WEEK)
    assert not farewell.put_off(stage.session, one.account_id, NOW + A_WEEK)
    assert one.account.erased_at is None


def test_who_has_become_the_last_coordinator_is_put_off_by_a_day(stage):
    second = make_account(stage.session)
    stage.session.add(Coordinator(group_id=stage.group.id, account=second))
    ask(stage, stage.coordinator)
    leaving.erase(stage.session, second, NOW + DAY)
    with pytest.raises(StateError, match="last coordinator"):
        farewell.forget(stage.session, stage.coordinator.id, NOW + A_WEEK)
    assert farewell.put_off(stage.session, stage.coordinator.id, NOW + A_WEEK)
    assert farewell.due(stage.session, NOW + 8 * DAY - A_MOMENT) == []
    assert farewell.due(stage.session, NOW + 8 * DAY) == [stage.coordinator.id]
    assert acts_of(stage, stage.coordinator) == ["erasure asked", "erasure put off"]
    assert stage.session.scalar(select(func.count(Account.id)).where(Account.erased_at.is_not(None))) == 1


# Accounts that nobody ever came into


@pytest.fixture
def typed(stage):
    """An address that somebody typed to sign up, and whose mailbox never answered."""
    accounts.sign_up(stage.session, "nobody-came@example.org", NOW)
    stage.session.flush()
    return accounts.of_address(stage.session, "nobody-came@example.org")


def test_an_address_whose_mailbox_never_answered_is_forgotten_after_a_month(stage, typed):
    month = NOW + farewell.NEVER_OPENED
    assert typed.id not in farewell.due(stage.session, month - A_MOMENT)
    assert farewell.due(stage.session, month) == [typed.id]
    assert not farewell.forget(stage.session, typed.id, month - A_MOMENT)
    assert farewell.forget(stage.session, typed.id, month)
    assert (typed.address, typed.erased_at) == (None, month)
    assert farewell.due(stage.session, month) == []


@pytest.mark.parametrize(
    "why", ["password", "confirmed", "makes groups", "member", "coordinator", "asked again", "invited"]
)
def test_an_account_that_somebody_came_into_or_may_yet_is_kept(stage, typed, why):
    month = NOW + farewell.NEVER_OPENED
    if why == "password":
        typed.password_hash = "a hash"
    elif why == "confirmed":
        typed.address_confirmed_at = NOW
    elif why == "makes groups":
        typed.makes_groups = True
    elif why == "member":
        make_member(stage.session, stage.group, account=typed)
    elif why == "coordinator":
        stage.session.add(Coordinator(group_id=stage.group.id, account=typed))
    elif why == "asked again":
        accounts.sign_up(stage.session, "nobody-came@example.org", month - DAY)
    else:
        invitations.send(stage.session, stage.group, month - DAY, "nobody-came@example.org", "a test")
    stage.session.flush()
    assert farewell.due(stage.session, month) == []
    assert not farewell.forget(stage.session, typed.id, month)
