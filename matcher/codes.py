"""The second factor: six digits that change every half minute, and codes for the day the phone is lost."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from matcher import outbox
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
    """Make a new seed, as a phone takes it. It counts once a code of it was typed; until then the phone before does."""
    account.new_code_seed = pyotp.random_base32()
    record(session, now, "account", "second factor begun", account)
    return account.new_code_seed


def address_of(seed: str) -> str:
    """A seed as the address that a phone reads from a picture. It names our service and nothing of the person."""
    return pyotp.TOTP(seed).provisioning_uri(name="your account", issuer_name="Alongside")


def confirm(session: Session, account: Account, code: str, now: datetime) -> list[str]:
    """Turn the second factor on by the first code of what was begun, instead of the one before. Raises LinkError.

    Gives the recovery codes, which are shown once.
    """
    if not _takes(session, account, account.new_code_seed, code, now):
        raise LinkError("This code does not fit. Look whether your phone shows the right time, and type the next one.")
    account.code_seed, account.new_code_seed, account.code_confirmed_at = account.new_code_seed, None, now
    record(session, now, "account", "second factor on", account)
    return new_recovery_codes(session, account, now)


def new_recovery_codes(session: Session, account: Account, now: datetime) -> list[str]:
    """Give recovery codes, which are shown once; those before work no more. The account's mailbox is told.

    Of two who ask at once the second waits for the first, and its codes are those that work.
    """
    session.flush()
    session.refresh(account, with_for_update={"key_share": True})
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_of(each)) for each in codes)
    _tell(session, account, "recovery codes made", now)
    return codes


def recovery_codes_left(session: Session, account: Account) -> int:
    """How many of them were not used yet."""
    left = select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account.id)
    return session.scalar(left.where(RecoveryCode.used_at.is_(None))) or 0


def is_on(account: Account) -> bool:
    """Whether a code is asked for."""
    return account.code_seed is not None and account.code_confirmed_at is not None


def fits(session: Session, account: Account, code: str, now: datetime) -> bool:
    """Whether this is a code of now, or one for a lost phone; each works once, also of two at the same moment."""
    return is_on(account) and (
        _takes(session, account, account.code_seed, code, now) or _recovers(session, account, code, now)
    )


def turn_off(session: Session, account: Account, now: datetime) -> None:
    """Ask for no code any more, and forget every seed and the recovery codes. The account's mailbox is told."""
    account.code_seed = account.new_code_seed = account.code_confirmed_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    _tell(session, account, "second factor off", now)


def _tell(session: Session, account: Account, act: str, now: datetime) -> None:
    """Write down what changed about how somebody comes in, and tell them: it may be the only sign it was not they."""
    record(session, now, "account", act, account)
    outbox.tell(session, account, "second_factor_changed", f"{act}:{now.isoformat()}", now)


def _takes(session: Session, account: Account, seed: str | None, code: str, now: datetime) -> bool:
    """Compare and set the last half minute used, so that the database lets a code work once."""
    if seed is None:
        return False
    typed = "".join(code.split())
    here = int(now.timestamp()) // STEP_SECONDS
    for step in (here + shift for shift in _SHIFTS):
        made = pyotp.TOTP(seed).generate_otp(step)
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
    _tell(session, account, "recovery code used", now)
    return True
