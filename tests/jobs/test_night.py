"""Deciding a night from a sheet: what is noted, and what a long run says before it starts."""

import pytest

from jobs import night
from jobs.night import Order, decide
from matcher.errors import SheetError
from tests.builders import MONDAY


def test_notes_of_the_sheet_and_of_every_list_reach_the_coordinator(sheet, tmp_path):
    past = tmp_path / "past.csv"
    past.write_text("id_1,id_2\na,gone\n")
    decided = decide(Order(people=sheet, on=MONDAY, past=[past]))
    assert decided.notes[0].startswith("Columns: id, name")
    assert decided.notes[-1].startswith("past.csv, row 2: somebody there does not take part")


def test_nobody_left_to_pair_lists_the_rows_that_were_set_aside(tmp_path):
    sheet = tmp_path / "one.csv"
    sheet.write_text("id,zone,languages,goals,availability,age\na,Europe/London,en,run,Mon evening,17\n")
    with pytest.raises(SheetError, match=r"(?s)^Nobody on one.csv can be paired\..*row 2, not surely an adult"):
        decide(Order(people=sheet, on=MONDAY))


def test_a_long_run_says_so_before_it_starts(sheet, monkeypatch, capsys):
    monkeypatch.setattr(night, "_MANY", 6)
    decide(Order(people=sheet, on=MONDAY))
    assert "6 members: this takes minutes." in capsys.readouterr().err
