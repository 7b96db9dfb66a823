import pytest

from matcher.pairing.candidate import Experience, Goal, Wish
from matcher.pairing.week import Window
from matcher.vocabulary import Stage, SupportStyle

MONDAY_EVENING = (Window(72, 88),)


def test_a_ready_person_needs_little(read):
    (person,) = read("Name,Zone,Languages,Goals,Free\nAmina,Europe/London,English,Health,Mon evening\n").people
    candidate = person.candidate
    assert (person.name, person.row, person.email, candidate.id) == ("Amina", 2, "", "Amina")
    assert (candidate.zone, candidate.languages, candidate.goals) == ("Europe/London", {"en"}, {Goal("health")})
    assert (candidate.windows, candidate.writing_is_enough) == (MONDAY_EVENING, False)


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("writing", "yes", "writing_is_enough", True),
        ("support_style", "Firm", "support_style", SupportStyle.FIRM),
        ("channels", "Phone, Text", "channels", {"phone", "text"}),
        ("rhythm", "Weekly", "rhythm", "weekly"),
        ("welcomes_three", "yes", "welcomes_three", True),
        ("goes_first", "yes", "goes_first", True),
        ("nights_waited", "12", "nights_waited", 12),
        ("gender", "Female", "traits", {"gender": "female"}),
        ("age", "25-29", "traits", {"age": "25-29"}),
        ("experiences", "Carer (steadier)", "experiences", (Experience("carer", Stage.STEADIER),)),
        ("experiences_shown", "Carer", "experiences", (Experience("carer", shown=True),)),
        ("consent", "yes", "requests", frozenset()),
    ],
)
def test_every_other_column_is_read(read_cell, column, cell, field, value):
    assert getattr(read_cell(column, cell), field) == value


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("writing", "perhaps", 'column writing: "perhaps" is not understood; write "yes" or "no"'),
        ("wishes", "height: tall", 'column wishes: "height: tall" asks about "height"'),
        ("age", "under-18", 'not surely an adult (age "under-18")'),
        ("age", "17", 'not surely an adult (age "17")'),
        ("age", "16-19", 'not surely an adult (age "16-19")'),
        ("age", "", 'not surely an adult (age ""); write an age such as 34 or "25-29" into column age'),
        ("age", "1985", 'not surely an adult (age "1985"); write an age such as'),
        ("consent", "", 'no consent; column consent is "", write "yes" once it is given'),
    ],
)
def test_a_cell_that_is_not_understood_sets_the_row_aside(read_cell, column, cell, reason):
    assert read_cell(column, cell).startswith(reason)


def test_all_problems_of_a_row_are_told_at_once(read):
    (aside,) = read("id,zone,languages,goals,free,age\nm1,London,,,Mon evning,17\n").set_aside
    assert (aside.row, aside.id) == (2, "m1")
    assert aside.reason == (
        'not surely an adult (age "17"); '
        'column free: "Mon evning" is not understood; write for example "Mon 18:00-20:30" or "Mon evening"; '
        'column zone: "London" is no time zone; write for example "Europe/London"; '
        'not ready: no language; write for example "English" into column languages; '
        'not ready: no goal; write for example "health: running" into column goals'
    )


def test_who_has_neither_hours_nor_writing_is_not_ready(read):
    header = "id,zone,languages,goals"
    (aside,) = read(f"{header},free\nm1,,English,health,none\n", "defaults.zone=Europe/London").set_aside
    assert aside.reason == 'not ready: no hours; write for example "Mon 18:00-20:30" into column free'
    (aside,) = read(f"{header},writing\nm1,UTC,English,health,no\n").set_aside
    assert aside.reason == 'not ready: no hours; write for example "Mon 18:00-20:30" into column availability'
    (aside,) = read(f"{header},free\nm1,,English,health,Mon noon\n").set_aside
    assert aside.reason == 'not ready: no zone; write for example "Europe/London" into column zone'


