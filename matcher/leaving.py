"""Leaving a group, and being forgotten."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people, proposals
from matcher.audit_trail import record
from matcher.errors import StateError
from matcher.models import Account, Coordinator, Goal, Group, Member, Request
from matcher.states import Closing, Ending

FORMER_MEMBER = "former member"


def leave(session: Session, member: Member, now: datetime) -> None:
    """Leave the group. A proposal closes, a pair ends, of a trio two stay; own words stay with their author."""
    people.lock_around(session, member)
    if member.left_at:
        return
    proposals.close_for(session, member, Closing.LEFT, now)
    partnerships.part(session, member, Ending.LEFT, now)
    people.take_place(session, member)
    member.left_at = now
    member.name = FORMER_MEMBER
    member.waiting_since = None
    for given in member.consents:
        given.withdrawn_at = given.withdrawn_at or now
    asked = select(Request).where(or_(Request.member_id == member.id, Request.asked_id == member.id))
    for request in session.scalars(asked):
        session.delete(request)
    outbox.drop(session, now, "the member has left", to=member)
    record(session, now, "member", "left", member, member.group)


def erase(session: Session, account: Account, now: datetime) -> None:
    """Forget a person: every membership ends, and what they told us to find a partner is gone. Blocks stay.

    Raises StateError for the last coordinator of an open group, who names another first.
    """
    members = session.scalars(select(Member).where(Member.account_id == account.id).order_by(Member.id)).all()
    looked_after = session.scalars(select(Coordinator.group_id).where(Coordinator.account_id == account.id)).all()
    people.lock_groups(session, {*looked_after, *(member.group_id for member in members)})
    people.lock_around(session, *members)  # all at once: one after the other would be an order of its own
    _let_go_of_groups(session, account)
    for member in members:
        leave(session, member, now)
        member.zone = member.rhythm = ""
        member.support_style = None
        member.languages, member.channels = [], []
        member.windows, member.wishes, member.preferences, member.about_me = [], [], [], {}
        for experience in member.experiences:
            session.delete(experience)
        for goal in member.goals:
            _forget(goal)
    account.address = None
    account.erased_at = now
    record(session, now, "account", "erased", account)


def _forget(goal: Goal) -> None:
    """Take the words away; that there was a goal in an area stays in what happened."""
    goal.tag = goal.words = goal.if_this = goal.then_that = ""
    for milestone in goal.milestones:
        milestone.words = ""
    for step in goal.steps:
        step.words = ""


def _let_go_of_groups(session: Session, account: Account) -> None:
    looked_after = select(Group).join(Coordinator).where(Coordinator.account_id == account.id)
    for group in session.scalars(looked_after.order_by(Group.id)):
        others = select(Coordinator.id).where(Coordinator.group_id == group.id, Coordinator.account_id != account.id)
        if group.opened_at and session.scalar(others.limit(1)) is None:
            raise StateError(f"You are the last coordinator of {group.name}. Name another before you leave.", account)
    session.execute(delete(Coordinator).where(Coordinator.account_id == account.id))
