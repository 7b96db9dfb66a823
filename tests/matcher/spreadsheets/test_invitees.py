import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import SheetError
from matcher.spreadsheets.invitees import MOST_ROWS, read_invitees

LIST = "ada@example.org\nbob@example.org\n"
TWO = [("ada@example.org", 1), ("bob@example.org", 2)]


def found(content, name="list.csv"):
    return [(each.address, each.row) for each in read_invitees(content, name).invitees]


def reasons(content):
    return [str(each) for each in read_invitees(content).set_aside]


@pytest.mark.parametrize(
    "content",
    [
        LIST,
        LIST.encode(),
        codecs.BOM_UTF8 + LIST.encode(),
        LIST.encode("utf-16"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        b"Ada;ADA@Example.org;1\nBob; bob@example.org ;2",
        b"Ada\tada@example.org\nBob\tbob@example.org",
        b'"Lovelace, Ada",ada@example.org\n"Bob",bob@example.org',
        b"1,ada@example.org\nbob@example.org,2",
    ],
)
def test_a_list_without_a_header_is_read_however_it_was_saved(content):
    assert found(content) == TWO


@pytest.mark.parametrize("title", ["email", "E-Mail", "Your email address", "Address", "mail", "E-mails", "ADDRESSES"])
def test_a_column_of_addresses_is_known_by_its_header(title):
    read = read_invitees(f"name;{title};partner\nAda;ada@example.org;zoe@example.org\n\nBob;bob@example.org\n")
    assert [(each.address, each.row) for each in read.invitees] == [("ada@example.org", 2), ("bob@example.org", 4)]
    assert read.stated == (
        "The addresses are those of column 2, as row 1 says.",
        "2 other columns were not read; nothing of it is kept.",
    )


def test_how_a_list_was_read_is_said():
    assert read_invitees(LIST).stated == ()
    assert read_invitees("Ada;ada@example.org", "folk.csv").stated == (
        "Row 1 of folk.csv is no header that is known here, so the address was looked for in all of a row.",
        "1 other column was not read; nothing of it is kept.",
    )
    windows = read_invitees("Zoë;zoe@example.org".encode("cp1252"), "folk.csv")
    assert [each.address for each in windows.invitees] == ["zoe@example.org"]
    assert "read as Windows-1252" in windows.stated[0]
    assert read_invitees("email\n").invitees == ()


def test_what_is_amiss_is_said_row_by_row_and_the_rest_is_read():
    content = (
        "Ada\nada@example.org\nada@example.org; bob@example.org\nADA@example.org\nbob@example\n"
        "=cmd()\n\nZoë <zoe@example.org>\nbob@example.org\nada@Example.ORG\n"
    )
    assert found(content) == [("ada@example.org", 2), ("bob@example.org", 9)]
    assert reasons(content) == [
        "row 1, no address; write one such as name@example.org, or take the row out",
        "row 3, more than one address; write one in a row",
        "row 4, the same address as in row 2, which counts; this row is not needed",
        'row 5, "bob@example" is no mail address; write one such as name@example.org',
        "row 6, no address; write one such as name@example.org, or take the row out",
        'row 8, "<zoe@example.org>" is no mail address; write one such as name@example.org',
        "row 10, the same address as in row 2, which counts; this row is not needed",
    ]


def test_two_addresses_in_one_cell_or_in_two_are_never_one_of_them():
    both = "more than one address; write one in a row"
    assert reasons('ada@example.org\n"ada@example.org,bob@example.org"\n') == [f"row 2, {both}"]
    assert reasons('email,name\n"ada@example.org bob@example.org",x\n') == [f"row 2, {both}"]
    assert reasons("ada@example.org,bob@example.org\n") == [f"row 1, {both}"]
    assert reasons("email,name\n,ada@example.org\nx\n") == [
        f"row {row}, no address; write one such as name@example.org, or take the row out" for row in (2, 3)
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "list.csv is empty"),
        ("  \n", "list.csv is empty"),
        (b"%PDF-1.7", 'list.csv is not a CSV file but a PDF; open it in a spreadsheet and save it as "CSV UTF-8".'),
        (b"PK\x03\x04rest", "a workbook (such as .xlsx or .ods) or another zip file"),
        (b"\xd0\xcf\x11\xe0", "an old workbook"),
        (b"\x1f\x8brest", "list.csv is a .gz file"),
        (b"ada@example.org\0", "unusual encoding"),
        ("ada@example.org\0", "unusual encoding"),
        ("ada\ud800@example.org", "signs among the addresses that are no text"),
        (b'ada@example.org\n"bob@example.org\n', "list.csv, row 2: a quotation mark opens a cell"),
        (b"a" * 200_001, "list.csv is larger than 200 kB."),
        (b"x\n" * (MOST_ROWS + 1), "list.csv has 501 rows; at most 500 are read at once. Send two lists."),
        (b"a" * 199_999, "or the cell is longer than a sheet allows"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(SheetError) as refused:
        read_invitees(content, "../list.csv")
    assert sentence in str(refused.value)


def test_five_hundred_rows_and_a_header_are_read():
    rows = "\n".join(f"a{number}@example.org" for number in range(MOST_ROWS))
    assert len(found(f"email\n{rows}")) == MOST_ROWS


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_whatever_is_sent_every_row_is_an_address_or_a_sentence(content):
    with suppress(SheetError):  # anything else would be ours
        read = read_invitees(content)
        assert all("@" in each.address for each in read.invitees)
        assert all(each.reason for each in read.set_aside)
