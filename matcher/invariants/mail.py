"""I7 and I10: each mail and each notice once, and no mail stuck."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.invariants.rows import word
from matcher.models import Fence, Message, Notice
from matcher.states import MessageState

STUCK_AFTER = timedelta(days=1)
"""A lease is minutes long; whoever sends next takes over what is past its lease, so a day means that nobody sends."""
_DONE = {MessageState.SENT, MessageState.FAILED, MessageState.DROPPED}


def messages_in_order(session: Session, now: datetime) -> Iterator[str]:
    """I7. Keys are unique; a state is one of ours and fits its dates; nothing is being sent long past its lease.

    While a fence stands nothing is sent, so a message that was being sent when a backup was made may well wait.
    """
    yield from _keys_told_twice(session, Message)
    fenced = session.scalar(select(Fence.id).where(Fence.lifted_at.is_(None)).limit(1)) is not None
    found = select(Message.key, word(Message.state), Message.attempt, Message.lease_until, Message.done_at)
    for key, state, attempt, lease_until, done_at in session.execute(found):
        if state not in list(MessageState):
            yield f"The message {key} is {state}, which no message can be."
        if (state in _DONE) != (done_at is not None):
            yield f"The message {key} is {state}, which does not fit when it was done ({done_at})."
        if state == MessageState.SENDING and not (attempt and lease_until):
            yield f"The message {key} is being sent by nobody: it has no attempt or no lease."
        if state == MessageState.SENDING and lease_until and now - lease_until > STUCK_AFTER and not fenced:
            yield f"The message {key} is stuck: its lease ran out at {lease_until}."


def notices_once(session: Session, now: datetime) -> Iterator[str]:
    """I10. Keys of notices are unique, and each message has its notice: who gets a mail finds it in the product too.

    But for a link, which only whoever reads the mailbox may have, and for who is invited and has no account yet.
    """
    yield from _keys_told_twice(session, Notice)
    has_notice = select(Notice.id).where(Notice.key == Message.key, Notice.account_id == Message.account_id)
    needs_one = (
        ~has_notice.exists(),
        Message.account_id.is_not(None),
        ~Message.kind.startswith("link_", autoescape=True),
    )
    for key in session.scalars(select(Message.key).where(*needs_one)):
        yield f"The message {key} has no notice."


def _keys_told_twice(session: Session, kind: type[Message] | type[Notice]) -> Iterator[str]:
    for key in session.scalars(select(kind.key).group_by(kind.key).having(func.count() > 1)):
        yield f"There is more than one {kind.__name__.lower()} {key}."
