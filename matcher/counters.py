"""How often something was tried lately: one count for all workers, in windows of fixed length, under a hash of what."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.models import Counter
from matcher.tokens import hash_of

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def count(session: Session, key: str, now: datetime, within: timedelta) -> tuple[int, datetime]:
    """Count one more try; gives how many there were in this window, and when it ends.

    One statement inserts or adds, so of many tries at once each gets a number of its own.
    """
    insert = _INSERT[session.get_bind().dialect.name](Counter)
    new = insert.values(key_hash=hash_of(key), count=1, expires_at=now + within)
    is_over = Counter.expires_at <= now
    counted = new.on_conflict_do_update(
        index_elements=[Counter.key_hash],
        set_={
            "count": case((is_over, 1), else_=Counter.count + 1),
            "expires_at": case((is_over, new.excluded.expires_at), else_=Counter.expires_at),
        },
    )
    number, ends = session.execute(counted.returning(Counter.count, Counter.expires_at)).one()
    return number, ends


def look(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    """How many tries there were in the window that is on, and when it ends; none, and now, where there is none."""
    kept = select(Counter.count, Counter.expires_at).where(Counter.key_hash == hash_of(key), Counter.expires_at > now)
    number, ends = session.execute(kept).one_or_none() or (0, now)
    return number, ends


def forget(session: Session, key: str) -> None:
    """Begin anew, as after a sign-in that went well."""
    session.execute(delete(Counter).where(Counter.key_hash == hash_of(key)))


def sweep(session: Session, now: datetime) -> int:
    """Delete the windows that are over; returns how many."""
    return len(session.scalars(delete(Counter).where(Counter.expires_at <= now).returning(Counter.id)).all())
