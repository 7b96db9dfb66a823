"""The outbox: mail is a row before it is a mail, and a notice in the product by the same key."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Account, Member, Message, Notice

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""No mail goes out between these hours of the reader's own clock."""


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
    if mail and account.reachable:
        session.add(Message(**common, send_after=after_quiet_hours(now, member.zone if member else "UTC")))
    return True


def after_quiet_hours(now: datetime, zone: str) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    local = now.astimezone(ZoneInfo(zone or "UTC"))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, local.tzinfo)
