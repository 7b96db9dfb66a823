"""I3: nobody is proposed to somebody from their past before its time."""

from datetime import timedelta

import pytest

from matcher.invariants.past import POINTS_OF_A_REQUEST, RECENT_PARTNERS_WEEKS, UNANSWERED_DAYS, pairs_new
from matcher.models import Answer, PolicyVersion, Request
from matcher.pairing import Policy
from matcher.states import Closing, Ending, PartnershipState, ProposalState
from matcher.vocabulary import Term
from tests.rows import NOW


def sentences(session):
    session.flush()
    return list(pairs_new(session, NOW))


def both_ask(session, world):
    for one, other in ((world.ada, world.bob), (world.bob, world.ada)):
        session.add(Request(member_id=one.id, asked_id=other.id, made_at=NOW))


def test_the_figures_are_those_of_the_default_policy():
    assert (Policy().recent_partners_weeks, Policy().unanswered_days) == (RECENT_PARTNERS_WEEKS, UNANSWERED_DAYS)
    request = Policy().weights[Term.REQUEST]
    assert (request.each, request.at_most) == (POINTS_OF_A_REQUEST, 2 * POINTS_OF_A_REQUEST)


@pytest.mark.parametrize(
    ("days", "closing", "answers", "red"),
    [
        (400, Closing.DECLINED, (True, False), True),
        (400, Closing.DECLINED, (False, None), True),
        (20, Closing.UNANSWERED, (True, None), True),
        (40, Closing.UNANSWERED, (True, None), False),
        (20, Closing.RESTED, (None, None), False),
    ],
)
def test_a_no_bars_for_good_and_silence_for_a_while(session, world, past_proposal, days, closing, answers, red):
    past_proposal(days, closing, answers)
    assert bool(sentences(session)) == red


def test_a_draft_that_never_went_out_bars_nobody(session, world, past_proposal):
    past_proposal(20, Closing.UNANSWERED, (None, None)).opened_at = None
    assert sentences(session) == []


def test_what_came_after_the_night_gathered_is_nothing_to_it(session, world, past_proposal):
    world.run.gathered_at = NOW - timedelta(days=30)
    past_proposal(20, Closing.DECLINED, (True, False))
    assert sentences(session) == []


@pytest.mark.parametrize(
    ("closing", "answers"), [(Closing.DECLINED, (True, False)), (Closing.UNANSWERED, (True, None))]
)
def test_a_no_or_a_silence_bars_even_if_both_ask(session, world, past_proposal, closing, answers):
    past_proposal(20, closing, answers)
    both_ask(session, world)
    assert sentences(session)


@pytest.mark.parametrize(
    ("request_rules", "points", "red"),
    [({}, 40, True), ({}, 80, False), ({"each": 30}, 60, False), ({"each": 30, "at_most": 30}, 30, False)],
)
def test_requests_that_were_taken_back_later_left_the_points_of_both(session, world, request_rules, points, red):
    rules = {"recent_partners_weeks": "for ever", "weights": {"request": request_rules}}
    session.add(PolicyVersion(group_id=world.group.id, version=1, rules=rules, made_at=NOW))
    world.proposal.points_by_term = {"request": points}
    assert sentences(session), "an open proposal needs the requests themselves"
    over(world.proposal)
    assert bool(sentences(session)) == red


def over(proposal):
    proposal.state, proposal.closed_at = ProposalState.ACCEPTED, NOW + timedelta(days=1)
    for answer in proposal.answers:
        answer.yes = True


def test_of_three_nobody_can_tell_later_which_two_had_asked(session, world):
    world.before.ending = Ending.ALONE
    world.proposal.answers.append(Answer(run_id=world.run.id, member=world.eve))
    assert sentences(session)
    over(world.proposal)
    assert sentences(session) == []


def test_who_was_forgotten_left_nothing_to_judge_by(session, world):
    world.before.ending = Ending.ALONE
    over(world.proposal)
    assert sentences(session)
    world.ada.account.erased_at = NOW
    assert sentences(session) == []


@pytest.mark.parametrize(("days_later", "red_if_both_ask"), [(0, True), (7, False)])
def test_who_left_three_by_a_block_may_meet_the_other_if_both_ask(session, world, days_later, red_if_both_ask):
    first, _ = world.before.partners
    first.left_at, first.left_by = world.before.ended_at - timedelta(days=days_later), Ending.BLOCKED
    assert sentences(session)
    both_ask(session, world)
    assert bool(sentences(session)) == red_if_both_ask


@pytest.mark.parametrize(
    ("ending", "weeks", "red", "red_if_both_ask"),
    [
        (Ending.TERM, 20, True, False),
        (Ending.TERM, 30, False, False),
        (Ending.ALONE, 30, True, False),
        (Ending.LEFT, 30, True, False),
        (Ending.BLOCKED, 30, True, True),
        (Ending.SAFETY, 30, True, True),
    ],
)
def test_partners_meet_again_when_their_ending_allows_it(session, world, ending, weeks, red, red_if_both_ask):
    world.before.ending, world.before.ended_at = ending, NOW - timedelta(weeks=weeks)
    assert bool(sentences(session)) == red
    both_ask(session, world)
    assert bool(sentences(session)) == red_if_both_ask


@pytest.mark.parametrize(("rules", "red"), [({"recent_partners_weeks": "for ever"}, True), ({}, False)])
def test_the_policy_of_the_night_says_how_long(session, world, rules, red):
    session.add(PolicyVersion(group_id=world.group.id, version=1, rules=rules, made_at=NOW))
    assert bool(sentences(session)) == red


def test_who_left_first_decides_and_who_never_sat_together_was_no_partner(session, world):
    first, second = world.before.partners
    first.left_at, first.left_by = world.before.ended_at - timedelta(days=7), Ending.ALONE
    assert "until one ended it" in sentences(session)[0]
    second.joined_at = world.before.ended_at
    assert sentences(session) == []


def test_a_partnership_that_goes_on_is_no_past(session, world):
    world.before.state, world.before.ended_at, world.before.ending = PartnershipState.ACTIVE, None, None
    assert sentences(session) == []
