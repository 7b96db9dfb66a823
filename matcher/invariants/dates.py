"""I9: nothing is dated outside of what it belongs to, and dates fit states."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.invariants.rows import word
from matcher.models import Answer, Member, Partner, Partnership, Proposal
from matcher.states import PartnershipState, ProposalState

_PROPOSAL_DATES: dict[str, list[tuple[bool, bool]]] = {
    ProposalState.DRAFT: [(False, False)],
    ProposalState.OPEN: [(True, False)],
    ProposalState.ACCEPTED: [(True, True)],
    ProposalState.CLOSED: [(True, True), (False, True)],
}
"""Whether a proposal of each state has gone out, and whether it has found its end; a draft may find its end too."""


def dates_within(session: Session, now: datetime) -> Iterator[str]:
    """I9. Answers lie within their proposal, partners and their signs of life within their partnership."""
    yield from _proposals(session)
    yield from _answers(session)
    yield from _partnerships(session)
    yield from _partners(session)


def in_order(*moments: datetime | None) -> bool:
    """Whether those that there are follow each other."""
    there = [each for each in moments if each]
    return there == sorted(there)


def _proposals(session: Session) -> Iterator[str]:
    found = select(Proposal.public_id, word(Proposal.state), Proposal.opened_at, Proposal.closed_at, Proposal.told_at)
    for proposal, state, opened_at, closed_at, told_at in session.execute(found):
        dates = (opened_at is not None, closed_at is not None)
        if dates not in _PROPOSAL_DATES.get(state, []) or not in_order(opened_at, closed_at, told_at):
            yield f"The proposal {proposal} is {state}, which does not fit its dates."


def _answers(session: Session) -> Iterator[str]:
    """A no closes a proposal and shows to nobody: the others may answer until all are told."""
    found = select(Proposal.public_id, Member.public_id, Answer.answered_at, Proposal.opened_at, Proposal.told_at)
    found = found.join_from(Answer, Proposal).join(Member).where(Answer.answered_at.is_not(None))
    for proposal, member, answered_at, opened_at, told_at in session.execute(found):
        if not opened_at or not in_order(opened_at, answered_at, told_at):
            yield f"Member {member} answered the proposal {proposal} while it was not open."


def _partnerships(session: Session) -> Iterator[str]:
    found = select(
        Partnership.public_id,
        word(Partnership.state),
        Partnership.started_at,
        Partnership.ended_at,
        Partnership.first_week,
        Partnership.term_ends_on,
    )
    states: dict[str, bool] = {PartnershipState.ACTIVE: False, PartnershipState.ENDED: True}
    for partnership, state, started_at, ended_at, first_week, term_ends_on in session.execute(found):
        fits = states.get(state) is (ended_at is not None)
        if not fits or not in_order(started_at, ended_at) or first_week > term_ends_on:
            yield f"The partnership {partnership} is {state}, which does not fit its dates."


def _partners(session: Session) -> Iterator[str]:
    found = select(
        Partnership.public_id,
        Member.public_id,
        Partnership.started_at,
        Partner.joined_at,
        Partner.last_sign_at,
        Partner.left_at,
        Partnership.ended_at,
    )
    for partnership, member, *moments in session.execute(found.join_from(Partner, Partnership).join(Member)):
        if not in_order(*moments):
            yield f"Member {member} has a date outside of the partnership {partnership}."
