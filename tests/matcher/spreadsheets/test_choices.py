import pytest

from matcher.errors import SheetError
from matcher.spreadsheets.choices import Choices, read_choices


def test_nothing_chosen_is_nothing_said():
    assert read_choices() == Choices()


def test_a_toml_file_names_columns_traits_and_defaults(write):
    toml = write(
        """
        [columns]
        zone = "Time zone"
        goals = ["First goal", "Second goal"]
        consent = ""
        [traits]
        Faith = "What do you believe in?"
        [defaults]
        zone = "europe/london"
        languages = ["English", "Welsh"]
        """,
        "columns.toml",
    )
    assert read_choices(toml) == Choices(
        columns={"zone": ("Time zone",), "goals": ("First goal", "Second goal"), "consent": ()},
        traits={"faith": "What do you believe in?"},
        zone="Europe/London",
        languages=frozenset({"en", "cy"}),
    )


def test_flags_win_over_the_file(write):
    toml = write('[columns]\nzone = "Time zone"\nname = "Who"\n[defaults]\nlanguages = "English"', "columns.toml")
    flags = ["zone=Zone", "goals=A", "goals=B = b", "traits.faith=Faith", "defaults.languages=Welsh and English"]
    assert read_choices(toml, flags) == Choices(
        columns={"zone": ("Zone",), "name": ("Who",), "goals": ("A", "B = b")},
        traits={"faith": "Faith"},
        languages=frozenset({"en", "cy"}),
    )


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("zone", '"zone" is no choice of a column; write field=column'),
        ("shelf.zone=Zone", "is no choice of a column"),
        ("hight=Height", "hight is no field; there are id, name, email"),
        ("traits.Age=Age", "age is a field and no mere trait"),
        ("defaults.goals=health", "defaults.goals is no default"),
        ("defaults.zone=London", 'defaults: "London" is no time zone; write for example "Europe/London".'),
        ("defaults.languages=Germn", "defaults: "),
    ],
)
def test_a_flag_that_is_no_choice_is_refused(flag, sentence):
    with pytest.raises(SheetError) as refused:
        read_choices(flags=[flag])
    assert sentence in str(refused.value)


def test_a_field_of_one_column_refuses_two():
    with pytest.raises(SheetError, match="zone can only be one column, not A and B"):
        read_choices(flags=["zone=A", "zone=B"])
    with pytest.raises(SheetError, match=r"traits.faith must be one text"):
        read_choices(flags=["traits.faith=A", "traits.faith=B"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"zone = 'Zone'", "zone is no section"),
        (b"[extras]", "extras is no section"),
        (b"[columns]\nzone = 3", "columns.zone must be one text between quotation marks, not 3"),
        (b"zone =", "columns.toml is no TOML"),
        (b"\xff", "columns.toml is no TOML"),
    ],
)
def test_a_file_that_chooses_nothing_we_know_is_refused(write, content, sentence):
    with pytest.raises(SheetError) as refused:
        read_choices(write(content, "columns.toml"))
    assert sentence in str(refused.value)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(SheetError, match=r"gone.toml cannot be read: No such file"):
        read_choices(tmp_path / "gone.toml")
