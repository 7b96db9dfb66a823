"""The invented group: forty people, the same ones each time."""

import json


def test_the_demo_shows_and_keeps_a_pairing_of_forty(alongside, tmp_path):
    said = alongside("demo", "--out", "here")
    assert said.exit_code == 0, said.output
    assert "of 40 members have a partner" in said.stdout
    assert {path.name for path in (tmp_path / "here").iterdir()} == {
        "people.csv",
        "pairs.csv",
        "letters",
        "result.json",
    }
    found = json.loads((tmp_path / "here" / "result.json").read_text("utf-8"))
    assert found["trios"]
    assert found["alone"]
    assert found["set_aside"] == []


def test_the_demo_invents_the_same_people_each_time(alongside, tmp_path):
    for name in ("one", "two"):
        alongside("demo", "--out", name)
    assert (tmp_path / "one" / "people.csv").read_bytes() == (tmp_path / "two" / "people.csv").read_bytes()
    assert (tmp_path / "one" / "pairs.csv").read_bytes() == (tmp_path / "two" / "pairs.csv").read_bytes()
