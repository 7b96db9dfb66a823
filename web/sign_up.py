"""Signing up where a group is open to all, forgotten passwords, and the links that were mailed."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from matcher import accounts, codes, links, open_groups, passwords, sign_ins
from matcher.errors import AddressError, PasswordError
from matcher.models import Link
from matcher.states import LinkUse
from web.access import let_in, me, visitor
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped
from web.limits import forgive
from web.sign_in import begin

pages = Blueprint("sign_up", __name__)

USES = {
    "confirm": LinkUse.CONFIRM,
    "reset": LinkUse.RESET,
    "change": LinkUse.CHANGE,
    "take-back": LinkUse.TAKE_BACK,
}
"""What stands in the address of a mailed link."""


class AddressForm(PageForm):
    """Where to send a link."""

    address = StringField("Mail address", [InputRequired("Write your mail address.")])


class NewPasswordForm(PageForm):
    """A password, twice, since nobody sees what they type."""

    password = PasswordField("New password", [InputRequired("Choose a password.")])
    again = PasswordField(
        "The same password again",
        [
            InputRequired("Write the password a second time."),
            EqualTo("password", "These two differ; write them again."),
        ],
    )


class PasswordAndCodeForm(NewPasswordForm):
    """The same where a second factor is on: with its code somebody is signed in at once, by a mailbox alone nobody."""

    code = StringField("Code from your phone, or a recovery code")


class ConfirmForm(PageForm):
    """A button, and nothing else."""


# Asking for a link


@pages.get("/sign-up")
def show() -> str:
    """The form, where some group is open to all; else how one comes in here."""
    return render_template("sign_up/show.html", form=AddressForm(), groups=open_groups.listed(db()))


@pages.post("/sign-up")
def ask() -> Response | tuple[str, int]:
    """Mail a link, to a known address as to an unknown one."""
    if not open_groups.listed(db()):
        abort(404)
    return mailed(accounts.sign_up, "sign_up/show.html", groups=open_groups.listed(db()))


@pages.get("/forgotten")
def forgotten() -> str:
    """The form for a forgotten password."""
    return render_template("sign_up/forgotten.html", form=AddressForm())


@pages.post("/forgotten")
def ask_for_reset() -> Response | tuple[str, int]:
    """Mail a link, if the address is known; the answer is the same."""
    return mailed(accounts.ask_for_reset, "sign_up/forgotten.html")


def mailed(ask: Callable[..., None], template: str, **more: object) -> Response | tuple[str, int]:
    """Ask for the mail, and say the same to everybody."""
    form = AddressForm(sent())
    if not form.validate():
        return slipped(template, form, **more)
    try:
        accounts.address_in(form.address.data)
        ask(db(), form.address.data, now())
    except AddressError as problem:
        form.address.errors = [str(problem)]
        return slipped(template, form, **more)
    db().commit()
    return redirect(url_for("sign_up.asked"), 303)


@pages.get("/look-into-your-mail")
def asked() -> str:
    """What comes next, whoever asked."""
    return render_template("sign_up/asked.html")


@pages.post("/send-again")
def send_again() -> Response:
    """Mail the link once more with which somebody who is signed in confirms their address."""
    accounts.ask_to_confirm(db(), me().account, now())
    db().commit()
    return redirect(url_for("sign_up.asked"), 303)


# Opening a link. A mail program that looks at it changes nothing: it takes a button


@pages.get("/<any('confirm', 'reset', 'change', 'take-back'):use>/<token>")
def open_link(use: str, token: str) -> str | Response:
    """Say what the link does, and ask. Raises AddressError where the address is another account's by now."""
    link = links.look(db(), USES[use], token, now())
    if use == "change" and visitor() is None:
        return redirect(url_for("sign_in.show", next=url_for("sign_up.open_link", use=use, token=token)), 303)
    accounts.require_free(db(), link)
    return render_template("sign_up/link.html", **asks(link, use, token), form=form_of(link)())


@pages.post("/<any('confirm', 'reset', 'change', 'take-back'):use>/<token>")
def use_link(use: str, token: str) -> Response | tuple[str, int]:
    """Do it. Raises LinkError for one that is over, AddressError where the address is another account's by now."""
    link = links.look(db(), USES[use], token, now())
    if use == "change" and visitor() is None:
        return redirect(url_for("sign_in.show", next=url_for("sign_up.open_link", use=use, token=token)), 303)
    form = form_of(link)(sent())
    if not form.validate():
        return slipped("sign_up/link.html", form, **asks(link, use, token))
    if isinstance(form, NewPasswordForm):
        return set_password(link, form, use, token)
    account = me().account
    if link.use is LinkUse.CHANGE:
        accounts.change_address(db(), me().here, token, now())
    else:
        accounts.confirm_here(db(), token, account, now())
    db().commit()
    flash("Your address is confirmed. Thank you.")
    return redirect(url_for("today.show"), 303)


def set_password(link: Link, form: NewPasswordForm, use: str, token: str) -> Response | tuple[str, int]:
    """Set it, and let the owner in at once: who guesses at the password meanwhile keeps nobody out who has the code."""
    code = form.code.data if isinstance(form, PasswordAndCodeForm) else ""
    if code and not codes.fits(db(), link.account, code, now()):
        form.code.errors = ["This code does not fit. Look whether your phone shows the right time, or leave it empty."]
        return slipped("sign_up/link.html", form, **asks(link, use, token))
    try:
        account = accounts.set_password(db(), link.use, token, form.password.data, now())
    except PasswordError as problem:
        form.password.errors = [str(problem)]
        return slipped("sign_up/link.html", form, **asks(link, use, token))
    forgive(account.address or "")
    if codes.is_on(account) and not code:
        db().commit()
        flash("Your new password is set. Sign in with it.")
        return redirect(url_for("sign_in.show"), 303)
    begun = begin(account, with_code=bool(code))
    db().commit()
    flash("Your new password is set, and you are signed in.")
    return let_in(redirect(url_for("today.show"), 303), begun, own_device=False)


def form_of(link: Link) -> type[PageForm]:
    """A new password, unless the owner is signed in here and only says yes."""
    here = visitor()
    yes_is_enough = link.use is LinkUse.CHANGE or (
        link.use is LinkUse.CONFIRM and here is not None and here.account.id == link.account_id
    )
    if yes_is_enough:
        return ConfirmForm
    keeps_factor = codes.is_on(link.account) and link.account.address_confirmed_at is not None
    return PasswordAndCodeForm if keeps_factor else NewPasswordForm


def asks(link: Link, use: str, token: str) -> dict[str, object]:
    """What the page of a link shows. It names no address to whoever is not signed in with it."""
    staff = sign_ins.is_staff(db(), link.account)
    return {
        "use": use,
        "token": token,
        "fewest": passwords.FEWEST_FOR_STAFF if staff else passwords.FEWEST,
        "is_new": link.account.password_hash is None,
        "only_yes": form_of(link) is ConfirmForm,
    }
