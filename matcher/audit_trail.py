"""The audit trail: who did what to which row, and when, in the same transaction as the act itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from matcher.models import AuditEvent, Base, Group


def record(
    session: Session, now: datetime, actor: str, act: str, subject: Base, group: Group | None = None, **values: Any
) -> AuditEvent:
    """Write down an act on a row. Flushes, since a new row has no name before.

    In a ``no_autoflush`` block, where the caller writes many rows at once, only a new row is reason enough.

    ``actor`` is who did it, never by name: "command line", "the night", or a row such as "accounts:<public id>" (see
    :func:`name_of`). ``values`` hold ids, numbers and dates; never an address, a name or what somebody wrote.
    """
    if session.autoflush or inspect(subject).pending:
        session.flush()
    event = AuditEvent(
        at=now, actor=actor, act=act, subject=name_of(subject), group_id=group and group.id, values=values
    )
    session.add(event)
    return event


def name_of(row: Base) -> str:
    """A row as the trail names it: its table, and its public id or, where it has none, its number."""
    return f"{row.__tablename__}:{getattr(row, 'public_id', row.id)}"
