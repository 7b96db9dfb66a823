"""`alongside pair` as a coordinator meets it."""

import csv
from datetime import datetime

import networkx as nx
import pytest

from matcher.spreadsheets.template import TEMPLATE

ON = ("--on", "2026-01-12")


def pairs_of(found: dict) -> set[tuple[str, ...]]:
    return {tuple(pair["ids"]) for pair in found["pairs"] + found["trios"]}


def test_a_sheet_goes_in_and_partnerships_come_out(alongside, sheet):
    said = alongside("pair", sheet, *ON)
    assert said.exit_code == 0, said.output
    assert "1 pair · 1 trio · 1 alone · 1 row set aside · 83.3% of 6 members have a partner" in said.stdout
    assert "Ada, Bob and Cyd" in said.stdout
    assert 'row 8: column availability: "Mon evning"' in said.stdout
    assert said.stderr.startswith("Columns: id, name, zone")


def test_json_is_one_object_that_holds_everybody(alongside, sheet):
    found = alongside("pair", sheet, *ON, "--json").found
    assert pairs_of(found) == {("a", "b", "c"), ("d", "e")}
    assert found["trios"][0]["joined_by"] in ("a", "b", "c")
    (pair,) = found["pairs"]
    assert pair["points"] == sum(pair["terms"].values())
    assert pair["overlap_minutes"] == 120
    (alone,) = found["alone"]
    assert alone["id"] == "f"
    assert sum(alone["barriers"].values()) + alone["possible_partners"] == 5
    assert found["set_aside"] == [{"row": 8, "id": "g", "reason": found["set_aside"][0]["reason"]}]
    assert found["proof"] == "exact solver, not certified"
    assert found["coverage"] == pytest.approx(5 / 6, abs=1e-4)
    assert found["total_points"] == sum(each["points"] for each in found["pairs"] + found["trios"])
    assert len(found["fingerprint"]) == 64
    assert set(found["seconds"]) == {"read", "compare", "solve", "trios", "advice", "audit"}


def test_the_term_follows_from_the_day_of_the_pairing_which_is_today_by_default(alongside, sheet):
    assert alongside("pair", sheet, "--json").found["on"] == datetime.now().astimezone().date().isoformat()


