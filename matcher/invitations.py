"""Invitations: a link into a group, which a coordinator mails or hands over, and what it opens."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.addresses import is_address, normalised
from matcher.audit_trail import name_of, record
from matcher.constraints import unless_broken
from matcher.errors import GroupError, LinkError
from matcher.groups import COMMAND_LINE
from matcher.models import Account, Coordinator, Group, Invitation, Member
from matcher.tokens import hash_of, new_token

GOOD_FOR_DAYS = 14
_OVER = LinkError(
    "This invitation does not work any more, or never did: each is for one person, for 14 days. "
    "Ask whoever gave it to you for a new one."
)


def invite(
    session: Session,
    group: Group,
    now: datetime,
    *,
    address: str = "",
    to_coordinate: bool = False,
    by: str = COMMAND_LINE,
) -> str:
    """Invite somebody for the next 14 days; returns the token for the link, of which only the hash is kept.

    With an address the invitation is for that person alone. Raises GroupError where that is no address.
    """
    for_whom = normalised(address)
    if for_whom and not is_address(for_whom):
        raise GroupError(f'"{address}" is no mail address; write one such as name@example.org.')
    token = new_token()
    invitation = Invitation(
        group_id=group.id,
        token_hash=hash_of(token),
        address=for_whom,
        to_coordinate=to_coordinate,
        made_at=now,
        expires_at=now + timedelta(days=GOOD_FOR_DAYS),
    )
    session.add(invitation)
    record(session, now, by, "invited", invitation, group, to_coordinate=to_coordinate)
    return token


def look(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation of a token, if it still works. Raises LinkError. Nothing is changed: a page was only opened."""
    found = session.scalar(select(Invitation).where(Invitation.token_hash == hash_of(token)))
    if found is None or found.used_at or now >= found.expires_at:
        raise _OVER
    return found


def accept(session: Session, token: str, account: Account, now: datetime) -> Member | Coordinator:
    """Become a member of the group, or its coordinator. Of two at once one wins, and the link is used up.

    Raises LinkError where it does not work, is for another address, or leads where the account is already. Who left
    the group and is invited again comes back to what they had told, and says anew what they agree to.
    """
    invitation = look(session, token, now)
    if invitation.address not in ("", account.address):
        raise LinkError("This invitation is for another address. Sign in with that one, or ask for one of your own.")
    mine = Invitation.id == invitation.id, Invitation.used_at.is_(None)
    if session.scalar(update(Invitation).where(*mine).values(used_at=now).returning(Invitation.id)) is None:
        raise _OVER
    group = session.get_one(Group, invitation.group_id)
    joins = _coordinator if invitation.to_coordinate else _member
    there = LinkError(f"You are in {group.name} already, so the invitation was not used.")
    with unless_broken("uq_coordinators_account", there), unless_broken("uq_members_account_in_group", there):
        joined = joins(session, group, account, there, now)
    record(session, now, name_of(account), "joined", joined, group)
    return joined


def _coordinator(session: Session, group: Group, account: Account, _: LinkError, __: datetime) -> Coordinator:
    joined = Coordinator(group_id=group.id, account=account)
    with session.begin_nested():
        session.add(joined)
    session.expire(group, ["coordinators"])
    return joined


def _member(session: Session, group: Group, account: Account, there: LinkError, now: datetime) -> Member:
    joined = session.scalar(select(Member).where(Member.group_id == group.id, Member.account_id == account.id))
    if joined and joined.left_at is None:
        raise there
    if joined is None:
        joined = Member(account=account, group=group, name="")
    joined.joined_at, joined.left_at, joined.name, joined.invited_in_person = now, None, "", True
    with session.begin_nested():
        session.add(joined)
    return joined
