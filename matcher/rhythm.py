"""Signs of life without content: silence is noticed kindly, step by step, and never by reading."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people, rests
from matcher.models import Group, Member, Partner, Partnership
from matcher.states import MemberState, PartnershipState

REMIND_DAYS, NOTE_DAYS, QUIET_DAYS = 7, 14, 21


def notice_silence(session: Session, group: Group, night: date, now: datetime) -> None:
    """One reminder after a week, a soft note after two; after three the coordinators see a quiet pair, and each who was
    quiet rests until "I am here again". Nobody is reminded in a rest, nor the partner whose pair it pauses: not even in
    the same night, so the longest silences come first."""
    active = select(Partnership).where(Partnership.group_id == group.id, Partnership.state == PartnershipState.ACTIVE)
    for partnership in session.scalars(active.order_by(Partnership.id)):
        if partnerships.is_paused(partnership, now):
            continue
        there = [partner for partner in partnership.present if not people.rests_at(partner.member, now)]
        quiet = [partner for partner in there if _quiet_days(partner, night, group) >= QUIET_DAYS]
        if quiet:
            _let_rest(session, group, partnership, quiet, now)
        for partner in there:
            if partner not in quiet and not partnerships.is_paused(partnership, now):
                _remind(session, group, partner, night, now)


def keep_promise(session: Session, group: Group, members: list[Member], night: date, now: datetime) -> None:
    """Give the coordinators a task for each member who is alone past the promise: a letter from a person."""
    for member in members:
        waited = (night - member.waiting_since).days if member.waiting_since else 0
        is_alone = member.state is MemberState.WAITING and not people.rests_at(member, now)
        if is_alone and waited >= group.promise_nights:
            key = f"promise:{member.public_id}:{member.waiting_since}"
            _tell_coordinators(session, group, "promise_due", key, now, [member], member=member.public_id)


def _let_rest(
    session: Session, group: Group, partnership: Partnership, quiet: Sequence[Partner], now: datetime
) -> None:
    """All who were quiet rest before anybody is told: of two, neither has stayed."""
    about = [each.member for each in partnership.present]
    key = _key(min(quiet, key=lambda partner: partner.last_sign_at), group)
    _tell_coordinators(session, group, "quiet_pair", key, now, about, partnership=partnership.public_id)
    rests.begin_for_quiet(session, [partner.member for partner in quiet], now)


def _remind(session: Session, group: Group, partner: Partner, night: date, now: datetime) -> None:
    quiet_days, key = _quiet_days(partner, night, group), _key(partner, group)
    if quiet_days >= NOTE_DAYS:
        outbox.tell(session, partner.member, "soft_note", key, now)
    elif quiet_days >= REMIND_DAYS:
        outbox.tell(session, partner.member, "silence", key, now)


def _quiet_days(partner: Partner, night: date, group: Group) -> int:
    return (night - _last_sign(partner, group)).days


def _key(partner: Partner, group: Group) -> str:
    return f"{partnerships.key_of(partner.partnership)}:quiet:{_last_sign(partner, group)}"


def _last_sign(partner: Partner, group: Group) -> date:
    return partner.last_sign_at.astimezone(ZoneInfo(group.zone)).date()


def _tell_coordinators(
    session: Session, group: Group, kind: str, key: str, now: datetime, about: Collection[Member], **values: str
) -> None:
    """Give a task to those whom it is not about. A group whose only coordinator it is about has nobody else to tell."""
    themselves = {member.account_id for member in about}
    for coordinator in group.coordinators:
        if coordinator.account_id not in themselves:
            outbox.tell(session, coordinator.account, kind, key, now, values)
