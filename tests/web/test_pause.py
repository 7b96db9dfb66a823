"""A rest that ends by itself, and leaving a group."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matcher.models import Member, Partnership
from matcher.states import MemberState
from tests.rows import NOW
from tests.web.filled import send, slip_beside, told_again
from tests.web.pages import words_of
from tests.web.test_joining import open_proposals
from tests.web.test_memberships import member_of
from web.pause import WEEKS


@pytest.mark.parametrize("weeks", WEEKS)
def test_a_rest_is_as_long_as_it_was_chosen_and_ends_by_itself(visits, rows, weeks):
    visit, path = visits.by("waiting"), visits.path("/members/{waiting}/rest")
    answer = send(visit, path, {"weeks": str(weeks)})
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "You are taking a rest. It ends by itself." in words_of(visit.get("/today"))
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert (member.resting_from, member.resting_until) == (NOW.date(), NOW.date() + timedelta(weeks=weeks))


def test_two_weeks_are_proposed(visits):
    assert told_again(visits.by("waiting"), visits.path("/members/{waiting}/rest")) == {"weeks": "2"}


@pytest.mark.parametrize("typed", ["9", "0", "-1", "", "for ever"])
def test_another_length_is_refused_beside_its_field(visits, rows, typed):
    answer = send(visits.by("waiting"), visits.path("/members/{waiting}/rest"), {"weeks": typed})
    assert answer.status_code == 422
    assert "Choose one of the list." in slip_beside(answer, "weeks")
    with rows() as session:
        assert member_of(session, visits, "waiting").resting_from is None


def test_a_rest_closes_a_proposal_and_is_given_another_end(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}/rest")
    assert "Give your rest another end" not in words_of(visit.get(path))
    send(visit, path, {"weeks": "1"})
    assert "Give your rest another end" in words_of(visit.get(path))
    send(visit, path, {"weeks": "8"})
    with rows() as session:
        assert open_proposals(session, visits) == 0
        member = member_of(session, visits, "proposed")
        assert (member.resting_from, member.resting_until) == (NOW.date(), date(2026, 3, 11))


def test_who_is_about_to_be_deleted_rests_already_and_is_told_how_to_stay(visits):
    answer = send(visits.by("leaving"), visits.path("/members/{leaving}/rest"), {"weeks": "1"})
    assert answer.status_code == 409
    assert "To stay, keep your account." in words_of(answer)


# Leaving


def test_leaving_says_what_it_does_and_then_does_it(visits, rows):
    visit, path = visits.by("partner"), visits.path("/members/{partner}/leave")
    assert "nobody asks why" in words_of(visit.get(path))
    with rows() as session:
        assert member_of(session, visits, "partner").left_at is None
    answer = visit.post(path)
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "You have left the group." in words_of(visit.get("/today"))
    assert visit.get(path).status_code == 404
    with rows() as session:
        member = member_of(session, visits, "partner")
        assert (member.state, member.name) == (MemberState.LEFT, "former member")
        other = member_of(session, visits, "partner_too")
        assert other.state is MemberState.WAITING
        assert len(session.scalars(select(Partnership).where(Partnership.ended_at == NOW)).all()) == 1


def test_leaving_asks_for_the_password_again_after_a_while(visits, rows, clock):
    visit, path = visits.by("partner"), visits.path("/members/{partner}/leave")
    clock.now += timedelta(minutes=5)
    answer = visit.get(path)
    assert (answer.status_code, answer.location) == (303, f"/step-up?next={path}")
    answer = visit.post(path)
    assert (answer.status_code, "Your password once more" in words_of(answer)) == (401, True)
    with rows() as session:
        assert session.scalars(select(Member.left_at).where(Member.left_at.is_not(None))).all() == []
