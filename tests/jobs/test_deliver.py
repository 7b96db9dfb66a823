"""Mails reach a real server, also a moody one, one that is away, or when we are killed: none is lost."""

import os
import re
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from jobs.deliver import deliver, lift
from jobs.mail.folder import FolderPost
from jobs.mail.smtp import SmtpPost
from matcher import invitations, links, outbox
from matcher.backlog import backlog
from matcher.database import sessions_of
from matcher.errors import FenceError, LinkError
from matcher.models import Account, Base, Fence, Group, Invitation, Member, Message, Notice
from matcher.settings import Settings
from matcher.states import LinkUse, MessageState
from tests.databases import KEY_LINE
from tests.post_office import HANG_UP, HERE, PostOffice
from tests.rows import NOW, make_account, make_group, make_member

ROOT = Path(__file__).parents[2]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def office():
    office = PostOffice().open()
    yield office
    office.close()


@pytest.fixture
def settings(office, tmp_path):
    return Settings(
        address="https://pairs.example.org",
        mail_from="A <a@example.org>",
        mail_folder=tmp_path / "mails",
        smtp_host=HERE,
        smtp_port=office.port,
        smtp_security="none",
    )


@pytest.fixture
def run(sessions, settings):
    """One run of `alongside deliver` at a moment; gives what it did."""

    def run_at(now=NOW, post=None):
        post = post or SmtpPost(settings, timeout_seconds=5)
        try:
            return deliver(sessions, post, settings, lambda: now)
        finally:
            post.close()

    return run_at


@pytest.fixture
def told(sessions):
    """Tell some members something; the first is Ada."""

    def tell(count=1, kind="started", now=NOW, **values):
        with sessions.begin() as session:
            group = make_group(session)
            for number in range(count):
                member = make_member(session, group, name=f"{kind} {number}")
                outbox.tell(session, member, kind, "night:1", now, values)

    return tell


def rows(sessions, *columns):
    with sessions() as session:
        found = [tuple(row) for row in session.execute(select(*columns).order_by(Message.id))]
        return [row[0] for row in found] if len(columns) == 1 else found


def states(sessions):
    return rows(sessions, Message.state)


def ids_of(office):
    return [mail["Message-ID"] for mail in office.mails]


# What one run does


def test_what_is_due_is_sent_once_and_what_is_not_waits(office, sessions, run, told):
    told(3)
    told(1, "ended", now=NOW + HOUR)
    assert run().summary() == (
        f"Sent 3, 0 will be tried again, 0 failed. They went to {HERE}:{office.port} unencrypted "
        "(ALONGSIDE_SMTP_SECURITY=none)."
    )
    assert run().summary() == "Sent 0, 0 will be tried again, 0 failed."
    assert len(set(ids_of(office))) == len(office.mails) == 3
    assert states(sessions) == [MessageState.SENT] * 3 + [MessageState.WAITING]


def test_without_a_server_mails_are_files(settings, sessions, run, told):
    told(12)
    said = run(post=FolderPost(settings.mail_folder)).summary()
    there = f"12 mails are files in {settings.mail_folder}/ (ALONGSIDE_SMTP_HOST)."
    assert said == f"Sent 12, 0 will be tried again, 0 failed. There is no SMTP server set, so {there}"
    assert len(list(settings.mail_folder.glob("*.eml"))) == 12
    assert states(sessions) == [MessageState.SENT] * 12


def test_a_greylisted_mail_goes_a_little_later(office, sessions, run, told):
    told(2)
    office.at("RCPT", "451 4.7.1 not yet")
    assert run().summary().startswith("Sent 1, 1 will be tried again, 0 failed.")
    assert run(NOW + 2 * MINUTE).counts == {MessageState.SENT: 1}
    assert rows(sessions, Message.attempts, Message.last_error) == [(2, ""), (1, "")]


def test_a_refused_mailbox_fails_for_good_and_its_owner_is_not_reachable(office, sessions, run, told):
    told(2)
    office.at("RCPT", "550 5.1.1 nobody here")
    assert run().summary().startswith("Sent 1, 0 will be tried again, 1 failed.")
    assert run(NOW + DAY).counts == {}
    with sessions() as session:
        failed = session.scalars(select(Account).where(Account.address_failed_at == NOW)).one()
        message = session.scalars(select(Message).where(Message.state == MessageState.FAILED)).one()
        assert message.account_id == failed.id
        assert message.last_error == "The mail server said 550 5.1.1 to RCPT."


