"""The JSON object: the same for the same people, in an order of its own."""

import json

from matcher.rehearsal import rehearse
from matcher.result import names_of, result
from tests.builders import MONDAY
from tests.jobs.conftest import SHEET


def test_the_order_of_the_rows_changes_rows_and_seconds_and_nothing_else():
    header, *rows = SHEET.splitlines(keepends=True)
    found = []
    for order in (rows, rows[::-1]):
        night = rehearse("".join([header, *order]).encode(), "people.csv", MONDAY)
        said = result(night.assignment, night.sheet, {"read": 1.23456})
        assert said.pop("seconds") == {"read": 1.235}
        for row in said["set_aside"]:
            row.pop("row")
        found.append(json.dumps(said))
    assert found[0] == found[1]


def test_names_are_there_for_those_who_gave_one():
    sheet = rehearse(SHEET.encode(), "people.csv", MONDAY).sheet
    assert names_of(sheet) == {
        "a": "Ada",
        "b": "Bob",
        "c": "Cyd",
        "d": "Dee",
        "e": "Eve",
        "f": "Fay",
    }
