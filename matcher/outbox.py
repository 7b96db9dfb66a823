"""The outbox: mail is a row before it is a mail, and a notice in the product by the same key.

Whoever sends claims a message first and commits; what came of it is kept only while that attempt still holds it.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from matcher.errors import FenceError
from matcher.models import Account, AuditEvent, Fence, Invitation, Link, Member, Message, Notice
from matcher.notices import ABOUT_THE_ACCOUNT, is_off
from matcher.quiet_hours import quiet_hours_for, quiet_hours_of
from matcher.states import MessageState
from matcher.zones import zone_of

LEASE = timedelta(minutes=10)
"""Longer than a whole conversation with a slow server, each of its steps at its time-out."""
PAUSES = (*(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)), timedelta(hours=3))
"""How long to wait after each attempt; the last pause repeats."""
TRIED_FOR = timedelta(days=5)
"""How long after it was made a message is tried before it has failed."""

Kept = MessageState | None
"""The state that a mark left a message in; None where the attempt no longer held it, and nothing was kept."""


def tell(
    session: Session,
    to: Member | Account,
    kind: str,
    key: str,
    now: datetime,
    values: dict[str, Any] | None = None,
    *,
    mail: bool = True,
) -> bool:
    """Tell somebody once: a notice and, unless ``mail`` is off, a message under the same key. False if told before.

    No message of a topic they switched off, nor much to who is to be forgotten; none goes out in their quiet hours.
    ``key`` names the occasion; who it is for is added here. ``values`` hold ids and dates, never names or texts.
    """
    member = to if isinstance(to, Member) else None
    account = to.account if isinstance(to, Member) else to
    whole_key = f"{key}:{kind}:{to.public_id}"
    if session.scalar(select(Notice.id).where(Notice.key == whole_key)):
        return False
    common: dict[str, Any] = {
        "key": whole_key,
        "account_id": account.id,
        "member_id": member and member.id,
        "kind": kind,
        "values": values or {},
        "made_at": now,
    }
    session.add(Notice(**common))
    if mail and account.address and to.reachable and not _unwanted(account, member.mails_off if member else (), kind):
        quiet = quiet_hours_of(session, account.id, member.id if member else None)
        session.add(Message(**common, send_after=quiet.after(now)))
    return True


def send_link(session: Session, account: Account, link: Link, now: datetime) -> None:
    """Mail a link at once, whatever the hour: somebody sits and waits for it. Its token is made on the way out."""
    message = Message(
        key=f"link:{link.id}:{account.public_id}",
        account_id=account.id,
        kind=f"link_{link.use.name.lower()}",
        values={"link_id": link.id},
        made_at=now,
        send_after=now,
    )
    session.add(message)


def send_invitation(session: Session, invitation: Invitation, now: datetime) -> None:
    """Mail an invitation, once its reader is awake. Its token is made on the way out; nobody is told in the product."""
    message = Message(invitation_id=invitation.id, kind="invitation", made_at=now)
    message.key = f"invitation:{invitation.public_id}:mail"
    quiet = quiet_hours_for(session, message)
    message.values = {"last_day": invitation.last_day(quiet.zone).isoformat()}
    message.send_after = quiet.after(now)
    session.add(message)


def holds_link(message: Message) -> bool:
    """Whether a message holds a link that somebody asked for: it goes out at any hour, and to any address of theirs."""
    return "link_id" in message.values


def opens_something(message: Message) -> bool:
    """Whether a token is made for the mail of a message: for a link, or for an invitation."""
    return holds_link(message) or message.invitation_id is not None


def day_of(iso: str, zone: str) -> date:
    """The day that an ISO date or an ISO moment means to a reader in a zone. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(iso)
    return moment.astimezone(zone_of(zone)).date() if moment.tzinfo else moment.date()


# Sending: claim, commit, send, tell what came of it, commit


