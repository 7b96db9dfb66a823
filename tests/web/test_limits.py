"""Too many tries are held back, for known and unknown addresses alike, and nobody is kept out of their own account."""

from datetime import timedelta

import pytest

from tests.house import PASSWORD
from tests.web.visits import Visit
from web.limits import place_of

TRIES = 10


def tried(visits, address, password="not this one"):
    return visits.by().post("/sign-in", {"address": address, "password": password})


@pytest.mark.parametrize("address", ["waiting@example.org", "nobody-knows@example.org"])
def test_the_eleventh_try_waits_with_the_same_answer_whether_or_not_the_address_is_known(visits, clock, address):
    answers = [tried(visits, address) for _ in range(TRIES + 1)]
    assert [each.status_code for each in answers] == [422] * TRIES + [429]
    assert answers[-1].headers["Retry-After"] == "300"
    assert "Please wait a little" in answers[-1].text
    assert tried(visits, address.upper(), PASSWORD).status_code == 429
    assert tried(visits, "partner@example.org").status_code == 422
    clock.now += timedelta(minutes=5)
    assert tried(visits, address).status_code == 422


def test_a_password_that_fits_begins_the_count_anew(visits):
    for _ in range(3):
        assert [tried(visits, "waiting@example.org").status_code for _ in range(TRIES - 1)] == [422] * (TRIES - 1)
        assert tried(visits, "waiting@example.org", PASSWORD).status_code == 303
        with_clean_place(visits)


def with_clean_place(visits):
    """Forget the tries of our own network address, from which everybody here comes."""
    sessions = visits.app.extensions["alongside.sessions"].get()
    with sessions.begin() as session:
        session.connection().exec_driver_sql("DELETE FROM counters")


def test_who_guesses_locks_nobody_out_the_mailbox_opens_a_way(visits):
    for _ in range(TRIES + 1):
        tried(visits, "waiting@example.org")
    assert tried(visits, "waiting@example.org", PASSWORD).status_code == 429
    path, new = visits.path("/reset/{reset}"), "four kettles on a slow train"
    assert visits.by().post(path, {"password": new, "again": new}).location == "/today"
    assert tried(visits, "waiting@example.org", new).status_code == 303


def test_one_place_tries_at_most_thirty_addresses(visits):
    answers = [tried(visits, f"person{number}@example.org").status_code for number in range(31)]
    assert answers == [422] * 30 + [429]


def test_mails_are_asked_for_a_few_times_an_hour_known_or_not(visits, clock):
    for address in ("waiting@example.org", "nobody-knows@example.org"):
        answers = [visits.by().post("/forgotten", {"address": address}) for _ in range(6)]
        assert [each.status_code for each in answers] == [303] * 5 + [429]
    clock.now += timedelta(hours=1)
    assert visits.by().post("/forgotten", {"address": "waiting@example.org"}).status_code == 303


def test_a_restart_forgets_nothing_and_workers_count_together(visits):
    for number in range(TRIES):
        if number % 3 == 0:
            visits.app.extensions["alongside.sessions"].close()  # as a worker that begins anew
        tried(visits, "waiting@example.org")
    assert tried(visits, "waiting@example.org", PASSWORD).status_code == 429


def test_the_password_once_more_is_counted_by_the_browser(visits):
    visit: Visit = visits.by("waiting")
    answers = [visit.post("/step-up", {"password": "wrong"}).status_code for _ in range(TRIES + 1)]
    assert answers == [422] * TRIES + [429]
    assert visits.by("partner").post("/step-up", {"password": PASSWORD}).status_code == 303


def test_one_place_uses_up_its_own_tries_and_not_everybodys(visits, rows):
    from matcher import counters

    for number in range(40):
        tried(visits, f"person{number}@example.org")
    with rows() as session:
        assert counters.look(session, "sign_in.come_in:everybody:", visits.app.config["CLOCK"]())[0] == 30


@pytest.mark.parametrize(
    ("address", "place"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("nobody", "nobody")],
)
def test_a_household_is_one_place(address, place):
    assert place_of(address) == place
