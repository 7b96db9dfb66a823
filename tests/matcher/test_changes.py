from matcher import changes, people, proposals
from matcher.states import Closing, Consent, MemberState, ProposalState
from tests.rows import NOW
from tests.stage import DAY, SUNDAY


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
