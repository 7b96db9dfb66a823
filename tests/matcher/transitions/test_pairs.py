"""The column of the active pair."""

from datetime import date

import pytest
from sqlalchemy import select

from matcher import blocks, changes, groups, leaving, outbox, partnerships, people, proposals, rests
from matcher.errors import StateError
from matcher.models import AuditEvent, Experience, Goal
from matcher.states import Consent, Ending, MemberState, MessageState, PartnershipState, ProposalState, Visibility
from matcher.vocabulary import Barrier
from tests.rows import NOW
from tests.stage import DAY, SUNDAY, in_one

TERM_ENDS_ON = date(2026, 4, 6)


@pytest.fixture
def two(stage):
    return stage.people(2)


@pytest.fixture
def pair(stage, two):
    return stage.together(*two)


def expect_ended(stage, pair, how):
    """Over at once; the other reads the standard text, is free and goes first."""
    gone, other = (partner.member for partner in pair.partners)
    assert (pair.state, pair.ending, pair.ended_at) == (PartnershipState.ENDED, how, NOW)
    assert stage.kinds(gone) == ["started"]
    assert stage.told(other)[1:] == [("ended", {"next_pairing": "2026-01-18"})]
    assert (other.state, other.goes_first, other.waiting_since) == (MemberState.WAITING, True, NOW.date())
    assert stage.mails(other) == {"started": MessageState.DROPPED, "ended": MessageState.WAITING}


def test_a_rest_is_told_to_the_partner_and_the_term_grows_by_it(stage, two, pair):
    rests.rest(stage.session, two[0], NOW)
    assert stage.kinds(two[1]) == ["started", "partner_rests"]
    assert (pair.state, partnerships.is_paused(pair, NOW)) == (PartnershipState.ACTIVE, True)
    assert pair.term_ends_on == TERM_ENDS_ON
    stage.quiet_nights(NOW.date() + DAY, NOW.date() + 13 * DAY)
    assert (stage.kinds(two[0]), stage.kinds(two[1])) == (["started"], ["started", "partner_rests"])
    stage.night(NOW.date() + 14 * DAY)
    assert stage.kinds(two[0]) == ["started", "rest_over"]
    assert (partnerships.is_paused(pair, NOW), pair.term_ends_on) == (False, TERM_ENDS_ON + 14 * DAY)


def test_who_stayed_may_end_a_paused_pair_kindly_and_goes_first(stage, two, pair):
    rests.rest(stage.session, two[0], NOW)
    partnerships.end_alone(stage.session, two[1], NOW)
    assert (pair.ending, two[1].goes_first, two[1].waiting_since) == (Ending.ALONE, True, NOW.date())


def test_who_stayed_with_a_resting_partner_may_become_open_to_a_third(stage, two, pair):
    rests.rest(stage.session, two[0], NOW)
    partnerships.welcome_third(stage.session, two[1], NOW)
    assert [partner.welcomes_third for partner in pair.partners] == [False, True]


def test_a_pair_is_asked_about_a_third_once_who_rests_is_back(stage, two, pair):
    stage.people(1, welcomes_three=True)
    for member in two:
        partnerships.welcome_third(stage.session, member, NOW)
    rests.rest(stage.session, two[0], NOW, 7)
    assert stage.night(SUNDAY).snapshot.open_pairs == ()
    assert len(stage.night(NOW.date() + 7 * DAY).snapshot.open_pairs) == 1


def test_leaving_ends_a_pair_and_own_words_stay_with_their_author(stage, two, pair):
    two[0].goals.append(Goal(area="reading", words="a book a month"))
    leaving.leave(stage.session, two[0], NOW)
    expect_ended(stage, pair, Ending.LEFT)
    assert (two[0].name, two[0].goals[-1].words) == ("former member", "a book a month")


def test_an_erased_account_ends_a_pair(stage, two, pair):
    two[0].goals.append(Goal(area="reading", words="a book a month"))
    leaving.erase(stage.session, two[0].account, NOW)
    expect_ended(stage, pair, Ending.LEFT)
    assert (two[0].name, two[0].goals[-1].words, two[0].account.address) == ("former member", "", None)


