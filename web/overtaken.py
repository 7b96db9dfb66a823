"""Two who change the same: whoever opened a page before somebody else saved it sees both, and loses nothing."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import render_template, request
from wtforms import Field, FieldList, Form, FormField, HiddenField, StringField

from web.forms import PageForm

SENTENCE = (
    "This was changed meanwhile, in another tab or by somebody else. What stands there now is below, and what you "
    "wrote is in the form: mend it, and save once more."
)


def seen(form: PageForm) -> str:
    """A mark of what a page held when it was opened, for a field that nobody sees."""
    told = [[name, said(field)] for name, field in leaves(form)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def is_overtaken(form: PageForm, there: PageForm) -> bool:
    """Whether somebody saved something else after this form was opened; ``there`` is the page as it is opened now.

    The same words sent twice overtake nobody, nor does a form that does not say what it saw.
    """
    return request.form.get("seen", "") not in ("", seen(there)) and seen(form) != seen(there)


def both(template: str, form: PageForm, there: PageForm, **more: object) -> tuple[str, int]:
    """The page with what was typed, and what stands there now; sent once more, it is kept."""
    form.form_errors = [*form.form_errors, SENTENCE]
    mine = {name: said(field) for name, field in leaves(form)}
    form.there_now = [
        (field.label.text, field.data)
        for name, field in leaves(there)
        if isinstance(field, StringField) and said(field) != mine.get(name)
    ]
    return render_template(template, form=form, **more, seen=seen(there)), 409


def leaves(form: Form, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """The fields that somebody fills in, also those in rows; rows that are empty are none."""
    for field in form:
        name = f"{prefix}{field.short_name}"
        if isinstance(field, FieldList):
            rows = [entry for entry in field if not is_empty(entry)]
            for number, entry in enumerate(rows):
                yield from leaves(entry.form, f"{name}-{number}-")
        elif not isinstance(field, HiddenField):
            yield name, field


def is_empty(entry: FormField) -> bool:
    """Whether nobody filled in this row."""
    return all(not said(field) or field.data == field.default for _, field in leaves(entry.form))


def said(field: Field) -> Any:
    """What a field says, whatever its capitals and spaces."""
    many = field.data if isinstance(field.data, list | tuple) else [field.data]
    words = [" ".join(str(each).split()).casefold() for each in many if each not in (None, "", False)]
    return sorted(words)
