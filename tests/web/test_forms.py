"""What all forms share, on forms of the tests alone."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FormField, HiddenField, PasswordField, SelectField, StringField, TextAreaField

from matcher.errors import ToldError, WouldCloseError
from web.forms import ONCE, UNREADABLE, ManyField, PageForm, Rows, anyway, is_readable, options, sent

COLOURS = [("red", "Red"), ("green", "Green")]


class Line(PageForm):
    words = StringField("Words")
    colour = SelectField("Colour", choices=options(COLOURS), default="red")


class Sheet(PageForm):
    name = StringField("Name")
    text = TextAreaField("Text")
    secret = PasswordField("Secret")
    hidden = HiddenField()
    colour = SelectField("Colour", choices=options(COLOURS), default="red")
    colours = ManyField("Colours", choices=options(COLOURS))
    yes = BooleanField("Yes")
    lines = Rows(FormField(Line), min_entries=1, max_entries=3)


def of(*pairs):
    return Sheet(MultiDict([("colour", "red"), *pairs]))


def test_a_form_that_is_sent_as_it_is_fits():
    assert of().validate()
    assert of(
        ("name", "Ada"), ("colours", "red"), ("colours", "green"), ("yes", "y"), ("lines-0-words", "x")
    ).validate()


def test_a_text_that_was_not_sent_is_an_empty_one():
    form = of()
    assert (form.name.data, form.text.data, form.secret.data, form.hidden.data) == ("", "", "", "")


@pytest.mark.parametrize("field", ["name", "text", "secret", "hidden", "colour", "yes"])
def test_each_field_is_taken_once(field):
    form = of((field, "red"), (field, "green"))
    if field == "colour":
        form = Sheet(MultiDict([("colour", "red"), ("colour", "green")]))
    assert not form.validate()
    assert form.errors == {field: [ONCE]}


def test_each_field_of_a_row_is_taken_once():
    form = of(("lines-0-words", "a"), ("lines-0-words", "b"), ("lines-1-words", "c"))
    assert not form.validate()
    assert form.errors["lines"] == [{"words": [ONCE]}, {}]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x85", "\ufffd", "\u0378"])
@pytest.mark.parametrize("field", ["name", "text", "secret", "hidden", "lines-0-words"])
def test_a_sign_that_no_page_can_show_is_said_and_marked_where_it_stands(field, sign):
    form = of((field, f"be{sign}fore"))
    assert not form.validate()
    holds = form.lines[0].form.words if field.startswith("lines") else form[field]
    assert holds.errors == [UNREADABLE]
    assert holds.data == "be\ufffdfore"


@pytest.mark.parametrize("text", ["two\r\nlines\tand a tab", "עברית", "👩‍👩‍👧", "e\u0301", "<b>&", "\u200f", ""])
def test_any_other_sign_is_taken_as_it_is(text):
    form = of(("text", text))
    assert form.validate()
    assert form.text.data == text
    assert is_readable(text)


@pytest.mark.parametrize(
    ("pairs", "field", "said"),
    [
        ([("colours", "blue")], "colours", "Choose from the list."),
        ([("colours", "blue"), ("colours", "pink")], "colours", "Choose from the list."),
    ],
)
def test_what_is_not_on_the_list_is_refused_in_our_words(pairs, field, said):
    form = of(*pairs)
    assert not form.validate()
    assert form.errors == {field: [said]}
    assert not Sheet(MultiDict([("colour", "blue")])).validate()


def test_rows_are_taken_up_to_their_number_and_more_are_refused():
    assert of(*((f"lines-{number}-words", "x") for number in range(3))).validate()
    form = of(*((f"lines-{number}-words", "x") for number in (0, 1, 2, 7)))
    assert not form.validate()
    assert form.lines.errors[0] == "There are 4 of these; send at most 3."
    assert len(form.lines.entries) == 3


def test_what_is_wrong_in_a_row_is_said_beside_too_many_of_them():
    form = of(*((f"lines-{number}-words", "\x00") for number in range(4)))
    assert not form.validate()
    assert form.lines.errors == ["There are 4 of these; send at most 3.", *[{"words": [UNREADABLE]}] * 3]


@pytest.mark.parametrize("name", ["lines-²-words", "lines-99999-words", "lines--1-words", "lines-x-words", "linesx-0"])
def test_a_row_whose_number_no_page_of_ours_writes_is_none(name):
    form = of((name, "x"))
    assert form.validate()
    assert (form.lines.sent, [each.form.words.data for each in form.lines]) == (0, [])


def test_rows_that_are_there_are_all_shown_and_the_form_has_its_number_again_when_it_is_sent():
    shown = Sheet(data={"lines": [{"words": str(number)} for number in range(5)]})
    assert [each.form.words.data for each in shown.lines] == ["0", "1", "2", "3", "4"]
    assert not of(*((f"lines-{number}-words", "x") for number in range(4))).validate()


def test_rows_without_a_number_take_any():
    class Long(PageForm):
        lines = Rows(FormField(Line))

    form = Long(MultiDict([(f"lines-{number}-words", "x") for number in range(50)]))
    assert form.validate()
    assert len(form.lines.entries) == 50


def test_what_the_domain_refuses_stands_beside_its_field_or_before_all():
    form = of()
    form.validate()
    form.refuse(ToldError("name", "Write a name."))
    form.refuse(ToldError("lines", "One line is enough."))
    form.refuse(ToldError("no field of this form", "Nothing fits."))
    form.refuse(ValueError("Nothing at all."))
    assert (form.name.errors, form.lines.errors) == (["Write a name."], ["One line is enough."])
    assert form.form_errors == ["Nothing fits.", "Nothing at all."]


def test_the_one_question_is_open_only_after_it_was_asked():
    form = of()
    assert not form.would_close
    form.ask_anyway(WouldCloseError("Save anyway?", None))
    assert form.would_close
    assert form.form_errors == ["Save anyway?"]


@pytest.mark.parametrize(("method", "filled"), [("GET", False), ("POST", True), ("HEAD", False)])
def test_a_form_is_filled_by_what_was_sent_alone(app, method, filled):
    with app.test_request_context("/?name=Ada", method=method, data={"name": "Ada", "anyway": "yes"}):
        assert (sent() is not None) is filled


@pytest.mark.parametrize(("answer", "means"), [("yes", True), ("no", False), ("", False), ("YES", False)])
def test_only_a_plain_yes_is_one(app, answer, means):
    with app.test_request_context("/?anyway=yes", method="POST", data={"anyway": answer}):
        assert anyway() is means
