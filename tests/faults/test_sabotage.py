"""Every checker has gone red once: the deliberate bugs, by their numbers in the list of promises, and who sees each.

Elsewhere: 6 the settings of a connection (below, and tests/matcher/test_database.py), 11 the night in UTC
(test_clocks.py), 12 a backup by copying the file (tests/jobs/test_backup.py), 13 a migration that cuts words short
(tests/matcher/test_schema.py).
"""

import sqlite3
from contextlib import closing, nullcontext

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import event, select, text

from jobs import nightly
from jobs.deliver import Delivery
from jobs.mail.folder import FolderPost
from jobs.mail.smtp import SmtpPost
from matcher import outbox, publishing
from matcher.database import reading, sessions_of
from matcher.meeting import Recheck
from matcher.models import Message, PairingRun, Place
from matcher.pairing import candidates, plan
from matcher.states import ProposalState, RunState
from matcher.vocabulary import Mode
from tests.faults.acts import Deed, doing, together
from tests.faults.forks import LATER, drafts, in_child, kill, look, mails_in, night, points_of, post, publication
from tests.faults.world import BEGIN, NIGHT
from tests.pools import invented_pool


def without_key(table, key):
    """Take a unique key away, as a careless migration would."""

    def act(engine):
        with engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table(table) as change:
                change.drop_constraint(key, type_="unique")

    return act


# 1 and 2: the unique keys


@pytest.mark.parametrize("sabotaged", [False, True])
def test_1_a_second_place_is_refused_or_seen(copies, sabotaged):
    def second_place(engine):
        with sessions_of(engine).begin() as session:
            place = session.scalars(select(Place).order_by(Place.id)).first()
            session.add(Place(member_id=place.member_id, partnership_id=place.partnership_id))

    assert_refused_or_seen(copies, "morning", ("places", "uq_places_one_per_member"), second_place, "I1", sabotaged)


@pytest.mark.parametrize("sabotaged", [False, True])
def test_2_a_second_mail_of_one_key_is_refused_or_seen(copies, sabotaged):
    def second_mail(engine):
        with sessions_of(engine).begin() as session:
            first = session.scalars(select(Message).order_by(Message.id)).first()
            same = {"key": first.key, "account_id": first.account_id, "kind": first.kind}
            session.add(Message(**same, made_at=BEGIN, send_after=BEGIN))

    assert_refused_or_seen(copies, "morning", ("messages", "uq_messages_key"), second_mail, "I7", sabotaged)


def assert_refused_or_seen(copies, name, key, act, invariant, sabotaged):
    with copies(name) as url:
        if not sabotaged:
            with pytest.raises(AssertionError, match="IntegrityError"):
                in_child(url, act)
            assert in_child(url, look)[1] == []
            return
        in_child(url, without_key(*key))
        in_child(url, act)
        assert any(each.startswith(f"{invariant}:") for each in in_child(url, look)[1])


# 3, 4 and 5: the order of mails and commits


def test_3_a_mail_of_something_that_never_was_is_seen(copies, folder):
    """The night writes rows; killed before any of its commits, it must not have sent a thing by any way out."""

    def watched(job):
        def act(engine):
            for way_out in (FolderPost, SmtpPost):
                way_out.send = lambda *_: folder.touch()
            job(engine)

        return act

    def sabotaged(engine):
        tell = outbox.tell

        def tell_at_once(*everything, **more):
            FolderPost(folder).send("a letter")
            return tell(*everything, **more)

        outbox.tell = tell_at_once
        night(engine)

    with copies() as url:
        points = points_of(url, night)
    for job, is_seen in ((night, False), (sabotaged, True)):
        for at in [at for at, name in enumerate(points) if name == "before COMMIT"]:
            with copies() as url:
                assert kill(url, watched(job), at)
        assert folder.exists() is is_seen


def test_4_a_mail_that_is_lost_is_seen(copies, folder):
    def sabotaged(mails):
        def act(engine):
            send = Delivery._send

            def mark_then_send(delivery, message, letter):
                delivery._keep(message, outbox.mark_sent)
                send(delivery, message, letter)

            Delivery._send = mark_then_send
            post(mails)(engine)

        return act

    with copies("morning") as url:
        points = points_of(url, sabotaged(folder))
    lost = []
    for at in [at for at, name in enumerate(points) if name == "after COMMIT"][:4]:
        mails = folder.parent / f"mails{at}"
        with copies("morning") as url:
            assert kill(url, sabotaged(mails), at)
            in_child(url, post(mails, LATER))
        lost += {*mails_in(folder)} - {*mails_in(mails)}
    assert lost


