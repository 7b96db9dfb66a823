"""Answers, and closings told at one moment in the same words; what each event does stands in transitions/."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from matcher import blocks, changes, leaving, partnerships, proposals, rests
from matcher.errors import StateError
from matcher.models import AuditEvent, Request
from matcher.states import Closing, Consent, MemberState, MessageState, ProposalState
from matcher.vocabulary import Barrier
from tests.rows import NOW, make_proposal, make_run
from tests.stage import DAY, SUNDAY

CAUSES = {
    "no": lambda stage, proposal, one, other: proposals.answer(stage.session, proposal, one, False, NOW),
    "silence": lambda stage, proposal, one, other: None,
    "rest": lambda stage, proposal, one, other: rests.rest(stage.session, one, NOW),
    "leave": lambda stage, proposal, one, other: leaving.leave(stage.session, one, NOW),
    "block": lambda stage, proposal, one, other: blocks.block(stage.session, one.account, other.account, NOW),
    "changed": lambda stage, proposal, one, other: changes.withdraw(stage.session, one, Consent.PAIRING, NOW),
    "coordinator": lambda stage, proposal, one, other: proposals.close_by_coordinator(
        stage.session, proposal, stage.coordinator, NOW
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("says_yes", [True, False])
def test_a_closing_is_told_at_one_moment_in_the_same_words_whatever_the_cause(stage, cause, says_yes):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    CAUSES[cause](stage, proposal, one, other)
    if says_yes:
        proposals.answer(stage.session, proposal, other, True, NOW + DAY)
    stage.night(SUNDAY - DAY)
    before = ["proposal"] if says_yes else ["proposal", "reminder"]
    assert stage.kinds(other) == before
    waiting = {} if says_yes else dict.fromkeys(before, MessageState.WAITING)
    dropped = {"proposal": MessageState.DROPPED} if says_yes else {}
    assert stage.mails(other) == waiting | dropped
    stage.night(SUNDAY)
    told = "closed" if says_yes else "unanswered"
    assert stage.kinds(other) == [*before, told]
    assert stage.told(other)[-1][1] == {"next_pairing": "2026-01-18"}
    assert stage.mails(other) == waiting | dropped | {told: MessageState.WAITING}
    assert other.goes_first is says_yes
    assert other.waiting_since == (NOW.date() if says_yes else SUNDAY)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_pairing_night_before_the_last_answer_is_due_tells_nothing_whatever_the_cause(stage, cause):
    stage.group.answer_days = 5
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    CAUSES[cause](stage, proposal, one, other)
    proposals.answer(stage.session, proposal, other, True, NOW + DAY)
    stage.night(SUNDAY)
    assert (proposal.told_at, stage.kinds(other), other.state) == (None, ["proposal"], MemberState.PROPOSED)
    stage.night(SUNDAY + 3 * DAY)
    assert stage.told(other)[1:] == [("closed", {"next_pairing": "2026-01-21"})]
    assert other.state is MemberState.WAITING


def test_the_last_deadline_counts_where_two_live_in_different_zones(stage):
    (near,) = stage.people(1)
    (far,) = stage.people(1, zone="America/Los_Angeles", windows=[], writing_is_enough=True)
    proposal = stage.open(near, far)
    proposals.answer(stage.session, proposal, far, False, NOW)
    stage.night(SUNDAY)  # Saturday evening in Los Angeles, where one could still have said yes
    assert (proposal.told_at, near.state) == (None, MemberState.PROPOSED)
    stage.night(SUNDAY + 3 * DAY)
    assert near.state is MemberState.WAITING


def test_hosts_are_asked_about_another_third_only_when_the_first_is_told(stage):
    stage.group.answer_days = 5
    *hosts, joins, _ = stage.people(4, welcomes_three=True)
    _, proposal = stage.third(*hosts, joins=joins)
    proposals.answer(stage.session, proposal, joins, False, NOW)
    assert stage.night(SUNDAY).snapshot.open_pairs == ()
    assert len(stage.night(SUNDAY + 3 * DAY).snapshot.open_pairs) == 1


def test_nobody_sees_an_answer_before_all_have_said_yes(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    proposals.answer(stage.session, proposal, one, True, NOW)
    assert (stage.kinds(other), proposal.state) == (["proposal"], ProposalState.OPEN)
    proposals.answer(stage.session, proposal, other, True, NOW)
    assert stage.kinds(one) == stage.kinds(other) == ["proposal", "started"]


def test_an_answer_given_twice_is_one_and_a_second_thought_is_refused(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    proposals.answer(stage.session, proposal, one, True, NOW)
    proposals.answer(stage.session, proposal, one, True, NOW + DAY)
    assert proposal.answers[0].answered_at == NOW
    with pytest.raises(StateError, match="answered already") as problem:
        proposals.answer(stage.session, proposal, one, False, NOW)
    assert problem.value.subject is proposal


def test_an_answer_may_come_until_the_last_minute_on_the_members_own_clock(stage):
    one, other = stage.people(2, zone="Asia/Tokyo", windows=[], writing_is_enough=True)
    proposal = stage.open(one, other)
    last = proposal.answers[0].answer_by
    assert (last.astimezone(UTC).day, last.astimezone(UTC).hour) == (17, 14)
    proposals.answer(stage.session, proposal, one, True, last)
    with pytest.raises(StateError, match="time to answer this proposal is over") as problem:
        proposals.answer(stage.session, proposal, other, True, last + timedelta(seconds=1))
    assert problem.value.subject is proposal


def test_who_withdrew_or_is_no_part_of_it_has_nothing_to_answer(stage):
    one, other, stranger = stage.people(3)
    proposal = stage.open(one, other)
    rests.rest(stage.session, one, NOW)
    for member in (one, stranger):
        with pytest.raises(StateError, match="no proposal here for you"):
            proposals.answer(stage.session, proposal, member, True, NOW)


def test_twice_unanswered_in_a_row_rests_until_back(stage):
    one, other, third = stage.people(3)
    one.goes_first = True
    for night, with_whom in ((SUNDAY, other), (SUNDAY + 7 * DAY, third)):
        proposal = stage.open(one, with_whom) if night == SUNDAY else reopened(stage, one, third)
        proposals.answer(stage.session, proposal, with_whom, True, proposal.opened_at)
        stage.night(night)
        assert (one.goes_first, one.waiting_since) == (False, night)
    assert one.is_resting(SUNDAY + 300 * DAY)
    assert stage.kinds(one) == ["proposal", "unanswered", "proposal", "resting"]
    begun = stage.session.scalars(select(AuditEvent.actor).where(AuditEvent.act == "rest begun")).all()
    assert begun == ["the night"]
    assert (other.unanswered_in_a_row, third.unanswered_in_a_row) == (0, 0)
    rests.come_back(stage.session, one, NOW + 20 * DAY)
    assert (one.unanswered_in_a_row, one.state) == (0, MemberState.WAITING)


def test_who_rests_before_their_silence_in_a_trio_is_told_keeps_the_end_of_their_rest(stage):
    stage.group.answer_days = 2
    silent, *others = stage.people(3)
    silent.unanswered_in_a_row = 1
    proposal = stage.open(silent, *others)
    for member in others:
        proposals.answer(stage.session, proposal, member, True, NOW)
    stage.night(SUNDAY - DAY)
    assert (proposal.state, proposal.told_at) == (ProposalState.ACCEPTED, None)
    rests.rest(stage.session, silent, NOW + 3 * DAY, 10)
    before = stage.kinds(silent)
    stage.night(SUNDAY)
    assert (silent.resting_until, silent.unanswered_in_a_row) == (NOW.date() + 13 * DAY, 1)
    assert (stage.kinds(silent), silent.state) == (before, MemberState.WAITING)


@pytest.mark.parametrize("yes", [True, False])
def test_who_has_answered_gets_no_mail_that_asks_for_it_any_more(stage, yes):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    stage.night(SUNDAY - DAY)
    proposals.answer(stage.session, proposal, one, yes, NOW + 3 * DAY)
    assert stage.mails(one) == dict.fromkeys(["proposal", "reminder"], MessageState.DROPPED)
    assert stage.mails(other) == dict.fromkeys(["proposal", "reminder"], MessageState.WAITING)


@pytest.mark.parametrize("cause", ["rest", "changed", "block"])
def test_who_withdrew_gets_no_mail_about_the_proposal_any_more(stage, cause):
    one, other = stage.people(2)
    CAUSES[cause](stage, stage.open(one, other), one, other)
    assert stage.mails(one) == {"proposal": MessageState.DROPPED}
    assert stage.mails(other) == {"proposal": MessageState.WAITING}


def reopened(stage, *members):
    """A second proposal, of the Wednesday after."""
    run = make_run(stage.session, stage.group, SUNDAY + 3 * DAY)
    draft = make_proposal(stage.session, run, members, state=ProposalState.DRAFT, opened_at=None)
    proposals.open_up(stage.session, draft, NOW + 7 * DAY)
    return draft


@pytest.mark.parametrize(("night", "bars"), [(SUNDAY + 27 * DAY, True), (SUNDAY + 28 * DAY, False)])
def test_unanswered_bars_for_28_days(stage, night, bars):
    one, other = stage.people(2)
    stage.open(one, other)
    stage.night(SUNDAY)
    rests.come_back(stage.session, one, NOW)
    policy = stage.group.policy
    ((barrier, since),) = stage.between(one, other)
    assert barrier is Barrier.UNANSWERED_RECENTLY
    assert ((night - since).days < policy.unanswered_days) is bars


def test_a_rest_after_anothers_silent_no_stops_the_reminder(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    proposals.answer(stage.session, proposal, one, False, NOW)
    rests.rest(stage.session, other, NOW)
    stage.night(SUNDAY - DAY)
    stage.night(SUNDAY)
    assert (proposal.closing, stage.kinds(other)) == (Closing.DECLINED, ["proposal"])
    assert other.unanswered_in_a_row == 0


def test_all_three_say_yes_and_the_newcomer_joins_the_open_pair(stage):
    *hosts, joins = stage.people(3)
    pair, proposal = stage.third(*hosts, joins=joins)
    assert [stage.kinds(host) for host in hosts] == [["started", "third"]] * 2
    for member in (*hosts, joins):
        proposals.answer(stage.session, proposal, member, True, NOW)
    assert {partner.member for partner in pair.present} == {*hosts, joins}
    assert [stage.kinds(host)[-1] for host in hosts] == ["third_joined"] * 2
    assert (pair.is_open_pair, stage.kinds(joins)) == (False, ["proposal", "started"])


@pytest.mark.parametrize("who", [0, 2])
def test_one_no_keeps_the_newcomer_out_and_the_hosts_partners(stage, who):
    three = stage.people(3)
    pair, proposal = stage.third(*three[:2], joins=three[2])
    proposals.answer(stage.session, proposal, three[who], False, NOW)
    assert [stage.kinds(host) for host in three[:2]] == [["started", "third"]] * 2
    stage.night(SUNDAY)
    assert proposal.closing is Closing.DECLINED
    assert len(pair.present) == 2
    assert [stage.kinds(host)[-1] for host in three[:2]] == ["no_third"] * 2
    assert "no_third" not in stage.mails(three[0])
    assert three[2].state is MemberState.WAITING


def test_two_hosts_without_the_newcomers_answer_stay_two(stage):
    *hosts, joins = stage.people(3)
    pair, proposal = stage.third(*hosts, joins=joins)
    for host in hosts:
        proposals.answer(stage.session, proposal, host, True, NOW)
    stage.night(SUNDAY)
    assert (proposal.closing, len(pair.present)) == (Closing.UNANSWERED, 2)
    assert stage.between(hosts[0], hosts[1]) == set()
    assert stage.between(hosts[0], joins) == {(Barrier.UNANSWERED_RECENTLY, SUNDAY)}


@pytest.mark.parametrize("how", ["taken back", "coordinator"])
def test_a_pair_that_is_not_open_any_more_hears_nothing_more_of_a_third(stage, how):
    *hosts, joins = stage.people(3)
    pair, proposal = stage.third(*hosts, joins=joins)
    if how == "taken back":
        partnerships.welcome_third(stage.session, hosts[0], NOW, welcome=False)
    else:
        partnerships.end_by_coordinator(stage.session, pair, stage.coordinator, NOW)
    assert proposal.state is ProposalState.CLOSED
    stage.night(SUNDAY - DAY)
    stage.night(SUNDAY)
    assert [stage.kinds(host) for host in hosts] == [["started", "third"]] * 2
    assert stage.mails(hosts[1])["third"] is MessageState.DROPPED
    assert stage.kinds(joins) == ["proposal", "reminder", "unanswered"]


def test_who_asked_for_each_other_after_parting_may_meet_again_and_a_draft_of_a_third_is_dropped(stage):
    *hosts, _ = stage.people(3, welcomes_three=True)
    pair = stage.together(*hosts)
    for host in hosts:
        partnerships.welcome_third(stage.session, host, NOW - 2 * DAY)
    stage.night(SUNDAY)
    partnerships.end_together(stage.session, hosts[0], NOW + 4 * DAY)
    for one, other in (hosts, hosts[::-1]):
        stage.session.add(Request(member_id=one.id, asked_id=other.id, made_at=NOW))
    opened = stage.publish(NOW + 4 * DAY)
    assert all(each.partnership_id is None for each in opened)
    assert pair.ended_at


def test_a_proposal_with_time_to_answer_stays_open_over_a_pairing_night(stage):
    stage.group.answer_days = 9
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    stage.night(SUNDAY)
    assert (proposal.state, proposal.told_at, stage.kinds(one)) == (ProposalState.OPEN, None, ["proposal"])


def test_only_a_draft_is_dropped(stage):
    proposal = stage.open(*stage.people(2))
    proposals.drop(proposal, Closing.SUPERSEDED, NOW)
    assert (proposal.state, proposal.closing) == (ProposalState.OPEN, None)


def test_reasons_stay_where_a_barrier_leaves_none_to_say(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other, reasons=["You are both free."])
    one.languages = ["Polish"]
    proposals.explain_again(stage.session, one, NOW)
    assert proposal.reasons == ["You are both free."]


@pytest.mark.parametrize("then", ["nothing", "rest", "leave", "block"])
def test_of_three_who_said_no_may_do_anything_and_the_other_two_go_on(stage, then):
    one, other, third = stage.people(3, welcomes_three=True)
    proposal = stage.open(one, other, third)
    proposals.answer(stage.session, proposal, third, False, NOW)
    {"nothing": lambda *_: None, **CAUSES}[then](stage, proposal, third, one)
    stage.look(NOW)
    for member in (one, other):
        proposals.answer(stage.session, proposal, member, True, NOW + DAY)
    stage.look(NOW + DAY)
    assert [member.state for member in (one, other)] == [MemberState.PARTNERED] * 2
    stage.night(SUNDAY)
    assert third.state is (MemberState.LEFT if then == "leave" else MemberState.WAITING)


def test_of_three_who_said_nothing_keeps_their_place_until_it_is_told_though_two_go_on(stage):
    *two, silent = stage.people(3, welcomes_three=True)
    (far,) = stage.people(1, zone="America/Los_Angeles")
    stage.open(silent, far)  # nothing is told before the last of them could have answered
    proposal = stage.open(*two, stage.people(1, zone="America/Los_Angeles", welcomes_three=True)[0])
    for member in two:
        proposals.answer(stage.session, proposal, member, True, NOW)
    stage.night(SUNDAY)
    stage.look(NOW + 5 * DAY)
    stage.night(SUNDAY + DAY)
    assert (proposal.state, proposal.told_at) == (ProposalState.ACCEPTED, None)
    stage.night(SUNDAY + 3 * DAY)
    assert proposal.told_at
