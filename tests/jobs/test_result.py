"""The JSON object: the same for the same people, in an order of its own."""

import json

from jobs.night import Order, decide
from jobs.result import names_of, result
from tests.builders import MONDAY
from tests.jobs.conftest import SHEET


def test_the_order_of_the_rows_changes_rows_and_seconds_and_nothing_else(tmp_path):
    header, *rows = SHEET.splitlines(keepends=True)
    found = []
    for order in (rows, rows[::-1]):
        sheet = tmp_path / "people.csv"
        sheet.write_text("".join([header, *order]))
        night = decide(Order(people=sheet, on=MONDAY))
        said = result(night.assignment, night.sheet, night.seconds)
        said.pop("seconds")
        for row in said["set_aside"]:
            row.pop("row")
        found.append(json.dumps(said))
    assert found[0] == found[1]


def test_names_are_there_for_those_who_gave_one(night):
    assert names_of(night.sheet) == {"a": "Ada", "b": "Bob", "c": "Cyd", "d": "Dee", "e": "Eve", "f": "Fay"}
