"""`alongside nightly` as whoever runs an instance meets it, and one night at any hour of any clock."""

import os
import pty
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from jobs import nightly
from jobs.nightly import run_night
from matcher import runs
from matcher.errors import FenceError, GroupError, PoolError
from matcher.invariants import broken
from matcher.locks import only_one
from matcher.models import Base, Coordinator, Group, Hold, Member, Message, PairingRun, Proposal
from matcher.states import ProposalState, RunState
from tests.nights import A_DAY, SUNDAY, WEDNESDAY
from tests.rows import NOW, make_account, make_group, make_member

THEN = datetime(2026, 1, 14, 3, 30, tzinfo=UTC)


@pytest.fixture
def harbour(sessions):
    """A group of two who wait, made long ago; every day is a pairing day."""

    def make(name="Harbour", **changes):
        with sessions.begin() as session:
            days = {"pairing_days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]}
            since = {"made_at": NOW - 30 * A_DAY, "opened_at": NOW - 30 * A_DAY}
            group = make_group(session, name=name, **since | days | changes)
            ids = [make_member(session, group, name=f"{each} of {name}").id for each in ("Ada", "Bob")]
            session.add(Coordinator(group_id=group.id, account_id=make_account(session).id))
            return group, sorted(ids)

    return make


@pytest.fixture
def torn(harbour, sessions, monkeypatch):
    """A group whose night the engine cannot decide, for a reason that is a sentence."""

    def make(name):
        group, ids = harbour(name)
        with sessions() as session:
            there = set(session.scalars(select(Member.public_id).where(Member.id.in_(ids))))
        decide = nightly.plan

        def refuse(candidates, *rest):
            if there & {*candidates.ids}:
                raise PoolError("These two cannot be kept together.")
            return decide(candidates, *rest)

        monkeypatch.setattr(nightly, "plan", refuse)
        return group

    return make


def rows_in(sessions) -> dict[str, int]:
    with sessions() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }


def states(sessions):
    with sessions() as session:
        return session.execute(select(PairingRun.night, PairingRun.state).order_by(PairingRun.night)).all()


# The command


def test_it_says_what_came_of_each_open_group(alongside, instance, harbour):
    harbour("Harbour")
    harbour("Quay", publishes_at_once=True)
    harbour("Shut", opened_at=None)
    said = alongside("nightly")
    assert said.exit_code == 0, said.output
    harbour_line, quay_line = said.stdout.splitlines()
    assert harbour_line.startswith("Harbour, 20")
    assert harbour_line.endswith(": 1 pair, 0 trios, 0 alone. (drafted)")
    assert quay_line.endswith(": 1 pair, 0 trios, 0 alone. (published)")
    again = alongside("nightly")
    assert (again.stdout, again.exit_code) == (said.stdout, 0)


def test_a_bad_group_is_a_sentence_and_the_others_have_their_night(alongside, instance, torn, harbour, sessions):
    torn("A torn group")
    harbour("Harbour")
    said = alongside("nightly")
    assert said.exit_code == 1
    assert said.stdout.startswith("Harbour, ")
    assert "A torn group: " in said.stderr
    assert "cannot be kept together" in said.stderr
    assert alongside("nightly").exit_code == 1
    with sessions() as session:
        assert session.scalars(select(Message.kind)).all().count("failed_night") == 1


def test_what_breaks_without_a_sentence_stops_nobody_else_either(alongside, instance, harbour, sessions):
    group, _ = harbour("A broken group")
    harbour("Harbour")
    with sessions.begin() as session:
        session.get_one(Group, group.id).zone = "Nowhere/At_All"
    said = alongside("nightly")
    assert said.exit_code == 1
    assert said.stdout.startswith("Harbour, ")
    assert "A broken group: its night broke off (ZoneInfoNotFoundError); the log says where." in said.stderr


@pytest.fixture
def gathering(monkeypatch):
    """Let gathering a night raise something."""

    def breaks(problem):
        def gather(*_):
            raise problem

        monkeypatch.setattr(runs, "snapshot_of_waiting", gather)

    return breaks


def test_what_breaks_while_it_is_gathered_is_kept_without_a_word_of_anybody(engine, harbour, sessions, gathering):
    group, _ = harbour()
    gathering(ValueError("since my relapse"))
    for _ in range(2):
        with pytest.raises(ValueError, match="relapse"):
            run_night(engine, group, None, lambda: THEN)
    with sessions() as session:
        assert session.execute(select(PairingRun.state, PairingRun.error)).all() == [(RunState.FAILED, "ValueError")]
        assert session.scalars(select(Message.kind)).all() == ["failed_night"]


@pytest.mark.parametrize("problem", [FenceError("A fence stands."), OperationalError("SELECT", {}, Exception())])
def test_a_fence_or_a_busy_database_is_no_failed_night(engine, harbour, sessions, gathering, problem):
    group, _ = harbour()
    gathering(problem)
    with pytest.raises(type(problem)):
        run_night(engine, group, None, lambda: THEN)
    assert states(sessions) == []


