import contextlib
import gzip
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import SheetError
from matcher.spreadsheets.choices import read_choices
from matcher.spreadsheets.people import read_people

HEADER = "id,zone,languages,goals,availability"
ANSWERS = "Europe/London,English,health,Mon evening"


def ids(sheet):
    return [person.candidate.id for person in sheet.people]


def test_of_an_id_in_several_rows_none_is_taken_since_one_may_take_consent_back(read):
    sheet = read(f"{HEADER},consent\nm1,{ANSWERS},yes\nm2,{ANSWERS},yes\nM1,{ANSWERS},no\n")
    assert ids(sheet) == ["m2"]
    assert [(aside.row, aside.id) for aside in sheet.set_aside] == [(2, "m1"), (4, "M1")]
    assert sheet.set_aside[0].reason == (
        'the id "m1" stands in several rows; keep the one that holds, or write different ids'
    )


def test_a_row_with_too_many_cells_is_set_aside(read):
    sheet = read(f"{HEADER}\nm1,{ANSWERS},one more\nm2,Moon,{ANSWERS.partition(',')[2]}\n")
    assert [str(aside) for aside in sheet.set_aside] == [
        "row 2, 6 cells for 5 columns; put a cell with commas in quotation marks",
        'row 3, column zone: "Moon" is no time zone; write for example "Europe/London"',
    ]
    assert sheet.people == ()


def test_requests_are_resolved_over_the_whole_sheet(read):
    sheet = read(
        f"{HEADER},name,requests\nm1,{ANSWERS},Ana,m2; Robin; Kim; Ana; m9\n"
        f"m2,{ANSWERS},Robin,\nm3,{ANSWERS},robin,ANA\nm9,,,,,Kit,\n"
    )
    assert [person.candidate.requests for person in sheet.people] == [{"m2"}, set(), {"m1"}]
    assert sheet.notes == (
        'row 2, column requests: "Robin" is the name of several people; write the id.',
        'row 2, column requests: "Kim" is no other person who takes part.',
        'row 2, column requests: "Ana" is no other person who takes part.',
        'row 2, column requests: "m9" is no other person who takes part.',
    )


def test_a_wish_for_a_bucket_of_ages_accepts_every_age_in_it_on_the_sheet(read):
    sheet = read(f"{HEADER},age,wishes\nm1,{ANSWERS},34,age: 30-39|50+\nm2,{ANSWERS},30-34,\nm3,{ANSWERS},35-44,\n")
    assert sheet.people[0].candidate.wishes[0].accepted == {"30-39", "50+", "34", "30-34"}
    assert sheet.notes == ()


def test_a_wish_that_nobody_meets_is_noted_without_a_word_on_others(read):
    sheet = read(f"{HEADER},gender,wishes\nm1,{ANSWERS},female,gender: femal\nm2,{ANSWERS},male,\n")
    assert sheet.notes == ("row 2, column wishes: nobody who takes part has such a gender.",)


def test_conditions_keep_the_rows_in_which_all_of_them_hold(read):
    rows = f"m1,{ANSWERS},GB,a;B\nm2,{ANSWERS},gb,a\nm3,{ANSWERS},US,b\nm4,broken,,,,US,\n"
    sheet = read(f"{HEADER},country,tags\n{rows}", where=["Country=gb", "tags=b"])
    assert ids(sheet) == ["m1"]
    assert sheet.set_aside == ()
    assert sheet.notes == ("3 of 4 rows are outside of Country=gb and tags=b and were not read.",)
    assert ids(read(f"{HEADER},country,tags\n{rows}", where=["country=XX"])) == []


def test_a_condition_on_a_column_that_does_not_exist_is_refused(read):
    with pytest.raises(SheetError, match=r'has no column "county"\. Its columns are: id, zone'):
        read(f"{HEADER}\nm1,{ANSWERS}\n", where=["county=GB"])
    with pytest.raises(SheetError, match='"GB" is no condition; write column=value'):
        read(f"{HEADER}\nm1,{ANSWERS}\n", where=["GB"])


