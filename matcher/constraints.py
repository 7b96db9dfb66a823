"""Which named constraint settled a race, so that whoever lost it gets a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from matcher.errors import AlongsideError
from matcher.models import Base


@contextmanager
def unless_broken(name: str, error: AlongsideError) -> Iterator[None]:
    """Raise an error of the domain where a row runs into this unique constraint; put ``begin_nested()`` inside."""
    try:
        yield
    except IntegrityError as problem:
        if broke(problem, name):
            raise error from None
        raise


def broke(problem: IntegrityError, name: str) -> bool:
    """Whether it is this unique constraint that a row ran into. PostgreSQL says its name, SQLite only its columns."""
    named = getattr(getattr(problem.orig, "diag", None), "constraint_name", None)
    return (named or str(problem.orig)) in (name, f"UNIQUE constraint failed: {_columns_of(name)}")


def _columns_of(name: str) -> str:
    (found,) = (
        each
        for table in Base.metadata.tables.values()
        for each in table.constraints
        if isinstance(each, UniqueConstraint) and each.name == name
    )
    return ", ".join(f"{found.table.name}.{column.name}" for column in found.columns)
