import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pairing.candidate import Experience, Goal, Wish
from matcher.spreadsheets import cells
from matcher.spreadsheets.cells import CellError
from matcher.vocabulary import Stage, SupportStyle


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "None"])
def test_a_dash_or_none_is_nothing(text):
    assert cells.text_in(text) == ""
    assert cells.items_in(text) == ()


def test_text_is_on_one_line_and_case_does_not_count_in_words():
    assert cells.text_in(" Ana \n Maria ") == "Ana Maria"
    assert cells.word_in(" Twice  a Week") == "twice a week"
    assert cells.words_in("Phone; Text") == ("phone", "text")


def test_commas_separate_items_only_where_no_semicolon_does():
    assert cells.items_in("a, b") == ("a", "b")
    assert cells.items_in("a, b; c;; ") == ("a, b", "c")
    assert cells.items_in("a, b\nc") == ("a, b", "c")


@pytest.mark.parametrize("text", ["yes", "Y", "TRUE", "1", "x", "✓", "Yes, gladly", "yes - if asked", "yes!"])
def test_a_yes_is_a_yes(text):
    assert cells.yes_in(text)


@pytest.mark.parametrize("text", ["no", "N", "False", "0", "", "-", "No, thank you"])
def test_a_no_or_nothing_is_a_no(text):
    assert not cells.yes_in(text)


@pytest.mark.parametrize("text", ["perhaps", "yes but not now", "2"])
def test_anything_between_yes_and_no_is_an_error(text):
    with pytest.raises(CellError, match='is not understood; write "yes" or "no"'):
        cells.yes_in(text)


def test_consent_is_a_plain_yes_and_nothing_else():
    assert cells.consent_in("Yes.")
    assert cells.consent_in("I agree")
    assert not any(map(cells.consent_in, ["", "no", "yes, but only to see", "perhaps"]))


def test_whole_numbers_start_at_nothing():
    assert [cells.whole_number_in(text) for text in ("", "-", "0", "7", "3.0")] == [0, 0, 0, 7, 3]


@pytest.mark.parametrize("text", ["-1", "2.5", "many", "9" * 5000])
def test_anything_else_is_no_whole_number(text):
    with pytest.raises(CellError, match="write a whole number such as 3"):
        cells.whole_number_in(text)


def test_zones_are_iana_names_in_any_case():
    assert cells.zone_in("europe/london") == "Europe/London"
    assert cells.zone_in("America/New York") == "America/New_York"
    assert cells.zone_in("") == ""


@pytest.mark.parametrize(
    ("text", "closest"),
    [
        ("London", '"Europe/London"'),
        ("Europe/Lodnon", '"Europe/London"'),
        ("Europe/Kathmandu", '"Asia/Kathmandu"'),
        ("utter nonsense", '"Europe/London"'),
        ("posixrules", "write for example"),
    ],
)
def test_an_unknown_zone_is_told_the_closest_real_names(text, closest):
    with pytest.raises(CellError, match="is no time zone; write for example") as refused:
        cells.zone_in(text)
    assert closest in str(refused.value)


@pytest.mark.parametrize("text", ["GMT+1", "UTC+5", "Etc/GMT+99"])
def test_an_offset_is_never_answered_with_another_offset(text):
    with pytest.raises(CellError) as refused:
        cells.zone_in(text)
    assert "Etc/" not in str(refused.value).partition("write")[2]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("German", {"de"}),
        ("de; Deutsch", {"de"}),
        ("English, French/Welsh and Polish", {"en", "fr", "cy", "pl"}),
        ("en-GB; pt_BR", {"en", "pt"}),
        ("English (native) & Spanish (a little)", {"en", "es"}),
        ("sw; yue; xx", {"sw", "yue", "xx"}),
        ("British Sign Language", {"bfi"}),
        ("Irish Sign Language", {"irish sign language"}),
        ("Klingon", {"klingon"}),
        ("", set()),
    ],
)
def test_languages_are_codes_where_their_names_are_known(text, codes):
    assert cells.languages_in(text) == codes


@pytest.mark.parametrize(("text", "language"), [("Germn", "German"), ("fluent english", "English")])
def test_a_language_that_is_nearly_known_is_an_error(text, language):
    with pytest.raises(CellError, match=f'write only the language, such as "{language}"'):
        cells.languages_in(text)


def test_nobody_speaks_a_hundred_languages():
    with pytest.raises(CellError, match="write at most 30 languages"):
        cells.languages_in("word," * 100)
    assert cells.languages_in("(" * 100_000 + "en)")


