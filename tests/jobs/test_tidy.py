"""`alongside tidy`: who asked for it is forgotten, each by themselves, and what is over is deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from jobs.tidy import FORGOTTEN, PUT_OFF, in_words, put_in_order
from matcher import counters, farewell, invitations, leaving, links, sign_ins
from matcher.invariants import broken
from matcher.models import Account, AuditEvent, Coordinator, Counter, Invitation, Link, SignIn
from matcher.states import LinkUse
from tests.rows import NOW, make_account, make_group, make_member

DAY = timedelta(days=1)
LATER = NOW + 7 * DAY


@pytest.fixture
def asked(sessions):
    """Two members of one group who ask to be forgotten; the numbers of their accounts."""
    with sessions.begin() as session:
        group = make_group(session)
        numbers = [make_member(session, group).account_id for _ in range(2)]
        for number in numbers:
            farewell.ask_to_be_forgotten(session, session.get_one(Account, number), NOW)
    return numbers


def erased(sessions):
    with sessions() as session:
        assert not list(broken(session, LATER + DAY))
        return session.scalars(select(Account.id).where(Account.erased_at.is_not(None)).order_by(Account.id)).all()


def test_everybody_whose_week_is_over_is_forgotten_once(sessions, asked):
    assert put_in_order(sessions, LATER - DAY)[0] == {}
    assert put_in_order(sessions, LATER)[0] == {FORGOTTEN: 2}
    assert put_in_order(sessions, LATER)[0] == {}
    assert erased(sessions) == asked


def test_who_was_kept_or_forgotten_meanwhile_is_left_alone(sessions, asked, monkeypatch):
    put_in_order(sessions, LATER)
    monkeypatch.setattr(farewell, "due", lambda session, now: asked)  # as it was a moment ago
    became, deleted = put_in_order(sessions, LATER)
    assert in_words(became, deleted) == "0 accounts forgotten. 0 old rows deleted."


def test_the_last_coordinator_is_put_off_by_a_day_and_stops_nobody(sessions, asked):
    with sessions.begin() as session:
        group, last, second = make_group(session), make_account(session), make_account(session)
        session.add_all(Coordinator(group_id=group.id, account=each) for each in (last, second))
        farewell.ask_to_be_forgotten(session, last, NOW - DAY)
        leaving.erase(session, second, NOW)
    became, deleted = put_in_order(sessions, LATER)
    assert became == {FORGOTTEN: 2, PUT_OFF: 1}
    assert in_words(became, deleted) == (
        "2 accounts forgotten. 0 old rows deleted. "
        "1 account put off, being the last coordinator of a group; it is tried again tomorrow."
    )
    assert put_in_order(sessions, LATER)[0] == {}
    with sessions() as session:
        assert session.scalars(select(Account.erase_at).where(Account.erase_at.is_not(None))).all() == [LATER + DAY]
        assert session.scalar(select(func.count()).where(AuditEvent.act == "erasure put off")) == 1


def test_an_account_that_cannot_be_forgotten_stops_nobody_elses(alongside, instance, sessions, asked, monkeypatch):
    erase = leaving.erase

    def broken_for_the_first(session, account, now):
        if account.id == asked[0]:
            raise RuntimeError("a spoilt row")
        erase(session, account, now)

    monkeypatch.setattr(leaving, "erase", broken_for_the_first)
    said = alongside("tidy")
    assert said.exit_code == 1
    assert (
        said.stdout == "1 account forgotten. 0 old rows deleted. 1 account could not be forgotten: the log says why.\n"
    )
    assert erased(sessions) == asked[1:]


def test_what_is_over_is_deleted_and_what_is_on_stays(alongside, instance, sessions):
    long_ago, now = NOW - 200 * DAY, datetime.now(UTC)
    with sessions.begin() as session:
        account, group = make_account(session), make_group(session)
        for moment in (long_ago, now):
            sign_ins.begin(session, account, moment)
            links.send(session, account, LinkUse.RESET, account.address, moment)
            counters.count(session, f"since {moment}", moment, DAY)
            invitations.invite(session, group, moment)
    said = alongside("tidy")
    assert (said.exit_code, said.stdout) == (0, "0 accounts forgotten. 4 old rows deleted.\n")
    with sessions() as session:
        left = [session.scalar(select(func.count(row.id))) for row in (SignIn, Link, Counter, Invitation)]
        assert left == [1, 1, 1, 1]
