"""Signs of life without content: silence is noticed kindly, step by step, and never by reading."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people, rests
from matcher.models import Group, Member, Partner, Partnership
from matcher.states import MemberState, PartnershipState

REMIND_DAYS, NOTE_DAYS, QUIET_DAYS = 7, 14, 21


def notice_silence(session: Session, group: Group, night: date, now: datetime) -> None:
    """One reminder after a week, a soft note after two; after three the coordinators see a quiet pair, and who was
    quiet rests until "I am here again". Nobody is reminded in a rest, nor the partner whose pair it pauses: not even in
    the same night, so the longest silence comes first."""
    active = select(Partnership).where(Partnership.group_id == group.id, Partnership.state == PartnershipState.ACTIVE)
    for partnership in session.scalars(active.order_by(Partnership.id)):
        for partner in sorted(partnership.present, key=lambda partner: partner.last_sign_at):
            if not partnerships.is_paused(partnership, now) and not people.rests_at(partner.member, now):
                _notice(session, group, partner, night, now)


def keep_promise(session: Session, group: Group, members: list[Member], night: date, now: datetime) -> None:
    """Give the coordinators a task for each member who is alone past the promise: a letter from a person."""
    for member in members:
        waited = (night - member.waiting_since).days if member.waiting_since else 0
        is_alone = member.state is MemberState.WAITING and not people.rests_at(member, now)
        if is_alone and waited >= group.promise_nights:
            key = f"promise:{member.public_id}:{member.waiting_since}"
            _tell_coordinators(session, group, "promise_due", key, now, [member], member=member.public_id)


def _notice(session: Session, group: Group, partner: Partner, night: date, now: datetime) -> None:
    last_sign = partner.last_sign_at.astimezone(ZoneInfo(group.zone)).date()
    quiet_days = (night - last_sign).days
    key = f"{partnerships.key_of(partner.partnership)}:quiet:{last_sign}"
    if quiet_days >= QUIET_DAYS:
        pair = partner.partnership
        about = [each.member for each in pair.present]
        _tell_coordinators(session, group, "quiet_pair", key, now, about, partnership=pair.public_id)
        rests.begin_for_quiet(session, partner.member, now)
    elif quiet_days >= NOTE_DAYS:
        outbox.tell(session, partner.member, "soft_note", key, now)
    elif quiet_days >= REMIND_DAYS:
        outbox.tell(session, partner.member, "silence", key, now)


def _tell_coordinators(
    session: Session, group: Group, kind: str, key: str, now: datetime, about: Collection[Member], **values: str
) -> None:
    """Give a task to those whom it is not about. A group whose only coordinator it is about has nobody else to tell."""
    themselves = {member.account_id for member in about}
    for coordinator in group.coordinators:
        if coordinator.account_id not in themselves:
            outbox.tell(session, coordinator.account, kind, key, now, values)
