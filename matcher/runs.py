"""Pairing runs, where rows and pairing values meet: gather, decide (the engine does), store."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from matcher import nights, outbox, partnerships, people, proposals, rests, rhythm
from matcher.audit_trail import record
from matcher.meeting import Recheck, policy_of
from matcher.models import Group, LeftAlone, Member, PairingRun
from matcher.pairing import Alone, Assignment, Policy
from matcher.pools import snapshot_of_waiting
from matcher.snapshots import Snapshot
from matcher.states import Closing, RunState

SET_FREE = "set free"
"""Why somebody has no draft any more: theirs could not go out. They are paired again before the night goes out."""

_DONE = frozenset(RunState) - {RunState.GATHERED, RunState.FAILED}
_CAME_TO_SOMETHING = (RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED, RunState.QUIET)
_UNPUBLISHED = (RunState.GATHERED, RunState.FAILED, RunState.DRAFTED, RunState.HELD)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A night that was gathered: what it will be decided from."""

    run_id: int
    snapshot: Snapshot
    policy: Policy


# Gather


def open_run(session: Session, group_id: int, night: date, now: datetime) -> Gathered | None:
    """Open a night, see to its duties, and gather who waits. None where there is nothing (more) to decide.

    A night that was gathered and not stored goes on with its own snapshot: what changed since is seen when it is
    stored. The row of the group is locked, so of two that start at once one opens the night and the other finds it.
    """
    people.lock_groups(session, [group_id])
    group = session.get_one(Group, group_id, populate_existing=True)
    members = people.lock_group(session, group)
    run = run_of(session, group, night)
    if run and run.state in _DONE:
        return None
    if run and run.state is RunState.GATHERED:
        return _gathered(session, run)
    pairs = _pairs_tonight(session, group, night)
    if run is None:
        run = PairingRun(group=group, night=night, state=RunState.QUIET, gathered_at=now)
        session.add(run)
    if run.snapshot is None:  # nothing was gathered before, so its duties are not seen to either
        _see_to_duties(session, group, members, night, now, pairs=pairs)
    if not pairs:
        run.state, run.stored_at, run.snapshot = RunState.QUIET, now, None
        record(session, now, "the night", "run stored", run, group)
        return None
    _supersede_others(session, run, now)
    policy = group.policy
    snapshot = snapshot_of_waiting(session, group, night)
    run.state, run.policy_version, run.snapshot = RunState.GATHERED, policy.version, snapshot.to_json()
    run.error = ""
    session.flush()
    return Gathered(run.id, snapshot, policy)


def run_of(session: Session, group: Group, night: date) -> PairingRun | None:
    """The run of a night, if it was opened."""
    return session.scalar(select(PairingRun).where(PairingRun.group_id == group.id, PairingRun.night == night))


def last_night(session: Session, group: Group, up_to: date) -> date | None:
    """The newest night that did not fail, up to a date: a clock that was ahead for a while stops no group for ever."""
    newest = select(func.max(PairingRun.night)).where(PairingRun.group_id == group.id, PairingRun.night <= up_to)
    return session.scalar(newest.where(PairingRun.state != RunState.FAILED))


def _gathered(session: Session, run: PairingRun) -> Gathered:
    snapshot = Snapshot.from_json(run.snapshot or {})
    return Gathered(run.id, snapshot, policy_of(session, run.group, run.policy_version))


def _pairs_tonight(session: Session, group: Group, night: date) -> bool:
    """A night that failed, or was gathered and never decided, paired nobody; so it is made up for like a missed one.

    So is one that was superseded: if the night that overtook it came to nothing too, nobody was asked in either.
    """
    mine = and_(PairingRun.group_id == group.id, PairingRun.night <= night)
    last = session.scalar(select(func.max(PairingRun.night)).where(mine, PairingRun.state.in_(_CAME_TO_SOMETHING)))
    first = session.scalar(select(func.min(PairingRun.night)).where(mine))
    return nights.pairing_missed(group, last or (first and first - timedelta(days=1)), night)


def _see_to_duties(
    session: Session, group: Group, members: list[Member], night: date, now: datetime, *, pairs: bool
) -> None:
    """What every night does, in this order: who is back can be paired in the same night."""
    rests.end_rests(session, members, now)
    proposals.lapse(session, group, now)
    proposals.remind(session, group, now)
    rhythm.notice_silence(session, group, night, now)
    partnerships.end_terms(session, group, night, now)
    if pairs:
        proposals.tell_closings(session, group, night, now)
    rhythm.keep_promise(session, group, members, night, now)


def _supersede_others(session: Session, run: PairingRun, now: datetime) -> None:
    """What never went out is overtaken by this night; also what was worked out while a clock was ahead."""
    others = select(PairingRun).where(
        PairingRun.group_id == run.group_id, PairingRun.night != run.night, PairingRun.state.in_(_UNPUBLISHED)
    )
    for each in session.scalars(others):
        for proposal in each.proposals:
            proposals.drop(proposal, Closing.SUPERSEDED, now)
        each.move(RunState.SUPERSEDED)
        each.snapshot = None