def test_a_refused_text_fails_and_says_nothing_about_the_reader(office, sessions, run, told):
    told(1)
    office.at("DATA", "554 5.6.0 no")
    assert run().counts == {MessageState.FAILED: 1}
    with sessions() as session:
        assert session.scalars(select(Account)).one().reachable


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "HALF", "DATA", "TAKEN"])
def test_a_server_that_hangs_up_loses_nothing_and_only_takes_twice_what_it_had_taken(office, run, told, step):
    told(2)
    office.at(step, HANG_UP)
    first = run()
    assert "The mail server" in first.broken
    assert first.summary().endswith("The next run tries again.")
    run(NOW + 2 * MINUTE)
    assert len(set(ids_of(office))) == 2
    assert len(office.mails) == (3 if step == "TAKEN" else 2)


def test_a_421_ends_the_run_and_the_next_goes_on(office, run, told):
    told(3)
    office.at("RCPT", "421 too many")
    assert run().counts == {MessageState.WAITING: 1}
    assert run(NOW + 2 * MINUTE).counts == {MessageState.SENT: 3}


def test_a_tarpit_holds_up_one_mail_a_run(office, settings, run, told):
    told(2)
    office.at("DATA", 2.0)
    assert run(post=SmtpPost(settings, timeout_seconds=0.3)).counts == {MessageState.WAITING: 1}
    assert run(NOW + 2 * MINUTE).counts == {MessageState.SENT: 2}


def test_a_server_that_is_away_for_six_hours_gets_everything_in_the_first_run_after(office, sessions, run, told):
    told(3)
    office.close()
    for minutes in range(0, 360, 7):
        away = run(NOW + minutes * MINUTE)
        assert away.counts == {MessageState.WAITING: 1}
        assert "Connection refused" in away.broken
    with sessions() as session:
        seen = backlog(session, NOW + 6 * HOUR)
    assert (seen.waiting, seen.oldest_due, seen.failed) == (3, 6 * HOUR, 0)
    assert "Connection refused" in seen.trouble
    office.open()
    assert run(NOW + 6 * HOUR).counts == {MessageState.SENT: 3}
    assert len(set(ids_of(office))) == len(office.mails) == 3


def test_a_server_that_stays_away_is_given_up_after_five_days(office, sessions, run, told):
    told(1)
    office.close()
    run(NOW + 5 * DAY)
    assert states(sessions) == [MessageState.WAITING]
    assert run(NOW + 5 * DAY + MINUTE).counts == {MessageState.FAILED: 1}


# Whose row is bad, and whose right has ended


def test_a_bad_row_fails_with_its_reason_and_stops_nobody_elses(office, sessions, run, told):
    told(1, "no_such_kind")
    told(1, "proposal", answer_by="soon")
    told(1, "closed", next_pairing=["2026-01-18"])
    told(1)
    told(1, "ended")
    with sessions.begin() as session:
        first = session.scalars(select(Message).where(Message.kind == "started")).one()
        first.values = ["no mapping"]
    told(1, "silence")
    with sessions.begin() as session:
        session.scalars(select(Account).order_by(Account.id.desc())).first().address = "a@x.org\r\nBcc: b@x.org"
    told(1, "soft_note")

    assert run().summary().startswith("Sent 2, 0 will be tried again, 5 failed.")
    assert [error for error in rows(sessions, Message.last_error) if error] == [
        "There is no template for this kind of message.",
        "It cannot be made into a mail.",
        "Its next_pairing is no date.",
        "It cannot be made into a mail.",
        "Its address is not one mail address.",
    ]
    assert len(office.mails) == 2


def test_a_reader_in_a_zone_that_is_none_is_written_to_like_everybody(sessions, run, told):
    told(2)
    with sessions.begin() as session:
        session.scalars(select(Member)).first().zone = "Atlantis/Poseidonis"
    assert run().counts == {MessageState.SENT: 2}


def test_whoever_has_gone_since_gets_nothing(office, sessions, run, told):
    told(4)
    with sessions.begin() as session:
        gone, erased, failed, _ = session.scalars(select(Member).order_by(Member.id))
        gone.left_at = NOW
        erased.account.erased_at, erased.account.address = NOW, None
        failed.account.address_failed_at = NOW
    assert "3 dropped, since nobody waits for them any more." in run().summary()
    assert len(office.mails) == 1
    assert rows(sessions, Message.last_error)[:3] == [
        "the member has left",
        "the account is erased",
        "mail to this address came back",
    ]


