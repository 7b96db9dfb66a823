"""Settings: the account, its devices, and for each group what was told and how it goes on."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from matcher import accounts, codes, invitations, passwords, sign_ins
from matcher.errors import AddressError, LinkError, PasswordError
from web.access import me
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped
from web.memberships import membership, mine

pages = Blueprint("settings", __name__)


class AddressForm(PageForm):
    """Where mail goes from now on."""

    address = StringField("New mail address", [InputRequired("Write the new address.")])


class PasswordForm(PageForm):
    """The old one, and the new one twice."""

    old = PasswordField("Your password until now", [InputRequired("Write your password until now.")])
    password = PasswordField("New password", [InputRequired("Choose a password.")])
    again = PasswordField(
        "The new password again",
        [
            InputRequired("Write the new password a second time."),
            EqualTo("password", "These two differ; write them again."),
        ],
    )


class InvitationForm(PageForm):
    """An invitation as somebody was given it."""

    link = StringField("The link of the invitation", [InputRequired("Paste the link that you were given.")])


@pages.get("/settings")
def show() -> str:
    """Everything that may be changed, and where."""
    return render_template("settings/show.html", form=InvitationForm(), **overview())


def overview() -> dict[str, object]:
    """What the first page of settings shows."""
    return {"members": mine(), "has_code": codes.is_on(me().account), "account": me().account}


@pages.get("/members/<member_id>/settings")
def member(member_id: str) -> str:
    """What was told to one group, and how it goes on there."""
    return render_template("settings/member.html", member=membership(member_id))


@pages.get("/settings/address")
def address() -> str:
    """Ask for a new address."""
    return render_template("settings/address.html", form=AddressForm())


@pages.post("/settings/address")
def ask_for_address() -> Response | tuple[str, int]:
    """Mail a link to the new address; nothing changes before it is opened. Known ones get the same answer."""
    form = AddressForm(sent())
    if not form.validate():
        return slipped("settings/address.html", form)
    try:
        accounts.ask_for_address(db(), me().account, form.address.data, now())
    except AddressError as problem:
        form.address.errors = [str(problem)]
        return slipped("settings/address.html", form)
    db().commit()
    return redirect(url_for("sign_up.asked"), 303)


@pages.get("/settings/password")
def password() -> str:
    """Ask for the old and the new password."""
    return render_template("settings/password.html", form=PasswordForm(), fewest=fewest())


@pages.post("/settings/password")
def change_password() -> Response | tuple[str, int]:
    """Change it, and sign every other browser out."""
    form = PasswordForm(sent())
    if not form.validate():
        return slipped("settings/password.html", form, fewest=fewest())
    try:
        accounts.change_password(db(), me().here, form.old.data, form.password.data, now())
    except PasswordError as problem:
        field = form.old if "old password" in str(problem) else form.password
        field.errors = [str(problem)]
        return slipped("settings/password.html", form, fewest=fewest())
    db().commit()
    flash("Your new password is set. Every other browser is signed out.")
    return redirect(url_for("settings.show"), 303)


def fewest() -> int:
    """How many signs a password needs here."""
    return passwords.FEWEST_FOR_STAFF if me().is_staff else passwords.FEWEST


@pages.get("/settings/devices")
def devices() -> str:
    """Where this account is signed in."""
    return render_template("settings/devices.html", there=sign_ins.of_now(db(), me().account, now()), this=me().here)


@pages.post("/settings/devices/<device_id>/end")
def end_device(device_id: str) -> Response:
    """Sign one browser out."""
    if not sign_ins.end(db(), me().account, device_id, now()):
        abort(404)
    db().commit()
    flash("That browser is signed out.")
    return redirect(url_for("settings.devices"), 303)


@pages.post("/settings/devices/end-others")
def end_others() -> Response:
    """Sign every browser out but this one."""
    sign_ins.end_all(db(), me().account, but=me().here)
    db().commit()
    flash("Every other browser is signed out.")
    return redirect(url_for("settings.devices"), 303)


@pages.post("/settings/join")
def join() -> Response | tuple[str, int]:
    """Open an invitation that somebody pasted."""
    form = InvitationForm(sent())
    if form.validate():
        token = form.link.data.strip().rstrip("/").rpartition("/")[2]
        try:
            invitations.look(db(), token, now())
            return redirect(url_for("invitations.show", token=token), 303)
        except LinkError as problem:
            form.link.errors = [str(problem)]
    return slipped("settings/show.html", form, **overview())
