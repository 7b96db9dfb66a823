"""The shape of the database: bring it up to date, and say whether it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from matcher.database import engine_for
from matcher.errors import DatabaseError
from matcher.models import Base
from matcher.sealing import Keyring
from matcher.settings import Settings
from matcher.wording import listed

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(settings: Settings) -> Engine:
    """The engine of a running instance: with its keys, and at the newest revision. Raises what a person can mend."""
    engine = engine_for(settings.database_url, Keyring.read(settings.key_file))
    require_current(engine)
    return engine


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to a revision, in one transaction. Safe to repeat."""
    with _migrating(engine) as connection:
        command.upgrade(_alembic(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Bring the database back to an earlier revision ("base": empty)."""
    with _migrating(engine) as connection:
        command.downgrade(_alembic(connection), to)


def revisions() -> list[str]:
    """All revisions, the oldest first."""
    script = ScriptDirectory(str(_MIGRATIONS))
    return [each.revision for each in script.walk_revisions()][::-1]


def revision_of(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one. Raises DatabaseError where it cannot be reached."""
    try:
        with engine.connect().execution_options(reads_only=True) as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as problem:
        why = str(problem.orig).partition("\n")[0]
        raise DatabaseError(f"The database cannot be reached: {why}") from None


def require_current(engine: Engine) -> None:
    """Raise DatabaseError, saying what to run, unless the database is at the newest revision."""
    at = revision_of(engine)
    if at is None:
        raise DatabaseError("The database is empty. Make its tables: alongside db upgrade")
    if at not in revisions():
        raise DatabaseError(f"The database is at revision {at}, which this version does not know. Install a newer one.")
    if at != revisions()[-1]:
        raise DatabaseError(f"The database is at revision {at}; bring it up to date: alongside db upgrade")


def differences(engine: Engine) -> list[str]:
    """Where tables and rows of the code differ, a line each; empty when the migrations say all."""
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    return [str(each) for each in found]


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite alters a table by copying it, and can drop the old one only while foreign keys rest."""
    copies_tables = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if copies_tables:  # no branch: PostgreSQL, which alters in place, is not wherever the tests run
            connection.detach()  # nobody else shall get a connection without foreign keys
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")  # ignored once a transaction has begun
        with connection.begin():
            yield connection
            if copies_tables:  # no branch: as above
                _refuse_dangling_rows(connection)


def _refuse_dangling_rows(connection: Connection) -> None:
    dangling = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if dangling:
        tables = listed(sorted(dangling))
        raise DatabaseError(f"Nothing was migrated: rows of {tables} would point nowhere. Restore the last backup.")


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