def test_nobody_gets_mail_in_the_quiet_hours_they_have_chosen_meanwhile(office, sessions, run, told):
    told(1)
    with sessions.begin() as session:
        member = session.scalars(select(Member)).one()
        member.quiet_from, member.quiet_until = time(11, 30), time(12, 15)
    assert run().counts == {MessageState.WAITING: 1}
    assert rows(sessions, Message.send_after) == [NOW + 15 * MINUTE]
    assert run(NOW + 14 * MINUTE).counts == {}
    assert run(NOW + 15 * MINUTE).counts == {MessageState.SENT: 1}


def test_nobody_gets_mail_they_have_switched_off_meanwhile(office, sessions, run, told):
    told(1)
    with sessions.begin() as session:
        session.scalars(select(Member)).one().mails_off = ["partner"]
    assert run().counts == {MessageState.DROPPED: 1}
    assert office.mails == []


def test_whoever_sleeps_gets_it_in_the_morning(office, sessions, run, told):
    told(1)
    night = datetime(2026, 1, 14, 23, tzinfo=UTC)
    assert run(night).counts == {MessageState.WAITING: 1}
    assert run(night + MINUTE).counts == {}
    assert office.mails == []
    assert run(datetime(2026, 1, 15, 8, tzinfo=UTC)).counts == {MessageState.SENT: 1}


# Links


@pytest.fixture
def asked(sessions):
    """Somebody asked for a new password, at a moment."""

    def ask(now):
        with sessions.begin() as session:
            account = make_account(session, address="ada@example.org", address_failed_at=NOW)
            links.send(session, account, LinkUse.RESET, "ada@example.org", now)

    return ask


def tokens_in(office):
    return [re.search(r"https://pairs\.example\.org/reset/(\S+)", mail.get_content())[1] for mail in office.mails]


def test_a_link_goes_out_at_any_hour_and_its_token_is_in_the_mail_alone(office, sessions, run, asked):
    night = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    asked(night)
    assert run(night).counts == {MessageState.SENT: 1}
    assert office.readers == [["ada@example.org"]]
    (token,) = tokens_in(office)
    with sessions() as session:
        assert links.take(session, LinkUse.RESET, token, night).address == "ada@example.org"
        stored = [str(vars(row)) for mapper in Base.registry.mappers for row in session.scalars(select(mapper.class_))]
        assert token not in "".join(stored)


def test_a_link_that_was_mailed_twice_works_as_it_stands_in_the_newer_mail(office, sessions, run, asked):
    night = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    asked(night)
    office.at("TAKEN", "451 4.3.0 later")  # it has the mail, and says that it has not
    run(night)
    assert run(night + 2 * MINUTE).counts == {MessageState.SENT: 1}
    first, second = tokens_in(office)
    with sessions() as session:
        with pytest.raises(LinkError):
            links.look(session, LinkUse.RESET, first, night)
        assert links.look(session, LinkUse.RESET, second, night)


def test_a_link_that_would_not_work_any_more_is_not_mailed(office, sessions, run, asked):
    asked(NOW)
    assert run(NOW + HOUR).counts == {MessageState.DROPPED: 1}
    assert office.mails == []
    assert rows(sessions, Message.last_error) == ["the link does not work any more"]


# The fence


def test_a_restored_copy_sends_nothing_until_a_human_lifts_the_fence(office, sessions, run, told):
    told(2)
    with sessions.begin() as session:
        session.add(Fence(since=NOW, why="restored from a backup"))
    with pytest.raises(FenceError, match="--lift-fence"):
        run()
    assert office.mails == []
    assert states(sessions) == [MessageState.WAITING] * 2
    assert lift(sessions, NOW) == "1 fence lifted."
    assert lift(sessions, NOW) == "No fence stands."
    assert run().counts == {MessageState.SENT: 2}


def test_a_fence_that_rises_during_a_run_stops_it(office, sessions, run, told):
    told(3)

    def raise_fence():
        with sessions.begin() as session:
            session.add(Fence(since=NOW, why="restored from a backup"))

    office.at("DATA", raise_fence)
    with pytest.raises(FenceError):
        run()
    assert len(office.mails) == 1


# Transactions, two at once, and kills


