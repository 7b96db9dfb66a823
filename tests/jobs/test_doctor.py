"""`alongside doctor`: what is well, what is not, and that it never faints."""

import os
import socket
from datetime import UTC, date, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, select

from jobs.doctor import BROKEN, LOOK, OK, examine, look_at_address
from matcher.database import engine_for, sessions_of
from matcher.models import Fence, Message
from matcher.schema import downgrade
from matcher.sealing import Keyring
from matcher.settings import Settings
from matcher.states import MessageState, RunState
from tests.rows import NOW, make_account, make_group, make_member, make_run


@pytest.fixture
def verdict(instance):
    """What the doctor says of one thing: its verdicts and its sentences."""

    def look(what: str, now: datetime = NOW) -> tuple[str, str]:
        found = [each for each in examine(now) if each.what == what]
        return " ".join(each.verdict for each in found), " ".join(each.sentence for each in found)

    return look


@pytest.fixture
def session(instance):
    """A unit of work that is committed, as another program's would be."""
    return sessions_of(instance).begin


def test_the_command_prints_a_line_for_each_thing_and_ends_with_0_where_nothing_is_broken(alongside, instance):
    said = alongside("doctor")
    assert said.exit_code == 0, said.output
    assert [line[11:].partition(":")[0] for line in said.stdout.splitlines()] == [
        "address",
        "key file",
        "mail",
        "backup",
        "database",
        "migrations",
        "sealed columns",
        "nights",
        "messages",
        "fence",
    ]


def test_something_broken_is_exit_code_1(alongside, instance, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ADDRESS", "http://alongside.example.org")
    said = alongside("doctor")
    assert said.exit_code == 1
    assert "broken     address: http://alongside.example.org is not https://" in said.stdout


def test_settings_that_cannot_be_read_are_all_there_is_to_say(alongside, instance, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_SMTP_PORT", "secret words")
    said = alongside("doctor")
    assert said.exit_code == 1
    assert said.stdout.startswith("broken     settings: The settings cannot be used. ALONGSIDE_SMTP_PORT")
    assert "secret words" not in said.stdout


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:8000", OK),
        ("http://127.0.0.1", OK),
        ("https://alongside.example.org", LOOK),
        ("http://alongside.example.org", BROKEN),
        ("http://localhost.example.org", BROKEN),
        ("alongside.example.org", BROKEN),
        ("http://[", BROKEN),
    ],
)
def test_cookies_need_https_but_for_ones_own_machine(address, expected):
    assert [verdict for verdict, _ in look_at_address(Settings(address=address))] == [expected]


