"""I8: the figures of a night are those of its rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.invariants.rows import word
from matcher.models import Account, Answer, LeftAlone, Member, PairingRun, PolicyVersion, Proposal
from matcher.pairing import Policy
from matcher.pairing.fingerprint import fingerprint
from matcher.pairing.matching import ENGINE_NAME
from matcher.snapshots import Snapshot
from matcher.states import ProposalState, RunState

_STORED = (RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED)
_KEEPS_ITS_SNAPSHOT = (RunState.GATHERED, RunState.FAILED, RunState.DRAFTED, RunState.HELD)


def runs_add_up(session: Session, now: datetime) -> Iterator[str]:
    """I8. Who waited is who was proposed, is alone or gone, each once; a night has its fingerprint, and its turn."""
    for run in session.scalars(select(PairingRun).where(PairingRun.state.in_(_STORED)).order_by(PairingRun.id)):
        yield from _figures(run, _proposed(session, run.id), _alone(session, run.id))
        if not run.fingerprint:
            yield f"The run {run.public_id} has no fingerprint."
        elif run.snapshot is not None and not _matches(session, run, run.snapshot):
            yield f"The run {run.public_id} was decided from something else than the snapshot that it keeps."
    yield from _out_of_turn(session)


def _out_of_turn(session: Session) -> Iterator[str]:
    """What is open before its night went out, and what is kept after it did, or of a night that decides nothing."""
    is_open = select(Proposal.public_id, word(PairingRun.state)).join_from(Proposal, PairingRun)
    is_open = is_open.where(Proposal.state == ProposalState.OPEN, PairingRun.state != RunState.PUBLISHED)
    for proposal, state in session.execute(is_open):
        yield f"The proposal {proposal} is open, and its night is {state}."
    keeps = select(PairingRun.public_id, word(PairingRun.state)).where(PairingRun.snapshot.is_not(None))
    for run, state in session.execute(keeps.where(PairingRun.state.not_in(_KEEPS_ITS_SNAPSHOT))):
        yield f"The run {run} is {state} and keeps its snapshot."


def _figures(run: PairingRun, proposed: set[int], alone: set[int]) -> Iterator[str]:
    if both := len(proposed & alone):
        yield f"The run {run.public_id} has {both} members both proposed and alone."
    waiting, gone = run.told.get("waiting"), run.told.get("gone", 0)
    if len(proposed) + len(alone) + gone != waiting:
        yield (
            f"The run {run.public_id} tells of {waiting} who waited, and has {len(proposed)} proposed, "
            f"{len(alone)} alone and {gone} gone."
        )


def _matches(session: Session, run: PairingRun, snapshot: dict[str, Any]) -> bool:
    """Whether a snapshot has the fingerprint of its run.

    Nobody can tell once somebody in it was forgotten, or where another engine, that people told other things, decided.
    """
    if not run.told.get("engine", "").startswith(f"{ENGINE_NAME} "):
        return True
    erased = set(session.scalars(select(Member.public_id).join(Account).where(Account.erased_at.is_not(None))))
    forgotten = any(person["id"] in erased for person in snapshot["people"])
    return forgotten or _fingerprint(session, run, snapshot) == run.fingerprint


def _fingerprint(session: Session, run: PairingRun, snapshot: dict[str, Any]) -> str:
    """The name of what a night was decided from, worked out again with the engine that it names."""
    of_the_run = (PolicyVersion.group_id == run.group_id, PolicyVersion.version == run.policy_version)
    kept = session.scalar(select(PolicyVersion).where(*of_the_run))
    policy = kept.policy if kept else Policy(version=run.policy_version)
    return fingerprint(Snapshot.from_json(snapshot).candidates(policy), policy, run.told.get("engine", ""))


def _proposed(session: Session, run_id: int) -> set[int]:
    """Newcomers only: the two of an open pair did not wait."""
    is_newcomer = or_(Answer.joins, Proposal.partnership_id.is_(None))
    found = select(Answer.member_id).join_from(Answer, Proposal)
    return set(session.scalars(found.where(Proposal.run_id == run_id, ~Answer.dropped, is_newcomer)))


def _alone(session: Session, run_id: int) -> set[int]:
    return set(session.scalars(select(LeftAlone.member_id).where(LeftAlone.run_id == run_id)))
