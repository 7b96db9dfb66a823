"""I2 and I4: who sits together may do so."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from matcher.invariants.rows import Seat, active_partnerships, open_proposals, pairs, tables
from matcher.models import (
    Account,
    Answer,
    Block,
    ConsentGiven,
    Group,
    Hold,
    Member,
    PairingRun,
    Partner,
    Partnership,
    Proposal,
)
from matcher.states import Consent, ProposalState


def pairs_apart(session: Session, now: datetime) -> Iterator[str]:
    """I2. Nobody sits with an account that blocked them or was blocked by them, nor with whom they are held apart."""
    blocks = {frozenset(two) for two in session.execute(select(Block.blocker_id, Block.blocked_id))}
    for name, seats in _together(session):
        for one, other in pairs(seats):
            if frozenset((one.account_id, other.account_id)) in blocks:
                yield f"{name} has the members {one.member} and {other.member} across a block."
    yield from _across_a_hold(session)


def pairs_allowed(session: Session, now: datetime) -> Iterator[str]:
    """I4. Two or three different people of the same group, who are there; whoever is proposed agrees to be paired."""
    gone = _of_members(session, or_(Member.left_at.is_not(None), Account.erased_at.is_not(None)))
    agreed = select(ConsentGiven.id).where(ConsentGiven.member_id == Member.id, ConsentGiven.withdrawn_at.is_(None))
    unwilling = _of_members(session, ~agreed.where(ConsentGiven.consent == Consent.PAIRING).exists())
    for name, seats in _together(session):
        if not 2 <= len(seats) <= 3:
            yield f"{name} has {len(seats)} members."
        for one, other in pairs(seats):
            if one.account_id == other.account_id:
                yield f"{name} has the members {one.member} and {other.member}, who are the same person."
        yield from (f"{name} has the member {each.member}, who is gone." for each in seats if each.member_id in gone)
    for public_id, seats in tables(session, open_proposals()):
        for each in seats:
            if each.is_newcomer and each.member_id in unwilling:
                yield f"The proposal {public_id} has the member {each.member}, who does not agree to be paired."
    yield from _of_two_groups(session)


def _together(session: Session) -> Iterator[tuple[str, list[Seat]]]:
    for what, parts in (("proposal", open_proposals()), ("partnership", active_partnerships())):
        for public_id, seats in tables(session, parts):
            yield f"The {what} {public_id}", seats


def _of_members(session: Session, where: ColumnElement[bool]) -> set[int]:
    return set(session.scalars(select(Member.id).join_from(Member, Account).where(where)))


def _of_two_groups(session: Session) -> Iterator[str]:
    """Whatever its state: a member of another group was never to be here."""
    asked = select(Proposal.public_id, Member.public_id).join_from(Proposal, Answer).join(Member)
    asked = asked.join(PairingRun, Proposal.run_id == PairingRun.id).where(PairingRun.group_id != Member.group_id)
    partners = select(Partnership.public_id, Member.public_id).join_from(Partnership, Partner).join(Member)
    partners = partners.where(Partnership.group_id != Member.group_id)
    for what, found in (("proposal", asked), ("partnership", partners)):
        for public_id, member in session.execute(found):
            yield f"The {what} {public_id} has the member {member} of another group."


def _across_a_hold(session: Session) -> Iterator[str]:
    """Open proposals of two who were held apart when they went out; a hold set later leaves them be."""
    one, other = aliased(Answer), aliased(Answer)
    is_new = or_(Proposal.partnership_id.is_(None), one.joins, other.joins)
    found: Any = (
        select(Proposal.public_id, Proposal.opened_at, Group.zone, Hold.until)
        .join_from(Proposal, PairingRun)
        .join(Group)
        .join(one, one.proposal_id == Proposal.id)
        .join(other, other.proposal_id == Proposal.id)
        .join(Hold, and_(Hold.first_id == one.member_id, Hold.second_id == other.member_id))
        .where(Proposal.state == ProposalState.OPEN, ~one.dropped, ~other.dropped, is_new)
        .where(~Hold.together, Hold.made_at < Proposal.opened_at)
    )
    for public_id, opened_at, zone, until in session.execute(found):
        if until is None or until > opened_at.astimezone(ZoneInfo(zone)).date():
            yield f"The proposal {public_id} has two members who were held apart when it went out."
