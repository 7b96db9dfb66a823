"""The column of the open proposal: it closes quietly, and leaves between its people what the event says."""

import pytest

from matcher import blocks, changes, groups, leaving, people, proposals, rests
from matcher.errors import StateError, WouldCloseError
from matcher.models import Experience
from matcher.states import Closing, Consent, MemberState, MessageState, ProposalState, Visibility
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import DAY, SUNDAY


@pytest.fixture
def two(stage):
    return stage.people(2)


@pytest.fixture
def proposal(stage, two):
    return stage.open(*two)


def expect_closed(stage, proposal, closing):
    """Closed, and nobody is told before the time to answer is over; then the other, who did not, is free again."""
    assert (proposal.state, proposal.closing, proposal.told_at) == (ProposalState.CLOSED, closing, None)
    other = proposal.answers[1].member
    assert stage.kinds(other) == ["proposal"]
    assert other.state is MemberState.PROPOSED
    stage.night(SUNDAY - DAY)
    assert stage.kinds(other)[-1] == "reminder"
    stage.night(SUNDAY)
    assert stage.told(other)[-1] == ("unanswered", {"next_pairing": "2026-01-18"})
    assert (other.state, other.goes_first, other.waiting_since) == (MemberState.WAITING, False, SUNDAY)


def test_a_rest_closes_an_open_proposal_without_a_bar(stage, two, proposal):
    rests.rest(stage.session, two[0], NOW)
    expect_closed(stage, proposal, Closing.RESTED)
    rests.come_back(stage.session, two[0], NOW + 10 * DAY)
    assert stage.between(*two) == set()
    assert stage.kinds(two[0]) == ["proposal"]


def test_leaving_closes_an_open_proposal(stage, two, proposal):
    leaving.leave(stage.session, two[0], NOW)
    expect_closed(stage, proposal, Closing.LEFT)
    assert (two[0].state, two[0].place, two[0].name) == (MemberState.LEFT, None, "former member")
    assert set(stage.mails(two[0]).values()) == {MessageState.DROPPED}


def test_a_block_closes_an_open_proposal_silently_and_bars_for_ever(stage, two, proposal):
    blocks.block(stage.session, two[0].account, two[1].account, NOW)
    assert stage.mails(two[0]) == {"proposal": MessageState.DROPPED}
    assert stage.mails(two[1]) == {"proposal": MessageState.WAITING}
    expect_closed(stage, proposal, Closing.BLOCKED)
    assert (Barrier.BLOCKED, None) in stage.between(*two)


def test_a_no_sets_the_others_free_and_bars_for_good(stage, two, proposal):
    proposals.answer(stage.session, proposal, two[0], False, NOW, "the hours")
    expect_closed(stage, proposal, Closing.DECLINED)
    assert stage.between(*two) == {(Barrier.DECLINED_BEFORE, None)}
    assert stage.kinds(two[0]) == ["proposal"]
    assert (two[0].state, two[0].goes_first) == (MemberState.WAITING, False)


def test_no_answer_sets_the_others_free_and_bars_for_28_days(stage, two, proposal):
    before = two[1].waiting_since
    proposals.answer(stage.session, proposal, two[1], True, NOW)
    stage.night(SUNDAY - DAY)
    assert (stage.kinds(two[0]), stage.kinds(two[1])) == (["proposal", "reminder"], ["proposal"])
    stage.night(SUNDAY)
    assert (proposal.state, proposal.closing) == (ProposalState.CLOSED, Closing.UNANSWERED)
    assert stage.between(*two) == {(Barrier.UNANSWERED_RECENTLY, SUNDAY)}
    assert (stage.kinds(two[1])[-1], two[1].goes_first) == ("closed", True)
    assert (two[0].waiting_since, two[1].waiting_since) == (SUNDAY, before)


def test_a_changed_profile_is_allowed_and_said_anew(stage, two, proposal):
    for member in two:
        with changes.changing(stage.session, member, NOW):
            member.windows = [[0, 18 * 60, 22 * 60]]
    assert (proposal.state, proposal.overlap_minutes) == (ProposalState.OPEN, 240)


def test_a_changed_zone_that_raises_a_barrier_is_asked_about_first(stage, two, proposal):
    with (
        pytest.raises(WouldCloseError, match=r"^This would close the open proposal\. Save anyway\?$") as problem,
        changes.changing(stage.session, two[0], NOW),
    ):
        two[0].zone = "Asia/Tokyo"
    assert (problem.value.subject, proposal.state) == (two[0], ProposalState.OPEN)
    two[0].zone = "Europe/London"  # as the edge rolls it back
    with changes.changing(stage.session, two[0], NOW, anyway=True):
        two[0].zone = "Asia/Tokyo"
    expect_closed(stage, proposal, Closing.CHANGED)


def test_reasons_built_on_experiences_vanish_when_their_consent_is_withdrawn(stage, two, proposal):
    for member in two:
        member.experiences.append(Experience(tag="grief", tag_mark="mark", visibility=Visibility.PROPOSED))
        with changes.changing(stage.session, member, NOW):
            people.agree(stage.session, member, Consent.EXPERIENCES, "in a test", NOW)
    assert any("grief" in reason for reason in proposal.reasons)
    changes.withdraw(stage.session, two[1], Consent.EXPERIENCES, NOW)
    assert proposal.state is ProposalState.OPEN
    assert proposal.reasons
    assert not any("grief" in reason for reason in proposal.reasons)


def test_without_a_yes_to_being_paired_an_open_proposal_closes(stage, two, proposal):
    changes.withdraw(stage.session, two[0], Consent.PAIRING, NOW)
    expect_closed(stage, proposal, Closing.CHANGED)
    assert (two[0].state, two[0].waiting_since) == (MemberState.NOT_READY, None)


def test_a_changed_policy_leaves_an_open_proposal_untouched(stage, two, proposal):
    groups.change_policy(stage.session, stage.group, {"least_blocks": 40}, None, "more time", NOW)
    with changes.changing(stage.session, two[0], NOW):
        two[0].rhythm = "weekly"
    for member in two:
        proposals.answer(stage.session, proposal, member, True, NOW)
    assert proposal.state is ProposalState.ACCEPTED


def test_a_coordinator_closes_an_open_proposal(stage, two, proposal):
    proposals.close_by_coordinator(stage.session, proposal, stage.coordinator, NOW)
    expect_closed(stage, proposal, Closing.COORDINATOR)
    assert stage.between(*two) == set()
    with pytest.raises(StateError, match="nothing to close"):
        proposals.close_by_coordinator(stage.session, proposal, stage.coordinator, NOW)
