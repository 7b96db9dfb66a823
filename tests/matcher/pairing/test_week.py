from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.pairing.week import (
    QUARTERS,
    Window,
    blocks_in,
    common_blocks,
    local_hours,
    local_quarters,
    term_mondays,
    utc_bits,
    wall_clocks,
    windows_of,
)
from tests import plain
from tests.builders import hours

CLOCK_CHANGES = [  # zone, the local date, the UTC offset in minutes before and after
    ("Europe/London", date(2026, 3, 29), 0, 60),
    ("Europe/London", date(2026, 10, 25), 60, 0),
    ("America/New_York", date(2026, 3, 8), -300, -240),
    ("America/New_York", date(2026, 11, 1), -240, -300),
    ("Asia/Kathmandu", date(2026, 3, 29), 345, 345),  # no change at all, ever, and three quarters past the hour
    ("Australia/Lord_Howe", date(2026, 4, 5), 660, 630),
    ("Australia/Lord_Howe", date(2026, 10, 4), 630, 660),
    ("Africa/Casablanca", date(2026, 2, 15), 60, 0),  # Ramadan begins
    ("Africa/Casablanca", date(2026, 3, 22), 0, 60),  # Ramadan has ended
    ("Africa/Cairo", date(2026, 4, 24), 120, 180),
    ("Africa/Cairo", date(2026, 10, 30), 180, 120),  # at midnight: Thursday has 25 hours
]
ZONES = sorted({zone for zone, *_ in CLOCK_CHANGES})
SUNDAY_NIGHT = hours("Sun 23:00-24:00; Mon 00:00-01:00")


def monday_of(day):
    return day - timedelta(days=day.weekday())


def bits_of(text, zone, mondays):
    """Packed UTC weeks of one member: uint8[weeks, 84], every Monday one week, also if weeks are alike."""
    windows = hours(text) if isinstance(text, str) else text
    clocks = np.concatenate([wall_clocks([zone], [monday])[:, 0] for monday in mondays])
    return utc_bits(local_quarters(windows), clocks)


def utc_hours(text, zone, monday):
    """What a member's windows are in UTC in one week, as windows."""
    return " ".join(map(str, windows_of(np.unpackbits(bits_of(text, zone, [monday])[0]).astype(bool))))


def blocks_of(one, other, mondays, block_minutes=30):
    first, second = bits_of(*one, mondays), bits_of(*other, mondays)
    return int(common_blocks(first[:, None], second[:, None], block_minutes // 15)[0, 0])


# Windows


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (672, 673), (4, 4), (8, 4), (0, 673), (671, 671 + 673)])
def test_a_window_that_is_empty_or_outside_of_the_week_is_refused(start, end):
    with pytest.raises(ValueError, match=f"not {start} to {end}"):
        Window(start, end)


@pytest.mark.parametrize(
    "text",
    ["Mon 18:00-20:30", "Sun 23:45-24:00", "Fri 22:00-01:00", "Sun 23:00-00:15", "Wed 00:00-24:00", "Tue 12:00-11:45"],
)
def test_a_window_is_written_as_a_person_writes_it(text):
    assert str(hours(text)[0]) == text


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (Window(72, 72 + 96), "Mon 18:00-Tue 18:00"),
        (Window(72, 72 + 106), "Mon 18:00-Tue 20:30"),
        (Window(0, 192), "Mon 00:00-Tue 24:00"),
        (Window(0, QUARTERS), "Mon 00:00-Sun 24:00"),
        (Window(6 * 96, 8 * 96), "Sun 00:00-Mon 24:00"),
        (Window(6 * 96 + 4, 6 * 96 + 4 + QUARTERS), "Sun 01:00-Sun 01:00"),
    ],
)
def test_a_window_of_a_day_or_more_names_the_day_on_which_it_ends(window, text):
    assert str(window) == text


def test_the_last_minute_of_a_day_is_24_00_and_touches_the_next_day():
    assert windows_of(local_quarters(hours("Tue 23:00-24:00; Wed 00:00-01:00"))) == hours("Tue 23:00-01:00")
    assert windows_of(local_quarters(SUNDAY_NIGHT)) == hours("Sun 23:00-01:00")


