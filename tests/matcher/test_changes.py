import pytest
from sqlalchemy import select

from matcher import changes, leaving, people, proposals, publishing
from matcher.models import Experience, Proposal
from matcher.states import Closing, Consent, MemberState, ProposalState, Visibility
from tests.rows import NOW
from tests.stage import DAY, SUNDAY, WEDNESDAY


def test_who_becomes_ready_by_a_change_starts_to_wait(stage):
    (member,) = stage.people(1, languages=[], waiting_since=None)
    member.languages = ["English"]
    changes.changed(stage.session, member, NOW)
    assert (member.state, member.waiting_since) == (MemberState.WAITING, NOW.date())


def test_a_change_after_anothers_silent_no_asks_nothing_and_shows_nothing(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    proposals.answer(stage.session, proposal, one, False, NOW)
    other.name = "Robin"
    changes.changed(stage.session, other, NOW)
    assert (proposal.closing, stage.kinds(other)) == (Closing.DECLINED, ["proposal"])
    stage.night(SUNDAY - DAY)
    assert stage.kinds(other) == ["proposal", "reminder"]


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
