"""I2 and I4: who sits together may do so."""

from datetime import timedelta

import pytest

from matcher.invariants.pairs import pairs_allowed, pairs_apart
from matcher.models import Block, Hold
from matcher.states import Consent, ProposalState
from tests.rows import NOW, make_group, make_member

BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def apart(session):
    session.flush()
    return list(pairs_apart(session, NOW))


def allowed(session):
    session.flush()
    return list(pairs_allowed(session, NOW))


@pytest.mark.parametrize("names", [("ada", "bob"), ("bob", "ada"), ("cyd", "dee")])
def test_a_block_parts_two_accounts_both_ways_in_every_group(session, world, names):
    blocker, blocked = (getattr(world, name).account_id for name in names)
    session.add(Block(blocker_id=blocker, blocked_id=blocked, made_at=NOW))
    (sentence,) = apart(session)
    assert "across a block" in sentence


def test_a_block_is_nothing_to_two_who_are_not_together(session, world):
    session.add(Block(blocker_id=world.ada.account_id, blocked_id=world.cyd.account_id, made_at=NOW))
    assert apart(session) == []


@pytest.mark.parametrize(
    ("hold", "red"),
    [
        ({}, True),
        ({"until": AFTER.date()}, True),
        ({"until": NOW.date()}, False),
        ({"made_at": AFTER}, False),
        ({"together": True}, False),
    ],
)
def test_a_hold_that_stood_when_a_proposal_went_out_parts_two(session, world, hold, red):
    ready = {"group_id": world.group.id, "first_id": world.ada.id, "second_id": world.bob.id, "made_at": BEFORE}
    session.add(Hold(**ready | hold))
    assert bool(apart(session)) == red


def test_a_hold_between_the_two_of_an_open_pair_says_nothing_about_a_third(session, world):
    session.add(Hold(group_id=world.group.id, first_id=world.ada.id, second_id=world.bob.id, made_at=BEFORE))
    world.proposal.partnership = world.before
    assert apart(session) == []


def test_a_member_who_is_gone_sits_nowhere(session, world):
    world.ada.left_at = NOW
    world.cyd.account.erased_at = NOW
    assert [each.split(" has ")[1] for each in allowed(session)] == [
        f"the member {world.ada.public_id}, who is gone.",
        f"the member {world.cyd.public_id}, who is gone.",
    ]


@pytest.mark.parametrize("consent", [Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING])
def test_whoever_is_proposed_agrees_to_be_paired_and_to_all_that_it_asks(session, world, consent):
    (given,) = [each for each in world.ada.consents if each.consent is consent]
    given.withdrawn_at = NOW
    (sentence,) = allowed(session)
    assert f"{world.ada.public_id}, who does not agree to this: {consent}." in sentence
    world.proposal.partnership = world.before  # now Ada is a host, who need not
    assert allowed(session) == []


@pytest.mark.parametrize(
    ("changes", "red"),
    [
        ({"address_confirmed_at": None}, True),
        ({"address_confirmed_at": None, "invited_in_person": True}, False),
        ({"address_failed_at": BEFORE}, True),
        ({"address_failed_at": AFTER}, False),
    ],
)
def test_whoever_is_proposed_was_reachable_when_it_went_out(session, world, changes, red):
    for name, value in changes.items():
        setattr(world.ada if hasattr(world.ada, name) else world.ada.account, name, value)
    expected = [f"The proposal {world.proposal.public_id} has the member {world.ada.public_id}, who was not reachable"]
    assert [each.partition(" when ")[0] for each in allowed(session)] == (expected if red else [])
    world.proposal.partnership = world.before
    assert allowed(session) == []


@pytest.mark.parametrize(("until", "red"), [(None, True), (NOW.date() + timedelta(days=9), True), (NOW.date(), False)])
def test_nobody_is_asked_who_rests_not_even_a_host(session, world, until, red):
    world.ada.resting_from, world.ada.resting_until = NOW.date() - timedelta(days=1), until
    for partnership in (None, world.before):
        world.proposal.partnership = partnership
        assert [each.endswith("who rests.") for each in allowed(session)] == [True] * red


def test_who_said_no_is_out_of_it_whatever_they_do_then(session, world):
    world.ada.resting_from = NOW.date()
    world.proposal.answers[0].yes = False
    assert allowed(session) == []


def test_nobody_sits_with_themselves(session, world):
    world.bob.account_id, world.bob.group_id = world.ada.account_id, make_group(session).id
    found = allowed(session)
    assert any("who are the same person" in each for each in found)
    assert any("of another group" in each for each in found)


def test_a_partnership_across_groups_is_none(session, world):
    world.partnership.group_id = make_group(session).id
    assert len(allowed(session)) == 2


def test_one_is_too_few_and_four_are_too_many(session, world):
    world.proposal.answers[0].dropped = True
    for _ in range(2):
        member, partners = make_member(session, world.group), world.partnership.partners
        partners.append(type(partners[0])(member=member, joined_at=NOW, last_sign_at=NOW))
    assert [each.split(" has ")[1] for each in allowed(session)] == ["1 members.", "4 members."]


def test_a_proposal_that_is_over_asks_for_nothing(session, world):
    world.proposal.state = ProposalState.CLOSED
    world.ada.left_at = NOW
    assert allowed(session) == []
