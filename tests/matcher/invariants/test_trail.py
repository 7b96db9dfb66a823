"""I5 and I6: each act is there once, and so is its event in the audit trail."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from matcher.invariants.trail import acts_once, one_event_each
from matcher.models import AuditEvent
from matcher.states import Closing, PartnershipState, ProposalState, RunState
from tests.matcher.invariants.conftest import add_events
from tests.rows import NOW, make_proposal, make_run


def events(session):
    session.flush()
    return list(one_event_each(session, NOW))


@pytest.mark.parametrize("table", ["answers", "consents"])
def test_an_act_is_there_once(session, world, unbound, table):
    assert list(acts_once(session, NOW)) == []
    unbound(table, f"INSERT INTO {table} SELECT * FROM {table}")
    found = list(acts_once(session, NOW))
    assert found
    assert all(each.startswith(f"{table} has more than one row of ") for each in found)


@pytest.mark.parametrize("act", ["run stored", "proposal opened", "partnership begun", "partnership ended"])
def test_a_change_without_its_event_or_with_two_is_found(session, world, act):
    assert events(session) == []
    (event, *_) = session.query(AuditEvent).filter_by(act=act)
    session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=event.subject))
    assert events(session) == [f"{event.subject} has 2 events {act!r} in the audit trail."]
    session.execute(text("DELETE FROM audit_events WHERE subject = :subject"), {"subject": event.subject})
    assert f"{event.subject} has 0 events {act!r} in the audit trail." in events(session)


def test_a_quiet_night_has_its_event_too(session, world):
    make_run(session, world.group, NOW.date() - timedelta(days=1), state=RunState.QUIET, stored_at=None)
    assert "has 0 events 'run stored'" in events(session)[0]
    add_events(session)
    assert events(session) == []


@pytest.mark.parametrize("state", [ProposalState.ACCEPTED, ProposalState.CLOSED])
def test_an_end_of_a_proposal_has_its_event(session, world, state):
    world.proposal.state, world.proposal.closed_at = state, NOW
    (sentence,) = events(session)
    assert sentence == f"proposals:{world.proposal.public_id} has 0 events 'proposal {state}' in the audit trail."
    add_events(session)
    assert events(session) == []


def test_a_draft_that_came_to_nothing_may_have_an_event_or_none(session, world):
    draft = make_proposal(session, world.run, [], state=ProposalState.DRAFT, opened_at=None)
    draft.close(Closing.SUPERSEDED, NOW)
    assert events(session) == []
    session.add(AuditEvent(at=NOW, actor="a", act="proposal closed", subject=f"proposals:{draft.public_id}"))
    assert events(session) == []


def test_an_event_of_what_did_not_happen_is_found(session, world):
    world.before.state, world.before.ended_at = PartnershipState.ACTIVE, None
    assert "has 1 events 'partnership ended'" in events(session)[0]
