"""Inviting people: a link to hand over, and a list of addresses that is looked at before anything is sent."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired

from matcher import invitations
from matcher.errors import SheetError, ToldError
from matcher.models import Group
from matcher.spreadsheets.invitees import Invitees, read_invitees
from matcher.wording import counted
from web.clock import now
from web.database import db
from web.desk import author, looked_after
from web.forms import PageForm, sent, slipped
from web.security import is_uploaded, uploaded

pages = Blueprint("desk_invitations", __name__)

MOST_SAID = 10


class LinkForm(PageForm):
    """Whom a link is for; for whoever opens it first, if that is left empty."""

    address = StringField("For this address alone")
    to_coordinate = BooleanField("They look after the group with me")


class ListForm(PageForm):
    """Addresses, as a file or typed."""

    sheet = FileField("A CSV file with a column of addresses")
    addresses = TextAreaField("Or the addresses, one on each line")


class SendForm(PageForm):
    """What was looked at, to be sent."""

    addresses = TextAreaField("Addresses", [InputRequired("There is nobody to invite.")])


@pages.get("/desk/<group_id>/invitations")
def show(group_id: str) -> str:
    """Who was invited, and the two ways to invite."""
    return shown(looked_after(group_id), LinkForm(), ListForm())


@pages.post("/desk/<group_id>/invitations/link")
def make_link(group_id: str) -> str | tuple[str, int]:
    """Make a link, and show it this once."""
    group, form = looked_after(group_id), LinkForm(sent())
    if not form.validate():
        return shown(group, form, ListForm()), 422
    try:
        token = invitations.invite(
            db(), group, now(), address=form.address.data or "", to_coordinate=form.to_coordinate.data, by=author()
        )
    except ToldError as problem:
        form.refuse(problem)
        return shown(group, form, ListForm()), 422
    db().commit()
    is_local = request.host.partition(":")[0] in ("localhost", "127.0.0.1")
    return render_template(
        "desk/link.html", group=group, token=token, days=invitations.GOOD_FOR_DAYS, is_local=is_local
    )


@pages.post("/desk/<group_id>/invitations/look")
def look(group_id: str) -> str | tuple[str, int]:
    """Read the list and say what would happen; nothing is sent, and nothing is kept."""
    group, form = looked_after(group_id), ListForm(sent())
    if not form.validate():
        return shown(group, LinkForm(), form), 422
    try:
        found = read(form)
    except SheetError as problem:
        form.form_errors = [str(problem)]
        return shown(group, LinkForm(), form), 422
    if not found.invitees:  # nothing to go on with, so the list stays where it can be mended
        form.form_errors = [f"Row {each.row}: {each.reason}." for each in found.set_aside[:MOST_SAID]]
        return shown(group, LinkForm(), form), 422
    ready = SendForm(data={"addresses": "\n".join(each.address for each in found.invitees)})
    left = invitations.mails_left(db(), group, now())
    return render_template("desk/look.html", group=group, found=found, form=ready, left=left)


def read(form: ListForm) -> Invitees:
    """The list, from the file or as it was typed. Raises SheetError."""
    if is_uploaded("sheet"):
        content, name = uploaded("sheet")
        return read_invitees(content, name)
    if not form.addresses.data.strip():
        raise SheetError("Choose a file, or write at least one address.")
    return read_invitees(form.addresses.data)


@pages.post("/desk/<group_id>/invitations/send")
def send(group_id: str) -> Response | tuple[str, int]:
    """Send all of them, or none. The answer is the same whether or not an address has an account."""
    group, form = looked_after(group_id), SendForm(sent())
    try:
        found = read_invitees(form.addresses.data) if form.validate() else None
        for each in found.invitees if found else ():
            invitations.send(db(), group, now(), each.address, author())
    except (SheetError, ToldError) as problem:
        db().rollback()
        form.form_errors = [str(problem)]
        found = None
    if found is None or found.set_aside:
        return slipped("desk/send_again.html", form, group=looked_after(group_id), found=found)
    db().commit()
    flash(f"{counted(len(found.invitees), 'invitation')} will go out, outside of quiet hours.")
    return redirect(url_for("desk_invitations.show", group_id=group_id), 303)


@pages.post("/desk/<group_id>/invitations/<invitation_id>/withdraw")
def withdraw(group_id: str, invitation_id: str) -> Response:
    """Let one work no more."""
    if not invitations.withdraw(db(), looked_after(group_id), invitation_id, now(), author()):
        abort(404)
    db().commit()
    flash("That invitation does not work any more.")
    return redirect(url_for("desk_invitations.show", group_id=group_id), 303)


def shown(group: Group, link: LinkForm, listed: ListForm) -> str:
    """The page."""
    there = invitations.of_group(db(), group, now())
    left = invitations.mails_left(db(), group, now())
    return render_template("desk/invitations.html", group=group, there=there, form=link, listed=listed, left=left)
