"""I8: the figures of a night are those of its rows."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.models import Answer, LeftAlone, PairingRun, Proposal
from matcher.states import RunState

_STORED = (RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED)


def runs_add_up(session: Session, now: datetime) -> Iterator[str]:
    """I8. Who waited is who was proposed and who is alone, each once; and a stored night has its fingerprint."""
    runs = select(PairingRun.id, PairingRun.public_id, PairingRun.told, PairingRun.fingerprint)
    for run_id, run, told, fingerprint in session.execute(runs.where(PairingRun.state.in_(_STORED))).all():
        proposed, alone = _proposed(session, run_id), _alone(session, run_id)
        if not fingerprint:
            yield f"The run {run} has no fingerprint."
        if len(proposed & alone):
            yield f"The run {run} has {len(proposed & alone)} members both proposed and alone."
        if len(proposed) + len(alone) != told.get("waiting"):
            yield (
                f"The run {run} tells of {told.get('waiting')} who waited, and has {len(proposed)} proposed "
                f"and {len(alone)} alone."
            )


def _proposed(session: Session, run_id: int) -> set[int]:
    """Newcomers only: the two of an open pair did not wait."""
    is_newcomer = or_(Answer.joins, Proposal.partnership_id.is_(None))
    found = select(Answer.member_id).join_from(Answer, Proposal)
    return set(session.scalars(found.where(Proposal.run_id == run_id, ~Answer.dropped, is_newcomer)))


def _alone(session: Session, run_id: int) -> set[int]:
    return set(session.scalars(select(LeftAlone.member_id).where(LeftAlone.run_id == run_id)))