def test_an_error_that_is_no_sentence_of_ours_is_kept_by_its_kind(engine, harbour, sessions, monkeypatch):
    group, _ = harbour()
    monkeypatch.setattr(nightly, "plan", lambda *_: {}["since my relapse"])
    with pytest.raises(KeyError):
        run_night(engine, group, None, lambda: THEN)
    with sessions() as session:
        assert session.scalars(select(PairingRun.error)).all() == ["KeyError"]


def test_who_cannot_be_read_is_set_aside_and_the_log_says_who(engine, harbour, sessions, capsys):
    group, (_, second) = harbour()
    with sessions.begin() as session:
        member = session.get_one(Member, second)
        member.zone = "Mars/Olympus"
    said = run_night(engine, group, None, lambda: THEN)
    assert said == "Harbour, 2026-01-14: 0 pairs, 0 trios, 1 alone. 1 member set aside: the log says who. (drafted)"
    logged = capsys.readouterr()
    assert member.public_id in logged.out + logged.err


def test_one_group_by_its_name_that_is_not_open_is_told_what_to_do(alongside, instance, harbour):
    harbour("Shut", opened_at=None)
    said = alongside("nightly", "--group", "Shut")
    assert said.exit_code == 1
    assert said.stderr == "Shut: Shut is not open yet. Enter its crisis lines: alongside open-group --help\n"
    assert alongside("nightly", "--group", "Nobody").exit_code == 2


def test_a_dry_run_stores_nothing(alongside, instance, harbour, sessions):
    harbour("Harbour")
    before = rows_in(sessions)
    said = alongside("nightly", "--dry-run", "--on", "2099-01-04")
    assert said.stdout == "Harbour, 2099-01-04, nothing stored: 1 pair, 0 trios, 0 alone.\n"
    assert rows_in(sessions) == before


def test_a_dry_run_says_what_the_night_then_comes_to(engine, harbour, sessions):
    """Also the night's duties are in it: who comes back from a rest, and who is free of a proposal that lapsed."""
    group, ids = harbour(pairing_days=["Wed"])
    with sessions.begin() as session:
        for id_ in ids:
            session.get_one(Member, id_).resting_from = SUNDAY
            session.get_one(Member, id_).resting_until = WEDNESDAY
    before = rows_in(sessions)
    foreseen = run_night(engine, group, None, lambda: THEN, dry_run=True)
    assert foreseen == "Harbour, 2026-01-14, nothing stored: 1 pair, 0 trios, 0 alone."
    assert rows_in(sessions) == before
    found = run_night(engine, group, None, lambda: THEN)
    assert found == "Harbour, 2026-01-14: 1 pair, 0 trios, 0 alone. (drafted)"
    assert run_night(engine, group, None, lambda: THEN, dry_run=True) == found


def test_a_dry_run_of_a_quiet_night_names_the_next_pairing_night(engine, harbour):
    group, _ = harbour(pairing_days=["Fri"])
    run_night(engine, group, None, lambda: THEN - A_DAY)
    said = run_night(engine, group, None, lambda: THEN, dry_run=True)
    assert said == ("Harbour, 2026-01-14, nothing stored: no pairing tonight. The next pairing night: --on 2026-01-16")


def test_on_a_terminal_a_person_reads_sentences_alone(instance, harbour, running):
    harbour("Harbour")
    ours, theirs = pty.openpty()
    started = running.start("nightly", stderr=theirs)
    assert started.communicate(timeout=60)[0].startswith("Harbour, ")
    os.set_blocking(ours, False)
    os.close(theirs)
    with pytest.raises(OSError, match="Input/output error"):
        os.read(ours, 1000)
    os.close(ours)


# One night


def test_a_night_that_has_not_come_is_a_sentence(engine, harbour):
    group, _ = harbour()
    with pytest.raises(GroupError, match=r"The night of 2026-01-15 has not come yet\. To look ahead: --dry-run"):
        run_night(engine, group, WEDNESDAY + A_DAY, lambda: THEN)


def test_a_night_before_the_last_is_a_sentence(engine, harbour):
    group, _ = harbour()
    run_night(engine, group, None, lambda: THEN)
    with pytest.raises(GroupError, match="The night of 2026-01-11 has passed: that of 2026-01-14 was run already"):
        run_night(engine, group, SUNDAY, lambda: THEN)


def test_a_group_that_opens_in_the_afternoon_has_its_first_night_in_the_next(engine, harbour, sessions):
    group, _ = harbour(opened_at=THEN + A_DAY / 3)
    said = run_night(engine, group, None, lambda: THEN + A_DAY / 2)
    assert said == "Harbour: it opened after the night of 2026-01-14 began, so its first night is to come."
    assert states(sessions) == []
    assert run_night(engine, group, None, lambda: THEN + A_DAY).endswith("(drafted)")


