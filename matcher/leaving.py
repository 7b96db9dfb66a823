"""Leaving a group, and being forgotten."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people, proposals
from matcher.audit_trail import record
from matcher.errors import StateError
from matcher.models import (
    Account,
    Answer,
    Coordinator,
    Goal,
    Group,
    Invitation,
    LeftAlone,
    Link,
    Member,
    Message,
    PairingRun,
    RecoveryCode,
    Request,
    SignIn,
)
from matcher.quiet_hours import QUIET_FROM, QUIET_UNTIL
from matcher.snapshots import Snapshot
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
    proposals.forget_experiences(session, member, now)
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
    """Forget a person: every membership ends, and whatever they told us, in whatever row, is gone. Blocks stay.

    Raises StateError for the last coordinator of an open group, who names another first.
    """
    if account.erased_at:
        return
    members = session.scalars(select(Member).where(Member.account_id == account.id).order_by(Member.id)).all()
    looked_after = session.scalars(select(Coordinator.group_id).where(Coordinator.account_id == account.id)).all()
    group_ids = {member.group_id for member in members}
    people.lock_groups(session, {*looked_after, *group_ids})
    nights = _locked_nights(session, group_ids)
    people.lock_around(session, *members)  # all at once: one after the other would be an order of its own
    require_other_coordinators(session, account)
    session.execute(delete(Coordinator).where(Coordinator.account_id == account.id))
    for member in members:
        leave(session, member, now)
        _forget(session, member)
    for run in nights:
        kept = Snapshot.from_json(run.snapshot or {})
        run.snapshot = kept.without_words_of({member.public_id for member in members}).to_json()
    _forget_invitations(session, account)
    for what_opened_it in (SignIn, Link, RecoveryCode):
        session.execute(delete(what_opened_it).where(what_opened_it.account_id == account.id))
    account.address = account.claimed_address = None
    account.password_hash = account.code_seed = account.new_code_seed = account.code_confirmed_at = None
    account.erased_at, account.erase_at = now, None
    record(session, now, "account", "erased", account)


def _forget_invitations(session: Session, account: Account) -> None:
    """Also those of other groups, and the mails of them that were sent or wait: each holds the address."""
    theirs = Invitation.address.in_(filter(None, (account.address, account.claimed_address)))
    session.execute(delete(Message).where(Message.invitation_id.in_(select(Invitation.id).where(theirs))))
    session.execute(delete(Invitation).where(theirs))


def _forget(session: Session, member: Member) -> None:
    """Take away all that they told, and what was said of it; that they were asked, and when, stays in what happened."""
    member.zone = member.rhythm = ""
    member.card = None
    member.support_style = None
    member.languages, member.channels = [], []
    member.windows, member.wishes, member.preferences, member.about_me = [], [], [], {}
    member.writing_is_enough = member.welcomes_three = False
    member.quiet_from, member.quiet_until, member.mails_off = QUIET_FROM, QUIET_UNTIL, []
    for experience in member.experiences:
        session.delete(experience)
    for goal in member.goals:
        _forget_goal(goal)
    for answer in session.scalars(select(Answer).where(Answer.member_id == member.id)):
        answer.reason = ""
        answer.proposal.reasons, answer.proposal.points_by_term = [], {}
    for alone in session.scalars(select(LeftAlone).where(LeftAlone.member_id == member.id)):
        alone.could_help, alone.barriers = "", {}


def _forget_goal(goal: Goal) -> None:
    """Take the words away, the area too, which may be a whole sentence; that there was a goal stays."""
    goal.area = goal.tag = goal.words = goal.if_this = goal.then_that = ""
    for milestone in goal.milestones:
        milestone.words = ""
    for step in goal.steps:
        step.words = ""


def _locked_nights(session: Session, group_ids: Collection[int]) -> list[PairingRun]:
    """The nights of these groups that keep what they were decided from, locked before anybody in them is.

    A night takes the same locks in the same order, so it ends before somebody is forgotten, or goes on without them.
    """
    kept = select(PairingRun).where(PairingRun.group_id.in_(group_ids), PairingRun.snapshot.is_not(None))
    locked = kept.order_by(PairingRun.id).with_for_update(key_share=True)
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def require_other_coordinators(session: Session, account: Account, *, who_stay: bool = False) -> None:
    """Raise StateError for the last coordinator of an open group, who names another first.

    With ``who_stay`` those do not count who have asked to be forgotten, too. The groups are locked by the caller.
    """
    looked_after = (
        select(Group).join(Coordinator).where(Coordinator.account_id == account.id, Group.opened_at.is_not(None))
    )
    for group in session.scalars(looked_after.order_by(Group.id)):
        others = select(Coordinator.id).join(Account).where(Coordinator.group_id == group.id, Account.id != account.id)
        others = others.where(Account.erase_at.is_(None)) if who_stay else others
        if session.scalar(others.limit(1)) is None:
            raise StateError(f"You are the last coordinator of {group.name}. Name another before you leave.", account)
