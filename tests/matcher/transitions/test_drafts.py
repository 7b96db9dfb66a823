"""The column of the draft: what happened since the night is seen when its drafts go out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import blocks, changes, groups, leaving, people, proposals, rests
from matcher.errors import StateError
from matcher.models import Experience, Proposal
from matcher.states import Closing, Consent, ProposalState, Visibility
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import SUNDAY, WEDNESDAY, in_one


@pytest.fixture
def three(stage):
    """Two who have a draft since last night, and one who is alone and would fit either."""
    one, other = stage.people(2, waiting_since=NOW.date() - timedelta(days=9))
    (alone,) = stage.people(1)
    stage.night(WEDNESDAY)
    return one, other, alone


def drafts(stage):
    return stage.session.scalars(select(Proposal).where(Proposal.state == ProposalState.DRAFT)).all()


def expect_dropped_and_solved_again(stage, three):
    """The draft of the first two does not go out, nobody hears of it, and the other has the one who was alone."""
    one, other, alone = three
    (draft,) = drafts(stage)
    assert in_one(draft) == {one, other}
    (opened,) = stage.publish()
    assert in_one(opened) == {other, alone}
    assert (draft.state, draft.closing) == (ProposalState.CLOSED, Closing.DROPPED)
    assert stage.told(one) == []
    assert stage.kinds(other) == stage.kinds(alone) == ["proposal"]


def test_a_rest_drops_a_draft_and_the_rest_is_solved_again(stage, three):
    rests.rest(stage.session, three[0], NOW)
    expect_dropped_and_solved_again(stage, three)
    assert stage.between(three[1], three[2]) == set()


def test_leaving_drops_a_draft(stage, three):
    leaving.leave(stage.session, three[0], NOW)
    expect_dropped_and_solved_again(stage, three)


def test_an_erased_account_drops_a_draft(stage, three):
    leaving.erase(stage.session, three[0].account, NOW)
    expect_dropped_and_solved_again(stage, three)


def test_a_block_drops_a_draft_and_bars_for_ever(stage, three):
    one, other, _ = three
    blocks.block(stage.session, one.account, other.account, NOW)
    (opened,) = stage.publish()
    assert not {one, other} <= in_one(opened)
    assert stage.between(one, other) == {(Barrier.BLOCKED, None)}


def test_nobody_can_say_no_to_a_draft(stage, three):
    (draft,) = drafts(stage)
    with pytest.raises(StateError, match="no proposal here for you to answer") as problem:
        proposals.answer(stage.session, draft, three[0], False, NOW)
    assert problem.value.subject is draft


def test_the_newest_profile_counts_at_publishing(stage, three):
    one, other, _ = three
    for member in (one, other):
        with changes.changing(stage.session, member, NOW):
            member.windows = [[0, 18 * 60, 22 * 60]]
    (opened,) = stage.publish()
    assert in_one(opened) == {one, other}
    assert opened.overlap_minutes == 240


def test_a_new_barrier_drops_a_draft(stage, three):
    with changes.changing(stage.session, three[0], NOW):
        three[0].languages = ["Polish"]
    _, other, alone = three
    (opened,) = stage.publish()
    assert in_one(opened) == {other, alone}
    assert stage.kinds(three[0]) == ["alone"]


def test_experiences_are_not_used_in_a_draft_after_their_consent_is_withdrawn(stage):
    one, other = stage.people(2)
    for member in (one, other):
        lived = Experience(tag="grief", tag_mark=member.public_id, visibility=Visibility.PROPOSED)
        member.experiences.append(lived)
        people.agree(stage.session, member, Consent.EXPERIENCES, "in a test", NOW)
    stage.night(WEDNESDAY)
    (draft,) = drafts(stage)
    assert any("grief" in reason for reason in draft.reasons)
    changes.withdraw(stage.session, one, Consent.EXPERIENCES, NOW)
    (opened,) = stage.publish()
    assert opened is draft
    assert not any("grief" in reason for reason in opened.reasons)
    assert "experience" not in {term for term, points in opened.points_by_term.items() if points}


def test_without_a_yes_to_being_paired_a_draft_is_dropped(stage, three):
    changes.withdraw(stage.session, three[0], Consent.PAIRING, NOW)
    expect_dropped_and_solved_again(stage, three)


def test_a_changed_policy_waits_for_the_next_pairing_night(stage, three):
    groups.change_policy(stage.session, stage.group, {"least_blocks": 40}, None, "more time", NOW)
    (opened,) = stage.publish()
    assert in_one(opened) == set(three[:2])
    leaving.leave(stage.session, three[0], NOW)
    stage.night(SUNDAY)
    assert drafts(stage) == []


def test_no_coordinator_closes_a_draft_as_if_it_were_open(stage, three):
    (draft,) = drafts(stage)
    with pytest.raises(StateError, match="nothing to close") as problem:
        proposals.close_by_coordinator(stage.session, draft, stage.coordinator, NOW)
    assert problem.value.subject is draft
    assert draft.state is ProposalState.DRAFT
