"""The weeks of a partnership: one key for all partners, each partner's own Monday to Sunday."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matcher.nights import moment_of

_FRIDAY, _NEXT_WEDNESDAY = timedelta(days=4), timedelta(days=9)
_THURSDAY = 3
_MIDNIGHT = time(0)


def monday_of(day: date) -> date:
    """The Monday of the week a day lies in: the key of that week."""
    return day - timedelta(days=day.weekday())


def first_week(started_on: date) -> date:
    """The first week of a partnership: this one, or from Thursday on the next."""
    monday = monday_of(started_on)
    return monday if started_on.weekday() < _THURSDAY else monday + timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one partner. Its check-in is open from ``opens_at`` until right before ``closes_at``."""

    monday: date
    opens_at: datetime
    closes_at: datetime

    @classmethod
    def of(cls, monday: date, zone: str) -> "Week":
        """The week as a zone's clocks show it: open from Friday 00:00 to the end of the next Tuesday."""
        opens_at, closes_at = (moment_of(monday + days, _MIDNIGHT, zone) for days in (_FRIDAY, _NEXT_WEDNESDAY))
        return cls(monday, opens_at, closes_at)

    def moved_to(self, zone: str) -> "Week":
        """The same week after a change of zone: it may open earlier and close later, never the other way round."""
        there = Week.of(self.monday, zone)
        return replace(
            self, opens_at=min(self.opens_at, there.opens_at), closes_at=max(self.closes_at, there.closes_at)
        )


def week_at(now: datetime, zone: str, reached: date | None = None) -> date:
    """The key of a partner's week; never before the one already reached, so that no zone gives a week twice."""
    monday = monday_of(now.astimezone(ZoneInfo(zone)).date())
    return monday if reached is None else max(monday, reached)
