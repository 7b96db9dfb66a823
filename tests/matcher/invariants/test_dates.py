"""I9: nothing is dated outside of what it belongs to, and dates fit states."""

from datetime import timedelta

import pytest

from matcher.invariants.dates import dates_within, in_order
from matcher.states import PartnershipState, ProposalState
from tests.rows import NOW

DAY = timedelta(days=1)


def sentences(session):
    session.flush()
    return list(dates_within(session, NOW))


def test_what_is_missing_is_in_order_with_everything():
    assert in_order(None, NOW, None, NOW, NOW + DAY)
    assert not in_order(NOW, None, NOW - DAY)


@pytest.mark.parametrize(
    ("changes", "red"),
    [
        ({}, False),
        ({"opened_at": None}, True),
        ({"closed_at": NOW + DAY}, True),
        ({"state": ProposalState.DRAFT}, True),
        ({"state": ProposalState.ACCEPTED}, True),
        ({"state": ProposalState.ACCEPTED, "closed_at": NOW + DAY}, False),
        ({"state": ProposalState.CLOSED, "closed_at": NOW - DAY}, True),
        ({"state": ProposalState.CLOSED, "closed_at": NOW, "opened_at": None}, False),
        ({"state": ProposalState.CLOSED, "closed_at": NOW, "told_at": NOW - DAY}, True),
    ],
)
def test_a_proposal_has_the_dates_of_its_state(session, world, changes, red):
    for name, value in changes.items():
        setattr(world.proposal, name, value)
    assert bool(sentences(session)) == red


@pytest.mark.parametrize(("answered_at", "red"), [(NOW - DAY, True), (NOW, False), (NOW + DAY, False)])
def test_an_answer_lies_within_its_proposal(session, world, answered_at, red):
    world.proposal.answers[0].answered_at = answered_at
    assert bool(sentences(session)) == red


def test_an_answer_after_the_end_or_to_a_draft_is_found(session, world):
    world.proposal.answers[0].answered_at = NOW + DAY
    world.proposal.state, world.proposal.closed_at, world.proposal.told_at = ProposalState.CLOSED, NOW, NOW
    assert "while it was not open" in sentences(session)[0]
    world.proposal.opened_at, world.proposal.told_at = None, None
    assert "while it was not open" in sentences(session)[0]


def test_who_cannot_see_that_another_said_no_may_answer_until_all_are_told(session, world):
    world.proposal.answers[0].answered_at = NOW + DAY
    world.proposal.state, world.proposal.closed_at = ProposalState.CLOSED, NOW
    assert sentences(session) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"state": PartnershipState.ENDED},
        {"ended_at": NOW + DAY},
        {"state": PartnershipState.ENDED, "ended_at": NOW - DAY},
        {"term_ends_on": NOW.date() - 14 * DAY},
    ],
)
def test_a_partnership_has_the_dates_of_its_state(session, world, changes):
    for name, value in changes.items():
        setattr(world.partnership, name, value)
    assert "which does not fit its dates" in sentences(session)[0]


@pytest.mark.parametrize("date_of", ["joined_at", "last_sign_at", "left_at"])
def test_a_partner_is_there_while_the_partnership_is(session, world, date_of):
    setattr(world.partnership.partners[0], date_of, NOW - DAY)
    assert sentences(session) == [
        f"Member {world.cyd.public_id} has a date outside of the partnership {world.partnership.public_id}."
    ]
