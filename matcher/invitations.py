"""Invitations: a link into a group, which a coordinator mails or hands over, and what it opens.

Nothing here asks whether an address is known before its owner has come: an invitation is the same for everybody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from matcher import counters, outbox
from matcher.addresses import is_address, masked, normalised
from matcher.audit_trail import name_of, record
from matcher.constraints import unless_broken
from matcher.errors import GroupToldError, LinkError, StateError
from matcher.groups import COMMAND_LINE
from matcher.models import Account, Coordinator, Group, Invitation, Member, Message
from matcher.states import MessageState
from matcher.tokens import hash_of, new_token

GOOD_FOR_DAYS = 14
KEPT = timedelta(days=30)
"""How long an invitation that does not work any more stays a row, with the address it was for."""
MOST_OPEN = 500
MOST_MAILED_A_DAY = 200
MOST_LISTED = 200
HANDED_OVER = "handed over"
"""What stands for the address of an invitation that has none: its link was given to somebody."""
_A_DAY = timedelta(days=1)
_OVER = LinkError(
    "This invitation does not work any more, or never did: each is for one person, for 14 days. "
    "Ask whoever gave it to you for a new one."
)


# Inviting


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

    With an address the invitation is for that person alone, and takes the place of an open one for the same thing.
    Raises GroupToldError where that is no address, or too many invitations of the group are open.
    """
    token = new_token()
    if address.strip():
        _replace(session, group, now, _address(address), to_coordinate)
    _new(session, group, now, token, address=address, to_coordinate=to_coordinate, by=by)
    return token


def invite_founder(session: Session, now: datetime, address: str = "", by: str = COMMAND_LINE) -> str:
    """Invite somebody who will make a group, for the next 14 days; returns the token, as :func:`invite` does."""
    token = new_token()
    _new(session, None, now, token, address=address, to_coordinate=True, by=by)
    return token


def send(
    session: Session, group: Group | None, now: datetime, address: str, by: str, *, to_coordinate: bool = False
) -> None:
    """Invite somebody by mail, for the next 14 days; without a group, somebody who will make one.

    The link's token is made when the mail is, and kept nowhere. Whether anybody has this address is not asked, so
    nothing tells. An open invitation to the same address for the same thing gives way to this one. Raises
    GroupToldError where it is no address, or too many invitations are open or were mailed within a day.
    """
    wanted = _address(address)
    _replace(session, group, now, wanted, to_coordinate or group is None)
    if counters.count(session, _mailed_by(group), now, _A_DAY)[0] > MOST_MAILED_A_DAY:
        raise GroupToldError(
            "address",
            f"At most {MOST_MAILED_A_DAY} invitations are mailed in a day, and these would be more. None of them was "
            "sent. Invite fewer now, and the rest tomorrow.",
        )
    nobodys = new_token()  # until the mail is made
    invitation = _new(session, group, now, nobodys, address=wanted, to_coordinate=to_coordinate, by=by)
    outbox.send_invitation(session, invitation, now)


def mails_left(session: Session, group: Group | None, now: datetime) -> int:
    """How many invitations may still be mailed today, so that a page can say it before somebody writes a long list."""
    return max(0, MOST_MAILED_A_DAY - counters.look(session, _mailed_by(group), now)[0])


def renew(session: Session, invitation_id: int, now: datetime) -> tuple[str, str] | None:
    """The address an invitation goes to and a new token for it; None where it would not work any more.

    The token before it dies: of a mail that went out twice the newer opens something.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.used_at or now >= invitation.expires_at:
        return None
    token = new_token()
    invitation.token_hash = hash_of(token)
    return invitation.address, token


def _new(
    session: Session, group: Group | None, now: datetime, token: str, *, address: str, to_coordinate: bool, by: str
) -> Invitation:
    if group and _open_in(session, group, now) >= MOST_OPEN:
        raise GroupToldError(
            "address",
            f"{MOST_OPEN} invitations are open, and more are not kept at once. Withdraw some that nobody needs, or "
            "wait until they are used or over.",
        )
    invitation = Invitation(
        group_id=group and group.id,
        token_hash=hash_of(token),
        address=_address(address) if address.strip() else "",
        to_coordinate=to_coordinate or group is None,
        made_at=now,
        expires_at=now + timedelta(days=GOOD_FOR_DAYS),
    )
    session.add(invitation)
    record(session, now, by, "invited", invitation, group, to_coordinate=invitation.to_coordinate)
    return invitation


def _address(address: str) -> str:
    for_whom = normalised(address)
    if not is_address(for_whom):
        raise GroupToldError("address", f'"{address}" is no mail address; write one such as name@example.org.')
    return for_whom


def _open_in(session: Session, group: Group, now: datetime) -> int:
    theirs = Invitation.group_id == group.id, Invitation.used_at.is_(None), Invitation.expires_at > now
    return session.scalar(select(func.count(Invitation.id)).where(*theirs)) or 0


def _replace(session: Session, group: Group | None, now: datetime, address: str, to_coordinate: bool) -> None:
    """Withdraw what is open for the same address and the same thing: nobody gets two links, or a heap of mails."""
    same = Invitation.address == address, Invitation.to_coordinate == to_coordinate, Invitation.expires_at > now
    where = Invitation.group_id == group.id if group else Invitation.group_id.is_(None)
    over = update(Invitation).where(where, *same, Invitation.used_at.is_(None)).values(expires_at=now)
    for public_id in session.scalars(over.returning(Invitation.public_id)).all():
        outbox.drop(session, now, "a newer invitation took its place", about=f"invitation:{public_id}")


def _mailed_by(group: Group | None) -> str:
    return f"invitations mailed:{group.public_id if group else ''}"


def sweep(session: Session, now: datetime) -> int:
    """Delete the invitations that were used, or over, a month ago, with their mails; returns how many."""
    over = or_(Invitation.used_at <= now - KEPT, Invitation.expires_at <= now - KEPT)
    session.execute(delete(Message).where(Message.invitation_id.in_(select(Invitation.id).where(over))))
    return len(session.scalars(delete(Invitation).where(over).returning(Invitation.id)).all())


# What a coordinator sees of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One invitation as its group's coordinators see it.

    ``to`` is the masked address, or "handed over". ``mail`` is how far its mail has come, None where none was sent.
    ``last_day`` goes by the group's clock. ``is_open`` is whether it still works; one that is neither open nor used was
    withdrawn, or is over.
    """

    public_id: str
    to: str
    to_coordinate: bool
    made_at: datetime
    last_day: date
    is_used: bool
    is_open: bool
    mail: MessageState | None


