"""Deleting an account: asked for, kept a week in case of a second thought."""

from datetime import timedelta

from sqlalchemy import select

from matcher import farewell, sign_ins
from matcher.models import Coordinator, Message
from tests.rows import NOW
from tests.web.pages import words_of
from tests.web.test_joining import open_proposals
from tests.web.test_memberships import member_of
from tests.web.test_settings import account_of
from tests.web.visits import Visit

PAGE = "/settings/delete"


def test_the_page_says_what_goes_and_what_stays_and_asks_nothing_yet(visits, rows):
    words = words_of(visits.by("waiting").get(PAGE))
    assert "What goes" in words
    assert "What stays, and why" in words
    assert "Take your copy first" in words
    with rows() as session:
        assert account_of(session, "waiting").erase_at is None


def test_asked_for_it_says_until_when_it_can_be_undone(visits, rows):
    visit = visits.by("proposed")
    answer = visit.post(PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Your account will be deleted on 21 January 2026" in words_of(visit.get(PAGE))
    assert "Your account will be deleted on 21 January 2026." in words_of(visit.get("/today"))
    with rows() as session:
        account = account_of(session, "proposed")
        assert account.erase_at == NOW + farewell.UNDO
        member = member_of(session, visits, "proposed")
        assert (member.resting_from, member.resting_until) == (NOW.date(), None)
        assert open_proposals(session, visits) == 0
        mails = session.scalars(select(Message.kind).where(Message.account_id == account.id)).all()
        assert "erasure_asked" in mails


def test_asking_again_changes_nothing(visits, rows, clock):
    visit = visits.by("waiting")
    visit.post(PAGE)
    clock.now += timedelta(minutes=2)
    assert visit.post(PAGE).status_code == 303
    with rows() as session:
        assert account_of(session, "waiting").erase_at == NOW + farewell.UNDO


def test_every_other_browser_is_signed_out_and_this_one_may_still_undo_it(visits, rows):
    with rows.begin() as session:
        elsewhere = sign_ins.begin(session, account_of(session, "waiting"), NOW)
    visit, other = visits.by("waiting"), Visit(visits.app, elsewhere)
    assert other.get("/today").status_code == 200
    visit.post(PAGE)
    assert other.get("/today").status_code == 303
    assert visits.by("partner").get("/today").status_code == 200
    answer = visit.post("/settings/keep")
    assert (answer.status_code, answer.location) == (303, "/today")
    words = words_of(visit.get("/today"))
    assert "Your account stays. Good to have you here." in words
    assert "will be deleted" not in words
    assert "You are in the next pairing" in words
    with rows() as session:
        assert account_of(session, "waiting").erase_at is None
        assert member_of(session, visits, "waiting").resting_from is None


def test_who_rested_before_rests_on_as_before(visits, rows):
    visit = visits.by("resting")
    with rows() as session:
        until = member_of(session, visits, "resting").resting_until
    visit.post(PAGE)
    visit.post("/settings/keep")
    with rows() as session:
        assert member_of(session, visits, "resting").resting_until == until


def test_who_has_not_asked_keeps_the_account_without_a_word(visits, rows):
    assert visits.by("waiting").post("/settings/keep").status_code == 303
    with rows() as session:
        assert account_of(session, "waiting").erase_at is None


def test_undoing_needs_no_password_so_that_it_is_never_too_late_for_it(visits, clock):
    visit = visits.by("waiting")
    visit.post(PAGE)
    clock.now += timedelta(hours=12)
    assert visit.post("/settings/keep").status_code == 303
    assert visit.get(PAGE).location == f"/step-up?next={PAGE}"
    assert visit.post(PAGE).status_code == 401


def test_the_last_coordinator_is_refused_with_what_to_do(visits, rows):
    with rows.begin() as session:
        without = account_of(session, "coordinator_without_code")
        session.delete(session.scalars(select(Coordinator).where(Coordinator.account_id == without.id)).one())
    visit = visits.by("coordinator")
    answer = visit.post(PAGE)
    assert answer.status_code == 422
    assert "One thing to look at" in words_of(answer)
    assert "coordinator" in words_of(answer).partition("One thing to look at")[2].partition("Delete my account")[0]
    assert "Delete my account in seven days" in words_of(answer)
    with rows() as session:
        assert account_of(session, "coordinator").erase_at is None
    assert visit.get("/desk").status_code == 200


def test_one_of_two_coordinators_may_go(visits, rows):
    assert visits.by("coordinator").post(PAGE).status_code == 303
    with rows() as session:
        assert account_of(session, "coordinator").erase_at == NOW + farewell.UNDO
