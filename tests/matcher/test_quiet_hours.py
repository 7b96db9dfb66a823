from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher import accounts, invitations, leaving, outbox
from matcher.models import Coordinator, Invitation, Message
from matcher.quiet_hours import QuietHours, quiet_hours_for, quiet_hours_of
from matcher.zones import zone_of
from tests.rows import NOW, make_account, make_group, make_member

QUARTERS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@pytest.mark.parametrize(
    ("hour", "then"),
    [((15, 7), (15, 8)), ((15, 8), (15, 8)), ((15, 20), (15, 20)), ((15, 21), (16, 8)), ((15, 23), (16, 8))],
)
def test_quiet_hours_end_at_eight_on_the_readers_clock(hour, then):
    now, later = (datetime(2026, 1, *each, tzinfo=UTC) for each in (hour, then))
    assert QuietHours("Europe/London").after(now) == later
    assert QuietHours("").after(now) == later


@pytest.mark.parametrize(("hour", "then"), [((12, 59), (12, 59)), ((13, 0), (15, 30)), ((15, 30), (15, 30))])
def test_quiet_hours_may_lie_within_one_day(hour, then):
    now, later = (datetime(2026, 1, 15, *each, tzinfo=UTC) for each in (hour, then))
    assert QuietHours("Europe/London", time(13), time(15, 30)).after(now) == later


@pytest.mark.parametrize("hour", [0, 7, 8, 22])
def test_equal_hours_are_no_quiet_hours(hour):
    now = datetime(2026, 1, 15, hour, tzinfo=UTC)
    assert QuietHours("Europe/London", time(8), time(8)).after(now) == now


def test_an_hour_that_comes_twice_ends_the_quiet_hours_where_it_is_now():
    again = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)  # 1:05 in London for the second time
    ends = QuietHours("Europe/London", time(21), time(1, 30)).after(again)
    assert ends.astimezone(UTC) == again + timedelta(minutes=25)


@given(
    begin=QUARTERS,
    end=QUARTERS,
    minutes=st.integers(0, 366 * 24 * 60),
    zone=st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
)
def test_it_is_never_put_off_into_the_past_nor_for_more_than_a_day(begin, end, minutes, zone):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    then = QuietHours(zone, begin, end).after(now).astimezone(UTC)
    assert now <= then <= now + timedelta(hours=25)
    assert then == now or then.astimezone(zone_of(zone)).time() == end or is_skipped(zone, then, end)


def is_skipped(zone, moment, hour):
    """Whether the clock jumps over this hour on this day."""
    local = datetime.combine(moment.astimezone(zone_of(zone)).date(), hour, zone_of(zone))
    return local.astimezone(UTC).astimezone(zone_of(zone)).time() != hour


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


def test_a_member_sleeps_when_they_said(session):
    hours = {"zone": "Asia/Tokyo", "quiet_from": time(23), "quiet_until": time(6, 15)}
    member = make_member(session, make_group(session), **hours)
    assert quiet_hours_of(session, member.account_id, member.id) == QuietHours("Asia/Tokyo", time(23), time(6, 15))
    member.zone = ""
    assert quiet_hours_of(session, member.account_id, member.id).zone == "UTC"


def test_what_an_account_is_told_by_itself_waits_as_its_first_member_sleeps(session):
    account = make_account(session)
    first, second = (
        make_member(session, make_group(session), account=account, zone=zone, quiet_until=time(9))
        for zone in ("Asia/Tokyo", "Asia/Seoul")
    )
    assert quiet_hours_of(session, account.id, None) == QuietHours("Asia/Tokyo", time(21), time(9))
    leaving.leave(session, first, NOW)
    assert quiet_hours_of(session, account.id, None) == QuietHours("Asia/Seoul", time(21), time(9))
    second.zone = ""
    assert quiet_hours_of(session, account.id, None) == QuietHours("UTC")


def test_a_coordinator_sleeps_by_the_clock_of_their_group(session):
    group, account = make_group(session, zone="Australia/Sydney"), make_account(session)
    make_member(session, group, account=account, quiet_from=time(1), quiet_until=time(2))
    session.add(Coordinator(group_id=group.id, account_id=account.id))
    assert quiet_hours_of(session, account.id, None) == QuietHours("Australia/Sydney")


def test_who_is_invited_sleeps_by_the_clock_of_the_group(session):
    invitations.send(session, make_group(session, zone="Australia/Sydney"), NOW, "ada@example.org", "a test")
    assert quiet_hours_for(session, newest_message(session)) == QuietHours("Australia/Sydney")


def test_who_is_invited_to_make_a_group_sleeps_by_no_clock_of_one(session):
    invitations.send(session, None, NOW, "ada@example.org", "a test")
    assert session.scalars(select(Invitation.group_id)).all() == [None]
    assert quiet_hours_for(session, newest_message(session)) == QuietHours("UTC")


def test_any_other_message_waits_as_its_reader_sleeps(session):
    member = make_member(session, make_group(session), zone="Asia/Tokyo", quiet_from=time(23))
    outbox.tell(session, member, "resting", "rest:1", NOW)
    assert quiet_hours_for(session, newest_message(session)) == QuietHours("Asia/Tokyo", time(23), time(8))
    accounts.ask_for_reset(session, member.account.address, NOW)
    assert quiet_hours_for(session, newest_message(session)) == QuietHours("Asia/Tokyo", time(23), time(8))


def newest_message(session):
    return session.scalars(select(Message).order_by(Message.id.desc())).first()


def test_hours_are_the_same_for_whoever_chose_none(session):
    member = make_member(session, make_group(session))
    session.expire_all()
    assert (member.quiet_from, member.quiet_until, member.mails_off) == (time(21), time(8), [])
