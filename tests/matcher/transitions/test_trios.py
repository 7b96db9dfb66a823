"""The column of the trio: what one does, two outlive."""

import pytest

from matcher import blocks, changes, groups, leaving, partnerships, people, proposals, rests
from matcher.models import Experience
from matcher.states import (
    Closing,
    Consent,
    Ending,
    MemberState,
    MessageState,
    PartnershipState,
    ProposalState,
    Visibility,
)
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import DAY, SUNDAY


@pytest.fixture
def three(stage):
    return stage.people(3)


@pytest.fixture
def trio(stage, three):
    return stage.together(*three)


def expect_two_go_on(stage, trio, how):
    """The first has gone, the other two stay partners and read a notice without a mail."""
    gone, *others = trio.partners
    assert (trio.state, gone.left_by, gone.left_at) == (PartnershipState.ACTIVE, how, NOW)
    assert trio.present == others
    for partner in others:
        assert stage.kinds(partner.member) == ["started", "two_go_on"]
        assert stage.mails(partner.member) == {"started": MessageState.WAITING}
        assert partner.member.state is MemberState.PARTNERED
    assert stage.kinds(gone.member) == ["started"]
    assert stage.mails(gone.member) == {"started": MessageState.DROPPED}


def test_two_of_three_go_on_while_one_rests_and_the_term_stays(stage, three, trio):
    before = trio.term_ends_on
    rests.rest(stage.session, three[0], NOW)
    assert not partnerships.is_paused(trio, NOW)
    assert [stage.kinds(member)[1:] for member in three] == [[], ["partner_rests"], ["partner_rests"]]
    stage.quiet_nights(NOW.date() + DAY, NOW.date() + 14 * DAY)
    assert (trio.state, trio.term_ends_on) == (PartnershipState.ACTIVE, before)
    assert stage.kinds(three[0]) == ["started", "rest_over"]
    assert "silence" in stage.kinds(three[1])


def test_of_three_the_other_two_stay_when_one_leaves(stage, three, trio):
    leaving.leave(stage.session, three[0], NOW)
    expect_two_go_on(stage, trio, Ending.LEFT)


def test_of_three_the_other_two_stay_when_an_account_is_erased(stage, three, trio):
    leaving.erase(stage.session, three[0].account, NOW)
    expect_two_go_on(stage, trio, Ending.LEFT)


@pytest.mark.parametrize("blocked", [1, 2])
def test_of_three_the_blocker_leaves_and_the_other_two_stay(stage, three, trio, blocked):
    blocks.block(stage.session, three[0].account, three[blocked].account, NOW)
    expect_two_go_on(stage, trio, Ending.BLOCKED)
    assert (Barrier.BLOCKED, None) in stage.between(three[0], three[blocked])


def test_two_yeses_without_a_barrier_start_as_a_pair_after_a_no(stage, three):
    proposal = stage.open(*three)
    proposals.answer(stage.session, proposal, three[0], False, NOW)
    for member in three[1:]:
        assert stage.kinds(member) == ["proposal"]
        proposals.answer(stage.session, proposal, member, True, NOW)
    assert (proposal.state, proposal.told_at) == (ProposalState.ACCEPTED, None)
    assert [member.state for member in three] == [MemberState.PROPOSED, *[MemberState.PARTNERED] * 2]
    stage.night(SUNDAY)
    assert three[0].state is MemberState.WAITING
    assert stage.kinds(three[0]) == ["proposal"]
    assert stage.between(three[0], three[1]) == {(Barrier.DECLINED_BEFORE, None)}


def test_two_yeses_without_a_barrier_start_as_a_pair_without_an_answer(stage, three):
    proposal = stage.open(*three)
    for member in three[1:]:
        proposals.answer(stage.session, proposal, member, True, NOW)
    assert proposal.state is ProposalState.OPEN
    stage.night(SUNDAY)
    assert [member.state for member in three] == [MemberState.WAITING, *[MemberState.PARTNERED] * 2]
    assert stage.between(three[0], three[1]) == {(Barrier.UNANSWERED_RECENTLY, SUNDAY)}