def test_people_who_are_only_a_row_number_are_noted(read):
    sheet = read(f"{HEADER}\n,{ANSWERS}\nm2,{ANSWERS}\n")
    assert ids(sheet) == ["row-2", "m2"]
    assert sheet.notes[0].startswith("1 people have no id, email or name")


def test_shuffled_rows_give_the_same_people_and_reasons(read):
    rows = [f"m{number},{ANSWERS}" for number in range(9)] + ["m9,Moon,,,", "m10,,en,a,Mon evning"]
    one, other = (read("\n".join([HEADER, *order])) for order in (rows, rows[::-1]))
    assert sorted(ids(one)) == sorted(ids(other))
    assert {(each.id, each.reason) for each in one.set_aside} == {(each.id, each.reason) for each in other.set_aside}


def test_the_people_of_one_country_are_read_and_its_minors_set_aside(survey):
    sheet = read_people(survey("new_coders_2016.csv.gz"), where=["country=GB"])
    assert (len(sheet.people), len(sheet.set_aside)) == (452, 34)
    assert {each.reason for each in sheet.set_aside} == {'not surely an adult (age "under-18")'}


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("name", "people", "minors"),
    [("new_coders_2016.csv.gz", 9792, 427), ("so_developers_2016.csv.gz", 7369, 631)],
)
def test_both_survey_files_are_read_as_they_are(survey, name, people, minors):
    sheet = read_people(survey(name))
    assert (len(sheet.people), len(sheet.set_aside)) == (people, minors)
    assert all(each.reason.startswith("not surely an adult") for each in sheet.set_aside)
    assert sheet.notes == ()


def test_everybody_speaks_english_only_in_the_other_column(survey):
    path = survey("new_coders_2016.csv.gz")
    home = read_people(path, where=["country=DE"])
    asked = read_people(path, read_choices(flags=["languages=d_languages"]), ["country=DE"])
    assert Counter("en" in person.candidate.languages for person in home.people)[False]
    assert all("en" in person.candidate.languages for person in asked.people)


def test_what_is_sensitive_is_never_read(survey, write):
    with gzip.open(survey("new_coders_2016.csv.gz"), "rt", encoding="utf-8") as lines:
        few = [next(lines) for _ in range(400)]
    sheet = read_people(write("".join(few)))
    assert any("ethnic-minority" in line for line in few)
    assert "ethnic-minority" not in repr(sheet.people)


@settings(deadline=None)  # the machine may be busy with something else
@given(st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    with pytest.raises(SheetError):
        read_people(path)


@settings(deadline=None)  # the machine may be busy with something else
@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=9), max_size=6))
def test_any_answers_are_people_or_set_aside(tmp_path_factory, rows):
    header = "id,zone,languages,goals,availability,age,wishes,requests,experiences\n"
    lines = [",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) for row in rows]
    path = tmp_path_factory.getbasetemp() / "answers.csv"
    path.write_bytes((header + "\n".join(lines)).encode("utf-8", "surrogatepass").replace(b"\0", b""))
    choices = read_choices(flags=["defaults.zone=Europe/London", "defaults.languages=English"])
    with contextlib.suppress(SheetError):
        sheet = read_people(path, choices)
        assert len(sheet.people) + len(sheet.set_aside) <= len(rows)
        assert all(aside.reason for aside in sheet.set_aside)


def test_one_address_in_several_rows_is_one_person_who_is_not_paired_with_themselves(read):
    rows = "".join(f"{person},{ANSWERS}\n" for person in ("1,g@x.org", "2,G@x.org", "3,", "4,"))
    sheet = read(f"id,email,zone,languages,goals,availability\n{rows}")
    assert ids(sheet) == ["3", "4"]
    assert {row.reason for row in sheet.set_aside} == {"the email stands in several rows; keep the one that holds"}