# Store


def store(session: Session, gathered: Gathered, assignment: Assignment, now: datetime) -> bool:
    """Write a decided night as drafts, after everybody in it was looked at again under lock. False: stored before.

    Who blocked, rests, left, took a consent back or found another partner since is in nothing that is stored, and who
    was to be their partner is set free.
    """
    run = locked_run(session, gathered.run_id)
    if run.state is not RunState.GATHERED:
        return False
    people.lock_group(session, run.group)
    told = _told(assignment) | {"set_aside": len(gathered.snapshot.set_aside)}
    run.fingerprint, run.told, run.stored_at = assignment.fingerprint, told, now
    write_assignment(session, run, gathered, assignment)
    run.move(RunState.DRAFTED)
    record(session, now, "the night", "run stored", run, run.group)
    return True


def fail(session: Session, run_id: int, error: str, now: datetime) -> None:
    """Keep why a night could not be decided; it may be opened again. Its coordinators are told."""
    run = locked_run(session, run_id)
    if run.state is RunState.GATHERED:
        run.move(RunState.FAILED)
        run.error = error
        for coordinator in run.group.coordinators:
            outbox.tell(session, coordinator.account, "failed_night", f"night:{run.group.public_id}:{run.night}", now)
        record(session, now, "the night", "run failed", run, run.group)


def fail_to_gather(session: Session, group_id: int, night: date, error: str, now: datetime) -> None:
    """Keep why a night could not even be gathered, where nothing else is kept; it may be opened again, too."""
    people.lock_groups(session, [group_id])
    group = session.get_one(Group, group_id)
    run = run_of(session, group, night)
    if run is None:
        run = PairingRun(group=group, night=night, state=RunState.GATHERED, gathered_at=now)
        session.add(run)
        session.flush()
    elif run.state is RunState.FAILED:
        run.error = error
    fail(session, run.id, error, now)


def locked_run(session: Session, run_id: int) -> PairingRun:
    """A run that nobody else changes before this transaction is over, as it is now. Its group is locked first."""
    people.lock_groups(session, session.scalars(select(PairingRun.group_id).where(PairingRun.id == run_id)).all())
    return session.get_one(PairingRun, run_id, with_for_update={"key_share": True}, populate_existing=True)


def write_assignment(session: Session, run: PairingRun, gathered: Gathered, assignment: Assignment) -> None:
    """Write drafts and who is alone, as far as they still hold. The group's members are locked by the caller."""
    named = {id_ for each in assignment.partnerships for id_ in each.ids} | {each.id for each in assignment.alone}
    newest = snapshot_of_waiting(session, run.group, run.night, named)
    members = people.by_public_id(session, named)
    look = Recheck(gathered.snapshot, newest, gathered.policy)
    for found in assignment.partnerships:
        still = look.again(found)
        if still:
            proposals.write(session, run, still, members)
            _no_longer_alone(session, run, [members[id_] for id_ in still.ids])
        else:
            set_free(run, look, [members[id_] for id_ in found.ids])
    for each in assignment.alone:
        if look.waits(each.id):
            _write_alone(run, members[each.id], each)
        else:
            _count_gone(run, members[each.id])
    session.flush()


def _no_longer_alone(session: Session, run: PairingRun, members: Collection[Member]) -> None:
    for each in [each for each in run.alone if each.member in members]:
        run.alone.remove(each)
        session.delete(each)


def set_free(run: PairingRun, look: Recheck, members: Collection[Member]) -> None:
    """Note who was to have a partner and is alone for now, and count who went away; hosts are neither."""
    there = {each.member for each in run.alone}
    for member in members:
        if look.waits(member.public_id):
            if member not in there:
                run.alone.append(LeftAlone(member=member, cause=SET_FREE, possible_partners=0, barriers={}))
        elif not look.hosted(member.public_id):
            _count_gone(run, member)


def _count_gone(run: PairingRun, member: Member) -> None:
    """Count who waited and went away before they could be written down, so that the figures of a night add up."""
    if all(each.member is not member for each in run.alone):
        run.told = run.told | {"gone": run.told.get("gone", 0) + 1}


def _write_alone(run: PairingRun, member: Member, alone: Alone) -> None:
    """Write why; who was alone before somebody was set free keeps the reasons of the whole pool."""
    row = next((each for each in run.alone if each.member is member), None)
    if row and row.cause != SET_FREE:
        return
    if row is None:
        row = LeftAlone(member=member)
        run.alone.append(row)
    row.cause, row.could_help, row.possible_partners = alone.cause, alone.could_help, alone.possible_partners
    row.barriers = {str(barrier.name): count for barrier, count in alone.barriers.items()}


def _told(assignment: Assignment) -> dict[str, object]:
    return {
        "mode": assignment.mode,
        "waiting": assignment.waiting,
        "gone": 0,
        "total_points": assignment.total_points,
        "possible_pairs": assignment.possible_pairs,
        "weighed_pairs": assignment.weighed_pairs,
        "proof": assignment.proof,
        "engine": assignment.engine,
    }
