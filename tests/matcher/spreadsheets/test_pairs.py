"""The result as a sheet, and the way back: what one round wrote, the next one reads."""

import csv

from matcher.pairing import Policy, plan
from matcher.spreadsheets.lists import read_list
from matcher.spreadsheets.pairs import HEADER, pairs_sheet
from matcher.spreadsheets.person import Person
from tests.builders import hours, make_candidate, make_pool

PEOPLE = [
    make_candidate("=a"),
    make_candidate("b"),
    make_candidate("c", windows=hours("Sat 09:00-11:00"), welcomes_three=True),
    make_candidate("d", windows=hours("Sat 09:00-11:00"), welcomes_three=True),
    make_candidate("e", windows=hours("Sat 09:00-11:00"), welcomes_three=True),
    make_candidate("f", windows=hours("Sun 03:00-04:00")),
]


def written() -> str:
    return pairs_sheet(plan(make_pool(PEOPLE), Policy()), {"b": "+Bob", "f": "Fay"})


def test_a_pair_a_trio_and_somebody_alone_have_a_row_each():
    header, *rows = csv.reader(written().splitlines())
    assert tuple(header) == HEADER
    assert [row[:7] for row in rows] == [
        ["pair", "'=a", "b", "", "", "'+Bob", ""],
        ["trio", "c", "d", "e", "", "", ""],
        ["alone", "f", "", "", "Fay", "", ""],
    ]
    assert rows[2][-1].startswith("No possible partner in this pool. Too little common time with 5 others.")


def test_the_next_round_reads_it_as_its_past(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(written(), "utf-8-sig")
    people = [Person(candidate, "", row) for row, candidate in enumerate(PEOPLE, start=2)]
    past = read_list(path, people)
    assert past.rows == (("=a", "b"), ("c", "d", "e"))
    assert past.alone == ("f",)
    assert past.notes == ()
