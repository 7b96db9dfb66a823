"""What anybody may read, before anything else."""

import re

import pytest

from tests.web.pages import words_of

OPEN = ("/", "/help", "/house-rules", "/privacy")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "Alongside pairs the members of a peer support group"),
        ("/", "not together"),
        ("/", "Waiting is about hours and numbers. It is not about the person."),
        ("/help", "call your local emergency number now"),
        ("/help", "Alongside is not a crisis service."),
        ("/house-rules", "What is said here stays here."),
        ("/house-rules", "Five rules, the same in every group."),
        ("/privacy", "Nobody, but it helps to find your partner Your hours, wishes and preferences"),
        ("/privacy", "Seven days later it is gone"),
    ],
)
def test_it_says_what_it_is_and_what_becomes_of_what_one_tells(visits, path, said):
    assert said in words_of(visits.by().get(path))


def test_it_leads_to_signing_in_and_to_an_account(visits):
    text = visits.by().get("/").text
    assert 'href="/sign-in"' in text
    assert 'href="/sign-up"' in text


def test_there_are_as_many_rules_as_it_says(visits):
    assert visits.by().get("/house-rules").text.count("<li><p><strong>") == 5


@pytest.mark.parametrize("path", OPEN)
def test_it_has_a_calm_voice_and_needs_no_database(visitor, path):
    answer = visitor.get(path, base_url="https://localhost")
    assert answer.status_code == 200
    assert "!" not in words_of(answer)


@pytest.mark.parametrize("path", OPEN)
def test_no_telephone_number_is_invented(visits, path):
    assert not re.search(r"\d{2,}", words_of(visits.by().get(path)).partition("Get help now")[2].replace("24", ""))


def test_who_is_signed_in_goes_home_from_the_first_page_and_reads_the_others(visits):
    answer = visits.by("waiting").get("/")
    assert (answer.status_code, answer.location) == (303, "/today")
    for path in OPEN[1:]:
        assert "Sign out" in words_of(visits.by("waiting").get(path))


@pytest.mark.parametrize("path", OPEN)
def test_an_old_or_a_forged_cookie_reads_what_everybody_reads(visits, path):
    forged = visits.by()
    forged.client.set_cookie("__Host-alongside", "x" * 43, domain="localhost", secure=True)
    assert forged.get(path).data == visits.by().get(path).data
