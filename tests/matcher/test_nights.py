from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.models import Group
from matcher.nights import (
    begin_of,
    goes_out_at,
    moment_of,
    next_pairing_night,
    night_at,
    overdue_since,
    pairing_missed,
    pairs_on,
)
from matcher.states import RunState
from tests.rows import NOW, make_group, make_run

ZONES = ("Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca")
days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
SUNDAY = date(2026, 1, 11)
A_DAY = timedelta(days=1)


def group(**changes) -> Group:
    ready = {"zone": "Europe/London", "pairing_days": ["Sun", "Wed"], "pairing_hour": time(3, 30)}
    return Group(**ready | {"publishes_at_once": False} | changes)


def test_an_hour_that_a_day_skips_is_the_next_that_there_is():
    assert moment_of(date(2026, 3, 29), time(1, 30), "Europe/London") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_its_first():
    assert moment_of(date(2026, 10, 25), time(1, 30), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_whole_day_that_a_zone_skips_is_its_next_midnight():
    assert moment_of(date(2011, 12, 30), time(3), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)


@given(days, clocks, st.sampled_from(ZONES))
def test_every_moment_shows_the_time_that_was_asked_for_or_the_first_after_it(day, clock, zone):
    shown = moment_of(day, clock, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert datetime.combine(day, clock) <= shown <= datetime.combine(day, clock) + timedelta(days=1, hours=1)


@given(days, st.sampled_from(ZONES), st.integers(0, 23))
def test_of_every_night_the_last_minute_before_it_belongs_to_the_night_before(night, zone, hour):
    some = group(zone=zone, pairing_hour=time(hour, 30))
    begins = begin_of(some, night)
    assert night_at(some, begins) >= night
    assert night_at(some, begins - timedelta(minutes=1)) < night


def test_a_night_begins_at_the_hour_of_its_group():
    some = group(zone="America/New_York")
    assert begin_of(some, SUNDAY) == datetime(2026, 1, 11, 8, 30, tzinfo=UTC)
    assert night_at(some, datetime(2026, 1, 11, 8, 29, tzinfo=UTC)) == SUNDAY - A_DAY
    assert night_at(some, datetime(2026, 1, 11, 8, 30, tzinfo=UTC)) == SUNDAY


def test_a_group_pairs_on_its_days_from_its_first_date_on():
    on = [ahead for ahead in range(7) if pairs_on(group(), SUNDAY + A_DAY * ahead)]
    assert on == [0, 3]
    late = group(first_pairing_on=SUNDAY + A_DAY)
    assert [ahead for ahead in range(8) if pairs_on(late, SUNDAY + A_DAY * ahead)] == [3, 7]


def test_the_next_pairing_night_is_the_first_after_a_date():
    assert next_pairing_night(group(), SUNDAY) == SUNDAY + 3 * A_DAY
    assert next_pairing_night(group(), SUNDAY - A_DAY) == SUNDAY
    assert next_pairing_night(group(first_pairing_on=date(2026, 3, 2)), SUNDAY) == date(2026, 3, 4)
    assert next_pairing_night(group(pairing_days=[]), SUNDAY) is None


@pytest.mark.parametrize(
    ("last", "night", "missed"),
    [
        (None, SUNDAY, True),
        (None, SUNDAY + A_DAY, False),  # a group that never had a night begins with its next
        (SUNDAY - A_DAY, SUNDAY, True),
        (SUNDAY - A_DAY, SUNDAY + A_DAY, True),
        (SUNDAY, SUNDAY + 2 * A_DAY, False),
        (SUNDAY, SUNDAY + 3 * A_DAY, True),
        (date(2025, 1, 1), SUNDAY + 2 * A_DAY, True),
    ],
)
def test_a_pairing_night_that_was_missed_is_made_up_for(last, night, missed):
    assert pairing_missed(group(), last, night) is missed


def test_no_night_before_the_first_is_made_up_for():
    assert not pairing_missed(group(first_pairing_on=SUNDAY + A_DAY), SUNDAY - A_DAY, SUNDAY + A_DAY)


def test_drafts_go_out_at_noon_of_the_group_or_right_after_the_night():
    tokyo = {"zone": "Asia/Tokyo"}
    assert goes_out_at(group(**tokyo), SUNDAY) == datetime(2026, 1, 11, 3, tzinfo=UTC)
    assert goes_out_at(group(**tokyo, publishes_at_once=True), SUNDAY) == begin_of(group(**tokyo), SUNDAY)


@pytest.mark.parametrize("state", RunState)
def test_a_group_whose_last_good_night_is_older_than_36_hours_is_overdue_since_then(session, state):
    open_group = make_group(session, opened_at=NOW - 5 * A_DAY)
    make_run(session, open_group, NOW.date() - A_DAY, state=RunState.QUIET, gathered_at=NOW - A_DAY)
    make_run(session, open_group, NOW.date(), state=state)
    last = NOW - A_DAY if state in (RunState.GATHERED, RunState.FAILED) else NOW
    assert overdue_since(session, open_group, last + timedelta(hours=36)) is None
    assert overdue_since(session, open_group, last + timedelta(hours=36, minutes=1)) == last


def test_a_group_without_a_night_is_overdue_since_it_opened_and_a_closed_one_never_is(session):
    other = make_group(session)
    make_run(session, other, NOW.date())
    assert overdue_since(session, make_group(session), NOW + 2 * A_DAY) == NOW
    assert overdue_since(session, make_group(session), NOW + A_DAY) is None
    assert overdue_since(session, make_group(session, opened_at=None), NOW + 2 * A_DAY) is None
