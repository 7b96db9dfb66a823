from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.weeks import Week, first_week, monday_of, week_at

MONDAY = date(2026, 1, 12)
A_DAY = timedelta(days=1)
zones = st.sampled_from(("Europe/London", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "Etc/GMT+12"))
moments = st.integers(0, 90_000).map(lambda hour: datetime(2020, 1, 1, tzinfo=UTC) + hour * timedelta(hours=1))
mondays = st.dates(date(2000, 1, 1), date(2037, 1, 1)).map(monday_of)


def test_a_week_is_named_by_its_monday():
    assert {monday_of(MONDAY + A_DAY * day) for day in range(7)} == {MONDAY}


@pytest.mark.parametrize(("day", "weeks"), [(0, 0), (2, 0), (3, 1), (6, 1)])
def test_who_starts_on_thursday_or_later_begins_with_the_next_monday(day, weeks):
    assert first_week(MONDAY + A_DAY * day) == MONDAY + timedelta(weeks=weeks)


def test_a_check_in_is_open_from_friday_to_the_end_of_the_next_tuesday_of_ones_own():
    week = Week.of(MONDAY, "Asia/Tokyo")
    assert week.opens_at == datetime(2026, 1, 15, 15, tzinfo=UTC)
    assert week.closes_at == datetime(2026, 1, 20, 15, tzinfo=UTC)


@given(mondays, zones, zones)
def test_a_change_of_zone_never_shortens_an_open_week(monday, before, after):
    week = Week.of(monday, before)
    moved = week.moved_to(after)
    assert moved.opens_at <= week.opens_at
    assert moved.closes_at >= week.closes_at
    assert moved.monday == monday


@given(
    st.integers(0, 90_000).map(lambda hour: datetime(2020, 1, 1, tzinfo=UTC) + hour * timedelta(hours=1)), zones, zones
)
def test_no_change_of_zone_gives_a_week_twice(now, before, after):
    reached = week_at(now, before)
    assert week_at(now, after, reached) >= reached


def test_a_week_begins_on_ones_own_monday():
    now = datetime(2026, 1, 12, 3, tzinfo=UTC)
    assert week_at(now, "Europe/London") == MONDAY
    assert week_at(now, "America/New_York") == MONDAY - timedelta(weeks=1)
