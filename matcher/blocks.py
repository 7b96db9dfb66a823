"""Blocks: at once, silent, both ways, in every group, for ever."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import partnerships, people, proposals
from matcher.audit_trail import record
from matcher.errors import StateError
from matcher.models import Account, Block, Member
from matcher.states import Closing, Ending


def block(session: Session, blocker: Account, blocked: Account, now: datetime) -> None:
    """Never meet this person again. What is open between the two closes or ends; of a trio the blocker leaves.

    Nobody is told why, and mails about what they had that have not gone out die. Safe to repeat.
    """
    if blocker is blocked:
        raise StateError("You cannot block yourself.", blocker)
    members = session.scalars(select(Member).where(Member.account_id.in_([blocker.id, blocked.id]))).all()
    people.lock_around(session, *members)
    if session.scalar(select(Block.id).where(Block.blocker_id == blocker.id, Block.blocked_id == blocked.id)):
        return
    session.add(Block(blocker_id=blocker.id, blocked_id=blocked.id, made_at=now))
    others = {member.group_id: member for member in members if member.account_id == blocked.id}
    for member in members:
        if member.account_id == blocker.id and member.group_id in others:
            _part(session, member, others[member.group_id], now)
    record(session, now, "account", "block", blocker)


def _part(session: Session, member: Member, other: Member, now: datetime) -> None:
    for proposal in proposals.shown_to(session, member):
        if any(each.member_id == other.id for each in proposal.answers):
            proposals.close_for(session, member, Closing.BLOCKED, now)
    own = partnerships.active_partner(session, member)
    if own and any(partner.member_id == other.id for partner in own.partnership.present):
        partnerships.part(session, member, Ending.BLOCKED, now)
