"""What stands around every page: whom to call, by whose groups they are, and the way out."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from matcher import leaving
from matcher.models import CrisisLine, Group
from tests.rows import NOW, make_member
from tests.web.pages import parsed, words_in, words_of
from tests.web.test_memberships import member_of
from tests.web.test_settings import account_of
from web import frame


@pytest.fixture
def lines(rows):
    """Each group has a line that tells whose it is."""
    with rows.begin() as session:
        session.execute(delete(CrisisLine))
        for group in session.scalars(select(Group)).all():
            for place, which, reach in ((1, "First", "<b>by day</b>"), (2, "Second", "by night")):
                line = CrisisLine(group_id=group.id, place=place, name=f"{which} line of {group.name}", reach=reach)
                session.add(line)


def help_on(answer):
    return words_in(parsed(answer).find(".//*[@id='help']"))


def test_whoever_is_not_signed_in_reads_no_groups_lines(visits, lines):
    words = help_on(visits.by().get("/"))
    assert "Each group enters its own crisis lines" in words
    assert "line of" not in words


def test_a_member_reads_those_of_the_group_and_of_no_other(visits, lines):
    words = help_on(visits.by("elsewhere").get("/today"))
    assert "First line of Another Group: <b>by day</b> Second line of Another Group: by night" in words
    assert "Side by Side" not in words
    assert "Harbour" not in words


def test_who_is_in_two_groups_reads_both_with_their_names(visits, rows, lines):
    with rows.begin() as session:
        other = session.scalars(select(Group).where(Group.name == "Another Group")).one()
        make_member(session, other, account=account_of(session, "waiting"))
    words = help_on(visits.by("waiting").get("/today"))
    assert "In Another Group: First line of Another Group" in words
    assert "In Side by Side: First line of Side by Side" in words


def test_who_looks_after_a_group_reads_its_lines_too(visits, lines):
    assert "First line of Side by Side" in help_on(visits.by("coordinator").get("/today"))
    assert "First line of Harbour" in help_on(visits.by("founder").get("/desk"))


def test_who_has_left_or_is_in_no_group_reads_none(visits, rows, lines):
    with rows.begin() as session:
        leaving.leave(session, member_of(session, visits, "waiting"), NOW)
    for who in ("waiting", "nobody"):
        assert "line of" not in help_on(visits.by(who).get("/today"))


def test_they_stand_on_the_page_of_help_and_on_pages_of_errors(visits, lines):
    visit = visits.by("elsewhere")
    for path in ("/help", "/nowhere", "/members/never-was/hours"):
        words = words_of(visit.get(path))
        assert "First line of Another Group" in words
        assert "Side by Side" not in words


def test_what_a_group_wrote_never_becomes_markup(visits, lines):
    assert "&lt;b&gt;by day&lt;/b&gt;" in visits.by("elsewhere").get("/today").text


def test_a_group_without_lines_yet_says_so(visits, rows):
    with rows.begin() as session:
        for line in session.scalars(select(CrisisLine)):
            session.delete(line)
    assert "Each group enters its own crisis lines" in help_on(visits.by("elsewhere").get("/today"))


def test_a_page_about_trouble_does_not_run_into_the_same_trouble(app, monkeypatch):
    def broken():
        raise OperationalError("select", {}, Exception("the rows are gone"))

    monkeypatch.setattr(frame, "visitor", broken)
    with app.test_request_context("/"):
        around = frame.frame()
    assert (around["here"], around["help_lines"]) == (None, [])


@pytest.mark.parametrize(("who", "named"), [("waiting", "waiting@example.org"), ("unsure", "unsure@example.org")])
def test_a_browser_says_whose_it_is_to_themselves(visits, who, named):
    assert named in words_of(visits.by(who).get("/settings"))
    assert frame.named(None) == ""


def test_the_desk_is_for_who_looks_after_a_group(visits):
    for who, sees in (("coordinator", True), ("founder", True), ("waiting", False), ("nobody", False)):
        assert ('href="/desk"' in visits.by(who).get("/settings").text) is sees
