"""About what a mail comes, and when none does."""

from datetime import time

import pytest

from matcher.vocabulary import Topic
from tests.web.filled import filled, send, slip_beside, told_again
from tests.web.pages import words_of
from tests.web.test_memberships import member_of


@pytest.fixture
def waiting(visits):
    return visits.by("waiting"), visits.path("/members/{waiting}/notices")


def test_at_first_every_mail_comes_and_nights_are_quiet(waiting):
    visit, path = waiting
    assert told_again(visit, path) == {"topics": list(Topic), "quiet_from": "21:00", "quiet_until": "08:00"}
    assert Topic.REMINDERS.words in words_of(visit.get(path))


def test_what_is_chosen_is_kept_and_shown_again(waiting, visits, rows):
    visit, path = waiting
    chosen = {"topics": ["proposals", "rests"], "quiet_from": "22:45", "quiet_until": "06:15"}
    answer = send(visit, path, chosen)
    assert answer.location == path.replace("notices", "settings")
    assert "Saved." in words_of(visit.get(answer.location))
    assert told_again(visit, path) == chosen
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert (member.quiet_from, member.quiet_until) == (time(22, 45), time(6, 15))
        assert member.mails_off == ["pairings", "partner", "reminders"]


def test_all_mails_may_be_off_and_no_hour_quiet(waiting, visits, rows):
    visit, path = waiting
    chosen = {"topics": None, "quiet_from": "00:00", "quiet_until": "00:00"}
    assert send(visit, path, chosen).status_code == 303
    assert told_again(visit, path) == {"quiet_from": "00:00", "quiet_until": "00:00"}
    with rows() as session:
        assert member_of(session, visits, "waiting").mails_off == list(Topic)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("topics", ["proposals", "spam"]),
        ("quiet_from", "25:00"),
        ("quiet_until", "08:01"),
        ("quiet_from", ["21:00", "22:00"]),
    ],
)
def test_what_the_page_does_not_offer_is_refused_and_the_rest_is_kept(waiting, visits, rows, field, typed):
    visit, path = waiting
    chosen = {"topics": ["partner", "rests"], "quiet_from": "22:45", "quiet_until": "06:15"}
    answer = send(visit, path, chosen | {field: typed})
    assert answer.status_code == 422
    assert slip_beside(answer, field)
    shown = filled(answer)
    assert {name: shown[name] for name in chosen if name != field} == {
        name: value for name, value in chosen.items() if name != field
    }
    with rows() as session:
        assert member_of(session, visits, "waiting").mails_off == []
