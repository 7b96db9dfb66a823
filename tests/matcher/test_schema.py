import json
import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from matcher import schema
from matcher.database import closing_engine, engine_for, sessions_of
from matcher.errors import DatabaseError, KeyFileError
from matcher.models import Base
from matcher.schema import (
    differences,
    downgrade,
    holds_rows,
    is_there,
    open_database,
    require_current,
    revision_of,
    revisions,
    upgrade,
)
from matcher.sealing import Keyring
from matcher.settings import Settings
from tests.filler import fill, rows_of, tables_of
from tests.rows import make_group, make_member

COPY_EVERY_TABLE = '''"""A revision of this test: it changes nothing, and copies every table that SQLite would copy."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None


def how():
    return "always" if op.get_bind().dialect.name == "sqlite" else "auto"


def upgrade():
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table != "alembic_version":
            with op.batch_alter_table(table, recreate=how()) as batch:
                batch.add_column(sa.Column("of_this_test", sa.Integer()))


def downgrade():
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table != "alembic_version":
            with op.batch_alter_table(table, recreate=how()) as batch:
                batch.drop_column("of_this_test")
'''


def shape_of(engine: Engine) -> dict[str, list[str]]:
    """Columns, keys, checks and indexes of every table, as the database tells them."""
    look = inspect(engine)
    told = (look.get_columns, look.get_foreign_keys, look.get_unique_constraints, look.get_check_constraints)
    told += (look.get_indexes, lambda table: [look.get_pk_constraint(table)])
    return {
        table: sorted(json.dumps(each, default=str, sort_keys=True) for tell in told for each in tell(table))
        for table in set(look.get_table_names()) - {"alembic_version"}
    }


def rows_before_and_after(engine: Engine, before: str, to: str) -> tuple[dict, dict]:
    downgrade(engine, "base")
    upgrade(engine, before)
    fill(engine)
    filled = rows_of(engine)
    upgrade(engine, to)
    after = rows_of(engine)
    same = {table: [{name: row[name] for name in rows[0]} for row in after[table]] for table, rows in filled.items()}
    return filled, same


