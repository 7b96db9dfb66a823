"""What somebody reads of their own past: the same whatever another did, and never why."""

import pytest

from matcher import blocks, leaving, own_past, partnerships, proposals, rests
from matcher.models import Block, LeftAlone
from matcher.own_data import own_data
from matcher.states import ProposalState, RunState
from tests.rows import NOW, make_group, make_member, make_proposal, make_run
from tests.stage import DAY, SUNDAY, WEDNESDAY


def proposals_of(stage, member):
    stage.session.flush()
    stage.session.expire_all()
    return own_past.proposals_of(stage.session, member)


def only(found):
    (one,) = found
    return one


def say(stage, proposal, member, yes, reason=""):
    proposals.answer(stage.session, proposal, member, yes, NOW, reason)


# Proposals


def test_an_open_proposal_names_the_others_and_says_why(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    assert only(proposals_of(stage, one)) == {
        "night": WEDNESDAY,
        "went_out_at": NOW,
        "answer_by": proposal.answers[0].answer_by,
        "my_answer": "",
        "answered_at": None,
        "my_reason": "",
        "is": "open",
        "with": [other.name],
        "reasons": ["You are both free."],
        "minutes_in_common": 120,
    }


def says_no(stage, proposal, member):
    say(stage, proposal, member, False, reason="not now")


def takes_a_rest(stage, proposal, member):
    rests.rest(stage.session, member, NOW)


def blocks_the_other(stage, proposal, member):
    other = next(each.member for each in proposal.answers if each.member is not member)
    blocks.block(stage.session, member.account, other.account, NOW)


def says_yes(stage, proposal, member):
    say(stage, proposal, member, True)


@pytest.mark.parametrize("act", [says_no, says_yes, takes_a_rest, blocks_the_other])
@pytest.mark.parametrize("answered", [True, False])
def test_nothing_another_does_shows_before_all_have_said_yes(stage, act, answered):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    if answered and act is not says_yes:
        say(stage, proposal, one, True)
    stage.session.flush()
    before = own_data(stage.session, one.account, NOW)
    act(stage, proposal, other)
    stage.session.flush()
    stage.session.expire_all()
    assert own_data(stage.session, one.account, NOW) == before


def test_of_who_left_meanwhile_nothing_is_told_any_more(stage):
    one, other, third = stage.people(3)
    stage.open(one, other, third)
    leaving.leave(stage.session, other, NOW)
    told = only(proposals_of(stage, one))
    assert (told["is"], told["with"], "reasons" in told) == ("open", [third.name], False)


@pytest.mark.parametrize("act", [says_no, takes_a_rest, blocks_the_other])
def test_what_one_closed_oneself_names_nobody(stage, act):
    one, other = stage.people(2)
    act(stage, stage.open(one, other), one)
    told = only(proposals_of(stage, one))
    assert (told["is"], told.keys() & {"with", "reasons"}) == ("closed", set())
    assert (told["my_answer"], told["my_reason"]) == (("no", "not now") if act is says_no else ("", ""))


def test_what_came_to_nothing_names_nobody_once_it_is_told(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    say(stage, proposal, one, True)
    stage.night(SUNDAY)
    told = only(proposals_of(stage, one))
    assert (told["is"], told["my_answer"], "with" in told) == ("closed", "yes", False)


def test_what_all_accepted_names_the_partners(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    for each in (one, other):
        say(stage, proposal, each, True)
    told = only(proposals_of(stage, one))
    assert (told["is"], told["with"], told["reasons"]) == ("accepted", [other.name], ["You are both free."])


def test_of_three_the_two_who_go_on_name_each_other_and_the_third_nobody(stage):
    one, other, third = stage.people(3, welcomes_three=True)
    proposal = stage.open(one, other, third)
    for each, yes in ((third, False), (one, True), (other, True)):
        say(stage, proposal, each, yes)
    assert proposal.state is ProposalState.ACCEPTED
    assert only(proposals_of(stage, one))["with"] == [other.name]
    told = only(proposals_of(stage, third))
    assert (told["is"], told["my_answer"], "with" in told) == ("closed", "no", False)


def test_a_draft_is_nothing_to_anybody(stage):
    one, other = stage.people(2)
    run = make_run(stage.session, stage.group, WEDNESDAY, state=RunState.DRAFTED, published_at=None)
    make_proposal(stage.session, run, [one, other], state=ProposalState.DRAFT, opened_at=None)
    assert proposals_of(stage, one) == []


# Partnerships


def test_a_partnership_tells_with_whom_and_when_and_never_why_it_ended(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    partnerships.end_alone(stage.session, other, NOW + DAY)
    stage.session.flush()
    assert only(own_past.partnerships_of(stage.session, one)) == {
        "with": [other.name],
        "started_at": NOW,
        "ended_at": NOW + DAY,
        "first_week": pair.first_week,
        "term_ends_on": pair.term_ends_on,
        "welcomes_third": False,
        "last_sign_at": NOW,
    }


def test_only_those_are_named_with_whom_one_was_there(stage):
    goes, *stay, comes = stage.people(4)
    partnership = stage.together(goes, *stay)
    partnerships.end_alone(stage.session, goes, NOW + DAY)
    for each in stay:
        partnerships.welcome_third(stage.session, each, NOW + 2 * DAY)
    partnerships.join(stage.session, partnership, comes, NOW + 3 * DAY)
    stage.session.flush()
    found = {each: only(own_past.partnerships_of(stage.session, each))["with"] for each in (goes, stay[0], comes)}
    there = [each.name for each in stay]
    assert found == {goes: there, stay[0]: [goes.name, there[1], comes.name], comes: there}


def test_who_left_the_group_has_no_name_any_more(stage):
    one, other = stage.people(2)
    stage.together(one, other)
    leaving.leave(stage.session, other, NOW)
    assert only(own_past.partnerships_of(stage.session, one))["with"] == ["former member"]


# Nights alone, and blocks


def test_a_night_alone_is_told_once_it_went_out(stage):
    (one,) = stage.people(1)
    for days, state in ((0, RunState.PUBLISHED), (1, RunState.DRAFTED)):
        changes = {} if state is RunState.PUBLISHED else {"published_at": None}
        run = make_run(stage.session, stage.group, WEDNESDAY + days * DAY, state=state, **changes)
        told = {
            "cause": "competition",
            "possible_partners": 3,
            "barriers": {"BLOCKED": 2},
            "could_help": "One evening.",
        }
        stage.session.add(LeftAlone(run_id=run.id, member=one, **told))
    stage.session.flush()
    assert own_past.nights_alone_of(stage.session, one) == [
        {
            "night": WEDNESDAY,
            "told": [
                "There was nobody for you in this pairing. That is about hours and numbers, not about you.",
                "One evening.",
            ],
        }
    ]


def test_a_block_names_the_other_as_they_are_called_in_groups_of_both_and_in_no_other(stage):
    one, other = stage.people(2)
    elsewhere = make_group(stage.session)
    make_member(stage.session, elsewhere, account=other.account, name="Known elsewhere")
    (stranger,) = stage.people(1, account=None)
    stranger.group = elsewhere
    for blocked in (other, stranger):
        stage.session.add(Block(blocker_id=one.account_id, blocked_id=blocked.account_id, made_at=NOW))
    stage.session.flush()
    assert own_past.blocks_of(stage.session, one.account) == [
        {"made_at": NOW, "known_as": [{"name": other.name, "group": stage.group.name}]},
        {"made_at": NOW, "known_as": []},
    ]
