"""A group as its coordinators settle it: its row, whom members can call, its own words, and its opening."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, FormField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Optional

from matcher import groups
from matcher.errors import GroupError, ToldError
from matcher.groups import MOST_ANSWER_DAYS, MOST_PROMISE_NIGHTS
from matcher.models import Group
from matcher.vocabulary import DAYS
from web import overtaken
from web.clock import now
from web.database import db
from web.desk import NewGroupForm, author, looked_after
from web.forms import ManyField, PageForm, Rows, options, sent, slipped
from web.hours import FULL_DAYS

pages = Blueprint("group_settings", __name__)

KINDS = {"area": "areas", "experience": "experiences", "trait": "traits"}
_SPARE, _MOST_LINES = 2, 8
_NO_DAY = "Choose a day, as in 2027-05-01."


class GroupForm(NewGroupForm):
    """Every field of a group's row."""

    pairing_days = ManyField("Nights that pair people", choices=options(zip(DAYS, FULL_DAYS, strict=True)))
    pairing_hour = TimeField("At", [InputRequired("Choose a time, such as 03:30.")])
    first_pairing_on = DateField("No pairing before", [Optional()])
    publishes_at_once = BooleanField("Proposals go out right after the night")
    open_to_all = BooleanField("Anybody who confirms an address may join")
    answer_days = IntegerField("Days to answer a proposal", [InputRequired(f"Write 1 to {MOST_ANSWER_DAYS}.")])
    promise_nights = IntegerField(
        "Nights alone after which a person writes to whoever waits",
        [InputRequired(f"Write 1 to {MOST_PROMISE_NIGHTS}.")],
    )
    house_rules = TextAreaField("House rules of your own, beside the five")


class LineForm(PageForm):
    """One crisis line."""

    name = StringField("Name")
    reach = StringField("How to reach it, and when")


class LinesForm(PageForm):
    """All of them, and when somebody looks at them again."""

    crisis_lines = Rows(FormField(LineForm), "Lines", min_entries=_SPARE, max_entries=_MOST_LINES)
    review_on = DateField("Look at them again on", [InputRequired(_NO_DAY)])


class WordsForm(PageForm):
    """The group's own words, one on each line."""

    area = TextAreaField("Areas of goals")
    experience = TextAreaField("Experiences")
    trait = TextAreaField("What a wish may be about")


@pages.get("/desk/<group_id>/settings")
def show(group_id: str) -> str:
    """As it is settled."""
    group = looked_after(group_id)
    return opened("desk/settings.html", row_of(group), group)


def row_of(group: Group) -> GroupForm:
    """The form with what is settled."""
    return GroupForm(data={field: getattr(group, field) for field in GroupForm()._fields})


def opened(template: str, form: PageForm, group: Group) -> str:
    """A page of the group, with what is settled."""
    return render_template(template, form=form, group=group, seen=overtaken.seen(form))


@pages.post("/desk/<group_id>/settings")
def settle(group_id: str) -> Response | tuple[str, int]:
    """Keep it. What has gone out already stays as it is."""
    group, form = looked_after(group_id), GroupForm(sent())
    if not form.validate():
        return slipped("desk/settings.html", form, group=group, seen=request.form.get("seen", ""))
    if overtaken.is_overtaken(form, row_of(group)):
        return overtaken.both("desk/settings.html", form, row_of(group), group=group)
    try:
        groups.settle(db(), group, now(), author(), **settled(form))
    except ToldError as problem:
        form.refuse(problem)
        return slipped("desk/settings.html", form, group=group, seen=request.form.get("seen", ""))
    return kept(group)


def settled(form: GroupForm) -> dict:
    """The fields by their names."""
    return form.data | {
        "name": form.name.data or "",
        "zone": form.zone.data or "",
        "pairing_days": form.pairing_days.data or [],
        "house_rules": form.house_rules.data.replace("\r\n", "\n"),
    }


@pages.get("/desk/<group_id>/lines")
def lines(group_id: str) -> str:
    """Whom members can call."""
    group = looked_after(group_id)
    return opened("desk/lines.html", lines_of(group), group)


def lines_of(group: Group) -> LinesForm:
    """The form with the lines there are, and room for more."""
    there = [{"name": line.name, "reach": line.reach} for line in group.crisis_lines]
    rows = there + [{} for _ in range(min(_SPARE, _MOST_LINES - len(there)))]
    return LinesForm(data={"crisis_lines": rows, "review_on": group.crisis_lines_review_on})


@pages.post("/desk/<group_id>/lines")
def set_lines(group_id: str) -> Response | tuple[str, int]:
    """Keep them instead of those before."""
    group, form = looked_after(group_id), LinesForm(sent())
    if not form.validate():
        return slipped("desk/lines.html", form, group=group, seen=request.form.get("seen", ""))
    if overtaken.is_overtaken(form, lines_of(group)):
        return overtaken.both("desk/lines.html", form, lines_of(group), group=group)
    told = [(row.form.name.data or "", row.form.reach.data or "") for row in form.crisis_lines]
    try:
        wanted = [each for each in told if any(map(str.strip, each))]
        groups.set_crisis_lines(db(), group, wanted, form.review_on.data, now(), author())
    except ToldError as problem:
        form.refuse(problem)
        return slipped("desk/lines.html", form, group=group, seen=request.form.get("seen", ""))
    return kept(group)


@pages.get("/desk/<group_id>/words")
def words(group_id: str) -> str:
    """What members may choose from, in the group's own words."""
    group = looked_after(group_id)
    return opened("desk/words.html", words_of(group), group)


def words_of(group: Group) -> WordsForm:
    """The form with the words there are."""
    return WordsForm(data={kind: "\n".join(groups.terms_of(db(), group, kind)) for kind in KINDS})


@pages.post("/desk/<group_id>/words")
def set_words(group_id: str) -> Response | tuple[str, int]:
    """Keep them; what members wrote already stays with them."""
    group, form = looked_after(group_id), WordsForm(sent())
    if not form.validate():
        return slipped("desk/words.html", form, group=group, seen=request.form.get("seen", ""))
    if overtaken.is_overtaken(form, words_of(group)):
        return overtaken.both("desk/words.html", form, words_of(group), group=group)
    try:
        for kind in KINDS:
            groups.set_terms(db(), group, kind, (form[kind].data or "").splitlines(), now(), author())
    except ToldError as problem:
        form.refuse(problem)
        return slipped("desk/words.html", form, group=group, seen=request.form.get("seen", ""))
    return kept(group)


@pages.post("/desk/<group_id>/open")
def open_up(group_id: str) -> Response:
    """Let its nights begin; where something is missing, say what."""
    group = looked_after(group_id)
    try:
        groups.open_group(db(), group, now(), author())
    except GroupError as problem:
        flash(str(problem))
        return redirect(url_for("group_settings.lines", group_id=group_id), 303)
    db().commit()
    flash(f"{group.name} is open. Its nights begin.")
    return redirect(url_for("desk.group", group_id=group_id), 303)


def kept(group: Group) -> Response:
    """Commit, and back to the group."""
    db().commit()
    flash("Saved.")
    return redirect(url_for("desk.group", group_id=group.public_id), 303)
