"""What all forms share: each field once, only signs that a page can show, and slips said beside their fields."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import render_template, request
from wtforms import BooleanField, Field, FieldList, Form, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.errors import ToldError, WouldCloseError
from matcher.spreadsheets.cells import known_zones

_NO_SIGNS = ("Cc", "Cs", "Cn")
_TYPED = "\t\n\r"
ONCE = "This was sent twice. Load the page again, and fill it in once."
TICK = "Tick this, or leave it empty."
UNREADABLE = "There is a sign in this that no page can show. Take it out, or type the words again."

_OUR_WORDS = {
    "Not a valid choice.": "Choose one of the list.",
    "Invalid Choice: could not coerce.": "Choose one.",
    "'%(value)s' is not a valid choice for this field.": "Choose from the list.",
    "'%(value)s' are not valid choices for this field.": "Choose from the list.",
    "Not a valid integer value.": "Write a whole number, such as 3.",
    "Not a valid date value.": "Choose a day, as in 2027-05-01.",
    "Not a valid time value.": "Choose a time, such as 03:30.",
}


class OurWords:
    """What WTForms says by itself, as we say it."""

    def gettext(self, words: str) -> str:
        """One sentence."""
        return _OUR_WORDS.get(words, words)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """One of two sentences, by a number; none of ours has two."""
        return self.gettext(one if number == 1 else many)


class PageForm(Form):
    """A form of ours. What is wrong with the whole of it stands in `form_errors`, before the fields.

    `there_now` is what somebody else has saved meanwhile, by the labels of the fields: see :mod:`web.overtaken`.
    """

    form_errors: Sequence[str]
    there_now: Sequence[tuple[str, str]] = ()

    class Meta:
        """What all our forms do alike."""

        def get_translations(self, _: Form) -> OurWords:
            """Our own words."""
            return OurWords()

    def process(self, *arguments: Any, **filled: Any) -> None:
        """Fill it. A text that was not sent is an empty one."""
        super().process(*arguments, **filled)
        for field in self:
            if isinstance(field, StringField) and field.data is None:
                field.data = ""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check the shape of every field; what the words mean is asked in the domain."""
        fits = super().validate(extra_validators)
        for field in self:
            for slip in slips_of(field):
                field.errors = [*field.errors, slip]
                fits = False
            _mark_unreadable(field)
        return fits

    def refuse(self, problem: Exception) -> None:
        """Put what the domain says beside its field, or before all fields where it names none of them."""
        field = self._fields.get(problem.field) if isinstance(problem, ToldError) else None
        if field is None:
            self.form_errors = [*self.form_errors, str(problem)]
        else:
            field.errors = [*field.errors, str(problem)]

    @property
    def would_close(self) -> bool:
        """Whether the one question is open: this would close a proposal; save anyway?"""
        return bool(getattr(self, "asks_anyway", False))

    def ask_anyway(self, problem: WouldCloseError) -> None:
        """Ask that question."""
        self.asks_anyway = True
        self.form_errors = [*self.form_errors, str(problem)]


class ManyField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ZoneField(SelectField):
    """A zone, of those that are a place, and the one that was told; what is none is refused in the domain."""

    def __init__(self, label: str, **more: Any) -> None:
        """Leave it to the domain what a zone is."""
        super().__init__(label, validate_choice=False, **more)

    def process(self, *arguments: Any, **more: Any) -> None:
        """Fill it, and offer what there is."""
        super().process(*arguments, **more)
        told = [zone for zone in known_zones().values() if zone == self.data and zone not in zones()]
        offered = ((zone, zone.replace("_", " ")) for zone in (*told, *zones()))
        self.choices = options([("", "Choose a place"), *offered])


class Rows(FieldList):
    """Forms below each other, up to a number. More than that are refused, and not forgotten in silence.

    What is there already is shown, however much it is: a sheet may have brought more.
    """

    errors: Sequence[Any]
    max_entries: int | None
    min_entries: int

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterable[int]:
        """The numbers of the rows that were sent; one that no page of ours writes is none."""
        names = (re.match(rf"{re.escape(prefix)}-([0-9]{{1,4}})(?:-|$)", name) for name in formdata)
        return (int(name[1]) for name in names if name)

    def process(self, formdata: Any, *arguments: Any, **more: Any) -> None:
        """Fill them, and count what was sent. Rows that were not sent are not there, and not wrong."""
        self.sent = len(set(self._extract_indices(self.name, formdata))) if formdata else 0
        self.min_entries = 0 if formdata else self.min_entries
        there = arguments[0] if arguments else more.get("data")
        if self.max_entries and isinstance(there, Sequence):
            self.max_entries = max(self.max_entries, len(there))
        super().process(formdata, *arguments, **more)

    def validate(self, form: Form, extra_validators: Sequence[Any] = ()) -> bool:
        """Check each of them."""
        fits = super().validate(form, extra_validators)
        if self.max_entries and self.sent > self.max_entries:
            self.errors = [f"There are {self.sent} of these; send at most {self.max_entries}.", *self.errors]
            return False
        return fits


def zones() -> list[str]:
    """The zones of this machine that are a place, by their names."""
    return sorted(zone for zone in known_zones().values() if "/" in zone and not zone.startswith("Etc/"))


def options(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """What may be chosen: each value, and how it is called."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def slips_of(field: Field) -> list[str]:
    """What is wrong with the way a field was sent."""
    sent = [each for each in field.raw_data or [] if isinstance(each, str)]
    if len(sent) > 1 and not isinstance(field, SelectMultipleField):
        return [ONCE]
    if isinstance(field, BooleanField) and not {"", "y"}.issuperset(sent):
        return [TICK]
    return [] if all(map(is_readable, sent)) else [UNREADABLE]


def _mark_unreadable(field: Field) -> None:
    """What no page can show stands there again as a sign that says so."""
    if field.raw_data and all(isinstance(each, str) for each in field.raw_data):
        field.raw_data = [marked(each) for each in field.raw_data]
    if isinstance(field.data, str):
        field.data = marked(field.data)


def is_readable(text: str) -> bool:
    """Whether a page can show every sign of a text; a sign that stands for a broken one was none."""
    return "\ufffd" not in text and not any(
        unicodedata.category(sign) in _NO_SIGNS and sign not in _TYPED for sign in text
    )


def marked(text: str) -> str:
    """A text that a page can show: each sign that it cannot is one that says so."""
    return "".join(sign if is_readable(sign) else "\ufffd" for sign in text)


def sent() -> Mapping[str, Any] | None:
    """What a form is filled with: what was sent, or nothing yet."""
    return request.form if request.method == "POST" else None


def anyway() -> bool:
    """Whether somebody answered "save anyway"."""
    return request.form.get("anyway") == "yes"


def slipped(template: str, form: PageForm, **more: Any) -> tuple[str, int]:
    """The page again, with all that was typed and what to mend."""
    return render_template(template, form=form, **more), 422
