from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import partnerships, proposals, rests
from matcher.errors import StateError
from matcher.models import AuditEvent, Request
from matcher.states import Ending, MemberState, PartnershipState
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import DAY, SUNDAY


def test_a_term_ends_two_weeks_after_its_last_week_and_its_people_rest_until_back(stage):
    two = stage.people(2)
    pair = stage.together(*two)
    last = pair.term_ends_on + timedelta(weeks=2)
    for partner in pair.partners:
        partner.last_sign_at = NOW + 94 * DAY
    stage.night(last - DAY)
    assert pair.state is PartnershipState.ACTIVE
    stage.night(last)
    assert (pair.state, pair.ending) == (PartnershipState.ENDED, Ending.TERM)
    for member in two:
        assert (member.is_resting(last + 300 * DAY), stage.told(member)[-1]) == (True, ("term_over", {}))
    begun = stage.session.scalars(select(AuditEvent.actor).where(AuditEvent.act == "rest begun")).all()
    assert begun == ["the night"] * 2


def test_a_rest_with_an_end_keeps_it_when_the_term_is_over(stage):
    *two, rests_already = stage.people(3)
    trio = stage.together(*two, rests_already)
    last = trio.term_ends_on + timedelta(weeks=2)
    for partner in trio.partners:
        partner.last_sign_at = NOW + 94 * DAY
    rests.rest(stage.session, rests_already, NOW + 90 * DAY, 20)
    stage.night(last)
    assert trio.state is PartnershipState.ENDED
    assert rests_already.resting_until == NOW.date() + 110 * DAY
    assert [member.resting_until for member in two] == [None, None]


@pytest.mark.parametrize(
    ("present", "resting", "left", "paused"),
    [(2, 0, 0, False), (2, 1, 0, True), (3, 1, 0, False), (3, 2, 0, True), (3, 1, 1, True)],
)
def test_a_partnership_is_paused_while_fewer_than_two_are_active(stage, present, resting, left, paused):
    members = stage.people(present)
    partnership = stage.together(*members)
    for member in members[:resting]:
        rests.rest(stage.session, member, NOW)
    for member in members[resting : resting + left]:
        partnerships.part(stage.session, member, Ending.LEFT, NOW)
    assert partnerships.is_paused(partnership, NOW) is paused


