import pytest
from sqlalchemy import select

from matcher import blocks, changes, leaving, people, proposals, publishing, rests
from matcher.errors import WouldCloseError
from matcher.models import Experience, Proposal
from matcher.states import Closing, Consent, MemberState, ProposalState, Visibility
from tests.rows import NOW
from tests.stage import DAY, SUNDAY, WEDNESDAY


def test_who_becomes_ready_by_a_change_starts_to_wait(stage):
    (member,) = stage.people(1, languages=[], waiting_since=None)
    with changes.changing(stage.session, member, NOW):
        member.languages = ["English"]
    assert (member.state, member.waiting_since) == (MemberState.WAITING, NOW.date())


def test_a_change_after_anothers_silent_no_asks_nothing_and_shows_nothing(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    proposals.answer(stage.session, proposal, one, False, NOW)
    with changes.changing(stage.session, other, NOW):
        other.name = "Robin"
    assert (proposal.closing, stage.kinds(other)) == (Closing.DECLINED, ["proposal"])
    stage.night(SUNDAY - DAY)
    assert stage.kinds(other) == ["proposal", "reminder"]


HIDDEN = {
    "nothing": lambda stage, proposal, other: None,
    "no": lambda stage, proposal, other: proposals.answer(stage.session, proposal, other, False, NOW),
    "rest": lambda stage, proposal, other: rests.rest(stage.session, other, NOW),
    "leave": lambda stage, proposal, other: leaving.leave(stage.session, other, NOW),
    "block": lambda stage, proposal, other: blocks.block(
        stage.session, other.account, proposal.answers[0].member.account, NOW
    ),
    "withdrawn": lambda stage, proposal, other: changes.withdraw(stage.session, other, Consent.PAIRING, NOW),
}
"""What another may do while a proposal is open, and what nobody may see before closings are told."""


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_change_shows_nothing_of_what_another_did(stage, hidden, size):
    """The question, its absence, and the new words are the same whatever the other has done."""
    one, *others = stage.people(size, welcomes_three=True)
    proposal = stage.open(one, *others)
    HIDDEN[hidden](stage, proposal, others[-1])
    with changes.changing(stage.session, one, NOW):
        one.rhythm, one.windows = "weekly", [[0, 18 * 60, 20 * 60], [1, 600, 900]]
    assert proposal.overlap_minutes == 120
    assert proposal in proposals.shown_to(stage.session, one)
    with pytest.raises(WouldCloseError), changes.changing(stage.session, one, NOW):
        one.zone = "Asia/Tokyo"
    one.zone = "Europe/London"  # as the edge rolls it back
    with changes.changing(stage.session, one, NOW, anyway=True):
        one.zone = "Asia/Tokyo"
    assert proposals.shown_to(stage.session, one) == []


def test_nobody_is_asked_about_a_barrier_that_another_has_raised(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    with changes.changing(stage.session, other, NOW, anyway=True):
        other.languages = ["Polish"]
    before = proposal.overlap_minutes
    with changes.changing(stage.session, one, NOW):
        one.windows = [[0, 18 * 60, 19 * 60]]
    assert (proposal.overlap_minutes, stage.kinds(one)) == (before, ["proposal"])


def test_what_somebody_told_who_was_forgotten_asks_nothing(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    leaving.erase(stage.session, other.account, NOW)
    with changes.changing(stage.session, one, NOW):
        one.zone = "Asia/Tokyo"
    assert proposal in proposals.shown_to(stage.session, one)


def test_a_consent_is_withdrawn_once_and_given_again(stage):
    (member,) = stage.people(1)
    for day in range(2):
        changes.withdraw(stage.session, member, Consent.PAIRING, NOW + day * DAY)
    given = next(each for each in member.consents if each.consent is Consent.PAIRING)
    assert (given.withdrawn_at, member.state) == (NOW, MemberState.NOT_READY)
    people.agree(stage.session, member, Consent.PAIRING, "in a test", NOW + 3 * DAY)
    assert (given.withdrawn_at, member.waiting_since) == (None, NOW.date() + 3 * DAY)


def test_a_consent_that_nothing_was_built_on_changes_nothing(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    people.agree(stage.session, one, Consent.EXPERIENCES, "in a test", NOW)
    before = proposal.reasons
    changes.withdraw(stage.session, one, Consent.EXPERIENCES, NOW)
    assert proposal.state is ProposalState.OPEN
    assert set(proposal.reasons) >= set(before) - {"You are both free."}


@pytest.fixture
def held(stage):
    """A draft that is held, of two who have lived the same and show it."""
    for member in stage.people(2):
        lived = {"tag_mark": member.public_id, "visibility": Visibility.PROPOSED, "stage": "steadier"}
        member.experiences.append(Experience(tag="grief", **lived))
        people.agree(stage.session, member, Consent.EXPERIENCES, "in a test", NOW)
    stage.night(WEDNESDAY)
    publishing.hold(stage.session, stage.group, NOW)
    draft = stage.session.scalars(select(Proposal)).one()
    assert "You both know this road: grief." in draft.reasons
    return draft


@pytest.mark.parametrize("how", ["withdrawn", "left", "withdrawn after the row went", "withdrawn after it was hidden"])
def test_a_draft_that_is_held_forgets_what_was_lived_too(stage, held, how):
    member = held.answers[0].member
    if how == "withdrawn after the row went":
        stage.session.delete(member.experiences[0])
        stage.session.flush()
        stage.session.expire(member)
    if how == "withdrawn after it was hidden":
        member.experiences[0].visibility = Visibility.ONLY_ME
    if how == "left":
        leaving.leave(stage.session, member, NOW)
    else:
        changes.withdraw(stage.session, member, Consent.EXPERIENCES, NOW)
    assert held.reasons
    assert not any("road" in reason for reason in held.reasons)
    assert held.points_by_term["experience"] == held.points_by_term["stage"] == 0
    assert held.points == sum(held.points_by_term.values()) > 0


def test_a_draft_that_was_overtaken_keeps_no_words_at_all(stage, held):
    stage.night(SUNDAY)
    assert held.closing is Closing.SUPERSEDED
    assert (held.reasons, held.points_by_term) == ([], {})