@pytest.mark.parametrize(("third_says_no", "closing"), [(True, Closing.DECLINED), (False, Closing.UNANSWERED)])
def test_two_yeses_with_a_barrier_do_not_start_as_a_pair(stage, three, third_says_no, closing):
    proposal = stage.open(*three)
    three[1].languages = ["Polish"]  # past every question: a change made at this moment
    if third_says_no:
        proposals.answer(stage.session, proposal, three[0], False, NOW)
    for member in three[1:]:
        proposals.answer(stage.session, proposal, member, True, NOW)
    stage.night(SUNDAY)
    assert (proposal.state, proposal.closing) == (ProposalState.CLOSED, closing)
    for member in three[1:]:
        assert member.state is MemberState.WAITING
        assert stage.kinds(member)[-1] == "closed"


def test_a_no_in_a_trio_leaves_the_other_two_free_again_where_they_do_not_both_say_yes(stage, three):
    proposal = stage.open(*three)
    proposals.answer(stage.session, proposal, three[0], False, NOW)
    proposals.answer(stage.session, proposal, three[1], False, NOW)
    assert (proposal.state, proposal.closing) == (ProposalState.CLOSED, Closing.DECLINED)
    stage.night(SUNDAY)
    assert [member.state for member in three] == [MemberState.WAITING] * 3
    assert stage.between(three[1], three[2]) == {(Barrier.DECLINED_BEFORE, None)}


def test_who_said_no_in_a_trio_may_rest_or_leave_without_closing_it_for_the_others(stage, three):
    proposal = stage.open(*three)
    proposals.answer(stage.session, proposal, three[0], False, NOW)
    rests.rest(stage.session, three[0], NOW)
    leaving.leave(stage.session, three[0], NOW)
    assert proposal.state is ProposalState.OPEN
    for member in three[1:]:
        proposals.answer(stage.session, proposal, member, True, NOW)
    assert proposal.state is ProposalState.ACCEPTED


def test_a_changed_zone_leaves_a_trio_and_its_term_as_they_are(stage, three, trio):
    before = trio.term_ends_on
    with changes.changing(stage.session, three[0], NOW):
        three[0].zone = "Asia/Tokyo"
    assert (len(trio.present), trio.term_ends_on) == (3, before)


def test_reasons_of_a_trio_built_on_experiences_vanish_with_their_consent(stage, three):
    for member in three:
        member.experiences.append(Experience(tag="grief", tag_mark="mark", visibility=Visibility.PROPOSED))
        people.agree(stage.session, member, Consent.EXPERIENCES, "in a test", NOW)
    proposal = stage.open(*three, reasons=["You are all free.", "You both know this road: grief."])
    for member in three:
        proposals.answer(stage.session, proposal, member, True, NOW)
    changes.withdraw(stage.session, three[0], Consent.EXPERIENCES, NOW)
    assert (proposal.state, proposal.reasons) == (ProposalState.ACCEPTED, ["You are all free."])


def test_a_changed_policy_leaves_a_trio_untouched(stage, three, trio):
    before = trio.term_ends_on
    groups.change_policy(stage.session, stage.group, {"term_weeks": 4, "least_blocks": 40}, None, "shorter", NOW)
    stage.night(SUNDAY)
    assert (len(trio.present), trio.term_ends_on) == (3, before)


def test_a_coordinator_ends_a_trio_and_every_automatic_text_stops_at_once(stage, three, trio):
    partnerships.end_by_coordinator(stage.session, trio, stage.coordinator, NOW)
    assert (trio.state, trio.ending) == (PartnershipState.ENDED, Ending.COORDINATOR)
    for member in three:
        assert stage.kinds(member) == ["started"]
        assert stage.mails(member) == {"started": MessageState.DROPPED}
        assert (member.state, member.goes_first) == (MemberState.WAITING, False)
        assert member.is_resting(NOW.date() + 900 * DAY)