def test_behind_a_server_of_ones_own_it_is_said_how_visitors_are_told_apart(verdict, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_ADDRESS", "https://alongside.example.org")
    assert "all visitors count as one" in verdict("address")[1]
    monkeypatch.setenv("ALONGSIDE_PROXIES", "1")
    assert verdict("address") == (OK, "members reach the pages at https://alongside.example.org")


def test_a_key_file_that_others_can_read_is_broken(verdict, tmp_path):
    assert verdict("key file")[0] == OK
    (tmp_path / "alongside.key").chmod(0o644)
    assert verdict("key file")[0] == BROKEN
    assert "chmod 600" in verdict("key file")[1]


# The database


def test_a_database_that_keeps_what_it_acknowledges_is_well(verdict):
    assert verdict("database")[0] == OK
    assert verdict("migrations")[0] == OK


def test_a_missing_file_is_said_and_not_made(verdict, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    found, sentence = verdict("database")
    assert found == BROKEN
    assert "Make it: alongside db upgrade" in sentence
    assert not (tmp_path / "nothing.db").exists()
    assert verdict("nights") == ("", "")


def test_a_database_that_cannot_be_reached_is_a_sentence(verdict, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hidden@127.0.0.1:1/nothing")
    found, sentence = verdict("database")
    assert found == BROKEN
    assert sentence.startswith("The database cannot be reached")
    assert "hidden" not in sentence


def test_an_empty_file_is_told_what_to_run_and_not_looked_into(verdict, tmp_path, monkeypatch):
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert verdict("migrations") == (BROKEN, "The database is empty. Make its tables: alongside db upgrade")
    assert verdict("nights") == ("", "")


def test_sqlite_that_may_lose_what_it_acknowledged_is_broken(verdict, tmp_path, monkeypatch):
    def careless(url, keyring=None):
        engine = engine_for(url, keyring)
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = NORMAL"))
        return engine

    (tmp_path / "careless.db").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'careless.db'}")
    monkeypatch.setattr("jobs.doctor.engine_for", careless)
    found, sentence = verdict("database")
    assert found == BROKEN
    assert "journal_mode wal and synchronous 1" in sentence


# Nights


def test_where_no_group_is_open_there_is_something_to_do(verdict):
    assert verdict("nights")[0] == LOOK


@pytest.mark.parametrize("state", [RunState.QUIET, RunState.HELD, RunState.PUBLISHED])
def test_a_good_night_within_36_hours_is_well_and_an_older_one_is_not(verdict, session, state):
    with session() as writing:
        make_run(writing, make_group(writing, name="Harbour"), date(2026, 1, 14), state=state)
    assert verdict("nights", NOW + timedelta(hours=36)) == (OK, f"Harbour: last night 2026-01-14 ({state})")
    found, sentence = verdict("nights", NOW + timedelta(hours=36, minutes=1))
    assert found == BROKEN
    assert "Harbour: no good night since 2026-01-14. Does `alongside work` run?" in sentence


def test_who_was_set_aside_deserves_a_look(verdict, session):
    with session() as writing:
        make_run(writing, make_group(writing, name="Harbour"), date(2026, 1, 14), told={"set_aside": 2})
    found, sentence = verdict("nights")
    assert found == LOOK
    assert "2 members set aside, whose row cannot be read; the log of that night says who" in sentence


def test_a_failed_night_is_broken_with_its_error_whatever_went_before(verdict, session):
    with session() as writing:
        group = make_group(writing, name="Harbour")
        make_run(writing, group, date(2026, 1, 13))
        make_run(writing, group, date(2026, 1, 14), state=RunState.FAILED, error="The audit found a pair apart.")
    assert verdict("nights") == (BROKEN, "Harbour, the night of 2026-01-14 failed: The audit found a pair apart.")


def test_a_night_that_was_begun_and_never_stored_is_noticed_as_none(verdict, session):
    with session() as writing:
        make_run(writing, make_group(writing), date(2026, 1, 14), state=RunState.GATHERED)
    assert verdict("nights")[0] == OK
    assert "no night yet" in verdict("nights", NOW + timedelta(hours=37))[1]


def test_each_open_group_is_looked_at_and_no_other(verdict, session):
    with session() as writing:
        make_group(writing, name="Anchor", opened_at=NOW - timedelta(days=2))
        make_group(writing, name="Closed", opened_at=None)
        make_group(writing, name="Harbour")
    found, sentence = verdict("nights")
    assert found == f"{BROKEN} {OK}"
    assert "Closed" not in sentence


# Mail


def test_without_a_mail_server_it_says_where_mails_go(verdict):
    assert verdict("mail")[0] == LOOK
    assert "files in mails" in verdict("mail")[1]


def test_a_mail_server_is_greeted_and_gets_no_letter(verdict, monkeypatch):
    class Door:
        async def handle_DATA(self, *_):  # noqa: N802  # aiosmtpd's name
            raise AssertionError("a doctor sends nothing")

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Door(), hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("ALONGSIDE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ALONGSIDE_SMTP_PORT", str(port))
    monkeypatch.setenv("ALONGSIDE_SMTP_SECURITY", "none")
    try:
        assert verdict("mail")[1].endswith("which few servers take: set ALONGSIDE_MAIL_FROM")
        monkeypatch.setenv("ALONGSIDE_MAIL_FROM", "Alongside <alongside@example.org>")
        assert verdict("mail") == (OK, f"127.0.0.1:{port} answers (none)")
        monkeypatch.setenv("ALONGSIDE_SMTP_SECURITY", "starttls")
        found, sentence = verdict("mail")
    finally:
        server.stop()
    assert found == BROKEN
    assert "STARTTLS extension not supported" in sentence
    assert verdict("mail")[0] == BROKEN


# Messages, fences, backups


def test_mails_that_lie_too_long_or_failed_deserve_a_look(verdict, session):
    with session() as writing:
        account = make_account(writing)
        common = {"account_id": account.id, "kind": "alone", "made_at": NOW}
        writing.add(Message(key="waits", send_after=NOW, **common))
        assert writing.new
    assert verdict("messages") == (OK, "1 waiting, 0 failed in the last week")
    assert verdict("messages", NOW + timedelta(hours=2))[0] == LOOK
    with session() as writing:
        writing.add(Message(key="failed", send_after=NOW, done_at=NOW, state=MessageState.FAILED, **common))
    assert verdict("messages") == (LOOK, "1 waiting, 1 failed in the last week.")
    with session() as writing:
        writing.scalars(select(Message).where(Message.key == "failed")).one().last_error = "It said 550."
    assert verdict("messages") == (LOOK, "1 waiting, 1 failed in the last week. Last trouble: It said 550.")


def test_a_fence_that_stands_is_said_and_one_that_was_lifted_is_not(verdict, session):
    with session() as writing:
        writing.add(Fence(since=NOW, why="restored from a backup", lifted_at=NOW))
    assert verdict("fence")[0] == OK
    with session() as writing:
        writing.add(Fence(since=NOW, why="restored again"))
    found, sentence = verdict("fence")
    assert found == LOOK
    assert "since 2026-01-14 12:00 UTC nothing is sent (restored again)." in sentence


def test_the_age_of_the_last_backup_is_said(verdict, tmp_path, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_BACKUP_FOLDER", str(tmp_path / "backups"))
    assert verdict("backup")[0] == LOOK
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / ".alongside-20260114T030000Z.sqlite3.partial").touch()  # killed before it was whole
    (tmp_path / "backups" / "notes.txt").touch()
    assert verdict("backup")[0] == LOOK
    backup = tmp_path / "backups" / "alongside-20260114T020000Z.sqlite3"
    backup.touch()
    made = datetime(2026, 1, 14, 2, tzinfo=UTC)
    os.utime(backup, (made.timestamp(), made.timestamp()))
    assert verdict("backup", made + timedelta(hours=10))[0] == OK
    assert "is 10 hours old" in verdict("backup", made + timedelta(hours=10))[1]
    assert verdict("backup", made + timedelta(hours=37))[0] == LOOK


def test_drafts_that_should_have_gone_out_are_seen_until_they_do_or_somebody_holds_them(verdict, session):
    with session() as writing:
        group = make_group(writing, name="Anchor")
        run = make_run(writing, group, NOW.date(), state=RunState.DRAFTED, published_at=None)
    noon = NOW.replace(hour=12, minute=0)
    assert verdict("nights", noon + timedelta(minutes=30))[0] == OK
    found, sentence = verdict("nights", noon + timedelta(hours=2))
    assert found == LOOK
    assert "Anchor: the drafts of 2026-01-14 should be out." in sentence
    with session() as writing:
        writing.merge(run).state = RunState.HELD
    assert verdict("nights", noon + timedelta(hours=2))[0] == OK


def test_a_night_that_is_still_to_come_tells_of_a_wrong_clock(verdict, session):
    with session() as writing:
        make_run(writing, make_group(writing, name="Anchor"), date(2027, 1, 14), state=RunState.PUBLISHED)
    found, sentence = verdict("nights")
    assert found == BROKEN
    assert sentence == "Anchor: its night of 2027-01-14 is still to come. Is the clock of this machine right?"


def test_the_keys_of_another_database_are_seen(verdict, session, tmp_path, monkeypatch):
    assert verdict("sealed columns") == (OK, "the key file opens them")
    with session() as writing:
        make_member(writing, make_group(writing))
    assert verdict("sealed columns")[0] == OK
    Keyring.make(tmp_path / "wrong.key")
    monkeypatch.setenv("ALONGSIDE_KEY_FILE", str(tmp_path / "wrong.key"))
    found, sentence = verdict("sealed columns")
    assert found == BROKEN
    assert "not the one of this database" in sentence


def test_of_a_database_without_tables_only_that_is_said(verdict, instance):
    downgrade(instance, "base")
    assert verdict("migrations")[0] == BROKEN
    for what in ("sealed columns", "nights", "messages", "fence"):
        assert verdict(what) == ("", "")


def test_a_database_address_that_is_none_is_a_sentence(verdict, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "garbage")
    assert verdict("database") == (
        BROKEN,
        "DATABASE_URL is no database address; write sqlite:///file.db or postgresql://...",
    )


def test_a_file_of_certificates_that_is_none_is_named(verdict, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("ALONGSIDE_SMTP_CA_FILE", "/nowhere.pem")
    assert verdict("mail")[1].startswith("ALONGSIDE_SMTP_CA_FILE /nowhere.pem cannot be read as certificates")