def test_a_block_ends_a_pair_at_once_silently_and_queued_mails_die(stage, two, pair):
    blocks.block(stage.session, two[0].account, two[1].account, NOW)
    expect_ended(stage, pair, Ending.BLOCKED)
    assert stage.mails(two[0]) == {"started": MessageState.DROPPED}
    assert stage.between(*two) == {(Barrier.BLOCKED, None)}


def test_nobody_says_no_to_what_is_a_pair_already(stage, two):
    proposal = stage.open(*two)
    for member in two:
        proposals.answer(stage.session, proposal, member, True, NOW)
    with pytest.raises(StateError, match="answered already") as problem:
        proposals.answer(stage.session, proposal, two[0], False, NOW)
    assert (problem.value.subject, two[0].state) == (proposal, MemberState.PARTNERED)


def test_a_changed_zone_leaves_a_pair_and_its_term_as_they_are(stage, two, pair):
    with changes.changing(stage.session, two[0], NOW):
        two[0].zone, two[0].windows = "Asia/Tokyo", [[2, 0, 60]]
    assert (pair.state, pair.term_ends_on) == (PartnershipState.ACTIVE, TERM_ENDS_ON)
    assert two[0].waiting_since is None


def test_reasons_of_a_pair_built_on_experiences_vanish_with_their_consent(stage, two):
    for member in two:
        member.experiences.append(Experience(tag="grief", tag_mark="mark", visibility=Visibility.PROPOSED))
        people.agree(stage.session, member, Consent.EXPERIENCES, "in a test", NOW)
    proposal = stage.open(*two, reasons=["You are both free.", "You both know this road: grief."])
    for member in two:
        proposals.answer(stage.session, proposal, member, True, NOW)
    changes.withdraw(stage.session, two[0], Consent.EXPERIENCES, NOW)
    assert (proposal.state, proposal.reasons) == (ProposalState.ACCEPTED, ["You are both free."])
    assert two[1].state is MemberState.PARTNERED


def test_a_changed_policy_leaves_a_pair_untouched(stage, two, pair):
    groups.change_policy(stage.session, stage.group, {"term_weeks": 4, "least_blocks": 40}, None, "shorter", NOW)
    stage.night(SUNDAY)
    assert (pair.state, pair.term_ends_on) == (PartnershipState.ACTIVE, TERM_ENDS_ON)


def test_after_a_death_nobody_is_proposed_or_written_to_before_they_say_they_are_back(stage, two, pair):
    died, mourns = two
    stage.people(2)
    rests.rest(stage.session, died, NOW, 1)
    outbox.tell(stage.session, died, "rest_over", "rest:queued", NOW)
    partnerships.end_by_coordinator(stage.session, pair, stage.coordinator, NOW)
    before = stage.kinds(died), stage.kinds(mourns)
    stage.night(SUNDAY)
    assert not {died, mourns} & {member for each in stage.publish(NOW + 4 * DAY) for member in in_one(each)}
    assert (stage.kinds(died), stage.kinds(mourns)) == before
    assert set(stage.mails(died).values()) == {MessageState.DROPPED}
    rests.come_back(stage.session, mourns, NOW + 9 * DAY)
    assert (mourns.state, mourns.waiting_since) == (MemberState.WAITING, NOW.date() + 9 * DAY)


def test_a_coordinator_ends_a_pair_and_every_automatic_text_stops_at_once(stage, two, pair):
    rests.rest(stage.session, two[0], NOW)
    partnerships.end_by_coordinator(stage.session, pair, stage.coordinator, NOW)
    assert (pair.ending, pair.automatic_texts_stopped_at) == (Ending.COORDINATOR, NOW)
    stage.quiet_nights(NOW.date() + DAY, NOW.date() + 3 * DAY)
    for member in two:
        assert not {"ended", "silence", "soft_note", "resting"} & set(stage.kinds(member))
        assert (member.is_resting(NOW.date() + 900 * DAY), member.goes_first) == (True, False)
        assert set(stage.mails(member).values()) == {MessageState.DROPPED}
    actor = stage.session.scalar(select(AuditEvent.actor).where(AuditEvent.act == "partnership ended"))
    assert actor == f"accounts:{stage.coordinator.public_id}"
    with pytest.raises(StateError, match="has ended already") as problem:
        partnerships.end_by_coordinator(stage.session, pair, stage.coordinator, NOW)
    assert problem.value.subject is pair
