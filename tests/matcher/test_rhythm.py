import pytest
from sqlalchemy import select

from matcher import people, rests
from matcher.models import Coordinator, Notice
from tests.rows import NOW, make_account
from tests.stage import DAY

START = NOW.date()


def coordinators_told(stage, kind):
    found = select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.account_id)
    return list(stage.session.scalars(found))


@pytest.mark.uncounted
def test_silence_has_one_reminder_one_soft_note_and_then_a_coordinators_eye(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    ladder = {}
    for days in range(1, 30):
        people.sign_of_life(stage.session, other, NOW + days * DAY - DAY / 2)
        stage.night(START + days * DAY)
        ladder.setdefault(tuple(stage.kinds(one)[1:]), days)
    assert ladder == {(): 1, ("silence",): 7, ("silence", "soft_note"): 14, ("silence", "soft_note", "resting"): 21}
    assert coordinators_told(stage, "quiet_pair") == [stage.coordinator.id]
    assert (one.resting_from, one.resting_until) == (START + 21 * DAY, None)
    assert stage.told(other)[1:] == [("quiet_stayed", {"next_pairing": "2026-02-08"})]
    rests.come_back(stage.session, one, NOW + 30 * DAY)
    stage.quiet_nights(START + 31 * DAY, START + 36 * DAY)
    assert stage.kinds(one)[4:] == []
    stage.night(START + 37 * DAY)
    assert stage.kinds(one)[4:] == ["silence"]


@pytest.mark.uncounted
def test_nobody_is_reminded_in_a_rest_nor_in_the_pair_it_pauses_and_it_counts_anew(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    stage.quiet_nights(START + DAY, START + 6 * DAY)
    rests.rest(stage.session, one, NOW + 6 * DAY, 30)
    stage.quiet_nights(START + 7 * DAY, START + 42 * DAY)
    assert stage.kinds(one) == ["started", "rest_over"]
    assert stage.kinds(other) == ["started", "partner_rests"]
    stage.night(START + 43 * DAY)
    assert stage.kinds(other)[-1] == stage.kinds(one)[-1] == "silence"


@pytest.mark.uncounted
def test_in_a_trio_one_rests_unreminded_and_the_others_go_on(stage):
    three = stage.people(3)
    stage.together(*three)
    rests.rest(stage.session, three[0], NOW, 20)
    for days in range(1, 21):
        for member in three[1:]:
            people.sign_of_life(stage.session, member, NOW + days * DAY - DAY / 2)
        stage.night(START + days * DAY)
    assert stage.kinds(three[0]) == ["started", "rest_over"]
    assert coordinators_told(stage, "quiet_pair") == []


def together_and_quiet_for(stage, days):
    """Partners for a month, and for how many days there was no sign of each."""
    pair = stage.together(*days, now=NOW - 30 * DAY)
    for partner in pair.partners:
        partner.last_sign_at = NOW - days[partner.member] * DAY


def test_two_who_are_both_quiet_both_rest_and_neither_is_told_that_they_stayed(stage):
    two = stage.people(2)
    together_and_quiet_for(stage, dict(zip(two, (22, 23), strict=True)))
    stage.night(START)
    assert [stage.kinds(member) for member in two] == [["started", "resting"]] * 2
    assert coordinators_told(stage, "quiet_pair") == [stage.coordinator.id]


@pytest.mark.parametrize("days", [(8, 22), (22, 8)])
def test_the_longest_silence_pauses_a_pair_and_the_other_is_not_reminded_in_the_same_night(stage, days):
    two = stage.people(2)
    together_and_quiet_for(stage, dict(zip(two, days, strict=True)))
    stage.night(START)
    longest = days.index(22)
    assert stage.kinds(two[longest]) == ["started", "resting"]
    assert stage.kinds(two[1 - longest]) == ["started", "quiet_stayed"]


@pytest.mark.parametrize("third_rests", [True, False])
def test_of_three_only_who_stays_alone_by_a_silence_is_told_so(stage, third_rests):
    quiet, stays, third = stage.people(3)
    together_and_quiet_for(stage, {quiet: 22, stays: 1, third: 1})
    if third_rests:
        rests.rest(stage.session, third, NOW - 2 * DAY, 20)
    stage.night(START)
    assert stage.kinds(stays)[-1] == ("quiet_stayed" if third_rests else "partner_rests")
    assert stage.kinds(third)[-1] == ("started" if third_rests else "partner_rests")


@pytest.mark.uncounted
def test_who_comes_back_to_a_paused_trio_does_not_find_its_third_quiet_all_the_while(stage):
    *away, stays = stage.people(3)
    stage.together(*away, stays)
    for member in away:
        rests.rest(stage.session, member, NOW, 28)
    stage.quiet_nights(START + DAY, START + 34 * DAY)
    assert not people.rests_at(stays, NOW + 34 * DAY)
    assert stage.kinds(stays) == ["started", "partner_rests", "partner_rests"]
    stage.night(START + 35 * DAY)
    assert stage.kinds(stays)[3:] == ["silence"]


def test_no_coordinator_is_told_of_a_quiet_pair_of_their_own(stage):
    one, other = stage.people(2)
    stage.session.add(Coordinator(group_id=stage.group.id, account=other.account))
    together_and_quiet_for(stage, {one: 22, other: 1})
    stage.night(START)
    assert coordinators_told(stage, "quiet_pair") == [stage.coordinator.id]


def test_no_coordinator_is_told_to_write_to_themselves(stage):
    stage.people(1, account=stage.coordinator)
    stage.quiet_nights(START + 14 * DAY, START + 15 * DAY)
    assert coordinators_told(stage, "promise_due") == []


@pytest.mark.uncounted
def test_the_promise_is_one_task_for_each_coordinator_after_14_nights(stage):
    second = make_account(stage.session)
    stage.session.add(Coordinator(group_id=stage.group.id, account=second))
    (alone,) = stage.people(1)
    stage.quiet_nights(START + DAY, START + 13 * DAY)
    assert coordinators_told(stage, "promise_due") == []
    stage.quiet_nights(START + 14 * DAY, START + 18 * DAY)
    assert coordinators_told(stage, "promise_due") == [stage.coordinator.id, second.id]
    assert alone.waiting_since == START


def test_the_promise_is_about_nobody_who_is_asked_or_rests(stage):
    one, other, resting = stage.people(3, waiting_since=START - 20 * DAY)
    stage.open(one, other)
    rests.rest(stage.session, resting, NOW, 30)
    stage.night(START + DAY)
    assert coordinators_told(stage, "promise_due") == []
