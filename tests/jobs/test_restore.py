"""`alongside restore`: into an empty place, behind a fence, and all of it."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from jobs.backup import make_backup
from jobs.restore import kind_of, put_back
from matcher.database import closing_engine, engine_for, reading, sessions_of
from matcher.errors import BackupError, DatabaseError
from matcher.models import Fence, Message
from matcher.outbox import tell
from matcher.states import MessageState
from tests.databases import KEYRING
from tests.jobs.instances import begin_group, live_a_night
from tests.rows import NOW, make_member


@pytest.fixture
def kept(running):
    """A backup of an instance in which a night was lived and a mail was just being sent."""
    with sessions_of(running.engine).begin() as session:
        group = begin_group(session)
        live_a_night(session, group, 1)
        tell(session, make_member(session, group), "welcome", "a test", NOW)
        (message,) = session.scalars(select(Message))
        message.state, message.attempt, message.lease_until = MessageState.SENDING, "one", NOW
    return make_backup(running.engine, running.folder, NOW)


@pytest.fixture
def place(empty):
    with closing_engine(engine_for(empty, KEYRING)) as engine:
        yield engine


def test_a_backup_comes_back_behind_a_fence(kept, alongside, empty, place):
    said = alongside("restore", kept, "--to", empty)
    assert said.exit_code == 0, said.output
    assert "is restored: 5 members, 1 active partnerships, 1 messages that were still to be sent" in said.stdout
    assert "alongside deliver --lift-fence" in said.stdout
    with reading(place) as session:
        (fence,) = session.scalars(select(Fence))
        assert fence.lifted_at is None
        assert fence.why == f"Restored from {kept.name}"
        assert session.scalars(select(Message.state)).all() == [MessageState.SENDING]


def test_a_copy_of_a_copy_comes_back_too(kept, running, place, tmp_path):
    put_back(kept, place, NOW)
    again = make_backup(place, tmp_path / "again", NOW)
    assert kind_of(again) == place.dialect.name
    with place.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM fences")).scalar() == 1


def test_what_is_broken_in_it_is_said(kept, running, alongside, empty):
    with running.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_events WHERE act = 'run stored'"))
    broken = alongside("backup")
    assert broken.exit_code == 0
    said = alongside("restore", running.backups[-1], "--to", empty)
    assert said.exit_code == 1
    assert "I6: pairing_runs:" in said.stdout


def test_only_an_empty_place_will_do(kept, running, alongside):
    said = alongside("restore", kept)
    assert said.exit_code == 2
    assert "empty one" in said.stderr or "is there already" in said.stderr


def test_a_log_that_an_old_file_left_is_no_empty_place(kept, place):
    if place.dialect.name == "postgresql":
        pytest.skip("a PostgreSQL database has no files beside it")
    Path(f"{place.url.database}-wal").touch()
    with pytest.raises(BackupError, match="-wal is there already"):
        put_back(kept, place, NOW)


def test_a_file_that_is_no_backup_is_a_sentence(tmp_path, alongside, running):
    assert "cannot be read: No such file" in alongside("restore", "nowhere").stderr
    (tmp_path / "letter").write_text("Dear all")
    assert "is no backup" in alongside("restore", "letter").stderr


def test_a_backup_of_the_other_kind_is_refused(tmp_path, place):
    other = tmp_path / "other"
    other.write_bytes({"sqlite": b"PGDMP", "postgresql": b"SQLite format 3\0"}[place.dialect.name])
    with pytest.raises(BackupError, match="Name one with --to"):
        put_back(other, place, NOW)


def test_a_damaged_backup_leaves_the_place_empty(kept, place, alongside, empty):
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError):
        put_back(kept, place, NOW)
    if place.dialect.name == "sqlite":
        kept.write_bytes(whole)
        put_back(kept, place, NOW)


def test_a_backup_of_a_newer_version_is_refused(running, kept, place):
    with running.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = make_backup(running.engine, running.folder / "newer", NOW)
    with pytest.raises(DatabaseError, match="9999, which this version does not know"):
        put_back(newer, place, NOW)


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path):
    (tmp_path / "dump").write_bytes(b"PGDMP")
    nowhere = engine_for(f"postgresql://a@/d?host={tmp_path}", KEYRING)
    with pytest.raises(DatabaseError, match="cannot be reached"):
        put_back(tmp_path / "dump", nowhere, NOW)
