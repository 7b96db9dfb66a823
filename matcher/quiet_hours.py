"""Quiet hours: when no mail goes out, by its reader's own clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Coordinator, Group, Invitation, Member, Message
from matcher.zones import zone_of

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""What holds for everybody who has not chosen other hours."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when a reader sleeps, and in which zone; the end may be on the next day. Equal times: never."""

    zone: str
    begin: time = QUIET_FROM
    end: time = QUIET_UNTIL

    def after(self, now: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it lies in."""
        local = now.astimezone(zone_of(self.zone))
        if not self._holds_at(local.time()):
            return now
        ends_tomorrow = self.begin > self.end and local.time() >= self.begin
        # Of an hour that the clock shows twice, the end is in the one that it shows now.
        end = datetime.combine(local.date() + timedelta(days=ends_tomorrow), self.end, local.tzinfo)
        return end.replace(fold=local.fold)

    def _holds_at(self, hour: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


def quiet_hours_for(session: Session, message: Message) -> QuietHours:
    """When the reader of a message sleeps; who is invited, by the clock of the group."""
    if message.invitation_id:
        invited = select(Group.zone).join(Invitation).where(Invitation.id == message.invitation_id)
        return QuietHours(session.scalar(invited) or "UTC")
    return quiet_hours_of(session, message.account_id, message.member_id)


def quiet_hours_of(session: Session, account_id: int | None, member_id: int | None) -> QuietHours:
    """When a reader sleeps: a member by their own hours, a coordinator by the clock of their group.

    An account that is told something by itself sleeps as its first member does. No sealed column is opened: no mail
    needs one.
    """
    own = select(Member.zone, Member.quiet_from, Member.quiet_until).order_by(Member.id).limit(1)
    if member_id:
        found = session.execute(own.where(Member.id == member_id)).one()
        return QuietHours(found.zone or "UTC", found.quiet_from, found.quiet_until)
    looked_after = select(Group.zone).join(Coordinator).where(Coordinator.account_id == account_id).order_by(Group.id)
    if zone := session.scalar(looked_after.limit(1)):
        return QuietHours(zone)
    first = session.execute(own.where(Member.account_id == account_id, Member.left_at.is_(None), Member.zone != ""))
    return QuietHours(*(first.one_or_none() or ("UTC",)))
