"""I5 and I6: each act is there once, and so is its event in the audit trail."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from matcher.invariants.trail import acts_once, one_event_each
from matcher.models import AuditEvent, Block, Partner
from matcher.states import Closing, Ending, PartnershipState, ProposalState, RunState
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


def block(session, world):
    session.add(Block(blocker_id=world.ada.account_id, blocked_id=world.cyd.account_id, made_at=NOW))


def leave(session, world):
    world.ada.left_at = NOW
    for given in world.ada.consents:
        given.withdrawn_at = NOW


def erase(session, world):
    world.ada.account.erased_at = NOW


def withdraw(session, world):
    world.ada.consents[0].withdrawn_at = NOW


def rest(session, world):
    world.ada.resting_from = NOW.date()


def part_from_two(session, world):
    partners = world.partnership.partners
    partners.append(Partner(member=world.eve, joined_at=NOW, last_sign_at=NOW, left_at=NOW, left_by=Ending.ALONE))


@pytest.mark.parametrize(
    ("happens", "act", "what"),
    [
        (block, "block", "accounts"),
        (leave, "left", "members"),
        (erase, "erased", "accounts"),
        (withdraw, "consent withdrawn", "members"),
        (rest, "rest begun", "members"),
        (part_from_two, "partner left", "partnerships"),
    ],
)
def test_what_a_person_does_has_its_event(session, world, happens, act, what):
    rows = {"accounts": world.ada.account, "members": world.ada, "partnerships": world.partnership}
    subject = f"{what}:{rows[what].public_id}"
    happens(session, world)
    assert events(session) == [f"{subject} has 0 events {act!r} in the audit trail."]
    session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=subject))
    assert events(session) == []


def test_partners_who_part_because_it_ends_are_in_the_event_of_its_end(session, world):
    for partner in world.before.partners:
        partner.left_at, partner.left_by = world.before.ended_at, Ending.TERM
    assert events(session) == []


def test_a_rest_that_was_ended_needs_another_beginning(session, world):
    rest(session, world)
    subject = f"members:{world.ada.public_id}"
    for act, red in (("rest begun", False), ("rest ended", True), ("rest begun", False), ("rest begun", False)):
        session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=subject))
        assert bool(events(session)) == red
