import pytest
from sqlalchemy import func, select

from matcher import blocks
from matcher.errors import StateError
from matcher.models import AuditEvent, Block, Member
from matcher.states import MemberState, ProposalState
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import Stage


def test_a_block_holds_in_both_groups_and_neither_learns_of_the_other(session, stage):
    elsewhere = Stage(session)
    here = stage.people(2)
    there = [elsewhere.people(1, account=each.account)[0] for each in here]
    pair, proposal = stage.together(*here), elsewhere.open(*there)
    blocks.block(session, here[0].account, here[1].account, NOW)
    assert (pair.ended_at, proposal.closed_at) == (NOW, NOW)
    assert stage.between(*here) == {(Barrier.BLOCKED, None)}
    assert (Barrier.BLOCKED, None) in elsewhere.between(*there)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "block")).one()
    assert (event.group_id, event.values) == (None, {})
    assert {each.state for each in here} == {MemberState.WAITING}


def test_a_block_leaves_what_is_with_others_alone(stage):
    one, partner, asked, blocked = stage.people(4)
    pair = stage.together(one, partner)
    proposal = stage.open(asked, blocked)
    blocks.block(stage.session, one.account, blocked.account, NOW)
    blocks.block(stage.session, asked.account, one.account, NOW)
    assert (pair.ended_at, proposal.state) == (None, ProposalState.OPEN)


def test_a_block_is_safe_to_repeat(stage):
    one, other = stage.people(2)
    for _ in range(2):
        blocks.block(stage.session, one.account, other.account, NOW)
    assert stage.session.scalar(select(func.count(Block.id))) == 1


def test_somebody_who_is_no_member_here_can_be_blocked_before_they_come(session, stage):
    elsewhere = Stage(session)
    (one,), (other,) = stage.people(1), elsewhere.people(1)
    blocks.block(session, one.account, other.account, NOW)
    (came,) = stage.people(1, account=other.account)
    assert isinstance(came, Member)
    assert stage.between(one, came) == {(Barrier.BLOCKED, None)}


def test_nobody_blocks_themselves(stage):
    (one,) = stage.people(1)
    with pytest.raises(StateError, match=r"^You cannot block yourself\.$") as problem:
        blocks.block(stage.session, one.account, one.account, NOW)
    assert problem.value.subject is one.account