@given(st.sets(st.integers(0, QUARTERS - 1)))
@example(set())
@example(set(range(QUARTERS)))
@example({0, QUARTERS - 1})
def test_windows_and_quarters_say_the_same(quarters):
    free = np.zeros(QUARTERS, dtype=np.bool_)
    free[list(quarters)] = True
    assert (local_quarters(windows_of(free)) == free).all()


# The term


@pytest.mark.parametrize(
    ("on", "first"),
    [(date(2026, 1, 12 + day), date(2026, 1, 12 if day < 3 else 19)) for day in range(7)],
)
def test_whoever_starts_on_thursday_or_later_begins_with_the_next_monday(on, first):
    assert term_mondays(on, 2) == (first, first + timedelta(weeks=1))


def test_weeks_in_which_every_clock_is_the_same_count_once():
    term = term_mondays(date(2026, 1, 12), 12)
    assert len(wall_clocks(["Asia/Kathmandu"], term)) == 1
    assert len(wall_clocks(["Europe/London"], term)) == 3  # before, the week of 29 March, after
    assert len(wall_clocks(["America/New_York", "Asia/Kathmandu", "Europe/London"], term)) == 5


def test_a_pool_without_a_zone_has_one_week():
    assert wall_clocks([], term_mondays(date(2026, 1, 12), 12)).shape == (1, 0, QUARTERS)


# Clock changes


@pytest.mark.parametrize(("zone", "day", "before", "after"), CLOCK_CHANGES)
def test_the_dates_in_this_file_are_those_of_the_real_clocks(zone, day, before, after):
    midday = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    offsets = [(midday + timedelta(days=days)).utcoffset() for days in (-2, 1)]
    assert offsets == [timedelta(minutes=before), timedelta(minutes=after)]


@pytest.mark.parametrize(("zone", "day", "before", "after"), CLOCK_CHANGES)
def test_an_evening_stays_the_same_evening_before_and_after_the_clocks_change(zone, day, before, after):
    for weeks, offset in ((-1, before), (1, after)):
        monday = monday_of(day) + timedelta(weeks=weeks)
        in_utc = 2 * 24 * 60 + 18 * 60 - offset
        expected = str(Window(in_utc // 15, in_utc // 15 + 8))
        assert utc_hours("Wed 18:00-20:00", zone, monday) == expected


@pytest.mark.parametrize(
    ("zone", "monday", "skipped"),
    [
        ("Europe/London", date(2026, 3, 23), "Sun 01:00-02:00"),
        ("America/New_York", date(2026, 3, 2), "Sun 02:00-03:00"),
        ("Australia/Lord_Howe", date(2026, 9, 28), "Sun 02:00-02:30"),
        ("Africa/Casablanca", date(2026, 3, 16), "Sun 02:00-03:00"),
        ("Africa/Cairo", date(2026, 4, 20), "Fri 00:00-01:00"),
    ],
)
def test_an_hour_that_a_clock_change_skips_is_nobodys(zone, monday, skipped):
    assert utc_hours(skipped, zone, monday) == ""
    assert utc_hours(skipped, zone, monday - timedelta(weeks=1)) != ""


@pytest.mark.parametrize(
    ("zone", "monday", "repeated", "in_utc"),
    [
        ("Europe/London", date(2026, 10, 19), "Sun 01:00-02:00", "Sun 00:00-02:00"),
        ("America/New_York", date(2026, 10, 26), "Sun 01:00-02:00", "Sun 05:00-07:00"),
        ("Australia/Lord_Howe", date(2026, 3, 30), "Sun 01:30-02:00", "Sat 14:30-15:30"),
        ("Africa/Casablanca", date(2026, 2, 9), "Sun 02:00-03:00", "Sun 01:00-03:00"),
        ("Africa/Cairo", date(2026, 10, 26), "Thu 23:00-24:00", "Thu 20:00-22:00"),
    ],
)
def test_an_hour_that_a_clock_change_repeats_is_free_twice(zone, monday, repeated, in_utc):
    assert utc_hours(repeated, zone, monday) == in_utc


def test_kathmandu_is_three_quarters_past_the_hour_all_year():
    for monday in term_mondays(date(2026, 1, 12), 50):
        assert utc_hours("Wed 18:00-20:00", "Asia/Kathmandu", monday) == "Wed 12:15-14:15"


@pytest.mark.parametrize(
    ("one", "other", "mondays", "blocks"),
    [
        # Between 8 and 29 March London and New York are four hours apart, else five.
        (
            ("Wed 18:00-19:00", "Europe/London"),
            ("Wed 13:00-14:00", "America/New_York"),
            [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 23), date(2026, 3, 30)],
            [2, 0, 0, 2],
        ),
        # And between 25 October and 1 November.
        (
            ("Wed 18:00-19:00", "Europe/London"),
            ("Wed 13:00-14:00", "America/New_York"),
            [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2)],
            [2, 0, 2],
        ),
        # Lord Howe moves by half an hour on 5 April, so half of the hour stays.
        (
            ("Wed 18:00-19:00", "Australia/Lord_Howe"),
            ("Wed 12:45-13:45", "Asia/Kathmandu"),
            [date(2026, 3, 23), date(2026, 4, 6)],
            [2, 1],
        ),
        # In Ramadan, from 15 February to 22 March, Casablanca keeps London's winter time.
        (
            ("Wed 18:00-19:00", "Africa/Casablanca"),
            ("Wed 18:00-19:00", "Europe/London"),
            [date(2026, 2, 2), date(2026, 2, 16), date(2026, 3, 9), date(2026, 3, 23), date(2026, 3, 30)],
            [0, 2, 2, 0, 2],
        ),
        # Cairo moves on 24 April and 30 October, Kathmandu never.
        (
            ("Wed 14:00-15:00", "Africa/Cairo"),
            ("Wed 17:45-18:45", "Asia/Kathmandu"),
            [date(2026, 4, 13), date(2026, 4, 27), date(2026, 10, 19), date(2026, 11, 2)],
            [2, 0, 0, 2],
        ),
    ],
)
def test_two_zones_have_common_time_only_in_the_weeks_in_which_their_clocks_agree(one, other, mondays, blocks):
    assert [blocks_of(one, other, [monday]) for monday in mondays] == blocks
    assert blocks_of(one, other, mondays) == min(blocks)