def test_the_zone_and_languages_of_a_group_fill_the_gaps(read):
    sheet = read(
        "id,goals,free,zone\nm1,health,Mon evening,\nm2,health,Mon evening,Asia/Kathmandu\n",
        "defaults.zone=Europe/London",
        "defaults.languages=English",
    )
    assert [person.candidate.zone for person in sheet.people] == ["Europe/London", "Asia/Kathmandu"]
    assert {person.candidate.languages for person in sheet.people} == {frozenset({"en"})}


def test_survey_languages_are_read_only_where_the_home_language_is_empty(read):
    sheet = read(
        "id,d_timezone,home_language,d_languages,d_goals,d_availability\n"
        "c1,UTC,fi,fi;en,role:data,Mon 18:00-19:00\n"
        "c2,UTC,,en,role:data,Mon 18:00-19:00\n"
    )
    assert [person.candidate.languages for person in sheet.people] == [{"fi"}, {"en"}]


def test_a_grid_of_days_and_a_column_of_hours_are_one_week(read):
    header = '"When are you free? [Monday]",When are you free? [Sunday],Availability'
    sheet = read(
        f"id,zone,languages,goals,{header}\nm1,UTC,en,health,Morning;Evening,18-20,Wed noon; writing is enough\n"
    )
    candidate = sheet.people[0].candidate
    assert "; ".join(map(str, candidate.windows)) == (
        "Mon 06:00-12:00; Mon 18:00-22:00; Wed 12:00-14:00; Sun 18:00-20:00"
    )
    assert candidate.writing_is_enough


def test_an_experience_is_told_once_and_shown_if_one_column_shows_it(read):
    header = "id,zone,languages,goals,writing,experiences,experiences_shown"
    sheet = read(
        f"{header}\nm1,UTC,en,a,yes,grief (steadier); carer,Grief; exile (looking back)\n"
        "m2,UTC,en,a,yes,grief (steadier),grief (looking back)\n"
    )
    assert sheet.people[0].candidate.experiences == (
        Experience("grief", Stage.STEADIER, shown=True),
        Experience("carer"),
        Experience("exile", Stage.LOOKING_BACK, shown=True),
    )
    assert sheet.set_aside[0].reason == (
        'column experiences: "grief" is both "steadier" and "looking back"; keep one of the two'
    )


def test_same_as_my_own_is_the_own_value(read):
    header = "id,zone,languages,goals,writing,gender,wishes"
    sheet = read(f"{header}\nm1,UTC,en,a,yes,Female,same gender\nm2,UTC,en,a,yes,,same gender\n")
    assert sheet.people[0].candidate.wishes == (Wish("gender", frozenset({"female"})),)
    assert "needs this person's own gender" in sheet.set_aside[0].reason


@pytest.mark.parametrize(
    ("row", "id_", "name"),
    [
        ("m1,Amina,A@example.org", "m1", "Amina"),
        (",Amina,A@example.org", "a@example.org", "Amina"),
        (",Amina,", "Amina", "Amina"),
        ("m1,,", "m1", ""),
        (",,", "row-2", ""),
    ],
)
def test_an_id_comes_from_the_id_the_email_the_name_or_the_row(read, row, id_, name):
    (person,) = read(f"id,name,email,zone,languages,goals,free\n{row},UTC,en,health,Mon evening\n").people
    assert (person.candidate.id, person.name) == (id_, name)


def test_a_name_may_be_spread_over_columns(read):
    sheet = read("First,Last,zone,languages,goals,writing\nAna,Li,UTC,en,a,yes\n", "name=First", "name=Last")
    assert sheet.people[0].name == "Ana Li"


def test_a_zone_without_summer_time_deserves_a_look(read):
    sheet = read("id,zone,languages,goals,writing\nm1,EST,en,a,yes\nm2,est,en,a,yes\nm3,UTC,en,a,yes\n")
    assert sheet.notes == (
        'rows 2, 3, column zone: "EST" has no summer time; where clocks change, write a place such as "Europe/London".',
    )
