"""What has happened to one member, as their own pages show it: never why something closed, nor what another answered.

The values are as the rows hold them; see :mod:`matcher.own_data` for the whole.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from matcher import proposals
from matcher.audit_trail import name_of
from matcher.left_alone import told_to_member
from matcher.models import (
    Account,
    Answer,
    AuditEvent,
    Block,
    Group,
    LeftAlone,
    Member,
    Notice,
    PairingRun,
    Partner,
    Proposal,
    Request,
)
from matcher.states import ProposalState, RunState

_DAYS_TOLD = ("answer_by", "next_pairing", "erase_at")
"""What a page reads of a notice's values; of a coordinator's notices the rest are ids of others."""


def proposals_of(session: Session, member: Member) -> list[dict[str, Any]]:
    """The proposals that went out to a member, in their order, with what they said themselves.

    The others are named while it is open to this member, or once all who count have said yes; not after they left.
    """
    shown = set(proposals.shown_to(session, member))
    mine = select(Answer).join(Proposal).where(Answer.member_id == member.id, Proposal.opened_at.is_not(None))
    return [
        _proposal(own, own.proposal in shown) for own in session.scalars(mine.order_by(Proposal.opened_at, Proposal.id))
    ]


def _proposal(own: Answer, is_open: bool) -> dict[str, Any]:
    proposal = own.proposal
    was_accepted = proposal.state is ProposalState.ACCEPTED and own.yes is True
    told: dict[str, Any] = {
        "night": proposal.run.night,
        "went_out_at": proposal.opened_at,
        "answer_by": own.answer_by,
        "my_answer": {True: "yes", False: "no", None: ""}[own.yes],
        "answered_at": own.answered_at,
        "my_reason": own.reason,
        "is": "open" if is_open else "accepted" if was_accepted else "closed",
    }
    if not (is_open or was_accepted):
        return told
    others = [each for each in proposal.answers if each.member_id != own.member_id and (is_open or each.yes)]
    told["with"] = [each.member.name for each in others if each.member.left_at is None]
    if len(told["with"]) == len(others):
        told |= {"reasons": proposal.reasons, "minutes_in_common": proposal.overlap_minutes}
    return told


def partnerships_of(session: Session, member: Member) -> list[dict[str, Any]]:
    """The partnerships a member is or was in, with whom while they were in it; who left the group has no name."""
    mine = select(Partner).where(Partner.member_id == member.id).order_by(Partner.joined_at, Partner.id)
    return [
        {
            "with": [each.member.name for each in own.partnership.partners if _were_together(own, each)],
            "started_at": own.joined_at,
            "ended_at": own.left_at,
            "first_week": own.partnership.first_week,
            "term_ends_on": own.partnership.term_ends_on,
            "welcomes_third": own.welcomes_third,
            "last_sign_at": own.last_sign_at,
        }
        for own in session.scalars(mine)
    ]


def _were_together(own: Partner, other: Partner) -> bool:
    came_before_i_left = own.left_at is None or other.joined_at <= own.left_at
    left_after_i_came = other.left_at is None or own.joined_at <= other.left_at
    return other.member_id != own.member_id and came_before_i_left and left_after_i_came


def nights_alone_of(session: Session, member: Member) -> list[dict[str, Any]]:
    """The nights that had nobody for a member, with what they were told of it; one that is not out is none yet."""
    mine = select(LeftAlone, PairingRun.night).join(PairingRun, LeftAlone.run_id == PairingRun.id)
    mine = mine.where(LeftAlone.member_id == member.id, PairingRun.state == RunState.PUBLISHED)
    found = session.execute(mine.order_by(PairingRun.night)).all()
    return [{"night": night, "told": told_to_member(row)} for row, night in found]


def requests_of(session: Session, member: Member) -> list[dict[str, Any]]:
    """Whom a member asks for as a partner."""
    asked = select(Member.name, Request.made_at).join(Request, Request.asked_id == Member.id)
    found = session.execute(asked.where(Request.member_id == member.id).order_by(Request.id))
    return [{"name": name, "made_at": made_at} for name, made_at in found]


def notices_of(session: Session, account: Account, member: Member | None) -> list[dict[str, Any]]:
    """What an account was told as this member, or by itself."""
    whose: ColumnElement[bool] = Notice.member_id == member.id if member else Notice.member_id.is_(None)
    mine = select(Notice).where(Notice.account_id == account.id, whose).order_by(Notice.made_at, Notice.id)
    return [
        {"kind": each.kind, "made_at": each.made_at, "seen_at": each.seen_at}
        | {day: each.values[day] for day in _DAYS_TOLD if each.values.get(day)}
        for each in session.scalars(mine)
    ]


def blocks_of(session: Session, account: Account) -> list[dict[str, Any]]:
    """Whom an account has blocked, by the names they have in the groups that it is in; no other group is told."""
    found = []
    for block in session.scalars(select(Block).where(Block.blocker_id == account.id).order_by(Block.id)):
        my_groups = select(Member.group_id).where(Member.account_id == account.id, Member.left_at.is_(None))
        theirs = select(Member.name, Group.name).join(Group).where(Member.account_id == block.blocked_id)
        names = session.execute(theirs.where(Member.group_id.in_(my_groups)).order_by(Member.id)).all()
        known_as = [{"name": name, "group": group} for name, group in names]
        found.append({"made_at": block.made_at, "known_as": known_as})
    return found


def acts_of(session: Session, account: Account) -> list[dict[str, Any]]:
    """What was done to an account or by it, and when; never to whom."""
    name = name_of(account)
    mine = select(AuditEvent.act, AuditEvent.at).where(or_(AuditEvent.subject == name, AuditEvent.actor == name))
    return [{"act": act, "at": at} for act, at in session.execute(mine.order_by(AuditEvent.at, AuditEvent.id))]