def test_goals_have_an_area_and_perhaps_a_tag():
    assert cells.goals_in("Health: Running;reading ; work:") == {
        Goal("health", "running"),
        Goal("reading"),
        Goal("work"),
    }
    assert cells.goals_in("learn:c++, learn: c#") == {Goal("learn", "c++"), Goal("learn", "c#")}
    with pytest.raises(CellError, match="write the area before the colon"):
        cells.goals_in("health; : running")


def test_experiences_have_a_tag_and_perhaps_a_stage():
    thick = Stage.IN_THE_THICK_OF_IT
    assert cells.experiences_in("Grief (In the thick of it); carer") == (
        Experience("grief", thick),
        Experience("carer"),
    )
    assert cells.experiences_in("grief (steadier)", shown=True) == (Experience("grief", Stage.STEADIER, True),)


@pytest.mark.parametrize("text", ["grief (last year)", "(steadier)", "grief ()"])
def test_brackets_hold_a_stage(text):
    with pytest.raises(CellError, match=r"then one of \(in the thick of it\), \(steadier\), \(looking back\)"):
        cells.experiences_in(text)


def test_a_support_style_is_gentle_or_firm():
    assert cells.support_style_in("Gentle") is SupportStyle.GENTLE
    assert cells.support_style_in("") is None
    with pytest.raises(CellError, match='write "gentle" or "firm"'):
        cells.support_style_in("soft")


@pytest.mark.parametrize(
    "text", ["18", "18-20", "20 - 24", "25–29", "30 to 34", "55+", "60 +", "18 or over", "34 years old", "34.0"]
)
def test_an_adult_is_surely_one(text):
    assert cells.is_surely_adult(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "16-19",
        "under-18",
        "under-20",
        "17+",
        "adult",
        "1985",
        "1985-1990",
        "121+",
        "34-30",
        "-20",
        "20-",
        "34.5",
    ],
)
def test_whoever_is_not_surely_an_adult_is_none(text):
    assert not cells.is_surely_adult(text)


def test_an_age_lies_within_a_bucket_only_if_all_of_it_does():
    assert cells.lies_within("34", "30-39")
    assert cells.lies_within("60+", "55+")
    assert not cells.lies_within("30-34", "25-32")
    assert not cells.lies_within("unknown", "25-32")
    assert not cells.lies_within("34", "")


OWN = {"gender": "female", "age": "34", "place": ""}


def test_wishes_name_a_trait_and_what_is_accepted():
    wishes = cells.wishes_in("same gender; Age: 25-29 | 30-34 (May ask); same  gender(may ask)", OWN)
    assert wishes == (
        Wish("gender", frozenset({"female"})),
        Wish("age", frozenset({"25-29", "30-34"}), may_ask=True),
        Wish("gender", frozenset({"female"}), may_ask=True),
    )
    assert cells.wishes_in("", OWN) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("female", 'is not understood; write for example "same gender"'),
        ("gender:", "is not understood"),
        ("gender: |", "is not understood"),
        (": female", "is not understood"),
        ("same", "is not understood"),
        (
            "height: tall",
            'asks about "height", which no column tells; write "same age" or "same gender" or "same place" or',
        ),
        ("same height", 'asks about "height"'),
        ("same gender:", "is not understood"),
        ("same place", "needs this person's own place; write it, or leave the wish out"),
    ],
)
def test_a_wish_that_is_not_understood_is_an_error(text, sentence):
    with pytest.raises(CellError) as refused:
        cells.wishes_in(text, OWN)
    assert sentence in str(refused.value)


def test_a_sheet_without_traits_says_so():
    with pytest.raises(CellError, match="no column tells; write nothing"):
        cells.wishes_in("same gender", {})


@settings(deadline=None)  # the machine may be busy with something else
@given(st.text(max_size=40))
def test_any_cell_is_a_value_or_a_sentence(text):
    for read in (cells.zone_in, cells.languages_in, cells.goals_in, cells.experiences_in, cells.whole_number_in):
        try:
            read(text)
        except CellError as problem:
            refused = problem
        else:
            continue
        assert "write" in str(refused)
    assert isinstance(cells.is_surely_adult(text), bool)


@pytest.mark.parametrize("text", ["French; other", "Any", "none of these", "x"])
def test_what_is_no_language_is_not_understood(text):
    with pytest.raises(CellError, match="write the languages themselves"):
        cells.languages_in(text)


def test_no_answer_is_no_language_and_no_is_norwegian():
    assert cells.languages_in("N/A") == frozenset()
    assert cells.languages_in("no") == {"no"}


def test_signs_that_nobody_sees_are_left_out_of_a_text():
    assert cells.text_in("a\x00b\x07 c") == "ab c"


@pytest.mark.parametrize(("text", "given"), [("Yes, I agree", True), ("yes I consent.", True), ("Yes, but", False)])
def test_a_plain_yes_may_say_what_it_is_to(text, given):
    assert cells.consent_in(text) is given
