import pytest

from matcher.errors import SheetError
from matcher.spreadsheets.choices import read_choices
from matcher.spreadsheets.files import read_table
from matcher.spreadsheets.mapping import map_columns, place_of

SURVEY = "id,age,home_language,sensitive,goals,experiences,d_goals,d_experiences,d_languages,d_timezone,d_availability"


@pytest.fixture
def map_header(write):
    return lambda header, *flags: map_columns(read_table(write(header + "\n")), read_choices(flags=flags))


def test_the_survey_files_are_known_and_their_choice_of_languages_is_stated(map_header):
    columns = map_header(SURVEY)
    assert columns.fields["experiences"] == (5, 7)
    assert columns.stated == (
        "Columns: id, zone from d_timezone, languages from home_language, goals from d_goals, availability from "
        "d_availability, experiences from experiences and d_experiences, age.",
        "Languages are from home_language, and from d_languages where that is empty; "
        "with --column languages=d_languages everybody has English.",
        "Not read: sensitive, goals.",
    )


def test_another_column_of_languages_can_be_chosen(map_header):
    columns = map_header(SURVEY, "languages=D_Languages")
    assert columns.fields["languages"] == (8,)
    assert columns.instead_of_languages == ()
    assert "languages from d_languages" in columns.stated[0]
    assert not map_header(SURVEY.replace("d_languages", "other")).instead_of_languages


def test_a_sheet_without_ages_says_what_that_means(map_header):
    columns = map_header("name,zone,languages,goals,writing,City,,Shoe size", "traits.feet=shoe size")
    assert columns.stated == (
        'Columns: name, zone, languages, goals, writing, place from City, feet from "Shoe size".',
        "No column says how old people are: you vouch that all are adults.",
        "Not read: column 7 (no name).",
    )


def test_a_sheet_that_is_read_as_a_whole_has_nothing_unread(map_header):
    assert map_header("id,age,zone,languages,goals,free").stated == (
        "Columns: id, zone, languages, goals, availability from free, age.",
    )


def test_a_field_can_be_switched_off(map_header):
    columns = map_header(SURVEY, "age=")
    assert columns.fields["age"] == ()
    assert "age" not in columns.traits
    assert map_header(SURVEY).traits == {"age": 1}


def test_the_days_of_a_grid_are_found_among_chosen_columns_too(map_header):
    columns = map_header("zone,languages,goals,Free [Mon],Free [Tue],Sunday", "availability=Free [Tue]")
    assert columns.grid == {4: 1}
    assert map_header("zone,languages,goals,Free [Mon],Free [Tue],Sunday").grid == {3: 0, 4: 1, 5: 6}


def test_a_column_that_does_not_exist_is_named_with_those_that_do(map_header):
    sentence = 'has no column "Zeitzone". Its columns are: id, age,'
    with pytest.raises(SheetError, match=sentence):
        map_header(SURVEY, "zone=Zeitzone")
    with pytest.raises(SheetError, match=sentence):
        map_header(SURVEY, "traits.zone=Zeitzone")


@pytest.mark.parametrize(
    "row",
    ["Amina,hello,there", "amina@example.org,goal,free", "Amina,Europe/London,goal,free", "id,utc"],
)
def test_a_first_row_of_answers_is_no_header_and_is_not_repeated(map_header, row):
    with pytest.raises(SheetError, match=r"Row 1 of people\.csv is no header") as refused:
        map_header(row)
    assert "mina" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("name,languages,goals,free", 'known as zone; say zone=COLUMN, or one for everybody with defaults.zone="Eur'),
        ("name,zone,goals,free", "known as languages; say languages=COLUMN, or one for everybody"),
        ("name,zone,languages,free", "known as goals; say goals=COLUMN. Its columns are: name, zone, languages, free."),
        ("name,zone,languages,goals", "known as availability; say availability=COLUMN, or writing=COLUMN"),
    ],
)
def test_a_field_that_everybody_needs_is_missed_once_for_the_whole_sheet(map_header, header, sentence):
    with pytest.raises(SheetError) as refused:
        map_header(header)
    assert sentence in str(refused.value)


def test_a_zone_and_languages_for_everybody_need_no_column(map_header):
    columns = map_header("name,goals,free", "defaults.zone=Europe/London", "defaults.languages=English")
    assert columns.fields["zone"] == columns.fields["languages"] == ()


def test_a_column_is_found_in_any_case(write):
    assert place_of(read_table(write("id,Country\n")), " country ") == 1


@pytest.mark.parametrize("title", ["Date of birth", "What age should your partner be?", "Are you old enough?"])
def test_a_sheet_that_may_tell_ages_does_not_pass_as_one_of_adults(map_header, title):
    header = f"id,zone,languages,goals,free,{title}"
    with pytest.raises(SheetError, match="may tell ages in"):
        map_header(header)
    assert map_header(header, "age=").stated[1].startswith("No column says how old people are")


@pytest.mark.parametrize("title", ["Age (years)", "How old are you?", "Age today", "What age group are you in?"])
def test_an_age_is_known_in_many_words(map_header, title):
    assert map_header(f"id,zone,languages,goals,free,{title}").fields["age"] == (5,)
    with_wish = f"id,zone,languages,goals,free,{title},What age range should your partner be in?"
    assert map_header(with_wish).fields["age"] == (5,)


def test_who_says_no_to_any_question_of_consent_has_said_no(map_header):
    header = "id,zone,languages,goals,free,Do you consent?,I agree that my answers are used for finding a partner"
    assert map_header(header).fields["consent"] == (5, 6)
