"""I1: nobody is in two things at once, and a place and what it names agree."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from matcher.invariants.rows import active_partnerships, open_proposals, tables
from matcher.models import Answer, Member, PairingRun, Partner, Partnership, Place, Proposal
from matcher.states import PartnershipState, ProposalState

_KEEPS_PLACES = or_(
    Proposal.state == ProposalState.OPEN,
    # Nothing shows before it is told: not that it came to nothing, nor to a third that two have gone on without them.
    and_(Proposal.state.in_([ProposalState.CLOSED, ProposalState.ACCEPTED]), Proposal.told_at.is_(None)),
)


def one_place_each(session: Session, now: datetime) -> Iterator[str]:
    """I1. A member has at most one place, one active partnership and one proposal a night, and the three agree."""
    yield from _crowded(session)
    yield from _misplaced(session)
    yield from _without_place(session)
    yield from _of_another_night(session)


def _of_another_night(session: Session) -> Iterator[str]:
    """An answer names the run of its proposal too, so that the database sees to one proposal a night."""
    found = select(Proposal.public_id, Member.public_id).join_from(Answer, Proposal).join(Member)
    for proposal, member in session.execute(found.where(Answer.run_id != Proposal.run_id)):
        yield f"The answer of member {member} to the proposal {proposal} names another night."


def _crowded(session: Session) -> Iterator[str]:
    more_than_one = func.count() > 1
    places = select(Member.public_id).join_from(Place, Member)
    partners = select(Member.public_id).join_from(Partner, Member).join(Partnership)
    together = partners.where(Partner.left_at.is_(None), Partnership.state == PartnershipState.ACTIVE)
    nights = select(Member.public_id, PairingRun.public_id).join_from(Answer, Member)
    nights = nights.join(PairingRun, Answer.run_id == PairingRun.id).where(~Answer.dropped)

    for member in session.scalars(places.group_by(Member.id).having(more_than_one)):
        yield f"Member {member} has more than one place."
    for member in session.scalars(together.group_by(Member.id).having(more_than_one)):
        yield f"Member {member} is in more than one active partnership."
    for member, run in session.execute(nights.group_by(Member.id, PairingRun.id).having(more_than_one)):
        yield f"Member {member} is in more than one proposal of the run {run}."


def _misplaced(session: Session) -> Iterator[str]:
    """Places that name both things, none, one that is over, or one that the member is no part of."""
    asked = select(Answer.id).where(
        Answer.proposal_id == Proposal.id, Answer.member_id == Place.member_id, ~Answer.dropped
    )
    partner = select(Partner.id).where(
        Partner.partnership_id == Partnership.id, Partner.member_id == Place.member_id, Partner.left_at.is_(None)
    )
    active = Partnership.state == PartnershipState.ACTIVE
    in_proposal = and_(Place.partnership_id.is_(None), _KEEPS_PLACES, asked.exists())
    in_partnership = and_(Place.proposal_id.is_(None), active, partner.exists())
    found = (
        select(Member.public_id)
        .join_from(Place, Member)
        .outerjoin(Proposal, Place.proposal_id == Proposal.id)
        .outerjoin(Partnership, Place.partnership_id == Partnership.id)
        .where(~func.coalesce(or_(in_proposal, in_partnership), False))
    )
    for member in session.scalars(found):
        yield f"The place of member {member} names no open proposal and no active partnership that they are part of."


def _without_place(session: Session) -> Iterator[str]:
    kept = {
        (member, proposal or partnership)
        for member, proposal, partnership in session.execute(
            select(Member.public_id, Proposal.public_id, Partnership.public_id)
            .join_from(Place, Member)
            .outerjoin(Proposal, Place.proposal_id == Proposal.id)
            .outerjoin(Partnership, Place.partnership_id == Partnership.id)
        )
    }
    for what, parts in (("proposal", open_proposals()), ("partnership", active_partnerships())):
        for public_id, seats in tables(session, parts):
            for seat in seats:
                if seat.is_newcomer and (seat.member, public_id) not in kept:
                    yield f"Member {seat.member} has no place in the {what} {public_id}."