def claim(session: Session, now: datetime, attempt: str, lease: timedelta = LEASE) -> Message | None:
    """Take the oldest due message for one attempt, which has a name of its own; None where nothing is due.

    One statement chooses, checks again and takes, so that two attempts never win the same message.
    """
    due = _due(now)
    oldest = select(Message.id).where(due).order_by(Message.send_after, Message.id).limit(1)
    taken = (
        update(Message)
        .where(Message.id == oldest.with_for_update(skip_locked=True).scalar_subquery(), due)
        .values(state=MessageState.SENDING, attempt=attempt, lease_until=now + lease, attempts=Message.attempts + 1)
        .returning(Message)
    )
    return session.scalar(taken, execution_options={"synchronize_session": False, "populate_existing": True})


def reader_of(session: Session, message: Message) -> tuple[str, str]:
    """The address it goes to, empty once the account is erased, and the zone of the member or group it is for."""
    zone = quiet_hours_for(session, message).zone
    if message.invitation_id:
        invitation = session.get(Invitation, message.invitation_id)
        return invitation.address if invitation else "", zone
    return session.get_one(Account, message.account_id).address or "", zone


def awake_at(session: Session, message: Message, now: datetime) -> datetime:
    """When a message that is due may go out: now, or once its reader's quiet hours are over. A link is waited for."""
    if holds_link(message):
        return now
    return quiet_hours_for(session, message).after(now)


def hindrance(session: Session, message: Message, now: datetime) -> str:
    """Why a message must not be sent any more; empty where it may. Asked right before sending, not only when told."""
    if message.invitation_id:
        return _over(session.get(Invitation, message.invitation_id), now)
    account = session.get_one(Account, message.account_id)
    if account.erased_at:
        return "the account is erased"
    if not (account.address or holds_link(message)):
        return "its address was never confirmed"
    if account.address_failed_at and not holds_link(message):
        return "mail to this address came back"
    reader = select(Member.left_at, Member.mails_off).where(Member.id == message.member_id)
    left_at, mails_off = session.execute(reader).one_or_none() or (None, ())
    if left_at:
        return "the member has left"
    if why := _unwanted(account, mails_off, message.kind):
        return why
    answer_by, zone = message.values.get("answer_by"), reader_of(session, message)[1]
    if answer_by and day_of(answer_by, zone) < now.astimezone(zone_of(zone)).date():
        return "too late to answer"
    return ""


def mark_sent(session: Session, message: Message, now: datetime) -> Kept:
    """Keep that it was sent."""
    return _settle(session, message, MessageState.SENT, done_at=now, last_error="")


def mark_dropped(session: Session, message: Message, now: datetime, why: str) -> Kept:
    """Keep that it is not sent, because of a hindrance."""
    return _settle(session, message, MessageState.DROPPED, done_at=now, last_error=why)


def mark_failed(session: Session, message: Message, now: datetime, why: str, refused_address: str = "") -> Kept:
    """Give a message up. Where its address was refused, the account is not reachable until it is confirmed again.

    An invitation to such an address marks no account: it never asked whether there is one.
    """
    kept = _settle(session, message, MessageState.FAILED, done_at=now, last_error=why)
    if kept and refused_address and message.account_id:
        still_theirs = (Account.id == message.account_id, Account.address == refused_address)
        session.execute(update(Account).where(*still_theirs).values(address_failed_at=now))
    return kept


def put_back(session: Session, message: Message, now: datetime, why: str) -> Kept:
    """Let a message that could not be tried be the first of the next run; after days of this it has failed."""
    if now > message.made_at + TRIED_FOR:
        return mark_failed(session, message, now, why)
    return _settle(session, message, MessageState.WAITING, attempts=message.attempts - 1, last_error=why)


def put_off(session: Session, message: Message, until: datetime) -> Kept:
    """Let a message that was not tried wait until its reader is awake."""
    return _settle(session, message, MessageState.WAITING, attempts=message.attempts - 1, send_after=until)


