"""Coordinators read who is in their group and where each stands, and nothing that is a member's own."""

from dataclasses import astuple
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from matcher import leaving, people
from matcher.models import Goal
from matcher.roster import roster
from matcher.states import Consent, MemberState
from matcher.vocabulary import SupportStyle
from tests.rows import NOW, make_account, make_group, make_member

A_DAY = timedelta(days=1)
CANARY = "canary"


def read(session, group, now=NOW):
    session.flush()
    session.expire_all()
    return roster(session, group, now)


def standing(session, member, now=NOW):
    (found,) = (each for each in read(session, member.group, now) if each.public_id == member.public_id)
    return found.state, found.is_resting, found.standing


def test_a_member_stands_there_with_name_masked_address_languages_and_the_day_of_joining(session):
    group = make_group(session, zone="Pacific/Auckland")
    account = make_account(session, address="ada@example.org")
    ada = make_member(session, group, name="Ada", account=account, languages=["en", "mi"])
    make_member(session, make_group(session))
    (entry,) = read(session, group)
    assert (entry.public_id, entry.name, entry.address) == (ada.public_id, "Ada", "a…@e….org")
    assert (entry.languages, entry.joined_on) == (("en", "mi"), date(2026, 1, 15))


def test_who_waits_waits_since_a_day(session):
    member = make_member(session, make_group(session), waiting_since=date(2026, 1, 2))
    assert standing(session, member) == (MemberState.WAITING, False, "waiting since 2 January 2026")
    member.waiting_since = None
    assert standing(session, member) == (MemberState.WAITING, False, "waiting")


def test_who_is_not_ready_misses_something(session):
    member = make_member(session, make_group(session), name="", windows=[])
    member.goals[0].let_go_at = NOW
    for given in member.consents:
        given.withdrawn_at = NOW if given.consent is Consent.PAIRING else None
    state, _, words = standing(session, member)
    assert state is MemberState.NOT_READY
    assert words == (
        "not ready, still missing: a yes to being paired, a name, a goal, times, or that writing is enough"
    )


def test_who_is_proposed_partnered_or_gone_is_said_to_be(stage):
    one, other, third, fourth, gone = stage.people(5)
    stage.open(one, other)
    stage.together(third, fourth, now=NOW - A_DAY)
    leaving.leave(stage.session, gone, NOW)
    assert standing(stage.session, one) == (MemberState.PROPOSED, False, "proposed")
    assert standing(stage.session, third) == (MemberState.PARTNERED, False, "partnered since 13 January 2026")
    assert standing(stage.session, gone) == (MemberState.LEFT, False, "left")


def test_who_joined_two_is_partnered_since_then(stage):
    one, other, third = stage.people(3, welcomes_three=True)
    stage.together(one, other, third)
    leaving.leave(stage.session, one, NOW)
    assert standing(stage.session, third)[2] == "partnered since 14 January 2026"
    assert standing(stage.session, one)[2] == "left"


def test_who_rests_rests_on_top_of_it(stage):
    one, other, waits = stage.people(3)
    stage.together(one, other)
    people.begin_rest(stage.session, one, NOW, date(2026, 1, 20))
    people.begin_rest(stage.session, waits, NOW, None)
    told = "partnered since 14 January 2026; resting until 20 January 2026"
    assert standing(stage.session, one) == (MemberState.PARTNERED, True, told)
    assert standing(stage.session, waits)[1:] == (True, "waiting since 14 January 2026; resting until they are back")
    assert standing(stage.session, one, NOW + 6 * A_DAY)[1] is False


def test_who_was_forgotten_has_no_address_any_more(session):
    member = make_member(session, make_group(session), resting_from=NOW.date())
    leaving.erase(session, member.account, NOW)
    (entry,) = read(session, member.group)
    assert (entry.name, entry.address, entry.languages) == ("former member", "", ())
    assert (entry.standing, entry.is_resting) == ("left", False)


def test_nothing_that_is_a_members_own_is_there(session):
    member = make_member(
        session,
        make_group(session),
        zone="Pacific/Apia",
        windows=[[3, 61, 119]],
        wishes=[{"trait": CANARY, "accepted": [CANARY], "may_ask": False}],
        preferences=[{"trait": CANARY, "accepted": [CANARY], "may_ask": False}],
        about_me={CANARY: CANARY},
        card=CANARY,
        rhythm=CANARY,
        support_style=SupportStyle.FIRM,
        welcomes_three=True,
        goals=[Goal(area=CANARY, tag=CANARY, words=CANARY, if_this=CANARY, then_that=CANARY)],
    )
    (entry,) = read(session, member.group)
    said = str(astuple(entry)).lower()
    for own in (CANARY, "apia", "61", "firm", str(member.account.address)):
        assert own not in said


def test_a_row_that_cannot_be_read_keeps_nobody_from_the_list(session):
    group = make_group(session)
    make_member(session, group)
    make_member(session, group)
    session.connection().exec_driver_sql("UPDATE members SET windows = wishes")
    session.expire_all()
    assert len(read(session, group)) == 2


@pytest.mark.parametrize("everybody", [5, 50])
def test_a_larger_group_takes_no_more_statements(session, everybody):
    group = make_group(session)
    for number in range(everybody):
        make_member(session, group, goals=[Goal(area="a") for _ in range(number % 4)])
    session.flush()
    session.expire_all()
    assert group.id
    said = []
    listen = (session.get_bind(), "before_cursor_execute", lambda *words: said.append(words[2]))
    event.listen(*listen)
    found = roster(session, group, NOW)
    event.remove(*listen)
    assert len(found) == everybody
    assert len(said) == 4
