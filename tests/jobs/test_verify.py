"""`alongside verify`: sound or broken, of a backup or of the database itself, and nothing left behind."""

import pytest
from sqlalchemy import create_engine, text

from jobs.backup import make_backup
from matcher.database import sessions_of
from tests.jobs.instances import begin_group, live_a_night
from tests.rows import NOW


@pytest.fixture
def kept(running):
    with sessions_of(running.engine).begin() as session:
        live_a_night(session, begin_group(session), 1)
    return make_backup(running.engine, running.folder, NOW)


def break_it(running):
    with running.engine.begin() as connection:
        connection.execute(text("DELETE FROM places"))


def test_a_sound_backup_is_sound_whatever_became_of_the_database(kept, running, alongside):
    break_it(running)
    said = alongside("verify", kept)
    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, f"{kept}: sound.")


def test_a_broken_database_says_what_is_broken(kept, running, alongside):
    said = alongside("verify")
    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, "The database: sound.")
    break_it(running)
    said = alongside("verify")
    assert said.exit_code == 1
    assert said.stdout.count("I1: ") == 4
    assert said.stdout.splitlines()[-1] == "The database: 4 broken."


def test_a_backup_that_cannot_be_restored_is_broken(kept, alongside):
    kept.write_bytes(kept.read_bytes()[:4000])
    said = alongside("verify", kept)
    assert said.exit_code == 1
    assert said.stdout.splitlines()[-1] == f"{kept}: 1 broken."


def test_nothing_stays_behind_on_the_server(kept, running, alongside):
    alongside("verify", kept)
    if running.engine.dialect.name == "postgresql":
        with running.engine.connect() as connection:
            assert not connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname LIKE '%_verify'"))
    assert running.unfinished == []


def test_a_dump_needs_a_server(tmp_path, running, alongside):
    if running.engine.dialect.name == "postgresql":
        pytest.skip("there is one")
    (tmp_path / "dump").write_bytes(b"PGDMP")
    assert "is verified on a PostgreSQL server" in alongside("verify", "dump").stderr


def test_a_role_that_may_not_make_databases_is_a_sentence(kept, running, alongside, monkeypatch):
    if running.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    server = create_engine(running.engine.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE ROLE modest LOGIN"))
        modest = running.engine.url.set(username="modest").render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", modest)
        said = alongside("verify", kept)
        connection.execute(text("DROP ROLE modest"))
    server.dispose()
    assert said.exit_code == 2
    assert "No scratch database can be made on the server: permission denied" in said.stderr
