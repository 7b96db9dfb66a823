"""A sheet that a visitor sent is paired as the command line would, and leaves nothing behind."""

import gzip
import re

import pytest

from jobs.night import Order, decide
from matcher.errors import SheetError
from matcher.rehearsal import MOST_BYTES, MOST_COLUMNS, MOST_PEOPLE, NobodyError, rehearse
from matcher.spreadsheets.choices import read_choices
from tests.builders import MONDAY
from tests.jobs.conftest import SHEET
from web.desk_sheet import pairing_of

HEADER = "id,zone,languages,goals,availability\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_comes_to_what_the_command_line_comes_to(sheet_file, encoding):
    decided = decide(Order(people=sheet_file, on=MONDAY))
    found = rehearse(SHEET.encode(encoding), "people.csv", MONDAY)
    assert found.assignment == decided.assignment
    assert (found.sheet, found.names, found.notes) == (decided.sheet, decided.names, decided.notes)
    assert len(found.assignment.pairs) + len(found.assignment.trios) == 2


@pytest.fixture
def sheet_file(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(SHEET, "utf-8")
    return path


def test_it_has_everything_that_the_page_of_a_pairing_shows():
    found = rehearse(SHEET.encode(), "people.csv", MONDAY)
    pairing = pairing_of(found)
    assert {name for each in (*pairing.pairs, *pairing.trios) for name in each.names} >= {"Ada", "Bob", "Cyd"}
    assert [(each.row, each.id) for each in pairing.set_aside] == [(8, "g")]


def test_nothing_is_opened_or_written_under_the_name_that_a_visitor_gave(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = rehearse(SHEET.encode(), f"{tmp_path}/../../etc/passwd", MONDAY)
    assert found.sheet.file_name == "passwd"
    assert list(tmp_path.iterdir()) == []


def test_what_holds_for_everybody_can_be_said_beside_the_sheet():
    choices = read_choices(flags=["defaults.zone=Europe/London"])
    rows = "id,languages,goals,availability\na,en,run,Mon evening\nb,en,run,Mon evening\n"
    with pytest.raises(SheetError, match=r"No column of people\.csv is known as zone"):
        rehearse(rows.encode(), "people.csv", MONDAY)
    assert len(rehearse(rows.encode(), "people.csv", MONDAY, choices=choices).assignment.pairs) == 1


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("id,languages,goals,availability", "known as zone; call it zone in row 1. Its columns are: id, languages"),
        ("id,zone,goals,availability", "known as languages; call it languages in row 1."),
        ("id,zone,languages,availability", "known as goals; call it goals in row 1."),
        ("id,zone,languages,goals", "call it availability in row 1, or call one writing where everybody writes."),
        (f"{HEADER.strip()},Year of birth", "Call the column of their age just age in row 1"),
    ],
)
def test_who_sends_a_sheet_to_a_page_is_told_to_mend_the_sheet_and_of_no_flag(header, sentence):
    with pytest.raises(SheetError) as refused:
        rehearse(f"{header}\na,b,c,d,e,f\n".encode(), "people.csv", MONDAY)
    assert sentence in str(refused.value)
    assert not re.search(r"--|=|defaults|COLUMN", str(refused.value))


def test_how_languages_were_read_names_no_flag_either():
    rows = "id,zone,home_language,d_languages,goals,availability\n" + "".join(
        f"{each},Europe/London,English,English,run,Mon evening\n" for each in "ab"
    )
    notes = rehearse(rows.encode(), "people.csv", MONDAY).notes
    assert "Languages are from home_language, and from d_languages where that is empty." in notes


def test_a_sheet_of_whom_nobody_can_be_paired_says_why_row_by_row():
    rows = f"{HEADER}a,Mars,en,run,Mon evening\n"
    with pytest.raises(NobodyError, match=r"^Nobody on people\.csv can be paired\.\n") as refused:
        rehearse(rows.encode(), "folder/people.csv", MONDAY)
    assert [each.row for each in refused.value.sheet.set_aside] == [2]
    with pytest.raises(NobodyError, match="Columns: id, zone"):
        rehearse(HEADER.encode(), "people.csv", MONDAY)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" " * (MOST_BYTES + 1), "people.csv is larger than 1 MB. For a larger group, whoever runs this server"),
        (b"id\n" + b"x\n" * (MOST_PEOPLE + 1), "people.csv has 1,001 people; at most 1,000 are paired on a page."),
        (b"id" + b",x" * MOST_COLUMNS, "people.csv has 201 columns; at most 200 are read."),
        (gzip.compress(b"a" * 10_000_000), "people.csv is a .gz file"),
        (b"PK\x03\x04", "people.csv is not a CSV file but a workbook"),
        (b"", "people.csv is empty"),
    ],
)
def test_what_no_page_could_wait_for_is_refused_by_the_visitors_own_name(content, sentence):
    with pytest.raises(SheetError, match=re.escape(sentence)):
        rehearse(content, "/tmp/upload/people.csv", MONDAY)


def test_a_thousand_rows_are_not_too_many():
    rows = "".join(f"p{number},,,,\n" for number in range(MOST_PEOPLE))
    with pytest.raises(NobodyError) as refused:
        rehearse((HEADER + rows).encode(), "people.csv", MONDAY)
    assert len(refused.value.sheet.set_aside) == MOST_PEOPLE