@pytest.fixture
def one_more_revision(tmp_path, monkeypatch) -> str:
    """A copy of the migrations with one more at the end."""
    copy = tmp_path / "migrations"
    shutil.copytree(schema._MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999.py").write_text(COPY_EVERY_TABLE.format(newest=revisions()[-1]))
    monkeypatch.setattr(schema, "_MIGRATIONS", copy)
    return "9999"


@pytest.fixture
def empty(tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


def test_the_migrations_make_what_the_rows_say(engine):
    assert differences(engine) == []


def test_a_difference_between_migrations_and_rows_is_told(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE fences"))
    assert len(differences(engine)) == 1
    assert "fences" in differences(engine)[0]


def test_the_migrations_make_every_key_check_and_index_that_the_rows_make(engine):
    migrated = shape_of(engine)
    downgrade(engine, "base")
    Base.metadata.create_all(engine)
    made = shape_of(engine)
    Base.metadata.drop_all(engine)
    assert migrated == made


def test_down_leaves_nothing_and_up_again_makes_the_same_shape(engine):
    before = shape_of(engine)
    fill(engine)
    downgrade(engine, "base")
    assert shape_of(engine) == {}
    assert revision_of(engine) is None
    upgrade(engine)
    assert shape_of(engine) == before


def test_going_up_twice_changes_nothing(engine):
    fill(engine)
    before = rows_of(engine)
    upgrade(engine)
    assert rows_of(engine) == before


@pytest.mark.parametrize("revision", revisions())
def test_every_table_of_every_revision_can_be_filled(engine, revision):
    downgrade(engine, "base")
    upgrade(engine, revision)
    fill(engine)
    assert tables_of(engine)
    assert [table for table, rows in rows_of(engine).items() if not rows] == []


@pytest.mark.parametrize(("before", "to"), list(pairwise(revisions())))
def test_a_migration_keeps_every_row_of_a_database_filled_by_the_one_before(engine, before, to):
    filled, after = rows_before_and_after(engine, before, to)
    assert after == filled


def test_even_a_migration_that_copies_every_table_keeps_every_row(engine, one_more_revision):
    filled, after = rows_before_and_after(engine, revisions()[-2], one_more_revision)
    assert len(filled) == len(Base.metadata.tables)
    assert after == filled


def test_a_migration_that_cuts_words_short_is_seen(engine, one_more_revision):
    """The sabotage: what the tests around this one compare would tell."""
    careless = schema._MIGRATIONS / "versions" / "9999.py"
    cut = "    op.execute('UPDATE groups SET name = substr(name, 1, 2)')\n\n\ndef downgrade"
    careless.write_text(careless.read_text().replace("\n\ndef downgrade", cut))
    filled, after = rows_before_and_after(engine, revisions()[-2], one_more_revision)
    assert {table for table in filled if after[table] != filled[table]} == {"groups"}


def test_a_migration_back_keeps_every_row_too(engine, one_more_revision):
    fill(engine)
    before = rows_of(engine)
    upgrade(engine)
    downgrade(engine, revisions()[-2])
    assert rows_of(engine) == before


def test_foreign_keys_hold_again_after_a_migration(tmp_path, empty):
    upgrade(empty)
    with empty.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_rows_that_point_nowhere_stop_a_migration_and_nothing_changes(tmp_path, empty, one_more_revision):
    upgrade(empty, revisions()[-2])
    fill(empty)
    broken = sqlite3.connect(tmp_path / "empty.db")
    broken.execute("DELETE FROM groups WHERE id = 1")
    broken.commit()
    broken.close()
    with pytest.raises(DatabaseError, match=r"rows of audit_events, .* would point nowhere"):
        upgrade(empty)
    assert revision_of(empty) == revisions()[-2]


def test_revisions_are_numbered_in_their_order():
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]
    files = sorted(path.name[:4] for path in (Path(schema.__file__).parent / "migrations/versions").glob("0*.py"))
    assert revisions() == files


def test_a_current_database_is_fine(engine):
    require_current(engine)
    assert revision_of(engine) == revisions()[-1]


def test_a_database_holds_rows_once_anything_was_stored(empty, engine):
    assert not holds_rows(empty)
    assert not holds_rows(engine)
    with sessions_of(engine).begin() as session:
        make_group(session)
    assert holds_rows(engine)


def test_an_empty_database_is_told_what_to_run(empty):
    with pytest.raises(DatabaseError, match=r"is empty.*alongside db upgrade"):
        require_current(empty)


def test_an_older_database_is_told_what_to_run(engine, one_more_revision):
    with pytest.raises(DatabaseError, match=rf"at revision {revisions()[-2]}; .*alongside db upgrade"):
        require_current(engine)


def test_a_database_of_a_newer_version_is_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '8888'"))
    with pytest.raises(DatabaseError, match="revision 8888, which this version does not know"):
        require_current(engine)


def test_a_database_that_cannot_be_reached_is_a_sentence(tmp_path):
    with pytest.raises(DatabaseError, match="cannot be reached: unable to open database file"):
        revision_of(engine_for(f"sqlite:///{tmp_path / 'no' / 'folder.db'}"))
    with pytest.raises(DatabaseError, match=r"cannot be reached: .") as problem:
        revision_of(engine_for("postgresql://ada:battery@127.0.0.1:1/circle"))
    assert "battery" not in str(problem.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    (tmp_path / "sheet.csv").write_text("name,zone\n" * 100)
    with pytest.raises(DatabaseError, match="cannot be reached: file is not a database"):
        revision_of(engine_for(f"sqlite:///{tmp_path / 'sheet.csv'}"))


def test_a_running_instance_has_its_keys_and_a_current_database(tmp_path, empty):
    Keyring.make(tmp_path / "some.key")
    settings = Settings(database_url=str(empty.url), key_file=tmp_path / "some.key")
    with pytest.raises(DatabaseError, match="is empty"):
        open_database(settings)
    upgrade(empty)
    opened = open_database(settings)
    assert revision_of(opened) == revisions()[-1]
    assert opened.dialect.alongside_keyring is not None
    opened.dispose()


def test_the_keys_of_another_database_open_nothing_here_and_may_seal_nothing(tmp_path, empty):
    right, wrong, both = (tmp_path / name for name in ("right.key", "wrong.key", "both.key"))
    upgrade(empty)
    with (
        closing_engine(engine_for(str(empty.url), Keyring.make(right))) as engine,
        sessions_of(engine).begin() as session,
    ):
        make_member(session, make_group(session))
    Keyring.make(wrong)
    both.write_text(right.read_text() + wrong.read_text())
    both.chmod(0o600)
    with pytest.raises(KeyFileError, match="not the one of this database"):
        open_database(Settings(database_url=str(empty.url), key_file=wrong))
    for good in (right, both):
        open_database(Settings(database_url=str(empty.url), key_file=good)).dispose()


def test_looking_at_a_database_that_is_not_there_makes_no_file(tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path / 'none.db'}")
    assert not is_there(engine)
    with pytest.raises(DatabaseError, match="is empty"):
        require_current(engine)
    assert not (tmp_path / "none.db").exists()
