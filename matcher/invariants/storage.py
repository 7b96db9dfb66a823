"""I12: the database itself is sound, and the key file opens what is sealed in it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, func, select, text
from sqlalchemy.orm import Session

from matcher.models import Base
from matcher.sealing import Sealed, Unreadable

_OWN_CHECKS = {
    "sqlite": "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "postgresql": "SELECT conname FROM pg_constraint WHERE NOT convalidated",
}
"""What each database says of itself: damage, or constraints that nobody has checked."""


def storage_sound(session: Session, now: datetime) -> Iterator[str]:
    """I12. The database finds no fault, each reference has its row, and each sealed value opens.

    The references are looked up and not only asked for: a database that was told to look away reports none.
    """
    for found in session.scalars(text(_OWN_CHECKS[session.get_bind().dialect.name])):
        yield f"The database says: {found}"
    for table in Base.metadata.sorted_tables:
        for reference in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            if orphans := _orphans(session, reference):
                yield f"{orphans} of {table.name}.{reference.parent.name} name a row that is not there."
        for column in table.columns:
            if isinstance(column.type, Sealed):
                spoilt = sum(isinstance(each, Unreadable) for each in session.scalars(select(column)))
                if spoilt:  # where the key is not there, reading has raised KeyFileError
                    yield f"{spoilt} of {column} do not open: they were changed, or belong to another column."


def _orphans(session: Session, reference: ForeignKey) -> int:
    child, parent = reference.parent.table.alias(), reference.column.table.alias()
    named, there = child.c[reference.parent.name], parent.c[reference.column.name]
    missing = ~select(there).where(there == named).exists()
    return session.scalar(select(func.count()).select_from(child).where(named.is_not(None), missing)) or 0
