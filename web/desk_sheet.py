"""A sheet and the pairing it comes to, before anybody is invited: nothing is kept, and nothing is sent."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response
from wtforms import FileField

from matcher.errors import PoolError, SheetError
from matcher.pairing.advice import told
from matcher.rehearsal import Rehearsal, rehearse
from matcher.spreadsheets.template import TEMPLATE
from web.clock import now
from web.database import db
from web.desk import looked_after
from web.forms import PageForm, sent
from web.night import Alone, Pairing, Partnership, SetAside, clean, parts
from web.own_copy import taken
from web.security import is_uploaded, uploaded

pages = Blueprint("desk_sheet", __name__)


class SheetForm(PageForm):
    """The sheet."""

    sheet = FileField("A CSV file with one row for each person")


@pages.get("/desk/<group_id>/sheet")
def show(group_id: str) -> str:
    """Ask for it, and say what it holds."""
    return render_template("desk/sheet.html", group=looked_after(group_id), form=SheetForm())


@pages.get("/desk/<group_id>/sheet/example.csv")
def example(group_id: str) -> Response:
    """A sheet to begin with, with every column and every way to write a cell."""
    looked_after(group_id)
    return taken(TEMPLATE, "text/csv", "people.csv")


@pages.post("/desk/<group_id>/sheet")
def preview(group_id: str) -> str | tuple[str, int]:
    """Pair it by the group's own policy, and show it."""
    group, form = looked_after(group_id), SheetForm(sent())
    policy = group.policy
    db().rollback()  # nothing is written, and a long pairing keeps nobody else from writing
    try:
        if not is_uploaded("sheet"):
            raise SheetError("Choose a file first.")
        content, name = uploaded("sheet")
        found = rehearse(content, name, now().date(), policy=policy)
    except (SheetError, PoolError) as problem:
        form.form_errors = str(problem).splitlines()
        return render_template("desk/sheet.html", group=looked_after(group_id), form=form), 422
    shown = parts(pairing_of(found))
    return render_template("night/show.html", **shown, group=looked_after(group_id), notes=found.notes)


def pairing_of(found: Rehearsal) -> Pairing:
    """What was rehearsed, as a page shows it."""
    made, names = found.assignment, found.names

    def call(id_: str) -> str:
        return clean(names.get(id_, "")) or clean(id_) or "somebody without an id"

    def partnership(each) -> Partnership:
        return Partnership(
            names=tuple(map(call, each.ids)),
            points=each.points,
            terms={str(term): points for term, points in each.terms.items()},
            overlap_minutes=each.overlap_minutes,
            reasons=each.reasons,
            joined_by=call(each.joined_by) if each.joined_by else "",
        )

    return Pairing(
        on=made.on,
        pairs=tuple(map(partnership, made.pairs)),
        trios=tuple(map(partnership, made.trios)),
        alone=tuple(
            Alone(
                name=call(each.id),
                reasons=told(each),
                possible_partners=each.possible_partners,
                could_help=each.could_help,
                nights_waited=each.nights_waited,
            )
            for each in made.alone
        ),
        set_aside=tuple(SetAside(each.row, clean(each.id), clean(each.reason)) for each in found.sheet.set_aside),
        waiting=made.waiting,
        total_points=made.total_points,
        mode=made.mode,
        policy_version=made.policy_version,
        possible_pairs=made.possible_pairs,
        weighed_pairs=made.weighed_pairs,
        proof=made.proof,
        engine=made.engine,
        fingerprint=made.fingerprint,
        seconds={},
    )
