"""`alongside import` as a coordinator meets it."""

import pytest
from sqlalchemy import func, select

from matcher.database import reading, sessions_of
from matcher.groups import create_group
from matcher.models import Account, AuditEvent, Member
from matcher.spreadsheets.template import TEMPLATE
from tests.rows import NOW, make_group

ROWS = """\
name,email,zone,languages,goals,availability,country
Ada,ada@example.org,Europe/London,en,running,Mon 18:00-20:00,GB
Bob,,Europe/London,en,running,Mon 18:00-20:00,GB
Cyd,cyd@example.org,Europe/Paris,fr,running,Mon evning,FR
Dee,dee@example.org,Europe/Paris,fr,running,Mon 18:00-20:00,FR
"""


@pytest.fixture
def harbour(instance, tmp_path):
    (tmp_path / "people.csv").write_text(ROWS, "utf-8")
    with sessions_of(instance).begin() as session:
        make_group(session, name="Harbour")


@pytest.fixture
def names(instance):
    def read() -> list[str]:
        with reading(instance) as session:
            return list(session.scalars(select(Member.name).order_by(Member.name)))

    return read


def test_people_join_and_what_was_set_aside_is_said_with_its_row_and_reason(alongside, harbour, names):
    said = alongside("import", "people.csv", "--group", "Harbour", "--agreed")
    assert said.exit_code == 0, said.output
    assert said.stdout.splitlines()[:3] == [
        "2 people joined Harbour.",
        "They wait for the next pairing night from today.",
        "2 rows set aside; mend them and import the sheet again:",
    ]
    assert said.stdout.splitlines()[3].startswith("  row 3, no email; a member of a group needs one")
    assert said.stdout.splitlines()[4].startswith('  row 4, column availability: "Mon evning"')
    assert said.stderr.startswith("Columns: name, email, zone")
    assert names() == ["Ada", "Dee"]


def test_the_same_sheet_again_changes_nothing(alongside, harbour, names):
    alongside("import", "people.csv", "--group", "Harbour", "--agreed")
    said = alongside("import", "people.csv", "--group", "Harbour", "--agreed")
    assert said.stdout.startswith("0 people joined Harbour.\n2 people were there already and stay as they are.\n2 rows")
    assert names() == ["Ada", "Dee"]


def test_a_dry_run_says_the_same_and_changes_nothing(alongside, harbour, instance):
    said = alongside("import", "people.csv", "--group", "Harbour", "--agreed", "--dry-run")
    assert said.stdout.startswith("2 people would join Harbour.\n")
    assert said.stdout.endswith("Nothing was changed (--dry-run).\n")
    with reading(instance) as session:
        for kind in (Account, Member, AuditEvent):
            assert session.scalar(select(func.count()).select_from(kind)) == 0


def test_without_the_coordinators_word_it_says_that_nobody_is_ready(alongside, harbour):
    said = alongside("import", "people.csv", "--group", "Harbour")
    assert "They are not ready: each has to say yes" in said.stdout
    assert "wait for the next pairing night" not in said.stdout


def test_a_group_that_is_not_open_is_said_to_pair_nobody(alongside, harbour, instance):
    with sessions_of(instance).begin() as session:
        create_group(session, "Anchor", "Europe/London", NOW)
    said = alongside("import", "people.csv", "--group", "Anchor", "--agreed")
    assert "Anchor is not open, so nobody is paired yet. See: alongside open-group --help" in said.stdout


def test_the_example_sheet_can_be_imported_as_it_is(alongside, harbour, tmp_path):
    (tmp_path / "example.csv").write_text(TEMPLATE, "utf-8")
    said = alongside("import", "example.csv", "--group", "Harbour", "--agreed")
    assert said.stdout == "12 people joined Harbour.\nThey wait for the next pairing night from today.\n"
    assert "nights waited are counted anew from today" in said.stderr


def test_a_part_of_a_sheet_is_imported_and_columns_are_named_as_for_pair(alongside, harbour, names, tmp_path):
    (tmp_path / "people.csv").write_text(ROWS.replace("name,", "Nick,", 1), "utf-8")
    words = ("--where", "country=FR", "--column", "name=Nick")
    assert alongside("import", "people.csv", "--group", "Harbour", *words).stdout.startswith("1 person joined Harbour.")
    assert names() == ["Dee"]


NOBODY = "Nobody on people.csv can become a member."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["missing.csv", "--group", "Harbour"], "missing.csv cannot be read"),
        (["people.csv", "--group", "Harbor"], 'There is no group "Harbor"; there are: Harbour.'),
        (
            ["people.csv", "--group", "Harbour", "--where", "name=Bob"],
            f"{NOBODY}\n  row 3",
        ),
        (
            ["people.csv", "--group", "Harbour", "--where", "name=Cyd"],
            f"{NOBODY}\n  row 4",
        ),
        (["people.csv", "--group", "Harbour", "--where", "name=Zoe"], NOBODY),
    ],
)
def test_where_nobody_can_be_read_it_is_a_sentence_and_exit_code_two(alongside, harbour, names, words, sentence):
    said = alongside("import", *words)
    assert said.exit_code == 2
    assert sentence in said.stderr
    assert names() == []
