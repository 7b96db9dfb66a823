"""`alongside publish` and `alongside hold`: by themselves at noon, at once when named, never while held."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from jobs import publish
from jobs.nightly import run_night
from jobs.publish import publish_run
from matcher import leaving
from matcher.models import Group, Hold, Member, PairingRun
from matcher.states import RunState
from tests.nights import A_DAY
from tests.rows import NOW, make_group, make_member

THEN = datetime(2026, 1, 14, 3, 30, tzinfo=UTC)


@pytest.fixture
def drafted(engine, sessions):
    """A group whose night was stored; its noon is long past for the clock of the command."""

    def make(name="Harbour", people=("Ada", "Bob"), **changes):
        with sessions.begin() as session:
            group = make_group(session, name=name, made_at=NOW - 30 * A_DAY, **changes)
            for each in people:
                make_member(session, group, name=each)
        run_night(engine, group, None, lambda: THEN)
        return group

    return make


def states(sessions):
    with sessions() as session:
        return session.scalars(select(PairingRun.state).order_by(PairingRun.id)).all()


def test_what_is_due_goes_out_and_a_second_time_nothing_is_said(alongside, instance, drafted, sessions):
    drafted("Harbour")
    drafted("Quay")
    said = alongside("publish")
    assert said.stdout == "Harbour: its drafts have gone out.\nQuay: its drafts have gone out.\n"
    assert states(sessions) == [RunState.PUBLISHED, RunState.PUBLISHED]
    again = alongside("publish")
    assert (again.stdout, again.exit_code) == ("", 0)


def test_drafts_that_are_held_wait_until_their_group_is_named(alongside, instance, drafted, sessions):
    drafted()
    said = alongside("hold", "--group", "Harbour")
    assert said.stdout == "The drafts of 2026-01-14 wait. They go out with: alongside publish --group 'Harbour'\n"
    assert alongside("publish").stdout == ""
    assert states(sessions) == [RunState.HELD]
    assert alongside("publish", "--group", "Harbour").stdout == "Harbour: its drafts have gone out.\n"
    assert states(sessions) == [RunState.PUBLISHED]


def test_drafts_that_are_held_after_the_clock_saw_them_due_stay_where_they_are(
    alongside, instance, drafted, sessions, monkeypatch
):
    drafted()

    def seen_before_the_hold(session, now, due=publish._due):
        found = list(due(session, now))
        assert alongside("hold", "--group", "Harbour").exit_code == 0
        return found

    monkeypatch.setattr(publish, "_due", seen_before_the_hold)
    assert alongside("publish").stdout == "Harbour: its drafts went out before, or are held.\n"
    assert states(sessions) == [RunState.HELD]


@pytest.mark.parametrize("command", ["hold", "publish"])
def test_a_group_without_drafts_is_a_sentence(alongside, instance, sessions, command):
    with sessions.begin() as session:
        make_group(session, name="Harbour")
    said = alongside(command, "--group", "Harbour")
    assert said.exit_code == 2
    assert "Harbour has no drafts: its last night went out, or there was none." in said.stderr


def test_one_group_that_breaks_stops_no_other(alongside, instance, drafted, sessions):
    broken = drafted("A broken group")
    drafted("Harbour")
    with sessions.begin() as session:
        session.scalars(select(PairingRun).where(PairingRun.group_id == broken.id)).one().snapshot = {"on": "never"}
    said = alongside("publish")
    assert said.exit_code == 1
    assert said.stdout == "Harbour: its drafts have gone out.\n"
    assert "A broken group: its drafts wait (ValueError); the log says why." in said.stderr
    assert states(sessions) == [RunState.DRAFTED, RunState.PUBLISHED]


def test_who_was_set_free_is_paired_anew_and_a_second_time_it_went_out_before(engine, drafted, sessions):
    drafted(people=("Ada", "Bob", "Cyd", "Dee"))
    with sessions.begin() as session:
        run = session.scalars(select(PairingRun)).one()
        run_id = run.id
        for member in [proposal.answers[0].member for proposal in run.proposals]:
            leaving.leave(session, member, NOW)
    assert publish_run(engine, run_id, NOW)
    assert not publish_run(engine, run_id, NOW)
    with sessions() as session:
        run = session.scalars(select(PairingRun)).one()
        assert sorted(each.state for each in run.proposals) == ["closed", "closed", "open"]


def test_who_cannot_be_paired_anew_keeps_nobody_elses_drafts_waiting(engine, drafted, sessions):
    group = drafted(people=("Ada", "Bob", "Cyd", "Dee"))
    with sessions.begin() as session:
        run = session.scalars(select(PairingRun)).one()
        first, second = sorted(answer.member_id for answer in run.proposals[0].answers)
        session.add(Hold(group_id=group.id, first_id=first, second_id=second, together=True, made_at=NOW))
        session.get_one(Member, first).windows = [[6, 600, 720]]
    assert publish_run(engine, run.id, NOW)
    with sessions() as session:
        run = session.scalars(select(PairingRun)).one()
        assert sorted(each.state for each in run.proposals) == ["closed", "open"]
        assert len(run.alone) == 2
        assert session.get_one(Group, group.id).name == "Harbour"
