import codecs
import csv
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import SheetError
from matcher.spreadsheets.files import Uploaded, read_rows, read_table

TEXT = "name,goal\nZoë,reading\n"


def cells(path):
    return [row.cells for row in read_table(path).rows]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        b"sep=;\r\n" + TEXT.replace(",", ";").encode(),
        gzip.compress(TEXT.encode(), mtime=0),
    ],
)
def test_the_common_ways_to_save_a_sheet_are_all_read_alike(write, content):
    table = read_table(write(content))
    assert table.header == ("name", "goal")
    assert [row.cells for row in table.rows] == [("Zoë", "reading")]
    assert table.notes == ()


def test_windows_letters_are_read_with_a_note(write):
    table = read_table(write(TEXT.encode("cp1252")))
    assert table.rows[0].cells == ("Zoë", "reading")
    assert "Windows-1252" in table.notes[0]


def test_commas_inside_quotation_marks_of_the_header_do_not_count(write):
    path = write('name;"goals, dreams, hopes";"free\nwhen, where"\nAmina;running;Mon\n')
    assert read_table(path).header == ("name", "goals, dreams, hopes", "free\nwhen, where")


def test_a_row_has_the_number_that_a_spreadsheet_shows(write):
    path = write('name,goal\n"Ami\nna",running\n\n,,\nBo,reading\n')
    assert [(row.number, row.cells[0]) for row in read_table(path).rows] == [(2, "Ami\nna"), (5, "Bo")]


def test_short_rows_are_filled_and_long_rows_kept_apart(write):
    table = read_table(write("name,goal,\nAmina\nBo,reading, ,,\nCy,a,b\n"))
    assert [row.cells for row in table.rows] == [("Amina", ""), ("Bo", "reading")]
    assert [row.number for row in table.too_long] == [4]


def test_space_around_cells_and_quotation_marks_is_no_content(write):
    assert cells(write('name, goal\n Amina , "reading, writing"\n')) == [("Amina", "reading, writing")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b"\n \n,,\n", "is empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\n<!doctype html>", "a web page"),
        (b"name\0goal", "unusual encoding"),
        (TEXT.encode("utf-16-le"), "unusual encoding"),
        (codecs.BOM_UTF16_LE + b"a", "known encoding"),
        (b"name\x81goal\xff", "known encoding"),
        (b"\x1f\x8b\x08\x00", "damaged .gz"),
        (b"\x1f\x8bnonsense", "damaged .gz"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-9], "damaged .gz"),
        (gzip.compress(TEXT.encode(), mtime=0)[:12] + b"\xff" * 20, "damaged .gz"),
        (b'name,goal\nAmina,"reading\nBo,running\n', "row 2: a quotation mark opens"),
        (b'name,goal\nAmina,reading\n"Bo"by,running\n', "row 3: a quotation mark opens"),
        (b"name\n" + b"a" * 200_000, "longer than a sheet allows"),
        (b"Name,goal,name\n", 'two columns called "name"'),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_what_to_do(write, content, sentence):
    with pytest.raises(SheetError, match=r"^people\.csv") as refused:
        read_table(write(content))
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path):
    with pytest.raises(SheetError, match=r"gone\.csv cannot be read: No such file"):
        read_rows(tmp_path / "gone.csv")
    with pytest.raises(SheetError, match="cannot be read"):
        read_rows(tmp_path)
    with pytest.raises(SheetError, match="cannot be read"):
        read_rows(tmp_path / "nul\0")


def test_several_columns_without_a_name_are_no_twins(write):
    assert read_table(write("name,,,goal\nAmina,,,running\n")).header == ("name", "", "", "goal")


CELL = st.text(st.characters(exclude_categories=["C"]), max_size=8).map(str.strip).filter(lambda text: text[:1] != "<")


@settings(deadline=None)  # the machine may be busy with something else
@given(st.lists(st.tuples(CELL.filter(bool), CELL, CELL.filter(bool)), min_size=1), st.sampled_from(",;\t"))
def test_what_is_written_as_csv_is_read_again(tmp_path_factory, rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.getbasetemp() / "again.csv"
    path.write_text(text.getvalue(), "utf-8")
    assert cells(path) == rows


# What a visitor sends


def test_what_was_sent_is_read_like_a_file_and_nothing_is_opened_by_its_name(write):
    path = write(TEXT)
    assert read_table(Uploaded.called("/etc/passwd", TEXT.encode())).rows == read_table(path).rows


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("people.csv", "people.csv"),
        ("../../etc/people.csv", "people.csv"),
        ("C:\\Users\\Ada\\people.csv", "people.csv"),
        ("peo\r\nple\0\u202e.csv", "peo ple .csv"),
        ("x" * 300, "x" * 60),
        ("", "This file"),
        ("folder/", "This file"),
    ],
)
def test_the_name_that_a_visitor_gave_is_only_ever_words_in_a_sentence(name, called):
    assert Uploaded.called(name, b"").name == called
    with pytest.raises(SheetError, match="is empty"):
        read_rows(Uploaded.called(name, b""))


def test_what_was_sent_is_never_unpacked():
    bomb = gzip.compress(b"a" * 1_000_000)
    with pytest.raises(SheetError, match=r"people.csv is a .gz file; unpack it"):
        read_rows(Uploaded("people.csv", bomb))
