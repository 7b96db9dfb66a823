"""A rest, and leaving a group."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField

from matcher import leaving, people, rests
from matcher.wording import counted
from web.clock import now
from web.database import db
from web.forms import PageForm, options, sent, slipped
from web.memberships import membership

pages = Blueprint("pause", __name__)

WEEKS = (1, 2, 3, 4, 6, 8)


class RestForm(PageForm):
    """For how long."""

    weeks = RadioField(
        "For how long?", choices=options((str(weeks), counted(weeks, "week")) for weeks in WEEKS), default="2"
    )


@pages.get("/members/<member_id>/rest")
def show(member_id: str) -> str:
    """What a rest is, and for how long."""
    member = membership(member_id)
    return render_template("pause/rest.html", form=RestForm(), member=member, rests=people.rests_at(member, now()))


@pages.post("/members/<member_id>/rest")
def rest(member_id: str) -> Response | tuple[str, int]:
    """Take it; one that is on gets another end."""
    member, form = membership(member_id), RestForm(sent())
    if not form.validate():
        return slipped("pause/rest.html", form, member=member, rests=people.rests_at(member, now()))
    rests.rest(db(), member, now(), days=timedelta(weeks=int(form.weeks.data)).days)
    db().commit()
    flash("You are taking a rest. It ends by itself.")
    return redirect(url_for("today.show"), 303)


@pages.get("/members/<member_id>/leave")
def leave_page(member_id: str) -> str:
    """What leaving does."""
    return render_template("pause/leave.html", member=membership(member_id))


@pages.post("/members/<member_id>/leave")
def leave(member_id: str) -> Response:
    """Leave. What was told stays until the account is deleted, in case they come back."""
    member = membership(member_id)
    leaving.leave(db(), member, now())
    db().commit()
    flash("You have left the group. Thank you for having been there.")
    return redirect(url_for("today.show"), 303)
