"""A local night comes exactly once, whatever the clocks of the group's zone or of the database do.

That a partner's week never comes twice and is never shortened by a change of zone is in tests/matcher/test_weeks.py.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from jobs.nightly import run_night
from matcher.database import reading, sessions_of
from matcher.models import Group, PairingRun
from matcher.nights import night_at
from tests.faults.forks import in_child, night, post, publication
from tests.rows import make_group

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
CHANGES = {
    "Europe/London": [(3, 29), (10, 25)],
    "America/New_York": [(3, 8), (11, 1)],
    "Australia/Lord_Howe": [(4, 4), (10, 3)],
    "America/Santiago": [(4, 5), (9, 6)],
    "Pacific/Apia": [(4, 4), (9, 26)],
    "Africa/Casablanca": [(2, 15), (3, 22)],
    "Asia/Kathmandu": [(3, 29)],
}
"""Zones of both hemispheres, and days of 2026 around which their clocks change, if they do."""
OF_THE_DATABASE = ("now(", "current_timestamp", "current_date", "current_time", "localtime", "clock_timestamp", "'now'")


def calls(zone, days):
    """A call of the job every quarter of an hour for so many days around each change of a zone."""
    for month, day in CHANGES[zone]:
        middle = datetime(2026, month, day, tzinfo=UTC)
        yield [middle - days * DAY + number * QUARTER for number in range(2 * days * 96)]


def nights_run(group, moments, night_at=night_at):
    """The nights that a job would run which is called at these moments, and leaves alone the last one it ran."""
    run = []
    for moment in moments:
        found = night_at(group, moment)
        if not run or found != run[-1]:
            run.append(found)
    return run


def are_each_once(nights):
    return nights == [nights[0] + number * DAY for number in range(len(nights))]


@pytest.mark.parametrize("hour", [time(0), time(1, 30), time(2, 30), time(3, 30), time(23, 45)], ids=str)
@pytest.mark.parametrize("zone", CHANGES)
def test_every_local_night_comes_once_around_every_change(zone, hour):
    group = Group(zone=zone, pairing_hour=hour)
    for moments in calls(zone, days=8):
        nights = nights_run(group, moments)
        assert are_each_once(nights)
        assert len(nights) in (16, 17)


@pytest.mark.parametrize(("zone", "hour"), [("Europe/London", time(1, 30)), ("America/New_York", time(1, 30))])
def test_the_job_itself_runs_every_night_once_over_a_change(engine, zone, hour):
    with sessions_of(engine).begin() as session:
        group = make_group(session, zone=zone, pairing_hour=hour, publishes_at_once=True)
    moments = list(calls(zone, days=1))[0 if zone == "Europe/London" else 1]
    for moment in moments:
        run_night(engine, group, None, lambda moment=moment: moment)
    with reading(engine) as session:
        nights = session.scalars(select(PairingRun.night).order_by(PairingRun.id)).all()
    assert are_each_once(nights)
    assert len(nights) in (2, 3)


def test_no_job_asks_the_database_for_its_clock(copies, folder):
    """So a database whose clock is wrong changes nothing, and needs none that is right."""

    def listening(*jobs):
        def act(engine):
            said = []
            event.listen(engine, "before_cursor_execute", lambda _c, _u, words, *_: said.append(words.lower()))
            for job in jobs:
                job(engine)
            return said

        return act

    with copies() as url:
        said = in_child(url, listening(night, post(folder)))
    with copies("drafts") as url:
        said += in_child(url, listening(publication))
    assert len(said) > 300
    assert [words for words in said if any(each in words for each in OF_THE_DATABASE)] == []


def test_a_night_in_utc_would_be_seen():
    """The sabotage: the date in London is that of Apia's day before, so its nights are not its own."""

    def in_utc(group, moment):
        return night_at(Group(zone="UTC", pairing_hour=group.pairing_hour), moment)

    group = Group(zone="Pacific/Apia", pairing_hour=time(3, 30))
    moments = next(calls("Pacific/Apia", days=2))
    assert nights_run(group, moments) != nights_run(group, moments, in_utc)
    assert all(night_at(group, moment) <= moment.astimezone(ZoneInfo(group.zone)).date() for moment in moments)
    assert not all(in_utc(group, moment) == _newest(group, moment) for moment in moments)
    assert all(night_at(group, moment) == _newest(group, moment) for moment in moments)


def _newest(group, moment):
    """The night that a member would name who looks at the wall clock; said again, plainly."""
    local = moment.astimezone(ZoneInfo(group.zone))
    return local.date() if local.time() >= group.pairing_hour else local.date() - DAY