def test_common_time_in_week_one_and_none_in_week_three_is_none():
    london, new_york = ("Wed 18:00-19:00", "Europe/London"), ("Wed 13:00-14:00", "America/New_York")
    term = term_mondays(date(2026, 2, 23), 12)
    assert [blocks_of(london, new_york, [monday]) for monday in term[:3]] == [2, 2, 0]
    assert blocks_of(london, new_york, term) == 0


# Common time


def test_a_meeting_may_run_from_sunday_into_monday():
    assert blocks_of((SUNDAY_NIGHT, "UTC"), (SUNDAY_NIGHT, "UTC"), [date(2026, 1, 12)], 120) == 1


def test_monday_morning_far_in_the_east_is_sunday_in_utc():
    assert utc_hours("Mon 07:00-09:00", "Pacific/Auckland", date(2026, 1, 12)) == "Sun 18:00-20:00"
    assert utc_hours("Sun 22:00-24:00", "America/New_York", date(2026, 1, 12)) == "Mon 03:00-05:00"


def test_meetings_do_not_bridge_a_gap():
    gap = "Mon 18:00-18:45; Mon 19:00-19:45"
    assert blocks_of((gap, "UTC"), (gap, "UTC"), [date(2026, 1, 12)], 60) == 0
    assert blocks_of((gap, "UTC"), (gap, "UTC"), [date(2026, 1, 12)], 45) == 2


