"""I5 and I6: each act is there once, and so is its event in the audit trail."""

from collections import Counter
from collections.abc import Container, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from matcher.invariants.rows import word
from matcher.models import (
    Account,
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
    (Partner.partnership_id, Partner.member_id, Partner.joined_at),
    (Request.member_id, Request.asked_id),
    (Block.blocker_id, Block.blocked_id),
    (Step.goal_id, Step.week),
)
"""What makes an act of a person, or a night, the same act."""
Change = tuple[str, str, Container[int]]
"""An act, the name of the row it is done to, and how many events of it there may be."""
_MANY = 1_000_000


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
    for act, subject, expected in (*_changes(session), *_of_people(session), *_of_rests(session, events)):
        if events[act, subject] not in expected:
            yield f"{subject} has {events[act, subject]} events {act!r} in the audit trail."


def _of_people(session: Session) -> Iterator[Change]:
    """Blocks, departures, erasures, consents that were taken back, and partners who left while the others went on."""
    blocks = Counter(session.scalars(select(Block.blocker_id)))
    for id_, account, erased_at in session.execute(select(Account.id, Account.public_id, Account.erased_at)):
        yield "block", f"accounts:{account}", {blocks[id_]}
        yield "erased", f"accounts:{account}", {int(erased_at is not None)}
    for member, left_at in session.execute(select(Member.public_id, Member.left_at)):
        yield "left", f"members:{member}", {int(left_at is not None)}
    taken_back = select(Member.public_id, func.count()).join_from(ConsentGiven, Member).group_by(Member.public_id)
    stays = (ConsentGiven.withdrawn_at.is_not(None), Member.left_at.is_(None))  # who leaves takes all of them back
    for member, count in session.execute(taken_back.where(*stays)):
        yield "consent withdrawn", f"members:{member}", range(count, _MANY)
    alone = or_(Partnership.ended_at.is_(None), Partner.left_at < Partnership.ended_at)
    leavers = func.count(Partner.id).filter(Partner.left_at.is_not(None), alone)
    left = select(Partnership.public_id, leavers).join(Partner).group_by(Partnership.public_id)
    for partnership, count in session.execute(left):
        yield "partner left", f"partnerships:{partnership}", {count}


def _of_rests(session: Session, events: Counter[tuple[Any, ...]]) -> Iterator[Change]:
    """Who rests has begun it once more than ended it, at least: a rest that is prolonged is begun again."""
    for member in session.scalars(select(Member.public_id).where(Member.resting_from.is_not(None))):
        subject = f"members:{member}"
        yield "rest begun", subject, range(events["rest ended", subject] + 1, _MANY)


def _changes(session: Session) -> Iterator[Change]:
    """What may have happened to each row of the pairing, and how many events that makes."""
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
