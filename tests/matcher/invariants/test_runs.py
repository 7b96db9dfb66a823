"""I8: the figures of a night are those of its rows."""

import pytest

from matcher.invariants.runs import runs_add_up
from matcher.models import LeftAlone
from matcher.states import ProposalState, RunState
from tests.rows import NOW

STORED = {RunState.DRAFTED, RunState.HELD}


def sentences(session):
    session.flush()
    return list(runs_add_up(session, NOW))


@pytest.mark.parametrize("state", [RunState.DRAFTED, RunState.HELD, RunState.PUBLISHED])
def test_who_waited_is_who_was_proposed_and_who_is_alone(session, world, state):
    world.run.state = state
    world.proposal.state = ProposalState.OPEN if state is RunState.PUBLISHED else ProposalState.DRAFT
    assert sentences(session) == []
    world.run.told = {"waiting": 4}
    (sentence,) = sentences(session)
    assert sentence.endswith("tells of 4 who waited, and has 2 proposed, 1 alone and 0 gone.")


def test_a_night_that_is_not_stored_tells_nothing_yet(session, world):
    world.run.state, world.run.told, world.run.fingerprint = RunState.GATHERED, {}, ""
    world.proposal.state = ProposalState.DRAFT
    assert sentences(session) == []


def test_the_two_of_an_open_pair_did_not_wait(session, world):
    world.proposal.partnership = world.before
    world.proposal.answers[0].joins = True
    world.run.told = {"waiting": 2}
    assert sentences(session) == []


def test_who_was_dropped_from_a_draft_does_not_count(session, world):
    world.proposal.answers[0].dropped = True
    assert "1 proposed, 1 alone and 0 gone" in sentences(session)[0]


def test_nobody_is_proposed_and_alone(session, world):
    barred = {"cause": "competition", "possible_partners": 1, "barriers": {}}
    session.add(LeftAlone(run_id=world.run.id, member=world.ada, **barred))
    world.run.told = {"waiting": 4}
    assert "1 members both proposed and alone" in sentences(session)[0]


def test_a_stored_night_has_its_fingerprint(session, world):
    world.run.fingerprint = ""
    assert sentences(session) == [f"The run {world.run.public_id} has no fingerprint."]


@pytest.mark.parametrize("state", sorted({*RunState} - {RunState.PUBLISHED, *STORED}))
def test_nothing_is_open_before_its_night_went_out(session, world, state):
    world.run.state = state
    assert sentences(session) == [f"The proposal {world.proposal.public_id} is open, and its night is {state}."]


@pytest.mark.parametrize("state", RunState)
def test_a_night_keeps_its_snapshot_until_it_went_out_and_a_quiet_one_has_none(session, world, state):
    world.proposal.state = ProposalState.CLOSED
    world.run.state, world.run.snapshot = state, {"people": [{"id": world.gone.public_id}]}
    kept = state in (RunState.GATHERED, RunState.FAILED, *STORED)
    assert sentences(session) == ([] if kept else [f"The run {world.run.public_id} is {state} and keeps its snapshot."])