@pytest.mark.parametrize("sabotaged", [False, True])
def test_5_a_transaction_that_is_open_while_mail_is_sent_is_seen(copies, folder, sabotaged):
    def act(engine):
        seen = []
        send, deliver_all = FolderPost.send, post(folder)

        def watched(way_out, letter):
            seen.append(somebody_waits(engine))
            send(way_out, letter)

        FolderPost.send = watched
        if sabotaged:
            hand_over = Delivery._send

            def in_a_transaction(delivery, message, letter):
                with delivery._sessions() as session, session.begin():
                    session.scalars(select(Message.id)).all()
                    watched(delivery._post, letter)
                hand_over(delivery, message, letter)

            Delivery._send = in_a_transaction
        deliver_all(engine)
        return seen

    with copies("morning") as url:
        assert any(in_child(url, act)) is sabotaged


def somebody_waits(engine):
    """Whether a writer would have to wait now, or a transaction lies idle."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(engine.url.database, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False
    idle = "state LIKE 'idle in transaction%' AND datname = current_database()"
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {idle}")) > 0


# 6 and 7: what is acknowledged is kept


@pytest.mark.parametrize("sabotaged", [False, True])
def test_6_a_connection_that_does_not_wait_for_the_disk_is_seen(copies, sabotaged):
    def act(engine):
        words = {"sqlite": "PRAGMA synchronous = NORMAL", "postgresql": "SET synchronous_commit = off"}
        asks = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
        if sabotaged:
            event.listen(engine, "connect", lambda connection, _: careless(connection, words[engine.dialect.name]))
        with engine.connect() as connection:
            return str(connection.scalar(text(asks[engine.dialect.name])))

    def careless(connection, words):
        connection.execute(words)
        if hasattr(connection, "pgconn"):
            connection.commit()

    with copies() as url:
        assert (in_child(url, act) in ("2", "on")) is not sabotaged


def test_7_a_night_that_is_told_before_it_is_kept_is_seen(copies, folder):
    """Its sentence is its word that it is done; wherever it is killed, nobody may have read it too early."""
    told = folder.with_name("told")

    def honest(engine):
        tell = nightly._told
        nightly._told = lambda *everything: (told.touch(), tell(*everything))[1]
        night(engine)

    def sabotaged(engine):
        publish = nightly._publish_at_once

        def told_first(engine, group, night, now):
            nightly._told(engine, group, night)
            publish(engine, group, night, now)

        nightly._publish_at_once = told_first
        honest(engine)

    def is_kept(engine):
        with reading(engine) as session:
            state = session.scalar(select(PairingRun.state).where(PairingRun.night == NIGHT))
        return state is RunState.PUBLISHED

    with copies() as url:
        points = points_of(url, honest)
    for job, is_seen in ((honest, False), (sabotaged, True)):
        too_early = []
        for at in [at for at, name in enumerate(points) if "COMMIT" in name]:
            told.unlink(missing_ok=True)
            with copies() as url:
                assert kill(url, job, at)
                too_early.append(told.exists() and not in_child(url, is_kept))
        assert any(too_early) is is_seen


# 9 and 10: the same night for everybody, and nobody who may not


@pytest.mark.parametrize("sabotaged", [False, True])
def test_9_people_who_come_unsorted_are_seen_by_the_audit(monkeypatch, sabotaged):
    """Without the audit's look at it, the order of the rows would decide who goes with whom."""

    def unsorted(items, key=None):
        return list(items) if key else sorted(items)

    if sabotaged:
        monkeypatch.setattr(candidates, "sorted", unsorted, raising=False)
    pool = invented_pool(1, Mode.FEWEST_LEFT_OUT)
    turned = pool.candidates(sorted(pool.people, key=lambda person: person.id, reverse=True))
    with pytest.raises(AssertionError, match="not sorted") if sabotaged else nullcontext():
        assert plan(turned, pool.policy) == plan(pool.candidates(), pool.policy)


@pytest.mark.parametrize("sabotaged", [False, True])
def test_10_two_who_go_out_together_across_a_block_are_seen(copies, sabotaged):
    deed = Deed("block", "Cyd", "Dee")

    def act(engine):
        if sabotaged:
            publishing._drop_what_changed = lambda *_: None
        return publication(engine)

    with copies("drafts") as url:
        in_child(url, doing(deed))
        assert in_child(url, act)
        assert bool(in_child(url, together([deed]))) is sabotaged
        assert any(each.startswith("I2:") for each in in_child(url, look)[1]) is sabotaged


@pytest.mark.parametrize("sabotaged", [False, True])
def test_10_two_who_are_stored_together_across_a_block_are_seen(copies, sabotaged):
    deed = Deed("block", "Cyd", "Dee")

    def act(engine):
        if sabotaged:
            Recheck.again = lambda _, found: found
        drafts(engine)

    with copies("gathered") as url:
        in_child(url, doing(deed))
        in_child(url, act)
        assert bool(in_child(url, together([deed], ProposalState.DRAFT))) is sabotaged
