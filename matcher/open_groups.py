"""Groups that are open to all: found by whoever has confirmed an address, and joined without an invitation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.audit_trail import name_of, record
from matcher.constraints import unless_broken
from matcher.errors import LinkError
from matcher.invitations import become_member
from matcher.models import Account, Group, Member

_MOST = 100


def listed(session: Session) -> Sequence[Group]:
    """The groups that anybody may join, by name; a hundred at most."""
    open_to_all = select(Group).where(Group.open_to_all, Group.opened_at.is_not(None))
    return session.scalars(open_to_all.order_by(Group.name).limit(_MOST)).all()


def join(session: Session, public_id: str, account: Account, now: datetime) -> Member | None:
    """Become a member of a group that is open to all; None where there is none of this id.

    Raises LinkError for who is in it already, and for who has not confirmed an address: nobody in it vouches for them.
    """
    group = session.scalar(
        select(Group).where(Group.public_id == public_id, Group.open_to_all, Group.opened_at.is_not(None))
    )
    if group is None:
        return None
    if not account.reachable:
        raise LinkError("Confirm your mail address first: the link is in your mailbox. Then join the group.")
    there = LinkError(f"You are in {group.name} already.")
    with unless_broken("uq_members_account_in_group", there):
        joined = become_member(session, group, account, there, now, in_person=False)
    record(session, now, name_of(account), "joined", joined, group)
    return joined
