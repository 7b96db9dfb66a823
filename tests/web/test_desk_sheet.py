"""A sheet tried on a page: the pairing it comes to is shown, and nothing of it is kept or sent."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.night import Order, decide
from matcher.groups import change_policy
from matcher.models import Group
from matcher.spreadsheets.template import TEMPLATE
from tests.rows import NOW
from tests.web.pages import cards, words_of
from tests.web.test_every_page import dump
from tests.web.typed import send_file, slips
from web.policy import SHEETS

HEADER = b"id,name,zone,languages,goals,availability\n"
TWO = HEADER + b"a,Ada,Europe/London,en,running,Mon evening\nb,Bo,Europe/London,en,running,Mon evening\n"


@pytest.fixture
def coordinator(visits):
    return visits.by("coordinator")


@pytest.fixture
def path(visits):
    return visits.path("/desk/{group}/sheet")


@pytest.fixture
def tried(coordinator, path):
    """The answer to a sheet."""
    return lambda content, name="people.csv": send_file(coordinator, path, content, name)


def test_the_pairing_of_a_sheet_is_shown_with_its_reasons_and_nothing_is_kept_or_sent(tried, rows):
    before = dump(rows)
    answer = tried(TEMPLATE.encode())
    words = words_of(answer)
    assert answer.status_code == 200
    assert "A look at a sheet. Nothing was kept, nobody was invited, and nothing was sent." in words
    assert "10 of 12 people have a partner 5 pairs 2 wait" in words
    assert "Amina and Eun-ji" in words
    assert "Pairing of 14 January 2026" in words
    assert "How the sheet was read" in words
    assert len(cards(answer, "pairs")) == 5
    assert "Back to Side by Side Invite these people" in words
    assert dump(rows) == before


def test_it_is_the_pairing_that_the_command_line_comes_to(tried, tmp_path):
    (tmp_path / "people.csv").write_text(TEMPLATE)
    assignment = decide(Order(people=tmp_path / "people.csv", on=NOW.date())).assignment
    words = words_of(tried(TEMPLATE.encode()))
    assert assignment.fingerprint in words
    assert len(cards(tried(TEMPLATE.encode()), "pairs")) == len(assignment.pairs)


def test_it_is_paired_by_the_groups_own_policy(tried, rows, visits):
    assert len(cards(tried(TWO), "pairs")) == 1
    with rows.begin() as session:
        group = session.scalars(select(Group).where(Group.public_id == visits.house.ids["group"])).one()
        change_policy(session, group, {"floor_points": 10_000}, None, "nobody fits", NOW)
    answer = tried(TWO)
    assert "0 of 2 people have a partner" in words_of(answer)
    assert "Version 2" in words_of(answer)


def test_nothing_of_a_sheet_is_written_down_anywhere(tried, log_lines, tmp_path):
    log_lines()
    canary = TWO.replace(b"Ada", b"Canary Wharf")
    assert "Canary Wharf" in tried(canary, "canary.csv").text
    assert "anary" not in json.dumps(log_lines())
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"Canary" in path.read_bytes()]
    assert kept == []


def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason_and_the_rest_is_paired(tried):
    answer = tried(TWO + b"c,Cy,Mars,en,running,Mon evening\n")
    words = words_of(answer)
    assert len(cards(answer, "pairs")) == 1
    assert "1 set aside" in words
    assert "Row 4, c" in words
    assert '"Mars" is no time zone' in words


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "people.csv is empty"),
        (b"Ada,Europe/London\n", "is no header that is known here"),
        (b"PK\x03\x04 a workbook", "is not a CSV file but a workbook"),
        (b"\x1f\x8b\x08 packed", "is a .gz file; unpack it"),
        (b"ada\0bo", "is not a CSV file"),
        (HEADER + b'"a,Ada\nb,Bo', "quotation mark"),
        (b"id,name,languages,goals,availability\na,Ada,en,run,Mon\n", "known as zone; call it zone in row 1."),
        (HEADER.replace(b"name", b"Year of birth") + b"a,1990\n", "Call the column of their age just age in row 1"),
        (HEADER.replace(b"name", b"zone") + b"a,b\n", "zone"),
        (HEADER + b"a,Ada,Mars,en,running,Mon evening\n", "Nobody on people.csv can be paired."),
        (HEADER, "Nobody on people.csv can be paired."),
        (HEADER + b"a\n" * 1001, "has 1,001 people; at most 1,000 are paired on a page."),
        (b",".join(b"c%d" % each for each in range(201)) + b"\nx\n", "has 201 columns; at most 200 are read."),
        (b"x" * 1_100_000, "is larger than 1 MB."),
        (b"x" * 3_000_000, None),
    ],
    ids=[
        *("empty", "no header", "workbook", "gz", "NUL", "open quotes", "no zone", "ages", "zone twice", "nobody fits"),
        *("only a header", "1,001 people", "201 columns", "1.1 MB", "3 MB"),
    ],
)
def test_a_bad_sheet_is_a_sentence_without_flags_and_the_page_stays(tried, rows, content, sentence):
    before = dump(rows)
    answer = tried(content)
    if sentence is None:
        assert answer.status_code == 413
    else:
        assert answer.status_code == 422
        assert sentence in slips(answer)[""]
        assert not any(sign in slips(answer)[""] for sign in ("--", "COLUMN", "defaults.", "=", "Error"))
        assert "See the pairing" in words_of(answer)
    assert dump(rows) == before


def test_without_a_file_it_says_to_choose_one(coordinator, path):
    answer = coordinator.post(path)
    assert (answer.status_code, slips(answer)[""]) == (422, "Choose a file first.")


@pytest.mark.parametrize("hostile", ["\"'><svg/onload=x>", "</title><script>x</script>", "{{7*7}}", "<!--", "&amp;"])
def test_words_from_a_sheet_stay_words(tried, hostile):
    cell = '"{}"'.format(hostile.replace('"', '""')).encode()
    answer = tried(TWO.replace(b"Ada", cell).replace(b"running", cell), f"{hostile}.csv")
    assert hostile in words_of(answer)
    assert "<svg/onload" not in answer.text
    assert "<script>x" not in answer.text


def test_after_thirty_sheets_in_an_hour_the_next_one_waits(tried):
    (limit,) = SHEETS
    for _ in range(limit.most):
        assert tried(b"").status_code == 422
    held = tried(TWO)
    assert (held.status_code, int(held.headers["Retry-After"]) <= 3600) == (429, True)
    assert "Please wait a little" in words_of(held)
    assert limit.within == timedelta(hours=1)


def test_an_example_sheet_can_be_taken_and_paired(visits):
    visit = visits.by("coordinator")
    assert "Take an example" in visit.get(visits.path("/desk/{group}/sheet")).text
    answer = visit.get(visits.path("/desk/{group}/sheet/example.csv"))
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == ("text/csv", 'attachment; filename="people.csv"')
    assert answer.text == TEMPLATE
    assert visits.by("waiting").get(visits.path("/desk/{group}/sheet/example.csv")).status_code == 404
