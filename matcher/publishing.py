"""How a night goes out: look at every draft again, pair anew who was set free, and tell everybody at one moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matcher import nights, outbox, people, proposals
from matcher.audit_trail import record
from matcher.errors import GroupError
from matcher.meeting import Recheck, policy_of
from matcher.models import Answer, Group, LeftAlone, Member, PairingRun, Proposal
from matcher.pairing import Assignment, Partnership
from matcher.pools import WHOLE, snapshot_of_waiting
from matcher.runs import SET_FREE, Gathered, locked_run, set_free, write_assignment
from matcher.snapshots import Snapshot
from matcher.states import Closing, MemberState, ProposalState, RunState
from matcher.vocabulary import Term

_WAITING = (RunState.DRAFTED, RunState.HELD)


def waiting_to_go_out(session: Session, group: Group) -> PairingRun | None:
    """The night of a group whose drafts have not gone out."""
    drafted = select(PairingRun).where(PairingRun.group_id == group.id, PairingRun.state.in_(_WAITING))
    return session.scalar(drafted.order_by(PairingRun.night.desc()).limit(1))


def is_due(run: PairingRun, now: datetime) -> bool:
    """Whether the drafts of a night go out by themselves now; those that are held never do."""
    return run.state is RunState.DRAFTED and now >= nights.goes_out_at(run.group, run.night)


def hold(session: Session, group: Group, now: datetime) -> PairingRun:
    """Keep the drafts of the last night from going out by themselves. Raises GroupError where there are none.

    Under the lock that publishing takes too: whoever reads that the drafts wait can rely on it.
    """
    people.lock_groups(session, [group.id])
    waiting = waiting_to_go_out(session, group)
    if waiting is None:
        raise GroupError(f"{group.name} has no drafts: its last night went out, or there was none.")
    run = locked_run(session, waiting.id)
    if run.state is RunState.DRAFTED:
        run.move(RunState.HELD)
        record(session, now, "coordinator", "run held", run, group)
    return run


def prepare(session: Session, run_id: int, now: datetime, *, held: bool = False) -> Gathered | None:
    """Drop the drafts that may not go out, and gather who is to be paired anew because of it; None: nobody."""
    run = locked_run(session, run_id)
    if not _may_go(run, held):
        return None
    people.lock_group(session, run.group)
    _drop_what_changed(session, run, now)
    if not any(each.cause == SET_FREE for each in run.alone):
        return None
    free = {each.member.public_id for each in run.alone}
    policy = policy_of(session, run.group, run.policy_version)
    snapshot = snapshot_of_waiting(session, run.group, run.night, free)
    return Gathered(run.id, snapshot, policy) if snapshot.people else None


def publish(
    session: Session, run_id: int, anew: tuple[Gathered, Assignment] | None, now: datetime, *, held: bool = False
) -> bool:
    """Let a night go out: write who was paired anew, look at every draft once more, open them, tell who is alone.

    False where it went out before, or is held by now; ``held``: a coordinator lets it go all the same. All of it is one
    transaction, with everybody in the group under lock.
    """
    run = locked_run(session, run_id)
    if not _may_go(run, held):
        return False
    people.lock_group(session, run.group)
    if anew:
        write_assignment(session, run, *anew)
    _drop_what_changed(session, run, now)
    with session.no_autoflush:  # each is told one thing, so thousands of rows can be written at once instead of singly
        for proposal in _drafts(session, run):
            proposals.open_up(session, proposal, now)
        _tell_alone(session, run, now)
    run.move(RunState.PUBLISHED)
    run.published_at, run.snapshot = now, None
    record(session, now, "the night", "run published", run, run.group)
    return True


def _may_go(run: PairingRun, held: bool) -> bool:
    return run.state is RunState.DRAFTED or (held and run.state is RunState.HELD)


def _drafts(session: Session, run: PairingRun) -> list[Proposal]:
    """The drafts of a night with everybody in them, in a few statements however many they are."""
    drafts = select(Proposal).where(Proposal.run_id == run.id, Proposal.state == ProposalState.DRAFT)
    members = selectinload(Proposal.answers).selectinload(Answer.member)
    whole = (members.selectinload(Member.account), members.selectinload(Member.place))
    return list(session.scalars(drafts.order_by(Proposal.id).options(*whole)))


def _drop_what_changed(session: Session, run: PairingRun, now: datetime) -> None:
    """Look at every draft as things stand now: the newest profiles count, and nobody goes out who may not."""
    drafts = _drafts(session, run)
    ids = {each.member.public_id for proposal in drafts for each in proposal.answers}
    newest = snapshot_of_waiting(session, run.group, run.night, ids, drafted_in=run)
    before = Snapshot.from_json(run.snapshot) if run.snapshot else newest
    look = Recheck(before, newest, policy_of(session, run.group, run.policy_version))
    for proposal in drafts:
        still = look.again(_as_found(proposal)) if _may_ask(proposal) else None
        if still:
            proposals.write_reasons(proposal, still)
        else:
            proposals.drop(proposal, Closing.DROPPED, now)
            set_free(run, look, [each.member for each in proposal.answers])
    session.flush()


def _may_ask(proposal: Proposal) -> bool:
    """Whether the pair that a draft asks is still open to a third; two who parted may both be waiting."""
    return proposal.partnership is None or proposal.partnership.is_open_pair


def _as_found(proposal: Proposal) -> Partnership:
    """A draft as the pairing found it."""
    return Partnership(
        ids=tuple(sorted(each.member.public_id for each in proposal.answers)),
        points=proposal.points,
        terms={Term(term): points for term, points in proposal.points_by_term.items()},
        overlap_minutes=proposal.overlap_minutes,
        reasons=tuple(proposal.reasons),
        joined_by=next((each.member.public_id for each in proposal.answers if each.joins), ""),
    )


def _tell_alone(session: Session, run: PairingRun, now: datetime) -> None:
    """Tell those who still wait, and let them go first next time."""
    upcoming = nights.next_pairing_night(run.group, run.night)
    values = {"next_pairing": upcoming.isoformat() if upcoming else None}
    alone = select(Member).join(LeftAlone).where(LeftAlone.run_id == run.id).order_by(Member.id)
    for member in session.scalars(alone.options(*WHOLE)):
        if member.state is MemberState.WAITING and not member.is_resting(run.night):
            member.goes_first = True
            outbox.tell(session, member, "alone", f"night:{run.group.public_id}:{run.night}", now, values)
