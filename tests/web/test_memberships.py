"""Whose pages these are: nobody opens another's membership, whatever the page."""

import re

import pytest
from sqlalchemy import select

from matcher import leaving
from matcher.models import Member
from tests.rows import NOW
from tests.web.filled import send
from tests.web.pages import words_of
from web.policy import POLICY

PATHS = (
    *("rules", "name", "goals", "hours", "experiences", "support", "wishes"),
    *("notices", "rest", "leave"),
)
"""Pages of a membership that are also sent."""


def member_of(session, visits, who):
    return session.scalars(select(Member).where(Member.public_id == visits.house.ids[who])).one()


def test_every_route_of_a_membership_is_tried_here(app):
    rules = {rule.rule.partition(">/")[2] for rule in app.url_map.iter_rules() if "<member_id>" in rule.rule}
    assert rules == {*PATHS, "preview", "settings", "here-again"}


@pytest.mark.parametrize("path", [*PATHS, "preview", "settings", "here-again"])
def test_anothers_membership_is_as_one_that_never_was(visits, rows, path):
    visit = visits.by("waiting")
    with rows() as session:
        name = member_of(session, visits, "proposed").name
    for method in (visit.get, visit.post):
        foreign = method(visits.path(f"/members/{{proposed}}/{path}"))
        missing = method(f"/members/{'x' * len(visits.house.ids['proposed'])}/{path}")
        assert foreign.status_code == missing.status_code in (404, 405)
        assert without_token(foreign) == without_token(missing)
        assert name not in foreign.text


def without_token(answer):
    """A page but for the token of its forms, which tells the second in which it was made."""
    return re.sub(r'(?<=name="csrf_token" value=)"[^"]+"', "", answer.text)


def test_a_coordinator_opens_no_members_pages(visits):
    assert visits.by("coordinator").get(visits.path("/members/{waiting}/hours")).status_code == 404


def test_who_has_left_has_no_pages_there_any_more(visits, rows):
    with rows.begin() as session:
        leaving.leave(session, member_of(session, visits, "waiting"), NOW)
    visit = visits.by("waiting")
    assert visit.get(visits.path("/members/{waiting}/settings")).status_code == 404
    assert "You are in no group yet" not in words_of(visit.get("/today"))
    assert "Which group would you like to join?" in words_of(visit.get("/today"))


def test_who_is_not_signed_in_is_asked_to_and_then_comes_back(visits):
    answer = visits.by().get(visits.path("/members/{waiting}/hours"))
    assert answer.status_code == 303
    assert answer.location == visits.path("/sign-in?next=/members/{waiting}/hours")


def steps_on(page):
    """The steps as Today shows them, and those that are told."""
    words, steps = words_of(page), ("The house rules", "Your name and place", "One to three goals")
    return [step for step in steps if f"{step} told" in words]


def test_one_step_leads_to_the_next_until_all_is_told(visits, rows):
    visit, path = visits.by("newcomer"), visits.path("/members/{newcomer}")
    yes = {"is_adult": "y", "to_rules": "y", "to_pairing": "y"}
    answer = visit.post(f"{path}/rules", yes)
    assert (answer.status_code, answer.location) == (303, f"{path}/name")
    answer = visit.post(f"{path}/name", {"name": "Robin", "zone": "Europe/Paris", "languages": "English; German"})
    assert (answer.status_code, answer.location) == (303, f"{path}/goals")
    assert steps_on(visit.get("/today")) == ["The house rules", "Your name and place"]
    answer = send(visit, f"{path}/goals", {"goals-0-area": "sleep"})
    assert (answer.status_code, answer.location) == (303, f"{path}/hours")
    answer = send(visit, f"{path}/hours", {"parts": ["0-evening", "3-noon"]})
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "You are in the next pairing" in words_of(visit.get("/today"))
    with rows() as session:
        member = member_of(session, visits, "newcomer")
        assert (member.missing(), member.waiting_since) == ([], NOW.date())


def test_what_was_skipped_is_asked_for_at_the_end(visits):
    visit, path = visits.by("newcomer"), visits.path("/members/{newcomer}")
    assert send(visit, f"{path}/hours", {"writing_is_enough": "y"}).location == "/today"
    assert send(visit, f"{path}/goals", {"goals-0-area": "sleep"}).location == "/today"
    assert "Go on" in words_of(visit.get("/today"))
    yes = {"is_adult": "y", "to_rules": "y", "to_pairing": "y"}
    assert visit.post(f"{path}/rules", yes).location == f"{path}/name"


def test_the_two_pages_beside_the_steps_lead_to_the_step_that_is_next(visits):
    visit, path = visits.by("newcomer"), visits.path("/members/{newcomer}")
    answer = send(visit, f"{path}/support", {"card": "Ask me twice."})
    assert (answer.status_code, answer.location) == (303, f"{path}/rules")


def test_who_is_ready_goes_back_to_the_settings_of_the_group(visits):
    visit, path = visits.by("waiting"), visits.path("/members/{waiting}")
    answer = visit.post(f"{path}/name", {"name": "Robin", "zone": "Europe/Paris", "languages": "English"})
    assert (answer.status_code, answer.location) == (303, f"{path}/settings")
    assert "Saved." in words_of(visit.get(f"{path}/settings"))


def test_all_pages_of_a_membership_are_for_who_is_signed_in():
    of_members = {"joining", "hours", "experiences", "support", "wishes", "preview", "notices", "pause"}
    whose = {rule.who.name for endpoint, (_, rule) in POLICY.items() if endpoint.partition(".")[0] in of_members}
    assert whose == {"SIGNED_IN", "FRESH"}
