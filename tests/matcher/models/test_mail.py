from sqlalchemy import select

from matcher.models import Message, Notice
from matcher.states import MessageState
from tests.rows import NOW, make_account


def test_a_message_waits_without_a_lease_and_has_its_notice_under_the_same_key(sessions):
    with sessions.begin() as session:
        account = make_account(session)
        common = {"key": "night:1", "account_id": account.id, "kind": "alone", "made_at": NOW}
        session.add_all([Message(**common, send_after=NOW, values={"night": "2026-01-14"}), Notice(**common)])
    with sessions() as session:
        message, notice = session.scalars(select(Message)).one(), session.scalars(select(Notice)).one()
        assert message.account.address == account.address
    assert message.state is MessageState.WAITING
    assert (message.attempts, message.attempt, message.lease_until, message.last_error) == (0, "", None, "")
    assert (message.values, notice.values, notice.seen_at) == ({"night": "2026-01-14"}, {}, None)
    assert message.key == notice.key