def of_group(session: Session, group: Group, now: datetime) -> list[Invited]:
    """The invitations of a group, the newest first, at most 200."""
    rows = select(Invitation, Message.state).outerjoin(Message, Message.invitation_id == Invitation.id)
    newest = rows.where(Invitation.group_id == group.id).order_by(Invitation.made_at.desc(), Invitation.id.desc())
    return [
        Invited(
            public_id=row.public_id,
            to=masked(row.address) or HANDED_OVER,
            to_coordinate=row.to_coordinate,
            made_at=row.made_at,
            last_day=row.last_day(group.zone),
            is_used=row.used_at is not None,
            is_open=row.used_at is None and now < row.expires_at,
            mail=mail,
        )
        for row, mail in session.execute(newest.limit(MOST_LISTED))
    ]


def withdraw(session: Session, group: Group, public_id: str, now: datetime, by: str) -> bool:
    """Let an open invitation of this group work no more, and its mail not go out. False: there is no such one."""
    mine = Invitation.group_id == group.id, Invitation.public_id == public_id
    is_open = Invitation.used_at.is_(None), Invitation.expires_at > now
    withdrawn = update(Invitation).where(*mine, *is_open).values(expires_at=now).returning(Invitation)
    invitation = session.scalar(withdrawn)
    if invitation is None:
        return False
    outbox.drop(session, now, "the invitation was withdrawn", about=f"invitation:{public_id}")
    record(session, now, by, "invitation withdrawn", invitation, group)
    return True


# What it opens


def look(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation of a token, if it still works. Raises LinkError. Nothing is changed: a page was only opened."""
    found = session.scalar(select(Invitation).where(Invitation.token_hash == hash_of(token)))
    if found is None or found.used_at or now >= found.expires_at:
        raise _OVER
    return found


def accept(session: Session, token: str, account: Account, now: datetime) -> Member | Coordinator | Account:
    """Become a member of the group, or its coordinator, or somebody who may make one. Of two at once one wins.

    Raises LinkError where it does not work, is for another address, or leads where the account is already. Who left
    the group and is invited again comes back to what they had told, and says anew what they agree to. Without a group
    the account itself comes back.
    """
    invitation = look(session, token, now)
    if invitation.address not in ("", account.address, account.claimed_address):
        raise LinkError("This invitation is for another address. Sign in with that one, or ask for one of your own.")
    still_good = Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.expires_at > now
    if session.scalar(update(Invitation).where(*still_good).values(used_at=now).returning(Invitation.id)) is None:
        raise _OVER
    if invitation.group_id is None:
        return _founder(session, account, now)
    group = session.get_one(Group, invitation.group_id)
    joins = _coordinator if invitation.to_coordinate else become_member
    there = LinkError(f"You are in {group.name} already, so the invitation was not used.")
    with unless_broken("uq_coordinators_account", there), unless_broken("uq_members_account_in_group", there):
        joined = joins(session, group, account, there, now)
    record(session, now, name_of(account), "joined", joined, group)
    return joined


def _founder(session: Session, account: Account, now: datetime) -> Account:
    if account.makes_groups:
        raise LinkError("You may make groups already, so the invitation was not used.")
    account.makes_groups = True
    record(session, now, name_of(account), "may make groups", account)
    return account


def _coordinator(session: Session, group: Group, account: Account, _: LinkError, __: datetime) -> Coordinator:
    joined = Coordinator(group_id=group.id, account=account)
    with session.begin_nested():
        session.add(joined)
    session.expire(group, ["coordinators"])
    return joined


def become_member(
    session: Session, group: Group, account: Account, there: LinkError, now: datetime, *, in_person: bool = True
) -> Member:
    """Join a group, or come back to it. Raises ``there`` for who is in it already.

    Also StateError for who asked to be forgotten: nobody is to be paired with somebody who goes.
    """
    if account.erase_at:
        raise StateError("Your account is about to be deleted. Keep it first, in your settings; then join.", account)
    joined = session.scalar(select(Member).where(Member.group_id == group.id, Member.account_id == account.id))
    if joined and joined.left_at is None:
        raise there
    if joined is None:
        joined = Member(account=account, group=group, name="")
    joined.joined_at, joined.left_at, joined.name, joined.invited_in_person = now, None, "", in_person
    with session.begin_nested():
        session.add(joined)
    return joined
