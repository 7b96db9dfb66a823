"""When could you talk: parts of the day first, quarter-hours for who likes, and "writing is enough"."""

from collections.abc import Iterable

import numpy as np
from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, FormField, SelectField

from matcher import joining
from matcher.errors import ToldError
from matcher.models import Member
from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY, Window, local_quarters, windows_of
from matcher.profile import windows_from_json
from matcher.vocabulary import DAYS, PARTS_OF_DAY
from web import overtaken
from web.clock import now
from web.database import db
from web.forms import ManyField, PageForm, Rows, anyway, options, sent, slipped
from web.joining import keep, place
from web.memberships import membership, readable

pages = Blueprint("hours", __name__)

FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_STRETCHES = 120
"""More than a week has that the domain keeps, once its parts are taken out of longer stretches."""
_SPARE = 2
_CLOCK = [(str(minute), f"{minute // 60:02d}:{minute % 60:02d}") for minute in range(0, 24 * 60 + 1, QUARTER_MINUTES)]
_PARTS = [f"{day}-{part}" for day in range(len(DAYS)) for part in PARTS_OF_DAY]
_WEEKDAYS, _ALL = range(1, 5), range(1, 7)
LIKE_MONDAY = {"weekdays": _WEEKDAYS, "all": _ALL}

Stretch = tuple[int, int, int]
"""Day 0 to 6, from minute, to minute; one that ends before it begins runs into the next day."""


class StretchForm(PageForm):
    """From when to when on one day."""

    day = SelectField("Day", choices=options([("", "–"), *((str(place), day) for place, day in enumerate(FULL_DAYS))]))
    begins = SelectField("From", choices=options([("", "–"), *_CLOCK[:-1]]))
    ends = SelectField("To", choices=options([("", "–"), *_CLOCK[1:]]))


class HoursForm(PageForm):
    """The 28 parts of the week, and stretches beside them."""

    parts = ManyField("Parts of the day", choices=options((part, part) for part in _PARTS))
    hours = Rows(FormField(StretchForm), min_entries=_SPARE, max_entries=MOST_STRETCHES)
    writing_is_enough = BooleanField("Writing is enough for me")


@pages.get("/members/<member_id>/hours")
def show(member_id: str) -> str:
    """The week as it was told."""
    member = membership(member_id)
    return rendered(member, week_of(member))


def week_of(member: Member) -> HoursForm:
    """The form with what was told."""
    parts, stretches = told_as(local_quarters(windows_from_json(readable(member.windows, []))))
    return filled(parts, [*map(row_of, stretches)], member.writing_is_enough)


@pages.post("/members/<member_id>/hours")
def set_hours(member_id: str) -> Response | tuple[str, int] | str:
    """Keep it; or give another row, or the other days like Monday, and keep nothing yet."""
    member, form = membership(member_id), HoursForm(sent())
    helps = {"add", "like"} & request.form.keys()
    if helps and form.validate():
        days = LIKE_MONDAY.get(request.form.get("like", ""), ())
        parts, stretches = like_monday(form.parts.data or [], stretches_of(form), days)
        rows = [*map(row_of, stretches), *unfinished(form)]
        if len(rows) > MOST_STRETCHES:
            form.refuse(ToldError("hours", f"These would be {len(rows)} stretches. Longer ones say the same."))
            seen = request.form.get("seen", "")
            return slipped("joining/hours.html", form, is_draft=False, seen=seen, **place(member, "hours"))
        return rendered(member, filled(parts, rows, form.writing_is_enough.data), is_draft=True)
    return keep(
        form,
        member,
        "hours",
        lambda: joining.set_hours(
            db(),
            member,
            now(),
            [*map(stretch_of_part, form.parts.data or []), *stretches_of(form, strictly=True)],
            writing_is_enough=form.writing_is_enough.data,
            anyway=anyway(),
        ),
        there=week_of(member),
        is_draft=False,
    )


def rendered(member: Member, form: HoursForm, *, is_draft: bool = False) -> str:
    """The page."""
    seen = request.form.get("seen", "") if is_draft else overtaken.seen(form)
    return render_template("joining/hours.html", form=form, is_draft=is_draft, seen=seen, **place(member, "hours"))


def filled(parts: list[str], rows: list[dict[str, str]], writing_is_enough: bool) -> HoursForm:
    """The form with what was told, and room for more."""
    spare: list[dict[str, str]] = [{} for _ in range(min(_SPARE, MOST_STRETCHES - len(rows)))]
    return HoursForm(data={"parts": parts, "hours": rows + spare, "writing_is_enough": writing_is_enough})


def stretches_of(form: HoursForm, *, strictly: bool = False) -> list[Stretch]:
    """The stretches that were chosen. ``strictly``: one with a part missing raises ToldError, else it is left out."""
    found = []
    for number, row in enumerate(form.hours, 1):
        chosen = [row.day.data, row.begins.data, row.ends.data]
        if all(chosen):
            found.append((int(row.day.data), int(row.begins.data), int(row.ends.data)))
        elif any(chosen) and strictly:
            raise ToldError("hours", f"Stretch {number} needs a day, a beginning and an end.")
    return found


def row_of(stretch: Stretch) -> dict[str, str]:
    """A stretch as the fields of its row hold it."""
    return dict(zip(("day", "begins", "ends"), map(str, stretch), strict=True))


def unfinished(form: HoursForm) -> list[dict[str, str]]:
    """The rows with a part missing, as they are."""
    return [row.data for row in form.hours if 0 < sum(map(bool, row.data.values())) < len(row.data)]


def stretch_of_part(part: str) -> Stretch:
    """Monday's morning is (0, 360, 720)."""
    day, name = part.split("-")
    begins, ends = PARTS_OF_DAY[name]
    return int(day), begins * 60, ends * 60


def told_as(free: np.ndarray) -> tuple[list[str], list[Stretch]]:
    """The week, bool[672], as whole parts of days and the stretches beside them; together they are the week again."""
    rest, parts = free.copy(), []
    for day in range(len(DAYS)):
        for name, (begins, ends) in PARTS_OF_DAY.items():
            quarters = slice(day * QUARTERS_A_DAY + begins * 4, day * QUARTERS_A_DAY + ends * 4)
            if free[quarters].all():
                parts.append(f"{day}-{name}")
                rest[quarters] = False
    return parts, [stretch_in(window) for window in windows_of(rest)]


def stretch_in(window: Window) -> Stretch:
    """A window shorter than a day, as all are once the whole parts of days are taken out."""
    day, quarter = divmod(window.start, QUARTERS_A_DAY)
    last = quarter + window.end - window.start
    return day, quarter * QUARTER_MINUTES, (last if last <= QUARTERS_A_DAY else last - QUARTERS_A_DAY) * QUARTER_MINUTES


def like_monday(parts: list[str], stretches: list[Stretch], days: Iterable[int]) -> tuple[list[str], list[Stretch]]:
    """The same with some days as Monday is."""
    copied = set(days)
    kept_parts = [part for part in parts if int(part[0]) not in copied]
    kept_stretches = [stretch for stretch in stretches if stretch[0] not in copied]
    of_monday = [part[2:] for part in parts if part.startswith("0-")]
    kept_parts += [f"{day}-{name}" for day in sorted(copied) for name in of_monday]
    monday = [(begins, ends) for day, begins, ends in stretches if day == 0]
    kept_stretches += [(day, begins, ends) for day in sorted(copied) for begins, ends in monday]
    return kept_parts, sorted(set(kept_stretches))