def test_the_pairs_file_given_as_past_repeats_nobody_and_lets_who_was_alone_go_first(alongside, sheet, tmp_path):
    first = alongside("pair", sheet, *ON, "--out", "pairs.csv", "--json").found
    second = alongside("pair", sheet, *ON, "--past", "pairs.csv", "--json").found
    assert not pairs_of(first) & pairs_of(second)
    assert {each["id"]: each["nights_waited"] for each in second["alone"]}["f"] == 1
    rows = list(csv.DictReader((tmp_path / "pairs.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["kind"], row["id_1"], row["name_1"]) for row in rows] == [
        ("pair", "d", "Dee"),
        ("trio", "a", "Ada"),
        ("alone", "f", "Fay"),
    ]


def test_lists_hold_apart_and_keep_together(alongside, sheet, tmp_path):
    (tmp_path / "apart.csv").write_text("id_1,id_2\nd,e\n")
    (tmp_path / "together.csv").write_text("one,two\nBob,Cyd\n")
    found = alongside("pair", sheet, *ON, "--apart", "apart.csv", "--together", "together.csv", "--json").found
    assert pairs_of(found) == {("b", "c")}
    apart = {each["id"]: each["barriers"]["not together"] for each in found["alone"]}
    assert apart == {"a": 2, "d": 3, "e": 3, "f": 2}


def test_three_cannot_be_kept_together(alongside, sheet, tmp_path):
    (tmp_path / "together.csv").write_text("id_1,id_2,id_3\na,b,c\n")
    said = alongside("pair", sheet, *ON, "--together", "together.csv")
    assert said.exit_code == 2
    assert "a, b, c cannot be kept together as three" in said.stderr


def test_the_template_can_be_paired_as_it_is(alongside, tmp_path):
    said = alongside("pair", "--template", "mine.csv")
    assert said.exit_code == 0
    assert "alongside pair mine.csv" in said.stdout
    assert (tmp_path / "mine.csv").read_text("utf-8") == TEMPLATE
    found = alongside("pair", "mine.csv", *ON, "--json").found
    assert found["set_aside"] == []
    assert len(found["pairs"]) >= 4


def test_letters_and_the_graph_are_written_where_asked(alongside, sheet, tmp_path):
    said = alongside("pair", sheet, *ON, "--letters", "letters", "--graph", "all.graphml")
    assert said.exit_code == 0, said.output
    assert "letters holds 3 letters." in said.stdout
    assert sorted(path.name for path in (tmp_path / "letters").iterdir()) == [
        "01-dee-eve.txt",
        "02-ada-bob-cyd.txt",
        "03-alone-fay.txt",
    ]
    graph = nx.read_graphml(tmp_path / "all.graphml")
    assert set(graph) == set("abcdef")
    assert graph.edges["d", "e"] == {"points": 85, "partners": True}


def test_explain_shows_one_member_by_id_or_by_name(alongside, sheet):
    said = alongside("pair", sheet, *ON, "--explain", "Dee")
    assert said.exit_code == 0
    assert said.stdout.startswith("Dee\n  with Eve: 85 points\n")
    assert "Free together every week (Europe/London): Sat 09:00-11:00" in said.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["missing.csv"], "missing.csv cannot be read: No such file or directory."),
        (["people.csv", "--where", "land=GB"], 'people.csv has no column "land".'),
        (["people.csv", "--where", "zone=Mars/Base"], "Nobody on people.csv can be paired."),
        (["people.csv", "--column", "zone=Clock"], 'people.csv has no column "Clock".'),
        (["people.csv", "--policy", "missing.toml"], "missing.toml cannot be read: No such file or directory."),
        (["people.csv", "--policy", "people.csv"], "people.csv is no TOML"),
        (["people.csv", "--policy", "odd.toml"], "odd.toml: mode must be fewest_left_out or best_fit, not 'odd'."),
        (["people.csv", "--past", "missing.csv"], "missing.csv cannot be read"),
        (["people.csv", "--explain", "Zoe"], '"Zoe" is nobody on this sheet.'),
        (["people.csv", "--explain", "g"], "g takes no part: row 8, column availability"),
        (["people.csv", "--explain", "Two"], '"Two" is nobody'),
        (["people.csv", "--out", "people.csv/pairs.csv"], "people.csv/pairs.csv cannot be written"),
        (["people.csv", "--letters", "people.csv"], "people.csv cannot be written"),
        (["people.csv", "--graph", "nowhere/all.graphml"], "nowhere/all.graphml cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_two(alongside, sheet, tmp_path, words, sentence):
    (tmp_path / "odd.toml").write_text('mode = "odd"\n')
    said = alongside("pair", *words, *ON)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.output


def test_a_name_that_several_people_have_is_not_guessed(alongside, tmp_path, sheet):
    sheet.write_text(sheet.read_text().replace("Bob", "Ada"))
    said = alongside("pair", sheet, *ON, "--explain", "ada")
    assert '"ada" is the name of several people; give the id.' in said.stderr


def test_a_mapping_file_and_flags_say_which_column_is_which(alongside, tmp_path):
    (tmp_path / "form.csv").write_text(
        "Nickname,Themes,When are you free? [Monday],When are you free? [Tuesday]\n"
        "Ada,run,Evening,\nBob,run,Evening,Morning\n"
    )
    (tmp_path / "form.toml").write_text('[columns]\nid = "Nickname"\n[defaults]\nzone = "Europe/London"\n')
    words = ("--mapping", "form.toml", "--column", "goals=Themes", "--column", "defaults.languages=English")
    found = alongside("pair", "form.csv", *ON, *words, "--json").found
    assert pairs_of(found) == {("Ada", "Bob")}


def test_a_policy_file_changes_the_rules(alongside, sheet, tmp_path):
    (tmp_path / "strict.toml").write_text('mode = "best_fit"\nfloor_points = 91\nversion = 7\n')
    found = alongside("pair", sheet, *ON, "--policy", "strict.toml", "--json").found
    assert (found["mode"], found["policy_version"]) == ("best_fit", 7)
    assert found["pairs"] == []
    assert found["coverage"] == 0


@pytest.mark.parametrize("day", ["1969-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_no_clock_knows_is_refused(alongside, sheet, day):
    said = alongside("pair", sheet, "--on", day)
    assert said.exit_code == 2
    assert "the day must lie between 1970 and 2100" in said.stderr


def test_a_sheet_that_is_read_is_never_written_over(alongside, sheet):
    before = sheet.read_bytes()
    said = alongside("pair", sheet, *ON, "--out", "people.csv")
    assert (said.exit_code, sheet.read_bytes()) == (2, before)
    assert "people.csv is read in this run" in said.stderr
    said = alongside("pair", "--template", "people.csv")
    assert (said.exit_code, sheet.read_bytes()) == (2, before)
    assert "people.csv is there already" in said.stderr
