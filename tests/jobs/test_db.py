"""`alongside db` on databases as one finds them: none yet, an old one, one without its keys."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from matcher.database import engine_for, sessions_of
from matcher.schema import holds_rows, revision_of, revisions, upgrade
from tests.rows import make_group

ALONGSIDE = Path(sys.executable).with_name("alongside")


@pytest.fixture
def new(tmp_path, monkeypatch) -> Path:
    """A folder without a database, where the defaults of the settings hold."""
    for name in ("DATABASE_URL", "ALONGSIDE_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_new_database_gets_its_tables_and_a_key_file_that_its_owner_alone_reads(alongside, new):
    said = alongside("db", "upgrade")
    assert said.exit_code == 0, said.output
    assert said.stdout == (
        "alongside.key is the new key file. Keep a copy of it, apart from backups of the database.\n"
        f"The database is at revision {revisions()[-1]}.\n"
    )
    assert (new / "alongside.key").stat().st_mode & 0o777 == 0o600


def test_a_check_where_nothing_is_makes_nothing(alongside, new):
    said = alongside("db", "check")
    assert (said.exit_code, said.stdout.startswith("The database is empty; bring it up to ")) == (1, True)
    assert list(new.iterdir()) == []


def test_upgrading_again_changes_neither_the_tables_nor_the_key(alongside, new):
    alongside("db", "upgrade")
    key = (new / "alongside.key").read_bytes()
    said = alongside("db", "upgrade")
    assert (said.exit_code, said.stdout) == (0, f"The database is at revision {revisions()[-1]}, as before.\n")
    assert (new / "alongside.key").read_bytes() == key


def test_a_database_with_rows_and_no_key_file_is_refused(alongside, instance, tmp_path):
    with sessions_of(instance).begin() as session:
        make_group(session)
    (tmp_path / "alongside.key").unlink()
    said = alongside("db", "upgrade")
    assert said.exit_code == 2
    assert "the database holds rows that were sealed with it. Put the key file back" in said.stderr
    assert not (tmp_path / "alongside.key").exists()


def test_a_database_with_tables_and_no_rows_gets_its_key_file(alongside, instance, tmp_path):
    (tmp_path / "alongside.key").unlink()
    assert not holds_rows(instance)
    assert alongside("db", "upgrade").exit_code == 0
    assert (tmp_path / "alongside.key").exists()


def test_a_key_file_that_cannot_be_written_is_a_sentence(alongside, new, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_KEY_FILE", "/dev/null/alongside.key")
    said = alongside("db", "upgrade")
    assert said.exit_code == 2
    assert "The key file /dev/null/alongside.key cannot be written" in said.stderr


def test_check_knows_an_empty_database_and_a_current_one(alongside, new):
    said = alongside("db", "check")
    assert said.exit_code == 1
    assert said.stdout == f"The database is empty; bring it up to {revisions()[-1]}: alongside db upgrade\n"
    alongside("db", "upgrade")
    said = alongside("db", "check")
    assert said.exit_code == 0
    assert "the newest; its tables are those of the code." in said.stdout


def test_check_names_what_differs_from_the_code(alongside, instance):
    with instance.begin() as connection:
        connection.execute(text("DROP TABLE fences"))
    said = alongside("db", "check")
    assert said.exit_code == 1
    assert "its tables are not those of the code." in said.stdout
    assert "fences" in said.stdout


def test_a_database_that_cannot_be_reached_is_a_sentence(alongside, new, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/alongside.db")
    said = alongside("db", "upgrade")
    assert said.exit_code == 2
    assert "The database cannot be reached" in said.stderr


def test_several_upgrades_at_once_all_end_well(new):
    started = [
        subprocess.Popen([ALONGSIDE, "db", "upgrade"], cwd=new, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]
    said = [each.communicate()[0].decode() for each in started]
    assert [each.returncode for each in started] == [0, 0, 0], said
    assert sum("is the new key file" in each for each in said) == 1
    assert revision_of(engine_for(f"sqlite:///{new / 'alongside.db'}")) == revisions()[-1]


def test_whoever_comes_second_finds_nothing_left_to_do(engine):
    upgrade(engine)
    assert revision_of(engine) == revisions()[-1]
