"""The engine and its sessions: SQLite or PostgreSQL, and on both an acknowledged commit is on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from matcher.errors import DatabaseError
from matcher.sealing import Keyring

_BUSY_SECONDS = 10
_POSTGRESQL_LIMITS = "-c statement_timeout=60s -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"


def engine_for(database_url: str, keyring: Keyring | None = None) -> Engine:
    """Make an engine; its dialect carries the keyring for sealed columns. Raises DatabaseError for other databases.

    Its errors hide the values of a statement, so that what members wrote never stands in a log.
    """
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        raise DatabaseError(
            "DATABASE_URL is no database address; write sqlite:///file.db or postgresql://..."
        ) from None
    kind = {"postgres": "postgresql"}.get(url.get_backend_name(), url.get_backend_name())
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DatabaseError("DATABASE_URL must name a file, such as sqlite:///alongside.db.")
        engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
        _prepare_sqlite(engine)
    elif kind == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        limits = {"options": _POSTGRESQL_LIMITS}
        engine = create_engine(url, pool_pre_ping=True, connect_args=limits, hide_parameters=True)
    else:
        raise DatabaseError(f"Alongside keeps its rows in SQLite or PostgreSQL, not in {kind}.")
    engine.dialect.alongside_keyring = keyring  # type: ignore[attr-defined]  # see sealing.keyring_of
    return engine


def sessions_of(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit; ``sessions.begin()`` is one unit of work."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only looks, without keeping writers waiting; whatever it changes is thrown away.

    All it sees is of one moment: SQLite's transactions are so, and PostgreSQL's if one asks.
    """
    with engine.connect().execution_options(reads_only=True) as connection:
        connection.begin()  # ours, so that a commit of the session keeps nothing
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """An engine for one piece of work; its connections are closed afterwards."""
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    """Write-ahead log, synced at every commit, with foreign keys; a transaction takes the write lock when it begins.

    Taking it later, at the first write, could fail in the middle of a unit of work because somebody else wrote. What is
    deleted or written over is overwritten in the file too, as whoever asks to be forgotten expects.
    """

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so, not where sqlite3 guesses
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
