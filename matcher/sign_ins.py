"""Browsers that are signed in: how long, which, and until when their word is good enough for delicate things.

The browser holds a random token, the row its hash; so signing out ends it, whatever somebody has kept of a cookie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matcher.audit_trail import record
from matcher.models import Account, Coordinator, SignIn
from matcher.tokens import hash_of, new_token

MOST_AT_ONCE = 10
"""How many browsers an account is signed in with; one more ends the one that was seen longest ago."""
STEP_UP = timedelta(minutes=5)
"""How long after the password was typed the most delicate things are done without asking for it again."""
_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """After how long without a sign, and after how long in all, a browser is signed out."""

    idle: timedelta
    total: timedelta


MEMBER = Limits(idle=timedelta(hours=24), total=timedelta(days=14))
OWN_DEVICE = Limits(idle=timedelta(days=30), total=timedelta(days=90))
STAFF = Limits(idle=timedelta(minutes=30), total=timedelta(hours=12))


def begin(
    session: Session,
    account: Account,
    now: datetime,
    *,
    device: str = "",
    own_device: bool = False,
    with_code: bool = False,
) -> str:
    """Sign a browser in; returns its token. Password, and code where there was one, were checked by the caller."""
    token = new_token()
    row = SignIn(
        account=account,
        token_hash=hash_of(token),
        device=device[:_LONGEST_DEVICE],
        is_own_device=own_device,
        begun_at=now,
        seen_at=now,
        password_at=now,
        code_at=now if with_code else None,
    )
    session.add(row)
    session.flush()
    for one_too_many in of_account(session, account)[MOST_AT_ONCE:]:
        session.delete(one_too_many)
    record(session, now, "account", "signed in", account)
    return token


def find(session: Session, token: str, now: datetime) -> SignIn | None:
    """The sign-in of a token, or None: unknown, ended, or left alone for too long. Changes nothing.

    Whether its account looks after a group is asked each time, so a new coordinator has the shorter limits at once.
    """
    row = session.scalar(select(SignIn).where(SignIn.token_hash == hash_of(token)))
    return None if row is None or row.account.erased_at or _is_over(session, row, now) else row


def _is_over(session: Session, row: SignIn, now: datetime) -> bool:
    limits = limits_of(session, row)
    return now >= row.seen_at + limits.idle or now >= row.begun_at + limits.total


def is_seen_long_ago(row: SignIn, now: datetime) -> bool:
    """Whether it is time to note again that this browser is used; once a minute is enough."""
    return now >= row.seen_at + _SEEN_EVERY


def note_seen(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note that a browser is used. One that was ended meanwhile stays ended."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < now).values(seen_at=now))


def limits_of(session: Session, row: SignIn) -> Limits:
    """How long this browser stays signed in."""
    if is_staff(session, row.account):
        return STAFF
    return OWN_DEVICE if row.is_own_device else MEMBER


def is_staff(session: Session, account: Account) -> bool:
    """Whether the account looks after a group, or may make one."""
    looks_after = select(Coordinator.id).where(Coordinator.account_id == account.id).limit(1)
    return account.makes_groups or session.scalar(looks_after) is not None


def of_account(session: Session, account: Account) -> Sequence[SignIn]:
    """The browsers of an account, the one seen last first; also those that were left alone for too long."""
    mine = select(SignIn).where(SignIn.account_id == account.id)
    return session.scalars(mine.order_by(SignIn.seen_at.desc(), SignIn.id.desc())).all()


def of_now(session: Session, account: Account, now: datetime) -> list[SignIn]:
    """The browsers in which an account is signed in at this moment, the one seen last first."""
    return [row for row in of_account(session, account) if not _is_over(session, row, now)]


def end(session: Session, account: Account, public_id: str, now: datetime) -> bool:
    """Sign one browser of an account out. False: there is none of this id."""
    row = session.scalar(select(SignIn).where(SignIn.account_id == account.id, SignIn.public_id == public_id))
    if row is None:
        return False
    session.delete(row)
    record(session, now, "account", "signed out", account)
    return True


def end_all(session: Session, account: Account, but: SignIn | None = None) -> int:
    """Sign every browser of an account out, but for one; returns how many."""
    others = delete(SignIn).where(SignIn.account_id == account.id, SignIn.id != (but.id if but else 0))
    return len(session.scalars(others.returning(SignIn.id)).all())


def renew(row: SignIn, now: datetime, *, with_code: bool = False) -> str:
    """Give a browser a new token, as it proved itself anew; the old one is dead. Checked by the caller, as above."""
    token = new_token()
    row.token_hash, row.password_at = hash_of(token), now
    row.code_at = now if with_code else row.code_at
    return token


def is_fresh(row: SignIn, now: datetime) -> bool:
    """Whether the password was typed so lately that the most delicate things need not ask again."""
    return now < row.password_at + STEP_UP


def sweep(session: Session, now: datetime) -> int:
    """Delete what no limit lets live any more; returns how many."""
    longest = max(OWN_DEVICE.total, MEMBER.total, STAFF.total)
    return len(session.scalars(delete(SignIn).where(SignIn.begun_at <= now - longest).returning(SignIn.id)).all())
