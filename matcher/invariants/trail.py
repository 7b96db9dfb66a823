"""I5 and I6: each act is there once, and so is its event in the audit trail."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.invariants.rows import word
from matcher.models import (
    Answer,
    AuditEvent,
    Block,
    ConsentGiven,
    Coordinator,
    Member,
    PairingRun,
    Partner,
    Partnership,
    Proposal,
    Request,
    Step,
)
from matcher.states import PartnershipState, ProposalState, RunState

_ONCE: tuple[tuple[Any, ...], ...] = (
    (PairingRun.group_id, PairingRun.night),
    (Member.group_id, Member.account_id),
    (Coordinator.group_id, Coordinator.account_id),
    (ConsentGiven.member_id, ConsentGiven.consent),
    (Answer.proposal_id, Answer.member_id),
    (Partner.partnership_id, Partner.member_id),
    (Request.member_id, Request.asked_id),
    (Block.blocker_id, Block.blocked_id),
    (Step.goal_id, Step.week),
)
"""What makes an act of a person, or a night, the same act."""


def acts_once(session: Session, now: datetime) -> Iterator[str]:
    """I5. Nothing that was acknowledged stands there twice."""
    for same in _ONCE:
        found = select(*map(word, same)).group_by(*same).having(func.count() > 1)
        for values in session.execute(found):
            yield f"{same[0].table.name} has more than one row of {', '.join(map(str, values))}."


def one_event_each(session: Session, now: datetime) -> Iterator[str]:
    """I6. Each change has one event in the audit trail, and no event tells of what did not happen.

    A draft that came to nothing was never anything to anybody: it may have an event or none.
    """
    events = Counter(tuple(each) for each in session.execute(select(AuditEvent.act, AuditEvent.subject)))
    for act, subject, expected in _changes(session):
        if events[act, subject] not in expected:
            yield f"{subject} has {events[act, subject]} events {act!r} in the audit trail."


def _changes(session: Session) -> Iterator[tuple[str, str, set[int]]]:
    """What may have happened to each row, and how many events that makes."""
    for run, state, stored_at in session.execute(
        select(PairingRun.public_id, word(PairingRun.state), PairingRun.stored_at)
    ):
        yield "run stored", f"pairing_runs:{run}", {int(stored_at is not None or state == RunState.QUIET)}
    for proposal, state, opened_at in session.execute(
        select(Proposal.public_id, word(Proposal.state), Proposal.opened_at)
    ):
        subject, closed = f"proposals:{proposal}", state == ProposalState.CLOSED
        yield "proposal opened", subject, {int(opened_at is not None)}
        yield "proposal accepted", subject, {int(state == ProposalState.ACCEPTED)}
        yield "proposal closed", subject, {int(closed), int(closed and opened_at is not None)}
    for partnership, state in session.execute(select(Partnership.public_id, word(Partnership.state))):
        yield "partnership begun", f"partnerships:{partnership}", {1}
        yield "partnership ended", f"partnerships:{partnership}", {int(state == PartnershipState.ENDED)}