def test_no_transaction_is_open_while_the_server_is_spoken_to(engine, office, run, told):
    told(3)
    seen = []

    def look():
        """Another writer comes through at once: SQLite's only write lock is free, PostgreSQL has nobody idle."""
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA busy_timeout = 1"))
                connection.execute(text("UPDATE accounts SET made_at = made_at"))
                seen.append(0)
            else:
                idle = "state LIKE 'idle in transaction%' AND datname = current_database()"
                seen.append(connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {idle}")))

    for step in ("MAIL", "RCPT", "DATA"):
        office.at(step, look, look, look)
    assert run().counts == {MessageState.SENT: 3}
    assert seen == [0] * 9


def test_two_runs_at_once_send_each_mail_once(office, sessions, settings, told):
    told(30)
    done = []

    def work():
        post = SmtpPost(settings, timeout_seconds=20)
        done.append(deliver(sessions, post, settings, lambda: NOW).counts)
        post.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(counts[MessageState.SENT] for counts in done) == 30
    assert len(set(ids_of(office))) == len(office.mails) == 30


WORKER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from jobs.deliver import deliver
from jobs.mail.smtp import SmtpPost
from matcher.database import engine_for, sessions_of
from matcher.sealing import Keyring
from matcher.settings import Settings

url, now, step = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]
settings = Settings()

class Mortal(SmtpPost):
    def send(self, letter):
        if step == "before connecting":
            os.kill(os.getpid(), signal.SIGKILL)
        super().send(letter)
        if step == "before the mark":
            os.kill(os.getpid(), signal.SIGKILL)