@pytest.mark.parametrize("block_quarters", [1, 2, 3, 5, 7, 95, 96])
def test_who_is_always_free_has_as_many_blocks_as_fit_into_a_week(block_quarters):
    week = np.full((1, 84), 255, dtype=np.uint8)
    assert blocks_in(week, block_quarters).tolist() == [QUARTERS // block_quarters]


def weeks_of_windows():
    start = st.one_of(st.integers(0, QUARTERS - 1), st.sampled_from([0, 8, 620, 664, 671]))
    window = st.builds(lambda start, length: Window(start, start + length), start, st.integers(1, 130))
    return st.lists(window, max_size=5)


@settings(max_examples=60)
@given(
    zones=st.tuples(st.sampled_from([*ZONES, "UTC", "Pacific/Auckland"]), st.sampled_from(ZONES)),
    windows=st.tuples(weeks_of_windows(), weeks_of_windows()),
    days=st.lists(
        st.one_of(st.sampled_from([day for _, day, *_ in CLOCK_CHANGES]), st.dates(date(2025, 1, 1), date(2027, 1, 1))),
        min_size=1,
        max_size=2,
    ),
    block_minutes=st.sampled_from([15, 30, 45, 60, 90, 120, 1440]),
)
def test_common_time_is_what_a_loop_over_the_minutes_of_real_weeks_finds(zones, windows, days, block_minutes):
    mondays = [monday_of(day) for day in days]
    each_week = [
        plain.blocks(
            [one and other for one, other in zip(*map(plain.free_minutes, zones, windows, 2 * [monday]), strict=True)],
            block_minutes,
        )
        for monday in mondays
    ]
    found = blocks_of((windows[0], zones[0]), (windows[1], zones[1]), mondays, block_minutes)
    assert found == min(each_week)


def test_blocks_of_rows_and_columns_are_those_of_each_pair():
    texts = ["Mon 18:00-20:00", "Mon 19:00-21:00; Sat 09:00-11:00", "Sat 10:00-12:00", ""]
    mondays = [date(2026, 1, 12), date(2026, 3, 30)]
    free = np.stack([bits_of(text, "Europe/London", mondays) for text in texts], axis=1)
    found = common_blocks(free, free[:, :2], 2)
    pairs = [
        [blocks_of((one, "Europe/London"), (other, "Europe/London"), mondays) for other in texts[:2]] for one in texts
    ]
    assert found.tolist() == pairs
    assert found.dtype == np.int32


# What a person is told


def test_hours_are_told_on_the_readers_own_clock():
    mondays = [date(2026, 1, 12), date(2026, 1, 19)]
    bits = bits_of("Wed 18:00-20:00", "Europe/London", mondays)
    clocks = np.concatenate([wall_clocks(["Asia/Kathmandu"], [monday])[:, 0] for monday in mondays])
    assert local_hours(bits, clocks) == hours("Wed 23:45-01:45")


def test_an_hour_that_one_week_skips_is_still_told_for_the_others():
    term = term_mondays(date(2026, 3, 16), 3)
    clocks = wall_clocks(["Europe/London"], term)[:, 0]
    bits = utc_bits(local_quarters(hours("Sun 00:30-02:30")), clocks)
    assert local_hours(bits, clocks) == hours("Sun 00:30-02:30")
    assert local_hours(bits[1:2], clocks[1:2]) == hours("Sun 00:30-01:00; Sun 02:00-02:30")


@settings(max_examples=40)
@given(weeks_of_windows(), st.sampled_from(ZONES), st.sampled_from(ZONES), st.sampled_from(CLOCK_CHANGES))
def test_every_hour_told_is_free_whenever_the_readers_clock_shows_it(windows, zone, reader, change):
    mondays = [monday_of(change[1]) + timedelta(weeks=weeks) for weeks in (-1, 0, 1)]
    clocks = np.concatenate([wall_clocks([reader], [monday])[:, 0] for monday in mondays])
    bits = bits_of(windows, zone, mondays)
    shown: dict[int, list[bool]] = {}
    for monday, week in zip(mondays, np.unpackbits(bits, axis=-1), strict=True):
        midnight = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
        for quarter in range(QUARTERS):
            local = (midnight + timedelta(minutes=15 * quarter)).astimezone(ZoneInfo(reader))
            place = local.weekday() * 96 + local.hour * 4 + local.minute // 15
            shown.setdefault(place, []).append(bool(week[quarter]))
    told = {place for place, free in shown.items() if all(free)}
    assert set(np.flatnonzero(local_quarters(local_hours(bits, clocks))).tolist()) == told


@pytest.mark.parametrize(("block_quarters", "blocks"), [(2, 336), (5, 134), (25, 26), (96, 7)])
def test_a_week_that_is_free_from_end_to_end_holds_no_more_meetings_than_fit(block_quarters, blocks):
    assert blocks_in(np.full(84, 255, dtype=np.uint8), block_quarters) == blocks
