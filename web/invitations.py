"""An invitation that somebody was given: it opens an account, or lets one that is there into a group."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired

from matcher import accounts, invitations, passwords
from matcher.addresses import normalised
from matcher.errors import AddressError, PasswordError
from matcher.models import Group, Invitation, Member
from web.access import let_in, me, visitor
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped
from web.sign_in import begin

pages = Blueprint("invitations", __name__)


class OpenForm(PageForm):
    """Who comes in, and how they will come in again."""

    address = StringField("Mail address", [InputRequired("Write your mail address.")])
    password = PasswordField("Choose a password", [InputRequired("Choose a password.")])
    own_device = BooleanField("This is a device I call my own; keep me signed in here")


class JoinForm(PageForm):
    """A button, and nothing else."""


class ProveForm(PageForm):
    """Who will see what others do not says once more who they are."""

    password = PasswordField("Your password", [InputRequired("Write your password.")])


@pages.get("/invitations/<token>")
def show(token: str) -> str:
    """Say where it leads, and ask. Raises LinkError for one that is over."""
    found = invitations.look(db(), token, now())
    form = form_for(found)()
    return render_template("invitations/show.html", form=form, **leads(found, token))


@pages.post("/invitations/<token>")
def accept(token: str) -> Response | tuple[str, int]:
    """Come in. Raises LinkError where that cannot be."""
    found = invitations.look(db(), token, now())
    here = visitor()
    form = form_for(found)(sent())
    if isinstance(form, OpenForm) and found.address not in ("", normalised(form.address.data)):
        form.address.errors = ["This invitation was sent to another address. Write the one you got it at."]
        return slipped("invitations/show.html", form, **leads(found, token))
    if not form.validate() or (isinstance(form, ProveForm) and not proves(form)):
        return slipped("invitations/show.html", form, **leads(found, token))
    if here:
        joined = invitations.accept(db(), token, here.account, now())
        db().commit()
        return onward(joined)
    return open_account(found, form, token)


def form_for(found: Invitation) -> type[PageForm]:
    """What is asked of whoever came: a new account, or a yes, and the password where more is opened than was before."""
    if visitor() is None:
        return OpenForm
    return ProveForm if found.to_coordinate else JoinForm


def proves(form: ProveForm) -> bool:
    """Whether the password is theirs, and long enough for whoever looks after a group."""
    if not passwords.fits(form.password.data, me().account.password_hash):
        form.password.errors = ["That is another password. Nothing was changed."]
    elif len(form.password.data) < passwords.FEWEST_FOR_STAFF:
        form.password.errors = [
            f"To look after a group, your password needs at least {passwords.FEWEST_FOR_STAFF} signs. Choose a longer "
            "one in your settings, then open this invitation again."
        ]
    return not form.password.errors


def open_account(found: Invitation, form: OpenForm, token: str) -> Response | tuple[str, int]:
    """Open an account and let it in. Whether the address has another one is told to its mailbox alone."""
    group = db().get(Group, found.group_id) if found.group_id else None
    try:
        opened = accounts.open_by_invitation(
            db(),
            form.address.data,
            form.password.data,
            [group.name] if group else [],
            now(),
            fewest=fewest_for(found),
        )
    except AddressError as problem:
        form.address.errors = [str(problem)]
        return slipped("invitations/show.html", form, **leads(found, token))
    except PasswordError as problem:
        form.password.errors = [str(problem)]
        return slipped("invitations/show.html", form, **leads(found, token))
    joined = invitations.accept(db(), token, opened, now())
    begun = begin(opened, own_device=form.own_device.data)
    db().commit()
    return let_in(onward(joined), begun, form.own_device.data)


def onward(joined: object) -> Response:
    """The first of the steps, or the second factor of who looks after a group."""
    if isinstance(joined, Member):
        return redirect(url_for("joining.rules", member_id=joined.public_id), 303)
    flash("Welcome. Because you will see what others do not, first set up a second factor.")
    return redirect(url_for("desk.show"), 303)


def leads(found: Invitation, token: str) -> dict[str, object]:
    """What the page says of an invitation."""
    group = db().get(Group, found.group_id) if found.group_id else None
    return {
        "token": token,
        "group": group,
        "to_coordinate": found.to_coordinate,
        "fewest": fewest_for(found),
        "lines": group.crisis_lines if group else [],
    }


def fewest_for(found: Invitation) -> int:
    """How many signs the password needs."""
    return passwords.FEWEST_FOR_STAFF if found.to_coordinate else passwords.FEWEST