def test_by_its_date_the_night_of_the_opening_day_can_be_run_at_once(engine, harbour):
    group, _ = harbour(opened_at=THEN + A_DAY / 3)
    assert run_night(engine, group, WEDNESDAY, lambda: THEN + A_DAY / 2).endswith("(drafted)")


def test_a_night_before_the_group_opened_is_a_sentence(engine, harbour):
    group, _ = harbour(opened_at=THEN - 2 * A_DAY)
    with pytest.raises(GroupError, match="The night of 2026-01-11 was before Harbour opened"):
        run_night(engine, group, SUNDAY, lambda: THEN)


def test_who_is_asked_in_a_night_that_is_made_up_for_by_hand_has_days_to_answer(engine, harbour, sessions):
    group, _ = harbour(publishes_at_once=True)
    run_night(engine, group, SUNDAY, lambda: THEN)
    with sessions() as session:
        proposal = session.scalars(select(Proposal)).one()
        assert all(each.answer_by > THEN + 3 * A_DAY for each in proposal.answers)


def test_a_night_that_somebody_else_runs_is_left_to_them(engine, harbour, sessions):
    group, _ = harbour()
    with only_one(engine, f"night-{group.id}"):
        said = run_night(engine, group, None, lambda: THEN)
    assert said == "Harbour: the night of 2026-01-14 is being run by somebody else."
    assert states(sessions) == []


def test_a_quiet_night_says_so(engine, harbour):
    group, _ = harbour(pairing_days=["Fri"])
    expected = "Harbour, 2026-01-14: no pairing tonight; everything else is done."
    assert run_night(engine, group, None, lambda: THEN) == expected
    assert run_night(engine, group, None, lambda: THEN + timedelta(hours=5)) == expected


def test_a_sunday_on_which_the_machine_was_down_is_made_up_for_on_monday(engine, harbour, sessions):
    group, _ = harbour(pairing_days=["Sun"])
    run_night(engine, group, None, lambda: THEN - 4 * A_DAY)
    said = run_night(engine, group, None, lambda: THEN - 2 * A_DAY)
    assert said == "Harbour, 2026-01-12: 1 pair, 0 trios, 0 alone. (drafted)"
    assert run_night(engine, group, None, lambda: THEN - A_DAY).endswith("everything else is done.")
    assert states(sessions) == [
        (date(2026, 1, 10), RunState.QUIET),
        (date(2026, 1, 12), RunState.DRAFTED),
        (date(2026, 1, 13), RunState.QUIET),
    ]


def test_a_night_that_cannot_be_decided_keeps_its_error_and_works_once_it_is_mended(
    engine, torn, sessions, monkeypatch
):
    group = torn("Harbour")
    with pytest.raises(PoolError, match="cannot be kept together"):
        run_night(engine, group, None, lambda: THEN)
    with sessions.begin() as session:
        run = session.scalars(select(PairingRun)).one()
        assert run.state is RunState.FAILED
        assert "cannot be kept together" in run.error
    monkeypatch.undo()
    said = run_night(engine, group, None, lambda: THEN)
    assert said == "Harbour, 2026-01-14: 1 pair, 0 trios, 0 alone. (drafted)"


def test_two_who_are_kept_together_and_may_not_meet_stop_nobody_elses_night(engine, harbour, sessions):
    group, (first, second) = harbour()
    with sessions.begin() as session:
        session.add(Hold(group_id=group.id, first_id=first, second_id=second, together=True, made_at=NOW))
        session.get_one(Member, first).windows = [[6, 600, 720]]
        make_member(session, session.get_one(Group, group.id), waiting_since=SUNDAY)
    said = run_night(engine, group, None, lambda: THEN)
    assert said == "Harbour, 2026-01-14: 1 pair, 0 trios, 1 alone. (drafted)"


def test_what_a_killed_run_had_stored_goes_out_with_the_next(engine, harbour, sessions):
    group, _ = harbour()
    run_night(engine, group, None, lambda: THEN)
    assert states(sessions) == [(WEDNESDAY, RunState.DRAFTED)]
    with sessions.begin() as session:
        group = session.get_one(Group, group.id)
        group.publishes_at_once = True
    run_night(engine, group, None, lambda: THEN + timedelta(minutes=5))
    with sessions() as session:
        assert session.scalars(select(Proposal.state)).all() == [ProposalState.OPEN]
        assert broken(session, THEN + A_DAY) == []


def test_a_night_that_was_gathered_and_never_decided_goes_on(engine, harbour, sessions):
    group, _ = harbour()
    with sessions.begin() as session:
        runs.open_run(session, group.id, WEDNESDAY, THEN)
    assert run_night(engine, group, None, lambda: THEN + timedelta(minutes=5)).endswith("0 alone. (drafted)")
