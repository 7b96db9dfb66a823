"""I8: the figures of a night are those of its rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.models import Account, Answer, LeftAlone, Member, PairingRun, PolicyVersion, Proposal
from matcher.pairing import Policy
from matcher.pairing.fingerprint import fingerprint
from matcher.snapshots import Snapshot
from matcher.states import RunState

_STORED = (RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED)


def runs_add_up(session: Session, now: datetime) -> Iterator[str]:
    """I8. Who waited is who was proposed, is alone or went away, each once; and a night is named by its fingerprint."""
    for run in session.scalars(select(PairingRun).where(PairingRun.state.in_(_STORED)).order_by(PairingRun.id)):
        yield from _figures(run, _proposed(session, run.id), _alone(session, run.id))
        if not run.fingerprint:
            yield f"The run {run.public_id} has no fingerprint."
        elif run.snapshot is not None and not _matches(session, run, run.snapshot):
            yield f"The run {run.public_id} was decided from something else than the snapshot that it keeps."


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
    """Whether a snapshot has the fingerprint of its run; nobody can tell once somebody in it was forgotten."""
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
