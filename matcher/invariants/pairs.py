"""I2 and I4: who sits together may do so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from matcher.invariants.rows import Seat, active_partnerships, asked_in_open_proposals, open_proposals, pairs, tables
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

_LEFT_OR_ERASED = or_(Member.left_at.is_not(None), Account.erased_at.is_not(None))
_WAS_REACHABLE = and_(
    or_(Account.address_confirmed_at.is_not(None), Member.invited_in_person),
    or_(Account.address_failed_at.is_(None), Account.address_failed_at >= Proposal.opened_at),
)
_ASKED_OF_ALL = {Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING}
_AGREED = select(ConsentGiven.member_id, ConsentGiven.consent).where(ConsentGiven.withdrawn_at.is_(None))
_A_DAY = timedelta(days=1)
"""Rests end by dates of the member's own zone."""


def pairs_apart(session: Session, now: datetime) -> Iterator[str]:
    """I2. Nobody sits with an account that blocked them or was blocked by them, nor with whom they are held apart."""
    blocks = {frozenset(two) for two in session.execute(select(Block.blocker_id, Block.blocked_id))}
    for name, seats in _together(session):
        for one, other in pairs(seats):
            if frozenset((one.account_id, other.account_id)) in blocks:
                yield f"{name} has the members {one.member} and {other.member} across a block."
    yield from _across_a_hold(session)


def pairs_allowed(session: Session, now: datetime) -> Iterator[str]:
    """I4. Two or three different people of the same group, who are there; whoever is proposed can be, and agreed."""
    gone = set(session.scalars(select(Member.id).join(Account).where(_LEFT_OR_ERASED)))
    for what, parts in (("proposal", asked_in_open_proposals()), ("partnership", active_partnerships())):
        for public_id, seats in tables(session, parts):
            if not 2 <= len(seats) <= 3:
                yield f"The {what} {public_id} has {len(seats)} members."
    for name, seats in _together(session):
        for one, other in pairs(seats):
            if one.account_id == other.account_id:
                yield f"{name} has the members {one.member} and {other.member}, who are the same person."
        yield from (f"{name} has the member {each.member}, who is gone." for each in seats if each.member_id in gone)
    yield from _asked_in_vain(session, now)
    yield from _of_two_groups(session)


def _together(session: Session) -> Iterator[tuple[str, list[Seat]]]:
    for what, parts in (("proposal", open_proposals()), ("partnership", active_partnerships())):
        for public_id, seats in tables(session, parts):
            yield f"The {what} {public_id}", seats


def _asked_in_vain(session: Session, now: datetime) -> Iterator[str]:
    """Who is asked and may not be. Who said no is out of it, and what they do then leaves it open to the other two.

    Mail may have come back since: the proposal stands in the product, and it stays open.
    """
    member_of = (Member.id, Member.public_id, Member.resting_from, Member.resting_until)
    is_newcomer = or_(Answer.joins, Proposal.partnership_id.is_(None))
    found = (
        select(Proposal.public_id, is_newcomer, _WAS_REACHABLE, *member_of)
        .join_from(Proposal, Answer)
        .join(Member)
        .join(Account)
        .where(Proposal.state == ProposalState.OPEN, ~Answer.dropped, Answer.yes.is_not(False))
        .order_by(Proposal.id, Member.id)
    )
    agreed = {tuple(each) for each in session.execute(_AGREED)}
    for proposal, asks_for_a_partner, was_reachable, id_, member, resting_from, until in session.execute(found):
        says = f"The proposal {proposal} has the member {member}, who"
        if resting_from and (until is None or until > now.date() + _A_DAY):
            yield f"{says} rests."
        if asks_for_a_partner and not was_reachable:
            yield f"{says} was not reachable when it went out."
        missing = [each for each in sorted(_ASKED_OF_ALL) if asks_for_a_partner and (id_, each) not in agreed]
        yield from (f"{says} does not agree to this: {consent}." for consent in missing)


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
