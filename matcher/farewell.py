"""Being forgotten a week after asking for it, and changing one's mind until then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from matcher import leaving, outbox, people, rests
from matcher.audit_trail import name_of, record
from matcher.models import Account, AuditEvent, Coordinator, Invitation, Link, Member

UNDO = timedelta(days=7)
"""How long one may change one's mind."""
PUT_OFF = timedelta(days=1)
NEVER_OPENED = timedelta(days=30)
"""How long the address waits that somebody typed to sign up, and whose mailbox never answered."""
_ASKED = "erasure asked"


def ask_to_be_forgotten(session: Session, account: Account, now: datetime) -> None:
    """Ask to be forgotten in a week; ``account.erase_at`` says when. Asking twice changes nothing.

    Until then every membership rests, proposals close, and no mail comes but those about the account. Raises StateError
    for the last coordinator of an open group; others who have asked, too, do not count.
    """
    members = _locked(session, account)
    if account.erase_at or account.erased_at:
        return
    leaving.require_other_coordinators(session, account, who_stay=True)
    people.lock_around(session, *members)
    account.erase_at = now + UNDO
    rested = {each.public_id: _end_of_rest(each) for each in members if people.rests_at(each, now)}
    for member in members:
        rests.begin(session, member, now, None)
    record(session, now, "account", _ASKED, account, rested=rested)
    outbox.tell(session, account, "erasure_asked", f"{_key_of(account)}:{now.isoformat()}", now, _values(account))


def keep(session: Session, account: Account, now: datetime) -> None:
    """Change one's mind: the rests that began with it end, and one that was on before has its own end again.

    Does nothing for who has not asked, or is forgotten already.
    """
    members = _locked(session, account)
    if account.erase_at is None:
        return
    people.lock_around(session, *members)
    account.erase_at = None
    rested = _rested_before(session, account)
    for member in members:
        if member.public_id not in rested:
            rests.come_back(session, member, now)
        elif until := rested[member.public_id]:
            people.begin_rest(session, member, now, date.fromisoformat(until))
    outbox.drop(session, now, "the account is kept", about=_key_of(account))
    record(session, now, "account", "account kept", account)


def due(session: Session, now: datetime) -> Sequence[int]:
    """The numbers of the accounts whose week is over, and of those that nobody ever came into, in their order."""
    return session.scalars(select(Account.id).where(_is_due(now)).order_by(Account.id)).all()


def _is_due(now: datetime) -> ColumnElement[bool]:
    never_opened = and_(
        Account.password_hash.is_(None),
        Account.address_confirmed_at.is_(None),
        Account.made_at <= now - NEVER_OPENED,
        Account.makes_groups.is_(False),
        ~exists().where(Member.account_id == Account.id),
        ~exists().where(Coordinator.account_id == Account.id),
        ~exists().where(Link.account_id == Account.id, Link.used_at.is_(None), Link.expires_at > now),
        ~exists().where(
            Invitation.address == Account.address, Invitation.used_at.is_(None), Invitation.expires_at > now
        ),
    )
    return and_(Account.erased_at.is_(None), or_(Account.erase_at <= now, never_opened))


def forget(session: Session, account_id: int, now: datetime) -> bool:
    """Forget an account that is due. False: it is forgotten already, or was kept or opened at the last moment.

    Raises StateError where it has become the last coordinator of an open group: see :func:`put_off`.
    """
    account = _if_due(session, account_id, now)
    if account:
        leaving.erase(session, account, now)
    return account is not None


def put_off(session: Session, account_id: int, now: datetime) -> bool:
    """Try again in a day, and write it down. False: nothing is due any more."""
    account = _if_due(session, account_id, now)
    if account:
        account.erase_at = now + PUT_OFF
        record(session, now, "the clock", "erasure put off", account)
    return account is not None


def _if_due(session: Session, account_id: int, now: datetime) -> Account | None:
    account = session.get_one(Account, account_id)
    _locked(session, account)
    return session.scalar(select(Account).where(Account.id == account.id, _is_due(now)))


def _locked(session: Session, account: Account) -> list[Member]:
    """The members of an account who have not left. Their groups are locked, and those it looks after; then the account.

    So of two who ask at once, or of keeping and forgetting, one comes first, and the other sees it.
    """
    looked_after = select(Coordinator.group_id).where(Coordinator.account_id == account.id)
    mine = select(Member.group_id).where(Member.account_id == account.id)
    people.lock_groups(session, session.scalars(looked_after.union(mine)).all())
    session.refresh(account, with_for_update={"key_share": True})
    there = select(Member).where(Member.account_id == account.id, Member.left_at.is_(None))
    return list(session.scalars(there.order_by(Member.id).execution_options(populate_existing=True)))


def _rested_before(session: Session, account: Account) -> dict[str, str | None]:
    """Who of the account rested when it last asked to be forgotten, and until when; None for a rest without an end."""
    asked = select(AuditEvent).where(AuditEvent.subject == name_of(account), AuditEvent.act == _ASKED)
    event = session.scalars(asked.order_by(AuditEvent.id.desc()).limit(1)).one()
    return dict(event.values["rested"])


def _end_of_rest(member: Member) -> str | None:
    return member.resting_until.isoformat() if member.resting_until else None


def _key_of(account: Account) -> str:
    return f"erasure:{account.public_id}"


def _values(account: Account) -> dict[str, str]:
    return {"erase_at": account.erase_at.isoformat()} if account.erase_at else {}
