"""The cluster that other tests trust: it answers, copies, is as careful as a real one, and leaves nothing behind."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import postgresql as ours
from tests.postgresql import Cluster


@pytest.fixture
def drawer(postgresql: Cluster) -> Iterator[str]:
    """A database with one table and one row in it."""
    postgresql.create("drawer")
    with postgresql.connect("drawer") as connection:
        connection.execute("CREATE TABLE note (words text)")
        connection.execute("INSERT INTO note VALUES ('hello')")
    yield "drawer"
    postgresql.drop("drawer")


def asked(cluster: Cluster, question: str, name: str = "postgres") -> object:
    with cluster.connect(name) as connection:
        return connection.execute(question).fetchone()[0]


def names(cluster: Cluster) -> str:
    return asked(cluster, "SELECT string_agg(datname, ' ') FROM pg_database")


def test_the_cluster_answers_sqlalchemy_at_its_address(postgresql, drawer):
    engine = create_engine(postgresql.url(drawer))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT words FROM note")) == "hello"
    engine.dispose()


def test_a_database_is_made_from_a_template_and_lives_a_life_of_its_own(postgresql, drawer):
    assert postgresql.create("copy", template=drawer) == postgresql.url("copy")
    with postgresql.connect("copy") as connection:
        connection.execute("UPDATE note SET words = 'goodbye'")
    assert asked(postgresql, "SELECT words FROM note", "copy") == "goodbye"
    assert asked(postgresql, "SELECT words FROM note", drawer) == "hello"
    postgresql.drop("copy")


def test_a_database_is_dropped_while_somebody_is_connected(postgresql):
    postgresql.create("crowded")
    with postgresql.connect("crowded") as guest:
        postgresql.drop("crowded")
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
    assert "crowded" not in names(postgresql).split()


def test_a_name_is_never_taken_for_a_command(postgresql):
    odd = 'a"; DROP DATABASE template0; --'
    postgresql.create(odd)
    assert odd in names(postgresql)
    postgresql.drop(odd)
    assert odd not in names(postgresql)
    assert "template0" in names(postgresql)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_what_is_committed_is_on_the_disk_as_in_production(postgresql, setting):
    assert asked(postgresql, f"SHOW {setting}") == "on"


def test_nobody_comes_in_from_a_network_or_from_another_account(postgresql):
    assert asked(postgresql, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(postgresql.folder.stat().st_mode) == 0o700


def test_it_never_runs_as_root(postgresql):
    account = (postgresql.folder / "rows" / "PG_VERSION").stat().st_uid
    assert account == os.geteuid() or os.geteuid() == 0 != account


@pytest.mark.skipif(ours.find_programs() is None, reason=ours.MISSING)
def test_a_stopped_cluster_answers_nobody_and_goes_with_its_folder(monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with TemporaryDirectory(prefix="postgresql-") as folder:
        with ours.cluster(Path(folder)) as short_lived:
            guest = short_lived.connect()
            assert guest.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            short_lived.connect()
    assert not Path(folder).exists()


@pytest.mark.skipif(ours.find_programs() is None, reason=ours.MISSING)
def test_a_cluster_that_cannot_start_says_why():
    with TemporaryDirectory(prefix="postgresql-") as folder:
        Path(folder).chmod(0o755)
        deep = Path(folder) / ("deep" * 25)  # too deep for a socket
        deep.mkdir()
        with pytest.raises(AssertionError, match="too long"), ours.cluster(deep):
            pytest.fail("nobody gets here")


def test_where_postgresql_is_not_installed_there_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    assert ours.find_programs() is None
    with pytest.raises(FileNotFoundError, match="apt install postgresql"), ours.cluster(tmp_path):
        pytest.fail("nobody gets here")
