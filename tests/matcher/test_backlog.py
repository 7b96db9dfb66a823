"""What a doctor asks of the outbox."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import outbox
from matcher.backlog import Backlog, backlog
from matcher.models import Message
from matcher.states import MessageState
from tests.rows import NOW, make_group, make_member

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def member(session):
    return make_member(session, make_group(session))


def told(session, to, key, now=NOW) -> Message:
    outbox.tell(session, to, "started", key, now)
    session.flush()
    return session.scalars(select(Message).order_by(Message.id.desc())).first()


def test_an_empty_outbox_is_well(session):
    assert backlog(session, NOW) == Backlog(0, timedelta(), 0, 0, "")


def test_a_doctor_sees_what_waits_failed_and_is_stuck(session, member):
    told(session, member, key="due", now=NOW - 3 * HOUR)
    told(session, member, key="for tomorrow", now=NOW + DAY)
    told(session, member, key="in trouble").last_error = "nobody listens"
    for key, done_at in (("lately", NOW - DAY), ("long ago", NOW - 8 * DAY)):
        row = told(session, member, key=key)
        row.state, row.done_at = MessageState.FAILED, done_at
    for key, lease in (("stuck", NOW - MINUTE), ("on its way", NOW + MINUTE)):
        row = told(session, member, key=key)
        row.state, row.lease_until = MessageState.SENDING, lease
    session.flush()
    assert backlog(session, NOW) == Backlog(3, 3 * HOUR, 1, 1, "nobody listens")


def test_where_nothing_waits_the_last_failure_says_what_is_amiss(session, member):
    for key, done_at, error in (("older", NOW - DAY, "It said 451."), ("newer", NOW, "It said 550.")):
        row = told(session, member, key=key)
        row.state, row.done_at, row.last_error = MessageState.FAILED, done_at, error
    session.flush()
    assert backlog(session, NOW).trouble == "It said 550."
