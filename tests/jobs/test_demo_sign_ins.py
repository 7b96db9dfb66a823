"""Who is let into the pages of the demo."""

from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import select

from jobs.demo_sign_ins import PASSWORD, SignsIn, code_of, coordinator_of, let_sign_in, seed_of, told_sign_ins
from matcher import accounts, codes, rests
from matcher.models import Account, Coordinator, Group
from matcher.states import ProposalState
from tests.rows import NOW, make_account, make_group, make_member, make_partnership, make_proposal, make_run


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def group(session):
    group = make_group(session)
    session.add(Coordinator(group_id=group.id, account=make_account(session, address="coordinator@invented.invalid")))
    session.flush()
    return group


def test_one_of_each_kind_and_the_coordinator_can_sign_in_and_nobody_else(session, group):
    waits, resting, one, other, left, right = (make_member(session, group) for _ in range(6))
    rests.rest(session, resting, NOW)
    make_proposal(session, make_run(session, group, NOW.date()), [one, other])
    make_partnership(session, [left, right])
    there = let_sign_in(session, group, NOW)
    assert [each.address.partition("@")[0] for each in there] == [
        "coordinator",
        "waits",
        "proposed",
        "partner",
        "other-partner",
    ]
    for each in there:
        found = accounts.with_password(session, each.address, PASSWORD)
        assert (found.address, found.address_confirmed_at) == (each.address, NOW)
    assert [each.account.address for each in (waits, left)] == [there[1].address, there[3].address]
    with_password = session.scalars(select(Account).where(Account.password_hash.is_not(None))).all()
    assert len(with_password) == 5


def test_whose_proposal_is_open_and_unanswered_comes_before_who_answered(session, group):
    run = make_run(session, group, NOW.date())
    closed, answered, free = (
        make_proposal(session, run, [make_member(session, group), make_member(session, group)]) for _ in range(3)
    )
    closed.state = ProposalState.CLOSED
    for answer in answered.answers:
        answer.yes, answer.answered_at = True, NOW
    session.flush()
    let_sign_in(session, group, NOW)
    assert free.answers[0].member.account.address == "proposed@invented.invalid"


def test_where_nobody_is_of_a_kind_it_is_left_out(session, group):
    assert [each.who for each in let_sign_in(session, group, NOW)] == ["The coordinator"]


def test_the_code_of_now_opens_once_and_is_not_used_up(session, group):
    assert seed_of(group) == ""
    let_sign_in(session, group, NOW)
    code = code_of(group, NOW)
    assert code == pyotp.TOTP(seed_of(group)).at(NOW)
    account = coordinator_of(group)
    assert codes.fits(session, account, code, NOW)
    assert not codes.fits(session, account, code, NOW)


def test_the_table_stands_in_columns():
    there = [SignsIn("Ada, who waits", "waits@invented.invalid"), SignsIn("Bo", "bo@invented.invalid")]
    assert told_sign_ins(there).splitlines() == [
        "  Ada, who waits  waits@invented.invalid",
        "  Bo              bo@invented.invalid",
    ]


def test_the_whole_demo_has_somebody_of_every_kind(lived):
    with lived.rows() as session:
        there = let_sign_in(session, session.scalars(select(Group)).one(), datetime.now(UTC))
        assert len(there) == 5
