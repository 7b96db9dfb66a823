import pytest

from matcher.errors import ToldError
from matcher.names import LONGEST, is_mark, name_in, skeleton


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Robin", "Robin"),
        ("  Robin \t of\nSherwood ", "Robin of Sherwood"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("שרה", "שרה"),
        ("R2", "R2"),
        ("<b>Bo</b>", "<b>Bo</b>"),
        ("{{7*7}}", "{{7*7}}"),
        ("Ro\u202ebin\u2066", "Robin"),
        ("Ro\u00adbin\ufeff", "Robin"),
        ("Robin\0", "Robin"),
        ("An\u200cna", "An\u200cna"),
        ("Robin 👩\u200d🌾", "Robin 👩\u200d🌾"),
    ],
)
def test_a_name_is_kept_as_it_is_seen(typed, kept):
    assert name_in(typed) == kept


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b\u2060", "...", "🌱", "\0", "\ud800"])
def test_what_shows_no_letter_is_no_name(nothing):
    with pytest.raises(ToldError, match="what you would like to be called") as problem:
        name_in(nothing)
    assert problem.value.field == "name"


def test_a_name_has_room_and_an_end():
    assert name_in("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(ToldError, match="at most 60 signs; this one has 61"):
        name_in("x" * (LONGEST + 1))
    with pytest.raises(ToldError, match="at most 60 signs"):
        name_in("a" + "\u0301" * 300)


@pytest.mark.parametrize(
    "taken", ["Coordinator", "  SUPPORT ", "Сооrdіnаtоr", "Alongs1de", "Ｓｕｐｐｏｒｔ", "Former  Member"]
)
def test_nobody_is_called_like_who_looks_after_a_group(taken):
    with pytest.raises(ToldError, match="Choose another"):
        name_in(taken)


def test_names_that_look_the_same_are_the_same_to_a_quick_eye():
    assert skeleton("Ada Lovelace") == skeleton("АDА  lоvеlасе") == skeleton("ada 1ove1ace")
    assert skeleton("Ada") != skeleton("Ida")


def test_a_mark_belongs_to_the_letter_before_it():
    assert [is_mark(sign) for sign in "e\u0301\u0e31"] == [False, True, True]
