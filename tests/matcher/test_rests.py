from datetime import timedelta

import pytest

from matcher import farewell, leaving, partnerships, rests
from matcher.errors import StateError
from matcher.states import MemberState, MessageState
from tests.rows import NOW
from tests.stage import DAY, SUNDAY


@pytest.mark.parametrize("days", [1, 56])
def test_a_rest_lasts_1_to_56_days_and_ends_by_itself(stage, days):
    (member,) = stage.people(1)
    rests.rest(stage.session, member, NOW, days)
    assert member.is_resting(NOW.date() + (days - 1) * DAY)
    assert not member.is_resting(NOW.date() + days * DAY)


@pytest.mark.parametrize("days", [0, 57])
def test_a_rest_of_no_day_or_of_more_than_eight_weeks_is_refused(stage, days):
    (member,) = stage.people(1)
    with pytest.raises(StateError, match=r"^A rest lasts 1 to 56 days\.") as problem:
        rests.rest(stage.session, member, NOW, days)
    assert problem.value.subject is member


def test_a_rest_of_a_former_member_is_refused(stage):
    (member,) = stage.people(1)
    leaving.leave(stage.session, member, NOW)
    with pytest.raises(StateError, match="left this group") as problem:
        rests.rest(stage.session, member, NOW)
    assert problem.value.subject is member


@pytest.mark.parametrize("change", [rests.rest, rests.come_back])
def test_who_is_to_be_forgotten_rests_until_then(stage, change):
    (member,) = stage.people(1)
    farewell.ask_to_be_forgotten(stage.session, member.account, NOW)
    with pytest.raises(StateError, match=r"To stay, keep your account\.") as problem:
        change(stage.session, member, NOW + DAY)
    assert (problem.value.subject, member.is_resting(NOW.date() + 100 * DAY)) == (member, True)


def test_a_longer_rest_is_told_once(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    rests.rest(stage.session, one, NOW)
    rests.rest(stage.session, one, NOW + DAY, 20)
    assert stage.kinds(other) == ["started", "partner_rests"]
    assert (one.resting_from, one.resting_until) == (NOW.date(), NOW.date() + 21 * DAY)


def test_days_of_rest_do_not_count_as_waiting(stage):
    (member,) = stage.people(1)
    rests.rest(stage.session, member, NOW)
    rests.come_back(stage.session, member, NOW + 5 * DAY)
    assert member.waiting_since == NOW.date() + 5 * DAY
    rests.come_back(stage.session, member, NOW + 9 * DAY)
    assert member.waiting_since == NOW.date() + 5 * DAY


def test_whose_partnership_ends_in_a_rest_waits_from_their_return(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    rests.rest(stage.session, one, NOW, 40)
    partnerships.end_alone(stage.session, other, NOW + 10 * DAY)
    assert (one.state, one.waiting_since) == (MemberState.WAITING, None)
    rests.come_back(stage.session, one, NOW + 15 * DAY)
    assert one.waiting_since == NOW.date() + 15 * DAY


def test_two_rests_at_once_let_the_term_grow_once(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    before = pair.term_ends_on
    rests.rest(stage.session, one, NOW, 30)
    rests.rest(stage.session, other, NOW + 4 * DAY, 30)
    rests.come_back(stage.session, one, NOW + 10 * DAY)
    assert pair.term_ends_on == before + 4 * DAY
    rests.come_back(stage.session, other, NOW + 12 * DAY)
    assert pair.term_ends_on == before + 12 * DAY


def test_a_rest_that_is_over_is_told_once(stage):
    (member,) = stage.people(1)
    rests.rest(stage.session, member, NOW, 3)
    stage.quiet_nights(SUNDAY - DAY, SUNDAY + 2 * DAY)
    assert stage.kinds(member).count("rest_over") == 1


@pytest.mark.uncounted
@pytest.mark.parametrize("other_days", [10, 6, 30])
def test_two_rests_begun_on_the_same_day_let_the_term_grow_once(stage, other_days):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    before = pair.term_ends_on
    rests.rest(stage.session, one, NOW, 10)
    rests.rest(stage.session, other, NOW, other_days)
    stage.quiet_nights(NOW.date() + DAY, NOW.date() + 31 * DAY)
    assert pair.term_ends_on == before + max(10, other_days) * DAY


def test_a_second_rest_before_the_night_has_ended_the_first_loses_none_of_it(stage):
    one, other, alone = stage.people(3)
    pair = stage.together(one, other)
    before = pair.term_ends_on
    one_o_clock = NOW + 14 * DAY - timedelta(hours=11)
    for member in (one, alone):
        rests.rest(stage.session, member, NOW, 14)
        rests.rest(stage.session, member, one_o_clock, 14)
    stage.night(NOW.date() + 28 * DAY)
    assert pair.term_ends_on == before + 28 * DAY
    assert alone.waiting_since == NOW.date() + 28 * DAY
    assert stage.kinds(other) == ["started", "partner_rests", "partner_rests"]


def test_of_three_each_rest_is_told_also_where_two_begin_on_one_day(stage):
    *two, third = stage.people(3)
    stage.together(*two, third)
    for member in two:
        rests.rest(stage.session, member, NOW, 5)
    assert stage.kinds(third) == ["started", "partner_rests", "partner_rests"]


def test_a_rest_ends_on_the_members_own_clock_and_until_then_they_rest_in_all_a_night_does(stage):
    one, other, alone = stage.people(3, zone="America/Los_Angeles")
    stage.together(one, other)
    for member in (one, alone):
        rests.rest(stage.session, member, NOW, 28)
    night = NOW.date() + 28 * DAY  # in Los Angeles its half past three is the evening of the day before
    assert (stage.night(night).snapshot.people, stage.kinds(one), stage.kinds(alone)) == ((), ["started"], [])
    stage.night(night + DAY)
    assert (stage.kinds(one), stage.kinds(alone)) == (["started", "rest_over"], ["rest_over"])
    assert alone.waiting_since == night


def test_who_is_back_before_the_morning_reads_of_no_rest_nor_do_their_partners(stage):
    quiet, stays = stage.people(2)
    pair = stage.together(quiet, stays, now=NOW - 30 * DAY)
    for partner in pair.partners:
        partner.last_sign_at = NOW - (22 if partner.member is quiet else 1) * DAY
    stage.night(NOW.date())
    assert (stage.mails(quiet)["resting"], stage.mails(stays)["quiet_stayed"]) == (MessageState.WAITING,) * 2
    rests.come_back(stage.session, quiet, NOW)
    assert (stage.mails(quiet)["resting"], stage.mails(stays)["quiet_stayed"]) == (MessageState.DROPPED,) * 2


def test_a_rest_that_is_over_before_its_mail_went_out_is_mailed_to_nobody(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    rests.rest(stage.session, one, NOW)
    rests.come_back(stage.session, one, NOW + DAY)
    assert stage.mails(other)["partner_rests"] is MessageState.DROPPED
