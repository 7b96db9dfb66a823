"""Whoever acts between deciding and storing, or storing and going out, is in nothing that they ruled out."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import partnerships, publishing, runs
from matcher.invariants import broken
from matcher.models import Goal, LeftAlone, Message, Proposal
from matcher.pairing import plan
from matcher.states import MemberState, ProposalState
from tests.faults.acts import KINDS, Deed, wrongly_together
from tests.faults.world import BEGIN, NIGHT
from tests.rows import make_group, make_member

NAMES = ["Ada", "Bob", "Cyd", "Dee", "Eve", "Fay", "Gus", "Hal", "Ivy", "Jon", "Kim", "Leo", "Mia", "Ned"]


@st.composite
def evenings(draw):
    """Members with what they speak and work on, whether two are an open pair, and what people do at two moments."""
    names = NAMES[: draw(st.integers(6, 14))]
    choice = st.tuples(st.sampled_from(["English", "Polish"]), st.sampled_from(["running", "sleep"]), st.booleans())
    told = {name: draw(choice) for name in names}
    two = st.permutations(names).map(lambda order: order[:2])
    deeds = st.builds(lambda kind, pair: Deed(kind, *pair), st.sampled_from(KINDS), two)
    return told, draw(st.booleans()), draw(st.lists(deeds, max_size=3)), draw(st.lists(deeds, max_size=3))


def live_through(connection, told, has_open_pair, before, after):
    """A night with deeds before it is stored and before it goes out; every step is a session of its own."""

    def step(act):
        with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
            return act(session)

    group_id = step(lambda session: fill(session, told, has_open_pair))
    gathered = step(lambda session: runs.open_run(session, group_id, NIGHT, BEGIN))
    assignment = plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)
    for deed in before:
        step(lambda session, deed=deed: deed.do(session, BEGIN))
    assert step(lambda session: runs.store(session, gathered, assignment, BEGIN))
    assert step(lambda session: [*wrongly_together(session, before, (ProposalState.DRAFT,)), *not_free(session)]) == []
    for deed in after:
        step(lambda session, deed=deed: deed.do(session, BEGIN))
    anew = step(lambda session: publishing.prepare(session, gathered.run_id, BEGIN))
    found = anew and (anew, plan(anew.snapshot.candidates(anew.policy), anew.policy))
    assert step(lambda session: publishing.publish(session, gathered.run_id, found, BEGIN))
    assert step(lambda session: [*wrongly_together(session, before + after, (ProposalState.OPEN,))]) == []
    assert step(lambda session: [*told_in_vain(session)]) == []
    assert step(lambda session: broken(session, BEGIN)) == []


def fill(session, told, has_open_pair):
    group = make_group(session, publishes_at_once=True)
    for name, (language, area, welcomes) in told.items():
        ready = {"languages": [language], "goals": [Goal(area=area)], "welcomes_three": welcomes}
        make_member(session, group, name=name, public_id=f"member-{name}", waiting_since=date(2026, 1, 10), **ready)
    if has_open_pair:
        members = runs.people.lock_group(session, group)[:2]
        together = partnerships.begin(session, group, members, 12, BEGIN)
        for partner in together.partners:
            partner.welcomes_third = True
    return group.id


def not_free(session):
    """Who stands in a draft as somebody who waits, or among those left alone, and does not wait."""
    drafts = session.scalars(select(Proposal).where(Proposal.state == ProposalState.DRAFT))
    waiting = [each.member for row in drafts for each in row.answers if each.joins or not row.partnership_id]
    waiting += [each.member for each in session.scalars(select(LeftAlone))]
    for member in waiting:
        if member.state is not MemberState.WAITING or member.is_resting(NIGHT):
            yield f"{member.name} is {member.state}."


def told_in_vain(session):
    """Who is told that nobody was found, and was not waiting any more."""
    for message in session.scalars(select(Message).where(Message.kind == "alone")):
        member = next(each.member for each in session.scalars(select(LeftAlone)) if each.member_id == message.member_id)
        if member.state is not MemberState.WAITING or member.is_resting(NIGHT):
            yield f"{member.name} is {member.state}, and told of being alone."


@pytest.mark.parametrize("times", [20, pytest.param(200, marks=pytest.mark.full)])
def test_what_people_do_between_the_steps_of_a_night_is_kept_to(engine, times):
    lived = []

    @given(evenings())
    @settings(max_examples=times, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def hold(evening):
        with engine.connect() as connection, connection.begin() as everything:
            live_through(connection, *evening)
            everything.rollback()
        lived.append(evening)

    hold()
    assert len(lived) >= times
