"""I7 and I10: each mail and each notice once, and no mail stuck."""

from datetime import timedelta

import pytest

from matcher import invitations
from matcher.invariants.mail import messages_in_order, notices_once
from matcher.models import Fence, Message, Notice
from matcher.states import MessageState
from tests.rows import NOW


def sentences(session):
    session.flush()
    return list(messages_in_order(session, NOW))


@pytest.fixture
def message(session, world):
    return session.query(Message).one()


@pytest.mark.parametrize("kind", ["messages", "notices"])
def test_a_key_is_told_once(session, world, unbound, kind):
    assert list(notices_once(session, NOW)) == sentences(session) == []
    unbound(kind, f"INSERT INTO {kind} SELECT * FROM {kind}")
    (sentence,) = sentences(session) or notices_once(session, NOW)
    assert sentence.startswith(f"There is more than one {kind.removesuffix('s')}")


def test_each_message_has_a_notice_of_the_same_key_for_the_same_reader(session, world, message):
    (notice,) = session.query(Notice)
    notice.account_id = world.bob.account_id
    session.flush()
    assert list(notices_once(session, NOW)) == [f"The message {message.key} has no notice."]
    session.delete(notice)
    session.flush()
    assert list(notices_once(session, NOW)) == [f"The message {message.key} has no notice."]
    message.kind = "link_reset"  # which the product never shows
    session.flush()
    assert list(notices_once(session, NOW)) == []


def test_who_is_invited_by_mail_has_no_notice_since_they_have_no_account(session, world):
    invitations.send(session, world.group, NOW, "new@example.org", "a test")
    session.flush()
    assert list(notices_once(session, NOW)) == []


def test_a_notice_needs_no_message(session, world, message):
    session.delete(message)
    session.flush()
    assert list(notices_once(session, NOW)) == []


@pytest.mark.parametrize(
    ("changes", "red"),
    [
        ({"state": MessageState.SENT}, True),
        ({"state": MessageState.SENT, "done_at": NOW}, False),
        ({"state": MessageState.WAITING, "done_at": NOW}, True),
        ({"state": MessageState.SENDING}, True),
        ({"state": MessageState.SENDING, "attempt": "a", "lease_until": NOW}, False),
        ({"state": MessageState.SENDING, "attempt": "a", "lease_until": NOW - timedelta(days=2)}, True),
    ],
)
def test_a_state_fits_its_dates(session, message, changes, red):
    for name, value in changes.items():
        setattr(message, name, value)
    assert bool(sentences(session)) == red


def test_a_state_is_one_of_ours(session, message):
    session.connection().exec_driver_sql("UPDATE messages SET state = 'lost'")
    assert "lost, which no message can be" in sentences(session)[0]


def test_nothing_is_stuck_behind_a_fence(session, message):
    message.state, message.attempt, message.lease_until = MessageState.SENDING, "a", NOW - timedelta(days=2)
    fence = Fence(since=NOW, why="a test")
    session.add(fence)
    assert sentences(session) == []
    fence.lifted_at = NOW
    assert "stuck" in sentences(session)[0]