def test_the_term_of_a_paused_pair_does_not_end(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    rests.begin(stage.session, one, NOW, None)
    stage.night(pair.term_ends_on + timedelta(weeks=2))
    assert pair.state is PartnershipState.ACTIVE


@pytest.mark.parametrize(
    ("how", "barrier", "for_ever", "if_both_ask"),
    [
        (Ending.TERM, Barrier.RECENT_PARTNERS, False, True),
        (Ending.TOGETHER, Barrier.RECENT_PARTNERS, False, True),
        (Ending.ALONE, Barrier.RECENT_PARTNERS, True, True),
        (Ending.LEFT, Barrier.RECENT_PARTNERS, True, True),
        (Ending.BLOCKED, Barrier.BLOCKED, True, False),
        (Ending.SAFETY, Barrier.BLOCKED, True, False),
    ],
)
def test_what_an_ending_leaves_between_two(stage, how, barrier, for_ever, if_both_ask):
    one, other = stage.people(2)
    partnerships.end(stage.session, stage.together(one, other), how, NOW)
    assert stage.between(one, other) == {(barrier, None if for_ever else NOW.date())}
    stage.session.add(Request(member_id=one.id, asked_id=other.id, made_at=NOW))
    assert stage.between(one, other)
    stage.session.add(Request(member_id=other.id, asked_id=one.id, made_at=NOW))
    assert (stage.between(one, other) == set()) is if_both_ask


def test_who_ends_alone_is_told_nothing_more_and_does_not_go_first(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    partnerships.end_alone(stage.session, one, NOW)
    assert (pair.ending, one.goes_first, other.goes_first) == (Ending.ALONE, False, True)
    assert (stage.kinds(one), stage.kinds(other)) == (["started"], ["started", "ended"])
    assert one.waiting_since == other.waiting_since == NOW.date()


def test_who_rests_and_ends_alone_does_not_go_first(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    rests.rest(stage.session, one, NOW)
    partnerships.end_alone(stage.session, one, NOW)
    assert (one.goes_first, one.waiting_since, other.goes_first) == (False, None, True)


def test_of_three_one_may_part_and_the_other_two_stay(stage):
    three = stage.people(3)
    trio = stage.together(*three)
    partnerships.end_alone(stage.session, three[0], NOW)
    assert (trio.state, [partner.member for partner in trio.present]) == (PartnershipState.ACTIVE, three[1:])
    assert three[0].state is MemberState.WAITING


def test_partners_who_end_together_are_told_alike(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    partnerships.end_together(stage.session, one, NOW)
    assert pair.ending is Ending.TOGETHER
    assert stage.told(one) == stage.told(other)


@pytest.mark.parametrize("end", [partnerships.end_alone, partnerships.end_together])
def test_without_a_partner_there_is_nothing_to_end(stage, end):
    (member,) = stage.people(1)
    with pytest.raises(StateError, match="no partner at the moment") as problem:
        end(stage.session, member, NOW)
    assert problem.value.subject is member


@pytest.mark.parametrize("count", [1, 3])
def test_only_two_partners_can_welcome_a_third(stage, count):
    members = stage.people(count)
    if count > 1:
        stage.together(*members)
    with pytest.raises(StateError, match="Only two partners") as problem:
        partnerships.welcome_third(stage.session, members[0], NOW)
    assert problem.value.subject is members[0]


def test_nobody_joins_a_pair_that_is_not_open(stage):
    one, other, joins = stage.people(3)
    pair = stage.together(one, other)
    with pytest.raises(StateError, match="not open to a third") as problem:
        partnerships.join(stage.session, pair, joins, NOW)
    assert problem.value.subject is pair


def test_a_group_without_pairing_days_names_no_night(stage):
    one, other = stage.people(2)
    stage.group.pairing_days = []
    stage.together(one, other)
    partnerships.end_alone(stage.session, one, NOW)
    assert stage.told(other)[-1] == ("ended", {"next_pairing": None})


@pytest.mark.parametrize("welcome", [True, False])
def test_the_trail_does_not_tell_who_would_welcome_a_third(stage, welcome):
    pair = stage.together(*stage.people(2))
    partnerships.welcome_third(stage.session, pair.partners[0].member, NOW, welcome=welcome)
    (event,) = stage.session.scalars(select(AuditEvent).where(AuditEvent.act == "third considered"))
    assert (event.actor, event.subject, event.values) == ("member", f"partnerships:{pair.public_id}", {})


def test_who_left_three_may_join_them_again_if_all_ask_and_each_joining_and_leaving_is_told(stage):
    *hosts, third = stage.people(3, welcomes_three=True)
    pair, asked = stage.third(*hosts, joins=third)
    for member in (*hosts, third):
        proposals.answer(stage.session, asked, member, True, NOW)
    partnerships.end_alone(stage.session, third, NOW + DAY)
    everybody = [*hosts, third]
    for one in everybody:
        stage.session.add_all(
            Request(member_id=one.id, asked_id=other.id, made_at=NOW) for other in everybody if other is not one
        )
    for host in hosts:
        partnerships.welcome_third(stage.session, host, NOW + DAY)
    stage.night(SUNDAY)
    (asked_again,) = stage.publish(NOW + 4 * DAY)
    for member in everybody:
        proposals.answer(stage.session, asked_again, member, True, NOW + 5 * DAY)
    assert sorted(partner.member.public_id for partner in pair.present) == sorted(each.public_id for each in everybody)
    assert third.state is MemberState.PARTNERED
    partnerships.end_alone(stage.session, third, NOW + 6 * DAY)
    assert [kind for kind in stage.kinds(hosts[0]) if kind in ("third_joined", "two_go_on")] == [
        "third_joined",
        "two_go_on",
    ] * 2
    assert stage.kinds(third).count("started") == 2
    assert stage.between(hosts[0], third) == set()  # they still ask for each other
