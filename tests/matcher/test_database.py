import sqlite3
from contextlib import suppress

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, InternalError
from sqlalchemy.orm import Session

from matcher.database import engine_for, reading, sessions_of
from matcher.errors import DatabaseError
from matcher.models import Account, Coordinator, Group
from tests.rows import NOW, make_group


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.db"


@pytest.fixture
def sqlite(file):
    engine = engine_for(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)]
)
def test_every_connection_to_sqlite_has_its_log_ahead_synced_in_full_with_foreign_keys(sqlite, pragma, value):
    with sqlite.connect() as first, sqlite.connect().execution_options(reads_only=True) as second:
        second.exec_driver_sql("SELECT 1")
        second.rollback()
        assert second.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        assert first.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_row_that_points_nowhere_is_refused(sessions):
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), sessions.begin() as session:
        session.add(Coordinator(group_id=404, account_id=404))


def test_a_transaction_on_sqlite_takes_the_write_lock_when_it_begins(sqlite, file):
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with sqlite.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_who_reads_keeps_no_writer_waiting(engine, sessions):
    with reading(engine) as looking:
        assert looking.scalar(select(func.count(Group.id))) == 0
        with sessions.begin() as writing:
            make_group(writing)
    with reading(engine) as looking:
        assert looking.scalar(select(func.count(Group.id))) == 1


def test_two_may_read_at_once(engine):
    with reading(engine) as first, reading(engine) as second:
        assert first.scalar(select(func.count(Group.id))) == second.scalar(select(func.count(Group.id))) == 0


def test_what_a_reader_changes_is_refused_or_thrown_away_even_when_it_is_committed(engine):
    with suppress(InternalError), reading(engine) as looking:  # PostgreSQL refuses, SQLite forgets
        make_group(looking)
        looking.commit()
    with Session(engine) as later:
        assert later.scalar(select(func.count(Group.id))) == 0


def test_objects_stay_readable_after_the_commit(sessions):
    with sessions.begin() as session:
        group = make_group(session, name="Mornings")
    assert group.name == "Mornings"


def test_a_unit_of_work_that_fails_leaves_nothing(sessions):
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add_all(
            [Group(name="Mornings", zone="UTC", made_at=NOW), Group(name="Mornings", zone="UTC", made_at=NOW)]
        )
    with sessions() as later:
        assert later.scalar(select(func.count(Group.id))) == 0


def test_the_errors_of_a_statement_show_no_value_of_a_row(tmp_path, migrated_sqlite):
    engine = engine_for(f"sqlite:///{migrated_sqlite}")
    with sessions_of(engine)() as session:
        session.add_all(Account(made_at=NOW, address=f"{name}@example.org", public_id="one") for name in ("ada", "bob"))
        with pytest.raises(IntegrityError) as problem:
            session.flush()
    engine.dispose()
    assert "example.org" not in str(problem.value)


@pytest.mark.parametrize(
    "url", ["postgres://ada:word@db:5433/circle", "postgresql://ada:word@db:5433/circle", "postgresql+psycopg2://db/c"]
)
def test_postgresql_is_reached_by_psycopg_and_waits_for_nobody_for_ever(url, monkeypatch):
    asked = {}

    def create_and_listen(url, **options):
        asked.update(options, url=url)
        return create_engine(url, **options)

    monkeypatch.setattr("matcher.database.create_engine", create_and_listen)
    engine = engine_for(url)
    assert engine.dialect.driver == "psycopg"
    assert asked["pool_pre_ping"] is True
    limits = asked["connect_args"]["options"]
    assert [limits.count(f"-c {each}=") for each in ("statement_timeout", "lock_timeout")] == [1, 1]
    assert "-c idle_in_transaction_session_timeout=" in limits


@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
def test_a_connection_to_postgresql_has_its_limits(engine, limit):
    if engine.dialect.name != "postgresql":
        assert engine.dialect.name == "sqlite"
        return
    with engine.connect() as connection:
        assert connection.scalar(text(f"SHOW {limit}")) not in ("0", "")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@db/circle", "in SQLite or PostgreSQL, not in mysql"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("circle.db", "is no database address"),
        ("postgresql://ada:word@db:many/circle", "is no database address"),
    ],
)
def test_any_other_database_is_refused_with_a_sentence_that_shows_no_password(url, sentence):
    with pytest.raises(DatabaseError, match=sentence) as problem:
        engine_for(url)
    assert "word" not in str(problem.value)


def test_an_engine_carries_its_keyring(engine):
    with sessions_of(engine)() as session:
        assert session.scalar(select(func.count(Account.id))) == 0
    assert engine.dialect.alongside_keyring is not None
