"""The second factor: six digits that change every half minute, and codes for the day the phone is lost."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from matcher.audit_trail import record
from matcher.errors import LinkError
from matcher.models import Account, RecoveryCode
from matcher.tokens import hash_of

RECOVERY_CODES = 10
STEP_SECONDS = 30
_SHIFTS = (-1, 0, 1)
"""Half minutes before and after ours whose code is taken too, for clocks that are a little off."""
_RECOVERY_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_RECOVERY_LENGTH = 16


def begin(session: Session, account: Account, now: datetime) -> str:
    """Make a new seed, as a phone takes it; it counts once a code of it was typed, and until then none does."""
    account.code_seed = pyotp.random_base32()
    account.code_confirmed_at = None
    record(session, now, "account", "second factor begun", account)
    return account.code_seed


def address_of(seed: str) -> str:
    """A seed as the address that a phone reads from a picture. It names our service and nothing of the person."""
    return pyotp.TOTP(seed).provisioning_uri(name="your account", issuer_name="Alongside")


def confirm(session: Session, account: Account, code: str, now: datetime) -> list[str]:
    """Turn the second factor on by its first code; gives the recovery codes, which are shown once. Raises LinkError."""
    if not _takes(session, account, code, now):
        raise LinkError("This code does not fit. Look whether your phone shows the right time, and type the next one.")
    account.code_confirmed_at = now
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_of(each)) for each in codes)
    record(session, now, "account", "second factor on", account)
    return codes


def is_on(account: Account) -> bool:
    """Whether a code is asked for."""
    return account.code_seed is not None and account.code_confirmed_at is not None


def fits(session: Session, account: Account, code: str, now: datetime) -> bool:
    """Whether this is a code of now, or one for a lost phone; each works once, also of two at the same moment."""
    return is_on(account) and (_takes(session, account, code, now) or _recovers(session, account, code, now))


def turn_off(session: Session, account: Account, now: datetime) -> None:
    """Ask for no code any more, and forget the seed and the recovery codes."""
    account.code_seed = account.code_confirmed_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    record(session, now, "account", "second factor off", account)


def _takes(session: Session, account: Account, code: str, now: datetime) -> bool:
    """Compare and set the last half minute used, so that the database lets a code work once."""
    if account.code_seed is None:
        return False
    typed = "".join(code.split())
    here = int(now.timestamp()) // STEP_SECONDS
    for step in (here + shift for shift in _SHIFTS):
        made = pyotp.TOTP(account.code_seed).generate_otp(step)
        if secrets.compare_digest(made.encode(), typed.encode(errors="replace")):
            unused = update(Account).where(Account.id == account.id, Account.code_step < step)
            return session.scalar(unused.values(code_step=step).returning(Account.id)) is not None
    return False


def _recovers(session: Session, account: Account, code: str, now: datetime) -> bool:
    typed = hash_of("".join(code.split()).replace("-", "").lower())
    unused = (RecoveryCode.account_id == account.id, RecoveryCode.code_hash == typed, RecoveryCode.used_at.is_(None))
    used = session.scalar(update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.id))
    if used is None:
        return False
    record(session, now, "account", "recovery code used", account)
    return True
