"""`alongside backup`: whatever happens to it, there is a good backup or a sentence, and never a half one."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from jobs.backup import make_backup, newest, partial
from jobs.verify import verify_backup
from matcher.database import engine_for, sessions_of
from matcher.errors import BackupError
from matcher.settings import read_settings
from tests.jobs.instances import begin_group, last_acknowledged, live_a_night, writes
from tests.rows import NOW


@pytest.fixture
def lived_in(running):
    """An instance in which a night was lived."""
    with sessions_of(running.engine).begin() as session:
        live_a_night(session, begin_group(session), 1)
    return running


@pytest.fixture
def heavy(lived_in):
    """An instance whose backup takes long enough to be killed, and more room than there may be."""
    random = {"sqlite": "randomblob(1000)", "postgresql": "sha512(random()::text::bytea)"}[lived_in.engine.dialect.name]
    row = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
    with lived_in.engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE ballast AS {row} SELECT i, {random} AS weight FROM n"))
    return lived_in


def finish(program):
    said, complaint = program.communicate()
    return program.returncode, said, complaint


def test_a_backup_says_where_it_is_how_large_and_what_opens_it(lived_in, alongside):
    said = alongside("backup")
    (made,) = lived_in.backups
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{made}: 0.")
    assert "It is the first one here." in said.stdout
    assert f"opens only with {lived_in.settings['ALONGSIDE_KEY_FILE']}" in said.stdout
    assert made.stat().st_mode & 0o777 == 0o600
    assert lived_in.folder.stat().st_mode & 0o777 == 0o700
    assert lived_in.unfinished == []


def test_the_next_one_says_when_the_last_was_made(lived_in, alongside):
    make_backup(lived_in.engine, lived_in.folder, NOW)
    said = alongside("backup", "--to", lived_in.folder)
    assert "The one before was made " in said.stdout
    assert " days and " in said.stdout
    assert len(lived_in.backups) == 2


def test_a_backup_is_whole(lived_in):
    made = make_backup(lived_in.engine, lived_in.folder, NOW)
    assert verify_backup(made, read_settings(), NOW) == []


def test_a_backup_is_never_written_over(lived_in):
    made = make_backup(lived_in.engine, lived_in.folder, NOW)
    before = made.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        make_backup(lived_in.engine, lived_in.folder, NOW)
    assert made.read_bytes() == before
    assert lived_in.unfinished == []


def test_two_at_once_do_not_write_into_one_file(tmp_path):
    with partial(tmp_path / "one") as unfinished:
        with pytest.raises(FileExistsError), partial(tmp_path / "one"):
            pytest.fail("it was opened twice")
        assert unfinished.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def test_an_empty_database_is_not_kept(running, empty):
    engine = engine_for(empty)
    with pytest.raises(BackupError, match="nothing to keep"):
        make_backup(engine, running.folder, NOW)
    engine.dispose()


def test_a_folder_that_cannot_be_written_is_a_sentence(lived_in, alongside, tmp_path):
    (tmp_path / "a file").touch()
    said = alongside("backup", "--to", tmp_path / "a file")
    assert said.exit_code == 2
    assert "No backup was made; older ones are untouched." in said.stderr
    assert said.stdout == ""


def test_no_pg_dump_is_a_sentence(lived_in, alongside, monkeypatch):
    if lived_in.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is copied by itself")
    monkeypatch.setenv("PATH", "/nowhere")
    said = alongside("backup")
    assert said.exit_code == 2
    assert "pg_dump is not installed. Install PostgreSQL's client programs" in said.stderr


# The worst moments


@pytest.mark.parametrize("limit", [4096, 100_000])
def test_a_full_disk_leaves_the_last_good_one_and_no_half_one(heavy, limit):
    good = make_backup(heavy.engine, heavy.folder, NOW)
    before = good.read_bytes()

    def fill_the_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, said, complaint = finish(heavy.start("backup", preexec_fn=fill_the_disk))
    assert (code, said) == (2, "")
    assert "No backup was made; older ones are untouched." in complaint
    assert heavy.backups == [good]
    assert good.read_bytes() == before
    assert heavy.unfinished == []


def test_a_killed_backup_leaves_a_half_file_that_the_next_day_takes_away(heavy):
    good = make_backup(heavy.engine, heavy.folder, NOW)
    for _ in range(10):  # it may be done before it is killed
        program = heavy.start("backup", start_new_session=True)
        while program.poll() is None and not heavy.unfinished:
            pass
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
        finish(program)
        if heavy.unfinished:
            break
    assert heavy.unfinished
    assert heavy.backups[0] == good
    assert all(verify_backup(each, read_settings(), NOW) == [] for each in heavy.backups)

    still_at_work = NOW + timedelta(hours=1)
    for each in heavy.unfinished:
        os.utime(each, (NOW.timestamp(), NOW.timestamp()))
    make_backup(heavy.engine, heavy.folder, still_at_work)
    assert heavy.unfinished
    make_backup(heavy.engine, heavy.folder, NOW + timedelta(hours=25))
    assert heavy.unfinished == []


@pytest.mark.parametrize("times", [3, pytest.param(30, marks=pytest.mark.full)])
def test_every_backup_made_during_writes_is_whole_and_holds_what_was_acknowledged_before(running, tmp_path, times):
    acknowledged = tmp_path / "acknowledged"
    with writes(running, acknowledged):
        for number in range(1, times + 1):
            wait_for(acknowledged, at_least=5 * number)
            before = last_acknowledged(acknowledged)
            made = make_backup(running.engine, running.folder, NOW + timedelta(minutes=number))
            assert verify_backup(made, read_settings(), NOW) == []
            assert nights_in(made) >= before
    assert len(running.backups) == times


def test_a_copy_of_the_file_is_no_backup(running, tmp_path):
    """The sabotage: what lies in the log beside the file is missing from a copy of the file alone."""
    if running.engine.dialect.name == "postgresql":
        pytest.skip("a PostgreSQL database is no file")
    acknowledged = tmp_path / "acknowledged"
    with writes(running, acknowledged):
        wait_for(acknowledged, at_least=5)
        before = last_acknowledged(acknowledged)
        copied = tmp_path / "copied.sqlite3"
        shutil.copy(running.engine.url.database, copied)
        assert verify_backup(copied, read_settings(), NOW) != [] or nights_in(copied) < before


def wait_for(acknowledged: Path, at_least: int) -> None:
    while last_acknowledged(acknowledged) < at_least:
        pass


def nights_in(made: Path) -> int:
    """How many nights a backup holds, read from itself."""
    if made.suffix == ".sqlite3":
        with closing(sqlite3.connect(made)) as copy:
            return copy.execute("SELECT count(*) FROM proposals").fetchone()[0]
    rows = subprocess.run(
        ["pg_restore", "--data-only", "--table=proposals", "--file=-", made], capture_output=True, text=True, check=True
    )
    return sum(line[:1].isdigit() for line in rows.stdout.splitlines())


def test_the_newest_is_the_last_by_its_name(tmp_path):
    assert newest(tmp_path) is None
    for name in ("alongside-20260101T000000Z.sqlite3", "alongside-20260102T000000Z.pgdump", "other.sqlite3"):
        (tmp_path / name).touch()
    assert newest(tmp_path) == tmp_path / "alongside-20260102T000000Z.pgdump"
