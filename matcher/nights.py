"""The nights of a group: dates in its own zone, each of which comes once, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Group, PairingRun
from matcher.states import RunState
from matcher.vocabulary import DAYS

GOOD = (RunState.QUIET, RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED, RunState.SUPERSEDED)
"""The states of a night that came to something, if only to nothing to do."""
OVERDUE = timedelta(hours=36)
"""How old the last good night of an open group may be."""

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)
_NOON = time(12)


def moment_of(day: date, clock: time, zone: str) -> datetime:
    """When a day's clock shows a time, in UTC: the first moment if it comes twice, the next if it never does."""
    local = ZoneInfo(zone)
    wanted = datetime.combine(day, clock)
    before, after = (wanted.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))
    moment = min(before, after)
    while moment.astimezone(local).replace(tzinfo=None) < wanted:
        moment += _A_MINUTE
    return moment


def begin_of(group: Group, night: date) -> datetime:
    """The moment in UTC at which a night of this group begins."""
    return moment_of(night, group.pairing_hour, group.zone)


def night_at(group: Group, now: datetime) -> date:
    """The latest night of this group that has begun."""
    night = now.astimezone(ZoneInfo(group.zone)).date() + _A_DAY
    while begin_of(group, night) > now:
        night -= _A_DAY
    return night


def pairs_on(group: Group, night: date) -> bool:
    """Whether the group pairs its members in this night."""
    has_started = group.first_pairing_on is None or night >= group.first_pairing_on
    return has_started and DAYS[night.weekday()] in group.pairing_days


def next_pairing_night(group: Group, after: date) -> date | None:
    """The first pairing night after a date; None for a group without pairing days."""
    start = max(after + _A_DAY, group.first_pairing_on or date.min)
    days = (start + timedelta(days=ahead) for ahead in range(7))
    return next((night for night in days if pairs_on(group, night)), None)


def pairing_missed(group: Group, last: date | None, night: date) -> bool:
    """Whether a pairing night lies after the last night that was run, up to this one: a missed one is made up for."""
    first = night if last is None else max(last + _A_DAY, night - timedelta(days=7))
    days = (first + timedelta(days=ahead) for ahead in range((night - first).days + 1))
    return any(pairs_on(group, day) for day in days)


def goes_out_at(group: Group, night: date) -> datetime:
    """When the drafts of a night go out by themselves: right after it, or at noon."""
    return begin_of(group, night) if group.publishes_at_once else moment_of(night, _NOON, group.zone)


def overdue_since(session: Session, group: Group, now: datetime) -> datetime | None:
    """The last good night of an open group, or its opening, where the next should have run by now; else None."""
    good = select(PairingRun.gathered_at).where(PairingRun.group_id == group.id, PairingRun.state.in_(GOOD))
    since = session.scalar(good.order_by(PairingRun.night.desc()).limit(1)) or group.opened_at
    return since if group.opened_at and since and now - since > OVERDUE else None
