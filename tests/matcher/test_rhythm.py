from sqlalchemy import select

from matcher import people, rests
from matcher.models import Coordinator, Notice
from tests.rows import NOW, make_account
from tests.stage import DAY

START = NOW.date()


def coordinators_told(stage, kind):
    found = select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.account_id)
    return list(stage.session.scalars(found))


def test_silence_has_one_reminder_one_soft_note_and_then_a_coordinators_eye(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    ladder = {}
    for days in range(1, 30):
        people.sign_of_life(stage.session, other, NOW + days * DAY - DAY / 2)
        stage.night(START + days * DAY)
        ladder.setdefault(tuple(stage.kinds(one)[1:]), days)
    assert ladder == {(): 1, ("silence",): 7, ("silence", "soft_note"): 14}
    assert coordinators_told(stage, "quiet_pair") == [stage.coordinator.id]
    assert (one.resting_from, one.resting_until) == (START + 21 * DAY, None)
    assert stage.kinds(other) == ["started", "partner_rests"]
    rests.come_back(stage.session, one, NOW + 30 * DAY)
    stage.quiet_nights(START + 31 * DAY, START + 36 * DAY)
    assert stage.kinds(one)[3:] == []
    stage.night(START + 37 * DAY)
    assert stage.kinds(one)[3:] == ["silence"]


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
