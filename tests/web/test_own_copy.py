"""Everything somebody told us, to keep: for a program, and to be read."""

import json
from datetime import timedelta

import html5lib
import pytest

from matcher.own_data import CANNOT_BE_READ
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_memberships import member_of

FILES = ("/settings/copy.json", "/settings/copy.html")


def test_the_page_offers_both_ways(visits):
    text = visits.by("waiting").get("/settings/copy").text
    assert all(f'action="{path}"' in text for path in FILES)


def test_the_copy_for_a_program_holds_what_was_told(visits):
    answer = visits.by("waiting").post("/settings/copy.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    copy = json.loads(answer.data)
    assert copy["account"]["address"] == "waiting@example.org"
    (membership,) = copy["memberships"]
    assert membership["card"] == "Ask me twice. Please do not tell me to cheer up."
    assert [each["word"] for each in membership["experiences"]] == ["a new city", "burnout"]


def test_the_copy_to_be_read_is_a_page_of_its_own_that_asks_for_nothing(visits, rows):
    with rows.begin() as session:
        member_of(session, visits, "waiting").card = "<script>alert(1)</script>\nand a second line"
    answer = visits.by("waiting").post("/settings/copy.html")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert "Everything I told, as of 14 January 2026" in words_of(answer)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nand a second line" in answer.text
    for foreign in ("<script", "<link", "<img", "<form", "href=", "src=", "url(", "@import"):
        assert foreign not in answer.text


@pytest.mark.parametrize("who", ["newcomer", "partner", "coordinator", "nobody", "unsure", "founder"])
def test_both_copies_hold_the_same_for_everybody(visits, who):
    as_json, as_page = (visits.by(who).post(path) for path in FILES)
    words = " ".join(words_of(as_page).split())
    texts = list(texts_in(json.loads(as_json.data)))
    assert len(texts) > 10
    assert [each for each in texts if " ".join(each.split()) not in words] == []


def texts_in(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value
    elif value is not None:
        yield {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("path", FILES)
def test_a_copy_is_a_file_to_keep_and_no_page_of_ours(visits, path):
    answer = visits.by("waiting").post(path)
    name = path.replace("/settings/copy", "alongside")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", FILES)
def test_nothing_of_others_but_chosen_names_is_in_it(visits, rows, path):
    with rows.begin() as session:
        other = member_of(session, visits, "partner_too")
        other.card, other.rhythm, other.zone = "canary card", "canary rhythm", "Pacific/Chatham"
    answer = visits.by("partner").post(path)
    assert "Partner_too" in answer.text
    for secret in ("canary", "Chatham", "partner_too@example.org"):
        assert secret not in answer.text


@pytest.mark.parametrize("path", FILES)
def test_what_was_spoilt_says_so_and_stops_nothing(visits, rows, path):
    spoil(rows, "members", "windows", "card", "wishes", "about_me")
    spoil(rows, "goals", "words")
    spoil(rows, "experiences", "tag")
    answer = visits.by("waiting").post(path)
    assert answer.status_code == 200
    assert CANNOT_BE_READ in answer.text


def test_a_copy_asks_for_the_password_again_after_a_while(visits, clock):
    visit = visits.by("waiting")
    clock.now += timedelta(minutes=5)
    assert visit.get("/settings/copy").location == "/step-up?next=/settings/copy"
    for path in FILES:
        answer = visit.post(path)
        assert answer.status_code == 401
        assert "waiting@example.org" not in answer.text


@pytest.mark.parametrize("path", FILES)
def test_ten_copies_a_day_are_enough(visits, clock, path):
    visit = visits.by("waiting")
    assert [visit.post(path).status_code for _ in range(11)] == [200] * 10 + [429]
    assert visits.by("partner").post(path).status_code == 200


@pytest.mark.parametrize("path", FILES)
def test_looking_is_no_way_to_take_one(visits, path):
    assert visits.by("waiting").get(path).status_code in (404, 405)
    assert visits.by().post(path).status_code == 401
