"""Today: the one next thing, for each state somebody may be in."""

import pytest
from sqlalchemy import select

from matcher import rests
from matcher.models import Account, Group, LeftAlone, Member, PairingRun
from tests.rows import NOW, make_member
from tests.web.pages import words_of
from tests.web.test_memberships import member_of


def today(visits, who):
    answer = visits.by(who).get("/today")
    assert answer.status_code == 200
    return words_of(answer)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("newcomer", "Welcome When this is done, you are in the next pairing. The house rules Your name"),
        ("waiting", "You are in the next pairing It is on Sunday 18 January at 03:30 (Europe/London)."),
        ("unsure", "Your address is not confirmed yet. Until you open the link"),
        ("proposed", "Somebody is proposed to you"),
        ("partner", "You have a partner"),
        ("resting", "You are taking a rest It ends by itself on 28 January 2026."),
        ("leaving", "Your account will be deleted on 21 January 2026. Until then you can change your mind."),
        ("coordinator", "You are no member of a group yourself. Your groups are on the Desk"),
        ("nobody", "Which group would you like to join? Another Group"),
    ],
)
def test_everybody_reads_the_one_next_thing(visits, who, said):
    assert said in today(visits, who)


def test_who_stayed_alone_in_the_last_night_reads_so_and_the_one_thing_that_could_have_helped(visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        runs = select(PairingRun).where(PairingRun.group_id == member.group_id, PairingRun.published_at.is_not(None))
        newest = session.scalars(runs.order_by(PairingRun.night.desc())).first()
        alone = {"cause": "competition", "possible_partners": 2, "barriers": {}}
        newest.alone.append(LeftAlone(member=member, could_help="One more evening could.", **alone))
    words = today(visits, "waiting")
    assert "The last pairing There was nobody for you in this pairing." in words
    assert "not about you. You go first in the next one. One more evening could. While you wait" in words


def test_who_is_to_be_forgotten_is_offered_to_keep_the_account_and_not_to_end_the_rest(visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "leaving")
        member.resting_from = NOW.date()
    words = today(visits, "leaving")
    assert "Keep my account" in words
    assert "I am here again" not in words


def test_the_next_pairing_is_told_by_the_members_own_clock(visits, rows):
    with rows.begin() as session:
        member_of(session, visits, "waiting").zone = "Asia/Tokyo"
    assert "on Sunday 18 January at 12:30 (Asia/Tokyo)" in today(visits, "waiting")


def test_a_group_that_has_not_opened_says_so_and_names_no_night(visits, rows):
    with rows.begin() as session:
        for group in session.scalars(select(Group)):
            group.opened_at = None
    assert "Your group has not opened yet. As soon as it does, you are in its first pairing." in today(
        visits, "waiting"
    )
    assert "When this is done, you are ready for the first pairing." in today(visits, "newcomer")


def test_mails_that_come_back_are_told_with_a_way_to_confirm_again(visits, rows):
    with rows.begin() as session:
        member_of(session, visits, "waiting").account.address_failed_at = NOW
    words = today(visits, "waiting")
    assert "Our mails to you come back." in words
    assert "Send the link again" in words
    assert "Almost there" in words


def test_each_group_has_its_own_section(visits, rows):
    with rows.begin() as session:
        account = member_of(session, visits, "partner").account
        other = session.scalars(select(Group).where(Group.name == "Another Group")).one()
        make_member(session, other, account=account)
    words = today(visits, "partner")
    assert "You have a partner" in words
    assert "Another Group You are in the next pairing" in words


def test_a_rest_without_an_end_keeps_the_place(visits, rows):
    with rows.begin() as session:
        rests.begin(session, member_of(session, visits, "waiting"), NOW, None)
    assert "You are taking a rest Your place is kept." in today(visits, "waiting")


def test_i_am_here_again_ends_a_rest_with_one_tap(visits, rows):
    visit = visits.by("resting")
    answer = visit.post(visits.path("/members/{resting}/here-again"))
    assert (answer.status_code, answer.location) == (303, "/today")
    words = words_of(visit.get("/today"))
    assert "Good to see you. Your rest is over." in words
    assert "You are in the next pairing" in words
    with rows() as session:
        assert member_of(session, visits, "resting").resting_from is None


def test_who_is_about_to_be_deleted_is_told_how_to_stay_instead(visits):
    answer = visits.by("leaving").post(visits.path("/members/{leaving}/here-again"))
    assert answer.status_code == 409
    assert "To stay, keep your account." in words_of(answer)


# Joining a group that is open to all


def test_who_is_in_no_group_joins_one_that_is_open_to_all(visits, rows):
    visit = visits.by("nobody")
    answer = visit.post(visits.path("/groups/{other_group}/join"))
    assert answer.status_code == 303
    with rows() as session:
        account = session.scalars(select(Account).where(Account.address == "nobody@example.org")).one()
        joined = session.scalars(select(Member).where(Member.account_id == account.id)).one()
        assert (joined.group.name, joined.invited_in_person) == ("Another Group", False)
    assert answer.location == f"/members/{joined.public_id}/rules"
    assert visit.get(answer.location).status_code == 200


@pytest.mark.parametrize("group", ["{group}", "{new_group}", "never-was"])
def test_a_group_that_is_not_open_to_all_is_as_one_that_never_was(visits, group):
    visit = visits.by("nobody")
    assert visit.post(visits.path(f"/groups/{group}/join")).status_code == 404
    assert "Harbour" not in words_of(visit.get("/today"))


def test_nobody_joins_twice_and_nobody_without_a_confirmed_address(visits):
    again = visits.by("elsewhere").post(visits.path("/groups/{other_group}/join"))
    assert (again.status_code, "You are in Another Group already." in words_of(again)) == (410, True)
    unsure = visits.by("unsure").post(visits.path("/groups/{other_group}/join"))
    assert (unsure.status_code, "Confirm your mail address first" in words_of(unsure)) == (410, True)


def test_without_any_group_that_is_open_the_way_in_is_an_invitation(visits, rows):
    with rows.begin() as session:
        for group in session.scalars(select(Group)):
            group.open_to_all = False
    assert "You are in no group yet Ask a coordinator of your group for an invitation" in today(visits, "nobody")