engine = engine_for(url, Keyring({"tests": bytes(range(32))}))
deliver(sessions_of(engine), Mortal(settings), settings, lambda: now)
"""


@pytest.mark.parametrize(
    ("step", "repeats"),
    [
        ("before connecting", 0),
        ("MAIL", 0),
        ("RCPT", 0),
        ("HALF", 0),
        ("DATA", 0),
        ("TAKEN", 1),
        ("before the mark", 1),
    ],
)
def test_killed_anywhere_nothing_is_lost_and_only_what_was_taken_is_repeated(
    engine, office, settings, sessions, run, told, step, repeats
):
    told(3)
    environment = os.environ | {
        "ALONGSIDE_ADDRESS": settings.address,
        "ALONGSIDE_MAIL_FROM": settings.mail_from,
        "ALONGSIDE_SMTP_HOST": HERE,
        "ALONGSIDE_SMTP_PORT": str(office.port),
        "ALONGSIDE_SMTP_SECURITY": "none",
    }
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, url, NOW.isoformat(), step]

    def kill():
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        if step == "DATA":
            raise ConnectionAbortedError  # a server that sees the line break before its 250 keeps nothing

    office.at(step, kill)
    worker = subprocess.Popen(command, cwd=ROOT, env=environment)
    assert worker.wait(timeout=60) == -signal.SIGKILL
    assert sorted(states(sessions)) == [MessageState.SENDING, MessageState.WAITING, MessageState.WAITING]
    with sessions() as session:
        assert backlog(session, NOW + outbox.LEASE).stuck == 1

    assert run(NOW + MINUTE).counts == {MessageState.SENT: 2}
    assert run(NOW + outbox.LEASE).counts == {MessageState.SENT: 1}
    assert len(set(ids_of(office))) == 3
    assert len(office.mails) == 3 + repeats
    with sessions() as session:
        assert session.scalar(select(func.count(Notice.id))) == 3


# Invitations


@pytest.fixture
def invited(sessions):
    """Somebody is invited by mail, who has an account already."""
    with sessions.begin() as session:
        make_account(session, address="ada@example.org")
        invitations.send(session, make_group(session, name="Harbour"), NOW, "ada@example.org", "a test")


def invitation_tokens(office):
    found = (re.search(r"https://pairs\.example\.org/invitations/(\S+)", mail.get_content()) for mail in office.mails)
    return [each[1] for each in found]


def test_an_invitation_goes_out_once_and_its_token_is_in_the_mail_alone(office, sessions, run, invited):
    assert run().counts == {MessageState.SENT: 1}
    assert run(NOW + HOUR).counts == {}
    assert office.readers == [["ada@example.org"]]
    assert "harbour" not in office.mails[0].as_string().lower()
    (token,) = invitation_tokens(office)
    with sessions.begin() as session:
        stored = [str(vars(row)) for mapper in Base.registry.mappers for row in session.scalars(select(mapper.class_))]
        assert token not in "".join(stored)
        account = session.scalars(select(Account)).one()
        assert invitations.accept(session, token, account, NOW).group is session.scalars(select(Group)).one()


def test_an_invitation_that_was_mailed_twice_works_as_it_stands_in_the_newer_mail(office, sessions, run, invited):
    office.at("TAKEN", "451 4.3.0 later")  # it has the mail, and says that it has not
    assert run().counts == {MessageState.WAITING: 1}
    assert run(NOW + 2 * MINUTE).counts == {MessageState.SENT: 1}
    first, second = invitation_tokens(office)
    with sessions() as session:
        with pytest.raises(LinkError):
            invitations.look(session, first, NOW)
        assert invitations.look(session, second, NOW)
    assert len(set(ids_of(office))) == 1


def test_no_token_is_made_for_an_invitation_that_waits_for_the_morning(sessions, run, invited):
    with sessions.begin() as session:
        before = session.scalars(select(Invitation.token_hash)).one()
    assert run(datetime(2026, 1, 14, 23, tzinfo=UTC)).counts == {MessageState.WAITING: 1}
    with sessions() as session:
        assert session.scalars(select(Invitation.token_hash)).one() == before


def test_an_invitation_that_is_used_meanwhile_is_dropped(office, sessions, run, invited):
    with sessions.begin() as session:
        session.scalars(select(Invitation)).one().used_at = NOW
    assert run().counts == {MessageState.DROPPED: 1}
    assert office.mails == []
    assert rows(sessions, Message.last_error) == ["the invitation was used"]


def test_a_mailbox_that_refuses_an_invitation_marks_no_account(office, sessions, run, invited):
    office.at("RCPT", "550 5.1.1 nobody here")
    assert run().counts == {MessageState.FAILED: 1}
    with sessions() as session:
        assert session.scalars(select(Account)).one().reachable


# The command


@pytest.fixture
def home(engine, tmp_path, monkeypatch):
    """The environment of an instance on the database of this test."""
    for name in list(os.environ):
        if name.startswith("ALONGSIDE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    key_file = tmp_path / "alongside.key"
    key_file.touch(0o600)
    key_file.write_text(KEY_LINE)
    return sessions_of(engine)


def test_the_command_says_what_it_did(home, alongside):
    said = alongside("deliver")
    assert (said.exit_code, said.output) == (0, "Sent 0, 0 will be tried again, 0 failed.\n")


def test_the_command_refuses_behind_a_fence_and_lifts_it(home, alongside):
    with home.begin() as session:
        session.add(Fence(since=NOW, why="restored from a backup"))
    refused = alongside("deliver")
    assert refused.exit_code == 2
    assert "alongside deliver --lift-fence" in refused.stderr
    assert alongside("deliver", "--lift-fence").output.startswith("1 fence lifted.\nSent 0")
    assert alongside("deliver").exit_code == 0


def test_a_server_that_is_away_is_no_reason_for_cron_to_cry(home, alongside, monkeypatch, told):
    monkeypatch.setenv("ALONGSIDE_SMTP_HOST", HERE)
    monkeypatch.setenv("ALONGSIDE_SMTP_PORT", str(PostOffice().port))
    told(1, now=datetime.now(UTC))
    with home.begin() as session:  # whenever this test runs, it is daytime somewhere
        session.scalars(select(Member)).one().zone = somewhere_awake()
        message = session.scalars(select(Message)).one()
        message.send_after = message.made_at
    said = alongside("deliver")
    assert said.exit_code == 0
    assert "Sent 0, 1 will be tried again, 0 failed." in said.output
    assert "Connection refused" in said.output


def test_where_all_is_refused_the_command_says_why_and_cron_cries(home, alongside, monkeypatch, told, office):
    monkeypatch.setenv("ALONGSIDE_SMTP_HOST", HERE)
    monkeypatch.setenv("ALONGSIDE_SMTP_PORT", str(office.port))
    monkeypatch.setenv("ALONGSIDE_SMTP_SECURITY", "none")
    office.at("DATA", "550 5.7.1 no", "550 5.7.1 no")
    told(2, now=datetime.now(UTC))
    with home.begin() as session:
        for member in session.scalars(select(Member)):
            member.zone = somewhere_awake()
        for message in session.scalars(select(Message)):
            message.send_after = message.made_at
    said = alongside("deliver")
    assert said.exit_code == 1
    assert "Sent 0, 0 will be tried again, 2 failed. The mail server said 550 5.7.1 to DATA." in said.output


def somewhere_awake():
    hour = datetime.now(UTC).hour
    return "UTC" if 9 <= hour < 20 else "Pacific/Auckland" if hour >= 20 else "Asia/Tokyo"
