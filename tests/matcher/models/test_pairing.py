from itertools import product

import pytest

from matcher.errors import StateError
from matcher.models import PairingRun, Proposal
from matcher.states import Closing, ProposalState, RunState
from tests.rows import NOW

ALLOWED = {
    ("gathered", "drafted"),
    ("gathered", "failed"),
    ("gathered", "superseded"),
    ("failed", "gathered"),
    ("failed", "superseded"),
    ("drafted", "held"),
    ("drafted", "published"),
    ("drafted", "superseded"),
    ("held", "drafted"),
    ("held", "published"),
    ("held", "superseded"),
}


@pytest.mark.parametrize(("before", "to"), list(product(RunState, RunState)))
def test_a_night_goes_only_where_it_may(before, to):
    run = PairingRun(night=NOW.date(), state=before)
    if (before, to) in ALLOWED:
        run.move(to)
        assert run.state is to
        return
    with pytest.raises(StateError, match=f"2026-01-14 is {before}; it cannot become {to}") as problem:
        run.move(to)
    assert problem.value.subject is run
    assert run.state is before


@pytest.mark.parametrize("before", ProposalState)
def test_only_a_draft_goes_out(before):
    proposal = Proposal(state=before)
    if before is ProposalState.DRAFT:
        proposal.open(NOW)
        assert (proposal.state, proposal.opened_at) == (ProposalState.OPEN, NOW)
        return
    with pytest.raises(StateError, match="gone out already") as problem:
        proposal.open(NOW)
    assert (problem.value.subject, proposal.state, proposal.opened_at) == (proposal, before, None)


@pytest.mark.parametrize("before", ProposalState)
def test_only_an_open_proposal_is_accepted(before):
    proposal = Proposal(state=before)
    if before is ProposalState.OPEN:
        proposal.accept(NOW)
        assert (proposal.state, proposal.closed_at, proposal.closing) == (ProposalState.ACCEPTED, NOW, None)
        return
    with pytest.raises(StateError, match="is not open") as problem:
        proposal.accept(NOW)
    assert (problem.value.subject, proposal.state, proposal.closed_at) == (proposal, before, None)


@pytest.mark.parametrize("before", ProposalState)
def test_a_proposal_comes_to_nothing_once_at_most(before):
    proposal = Proposal(state=before)
    if before in (ProposalState.DRAFT, ProposalState.OPEN):
        proposal.close(Closing.DECLINED, NOW)
        assert (proposal.state, proposal.closing) == (ProposalState.CLOSED, Closing.DECLINED)
        assert proposal.closed_at == NOW
        assert proposal.told_at is None
        return
    with pytest.raises(StateError, match="found its end already") as problem:
        proposal.close(Closing.DECLINED, NOW)
    assert (problem.value.subject, proposal.state, proposal.closing) == (proposal, before, None)


def test_coordinators_read_points_of_what_both_show_and_one_sum_of_all_the_rest():
    terms = {"common_time": 40, "goal_area": 0, "channel": 10, "support_style": 15, "experience": 15, "request": 40}
    told = Proposal(points_by_term=terms).points_told
    assert told == {"common_time": 40, "goal_area": 0, "channel": 10, "what they keep to themselves": 70}
    assert sum(told.values()) == sum(terms.values())


def test_where_nothing_is_kept_there_is_no_line_for_it():
    assert Proposal(points_by_term={"common_time": 40, "request": 0}).points_told == {"common_time": 40}
