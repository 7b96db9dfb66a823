"""I1: nobody is in two things at once, and a place and what it names agree."""

from datetime import date, timedelta

import pytest

from matcher.invariants.places import one_place_each
from matcher.models import Partner
from matcher.states import Closing, PartnershipState, ProposalState
from tests.rows import NOW, make_partnership, make_proposal, make_run


def sentences(session):
    session.flush()
    return list(one_place_each(session, NOW))


def test_a_closed_proposal_keeps_its_places_until_it_is_told(session, world):
    world.proposal.close(Closing.DECLINED, NOW)
    assert sentences(session) == []
    world.proposal.told_at = NOW
    assert len(sentences(session)) == 2


def test_two_places_are_one_too_many(session, world, unbound):
    unbound("places", "INSERT INTO places SELECT * FROM places")
    assert f"Member {world.ada.public_id} has more than one place." in sentences(session)


def test_two_active_partnerships_are_one_too_many(session, world):
    second = make_partnership(session, [world.cyd, world.eve], state=PartnershipState.ENDED)
    second.state = PartnershipState.ACTIVE
    found = sentences(session)
    assert f"Member {world.cyd.public_id} is in more than one active partnership." in found
    assert f"Member {world.eve.public_id} has no place in the partnership {second.public_id}." in found


def test_two_proposals_of_one_night_are_one_too_many(session, world, unbound):
    unbound("answers", "INSERT INTO answers SELECT * FROM answers")
    found = sentences(session)
    assert f"Member {world.ada.public_id} is in more than one proposal of the run {world.run.public_id}." in found


def test_a_member_who_was_dropped_from_a_draft_may_be_in_another(session, world):
    draft = make_proposal(session, world.run, [], state=ProposalState.DRAFT, opened_at=None)
    draft.answers.append(type(world.proposal.answers[0])(run_id=world.run.id, member=world.ada, dropped=True))
    assert sentences(session) == []


@pytest.mark.parametrize("where", ["nothing", "both", "a draft", "an end", "another night"])
def test_a_place_names_one_thing_that_goes_on_and_that_the_member_is_in(session, world, unbound, where):
    place = world.ada.place
    if where == "nothing":
        unbound("places", f"UPDATE places SET proposal_id = NULL WHERE member_id = {world.ada.id}")
    elif where == "both":
        to = f"UPDATE places SET partnership_id = {world.partnership.id} WHERE member_id = {world.ada.id}"
        unbound("places", to)
    elif where == "a draft":
        world.proposal.state = ProposalState.DRAFT
    elif where == "an end":
        place.proposal_id, place.partnership_id = None, world.before.id
    else:
        run = make_run(session, world.group, date(2026, 1, 11))
        place.proposal_id = make_proposal(session, run, []).id
    expected = f"The place of member {world.ada.public_id} names no open proposal and no active partnership"
    assert any(each.startswith(expected) for each in sentences(session))


def test_a_place_in_a_partnership_that_one_has_left_is_none(session, world):
    session.query(Partner).filter_by(member_id=world.cyd.id).one().left_at = NOW + timedelta(1)
    assert len(sentences(session)) == 1


def test_whoever_is_proposed_or_a_partner_has_a_place_there(session, world):
    session.delete(world.ada.place)
    session.delete(world.cyd.place)
    assert sentences(session) == [
        f"Member {world.ada.public_id} has no place in the proposal {world.proposal.public_id}.",
        f"Member {world.cyd.public_id} has no place in the partnership {world.partnership.public_id}.",
    ]


def test_an_answer_is_of_the_night_of_its_proposal(session, world):
    world.proposal.answers[0].run_id = make_run(session, world.group, date(2026, 1, 11)).id
    assert sentences(session) == [
        f"The answer of member {world.ada.public_id} to the proposal {world.proposal.public_id} names another night."
    ]