def retry_later(session: Session, message: Message, now: datetime, why: str) -> Kept:
    """Let a message wait that was tried, longer each time and never into the quiet hours; in the end it has failed.

    The pause is up to a quarter longer by chance, so that many mails do not come back at the same moment; the chance
    lies in the name of the attempt.
    """
    pause = PAUSES[min(message.attempts, len(PAUSES)) - 1]
    until = now + pause * (1 + crc32(message.attempt.encode()) / 2**34)
    if until > message.made_at + TRIED_FOR:
        return mark_failed(session, message, now, why)
    until = awake_at(session, message, until)
    return _settle(session, message, MessageState.WAITING, send_after=until, last_error=why)


def drop(
    session: Session,
    now: datetime,
    why: str,
    *,
    to: Member | None = None,
    kinds: Collection[str] = (),
    about: str = "",
) -> int:
    """Drop what has not been sent yet because its occasion is gone; returns how many.

    Narrowed to one reader, to kinds, and to keys that begin with ``about``. One that is on its way may still arrive,
    but is never tried again.
    """
    which: list[ColumnElement[bool]] = [Message.state.in_([MessageState.WAITING, MessageState.SENDING])]
    which += [Message.member_id == to.id] if to else []
    which += [Message.kind.in_(kinds)] if kinds else []
    which += [Message.key.startswith(f"{about}:", autoescape=True)] if about else []
    dropped = {"state": MessageState.DROPPED, "lease_until": None, "done_at": now, "last_error": why}
    session.flush()
    return len(session.scalars(update(Message).where(*which).values(dropped).returning(Message.id)).all())


# The fence of a restored copy


def require_no_fence(session: Session) -> None:
    """Raise FenceError while a fence stands."""
    fence = session.scalar(select(Fence).where(Fence.lifted_at.is_(None)).order_by(Fence.id))
    if fence:
        raise FenceError(
            f"Nothing is sent: since {fence.since:%d %B %Y, %H:%M} UTC a fence stands ({fence.why}). Look whether what "
            "waits should still go out (alongside doctor); then: alongside deliver --lift-fence"
        )


def lift_fences(session: Session, now: datetime, actor: str) -> int:
    """Lift the fences that stand, each with an audit event; returns how many."""
    standing = session.scalars(select(Fence).where(Fence.lifted_at.is_(None))).all()
    for fence in standing:
        fence.lifted_at = now
        session.add(AuditEvent(at=now, actor=actor, act="fence lifted", subject=f"fence {fence.id}"))
    return len(standing)


def _due(now: datetime) -> ColumnElement[bool]:
    waits = and_(Message.state == MessageState.WAITING, Message.send_after <= now)
    return or_(waits, lease_is_over(now))


def lease_is_over(now: datetime) -> ColumnElement[bool]:
    """The condition that an attempt took longer than its lease, so that another may take its message over."""
    return and_(Message.state == MessageState.SENDING, Message.lease_until <= now)


def _over(invitation: Invitation | None, now: datetime) -> str:
    """Why an invitation must not be mailed any more. Whether its address is known here is not asked."""
    if invitation and invitation.used_at:
        return "the invitation was used"
    return "" if invitation and now < invitation.expires_at else "the invitation was withdrawn or is over"


def _unwanted(account: Account, mails_off: Collection[str], kind: str) -> str:
    """Why its reader wants no mail of this kind; empty where they do. Links are asked for, and always wanted."""
    if account.erase_at and kind not in ABOUT_THE_ACCOUNT and not kind.startswith("link_"):
        return "the account is to be forgotten"
    return "mails of this kind are switched off" if is_off(mails_off, kind) else ""


def _settle(session: Session, message: Message, state: MessageState, **changes: Any) -> Kept:
    """Compare and set: only the attempt that holds the message may say what came of it."""
    held = (Message.id == message.id, Message.attempt == message.attempt, Message.state == MessageState.SENDING)
    changes |= {"state": state, "lease_until": None}
    return state if session.scalar(update(Message).where(*held).values(changes).returning(Message.id)) else None
