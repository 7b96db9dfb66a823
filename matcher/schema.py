"""The shape of the database: bring it up to date, and say whether it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, column, func, inspect, literal, select, table, text
from sqlalchemy.exc import DBAPIError

from matcher.database import engine_for
from matcher.errors import AlongsideError, DatabaseError, KeyFileError
from matcher.models import Base, Member
from matcher.sealing import Keyring
from matcher.settings import Settings
from matcher.wording import listed

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_261_904
"""A number that nothing else on our database uses."""


def open_database(settings: Settings) -> Engine:
    """The engine of a running instance: with its keys, and at the newest revision. Raises what a person can mend."""
    keyring = Keyring.read(settings.key_file)
    engine = engine_for(settings.database_url, keyring)
    try:
        require_current(engine)
        require_its_keys(engine, keyring)
    except AlongsideError:
        engine.dispose()
        raise
    return engine


def require_its_keys(engine: Engine, keyring: Keyring) -> None:
    """Raise KeyFileError where the keys are those of another database: what they seal, nobody else could read.

    Looks at the oldest and the newest member, whose hours are sealed: a key that was added, or taken away, shows there.
    """
    hours = table(Member.__tablename__, column("id"), column("windows"))  # as stored, not opened
    with engine.connect().execution_options(reads_only=True) as connection:
        for order in (hours.c.id, hours.c.id.desc()):
            sealed = connection.scalar(select(hours.c.windows).order_by(order).limit(1))
            if sealed is not None and not keyring.holds_key_of(bytes(sealed)):
                raise KeyFileError(
                    "The key file is not the one of this database: what members told it was sealed with another key. "
                    "Put the right key file back. A file may hold several keys, one a line; the last one seals."
                )


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to a revision, in one transaction. Safe to repeat, and to run twice at once.

    Whoever comes second waits for the first and finds nothing left to do: SQLite lets one write at a time from the
    transaction's beginning, and PostgreSQL is asked for a lock of our own, which ends with the transaction.
    """
    with _migrating(engine) as connection:
        command.upgrade(_alembic(connection), to)


def holds_rows(engine: Engine) -> bool:
    """Whether anything was ever stored, at whatever revision. Raises DatabaseError where it cannot be reached."""
    if revision_of(engine) is None:
        return False
    with engine.connect().execution_options(reads_only=True) as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return any(connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first() for name in names)


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


def is_there(engine: Engine) -> bool:
    """Whether there is something to connect to: to connect to SQLite makes a file where there is none."""
    return engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists()


def require_current(engine: Engine) -> None:
    """Raise DatabaseError, saying what to run, unless the database is at the newest revision. Makes no file."""
    at = revision_of(engine) if is_there(engine) else None
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
            if connection.dialect.name == "postgresql":
                for limit in ("lock_timeout", "statement_timeout"):  # those of a page are too short for moving tables
                    connection.execute(text(f"SET LOCAL {limit} = '15min'"))
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
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
