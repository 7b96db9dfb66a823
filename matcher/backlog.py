"""How the outbox does: what a doctor asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from matcher.models import Message
from matcher.outbox import lease_is_over
from matcher.states import MessageState

FAILED_LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Backlog:
    """How the outbox does: counts of messages, how long the oldest has been due, and what hinders those that wait.

    ``failed`` counts the last seven days; ``stuck`` are those whose attempt ended without a word and that nobody has
    claimed again; ``trouble`` is the last error of the oldest that waits after one, else of the last that failed.
    """

    waiting: int
    oldest_due: timedelta
    failed: int
    stuck: int
    trouble: str


def backlog(session: Session, now: datetime) -> Backlog:
    """Look at the outbox at one moment."""

    def count(*which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count(Message.id)).where(*which)) or 0

    waits = Message.state == MessageState.WAITING
    oldest = session.scalar(select(func.min(Message.send_after)).where(waits, Message.send_after <= now))
    failed = and_(Message.state == MessageState.FAILED, Message.done_at > now - FAILED_LATELY)
    of_waiting = select(Message.last_error).where(waits, Message.last_error != "")
    of_failed = select(Message.last_error).where(failed).order_by(Message.done_at.desc(), Message.id.desc())
    troubles = (of_waiting.order_by(Message.send_after, Message.id), of_failed)
    return Backlog(
        waiting=count(waits),
        oldest_due=now - oldest if oldest else timedelta(),
        failed=count(failed),
        stuck=count(lease_is_over(now)),
        trouble=next(filter(None, (session.scalar(each.limit(1)) for each in troubles)), ""),
    )
