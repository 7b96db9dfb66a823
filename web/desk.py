"""The desk of who looks after groups: which they are, how each does, who is in it, and how its last night went."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField

from matcher import groups, nights, roster
from matcher.audit_trail import name_of
from matcher.errors import GroupError
from matcher.models import Coordinator, Group
from matcher.states import MemberState
from web.access import me
from web.clock import now
from web.database import db
from web.forms import PageForm, ZoneField, sent, slipped
from web.last_night import last_night
from web.night import parts
from web.today import next_pairing

pages = Blueprint("desk", __name__)


class NewGroupForm(PageForm):
    """The two things without which there is no group."""

    name = StringField("The name of the group")
    zone = ZoneField("Its clock")


def looked_after(group_id: str) -> Group:
    """A group that whoever is signed in looks after. Any other is as one that never was."""
    theirs = select(Group).join(Coordinator).where(Coordinator.account_id == me().account.id)
    return db().scalar(theirs.where(Group.public_id == group_id)) or abort(404)


def author() -> str:
    """Who does it, as the audit trail names them."""
    return name_of(me().account)


@pages.get("/desk")
def show() -> str:
    """Their groups; for who may make one, the way to it."""
    there = groups.of_coordinator(db(), me().account)
    return render_template("desk/show.html", groups=there, may_make=me().account.makes_groups)


@pages.get("/desk/new")
def new() -> str:
    """A new group. Its other settings come on the next page, each with a value that does."""
    if not me().account.makes_groups:
        abort(404)
    return render_template("desk/new.html", form=NewGroupForm())


@pages.post("/desk/new")
def found() -> Response | tuple[str, int]:
    """Make it. It pairs nobody until it is opened."""
    form = NewGroupForm(sent())
    if not form.validate():
        return slipped("desk/new.html", form)
    try:
        group = groups.found(db(), me().account, now(), name=form.name.data or "", zone=form.zone.data or "")
    except GroupError as problem:
        form.refuse(problem)
        return slipped("desk/new.html", form)
    db().commit()
    flash(f"{group.name} is made. It opens once it has crisis lines.")
    return redirect(url_for("group_settings.lines", group_id=group.public_id), 303)


@pages.get("/desk/<group_id>")
def group(group_id: str) -> str:
    """One group at a glance, and what is to do."""
    here = looked_after(group_id)
    people = roster.roster(db(), here, now())
    counts = {state: sum(each.state is state for each in people) for state in MemberState}
    return render_template(
        "desk/group.html",
        group=here,
        counts=counts,
        resting=sum(each.is_resting for each in people),
        pairing=next_pairing(here),
        overdue=nights.overdue_since(db(), here, now()),
        review_due=here.crisis_lines_review_on is not None and here.crisis_lines_review_on <= now().date(),
    )


@pages.get("/desk/<group_id>/people")
def people(group_id: str) -> str:
    """Who is in the group, and where each stands."""
    here = looked_after(group_id)
    return render_template("desk/people.html", group=here, people=roster.roster(db(), here, now()))


@pages.get("/desk/<group_id>/night")
def night(group_id: str) -> str:
    """The last night, to be read."""
    here = looked_after(group_id)
    found = last_night(db(), here, me().account)
    if found is None:
        return render_template("desk/no_night.html", group=here, pairing=next_pairing(here))
    return render_template("night/show.html", **parts(found), group=here, notes=())
