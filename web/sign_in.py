"""Signing in and out, the way out in a hurry, and the password once more before something delicate."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from matcher import accounts, codes, passwords, sign_ins
from matcher.models import Account
from web.access import let_in, let_out, me, safe_next, visitor
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped
from web.limits import forget
from web.policy import Of
from web.security import NEUTRAL_PLACE

pages = Blueprint("sign_in", __name__)

_DOES_NOT_FIT = (
    "This address, password and code do not fit together. Look at each of them again; we do not say which it is."
)
_NOT_IT = "That does not fit. Nothing was changed."


class SignInForm(PageForm):
    """Both factors on one page, so that a password alone is never told to be right."""

    address = StringField("Mail address", [InputRequired("Write the address you signed up with.")])
    password = PasswordField("Password", [InputRequired("Write your password.")])
    code = StringField("Code from your phone, or a recovery code")
    own_device = BooleanField("This is a device I call my own; keep me signed in here")
    next = HiddenField()


class StepUpForm(PageForm):
    """Who is here, once more."""

    password = PasswordField("Password", [InputRequired("Write your password.")])
    code = StringField("Code from your phone, or a recovery code")
    next = HiddenField()


@pages.get("/sign-in")
def show() -> Response | str:
    """The form; whoever is signed in already goes on."""
    if visitor():
        return redirect(safe_next(request.args.get("next", "")), 303)
    return render_template("sign_in/show.html", form=SignInForm(data={"next": request.args.get("next", "")}))


@pages.post("/sign-in")
def come_in() -> Response | tuple[str, int]:
    """Sign this browser in. One that was signed in before is signed out, whoever it was."""
    form = SignInForm(sent())
    if not form.validate():
        return slipped("sign_in/show.html", form)
    account = accounts.with_password(db(), form.address.data, form.password.data)
    proven = bool(account and codes.is_on(account))
    if account is None or (proven and not codes.fits(db(), account, form.code.data, now())):
        form.form_errors = [_DOES_NOT_FIT]
        return slipped("sign_in/show.html", form)
    forget(Of.ADDRESS)
    token = begin(account, own_device=form.own_device.data, with_code=proven)
    db().commit()
    return let_in(redirect(safe_next(form.next.data), 303), token, form.own_device.data)


def begin(account: Account, *, own_device: bool = False, with_code: bool = False) -> str:
    """Sign the browser of this request in, and out whoever was before. The view commits."""
    if before := visitor():
        sign_ins.end(db(), before.account, before.here.public_id, now())
    device = device_of(request.user_agent.string)
    return sign_ins.begin(db(), account, now(), device=device, own_device=own_device, with_code=with_code)


def device_of(agent: str) -> str:
    """A browser in a word or two, for the list of devices; nothing else of what it says is kept."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
    browser = next((name for sign, name in browsers.items() if sign in agent), "A browser")
    system = next((name for sign, name in systems.items() if sign in agent), "Linux" if "Linux" in agent else "")
    return f"{browser}, {system}" if system else browser


@pages.post("/sign-out")
def sign_out() -> Response:
    """End it here and in the database; an old copy of the cookie opens nothing."""
    end_here()
    return let_out(redirect(url_for("sign_in.show"), 303))


@pages.post("/leave-now")
def leave_now() -> Response:
    """The same, and on to a place that anybody may have open."""
    end_here()
    return let_out(redirect(NEUTRAL_PLACE, 303))


def end_here() -> None:
    """Delete the row of this browser, if it is signed in."""
    if here := visitor():
        sign_ins.end(db(), here.account, here.here.public_id, now())
        db().commit()


@pages.get("/step-up")
def step_up() -> str:
    """Ask for the password once more."""
    form = StepUpForm(data={"next": request.args.get("next", "")})
    return render_template("sign_in/step_up.html", form=form, asks_code=codes.is_on(me().account))


@pages.post("/step-up")
def prove() -> Response | tuple[str, int]:
    """What is delicate is open for a few minutes; the browser gets a new token."""
    form, account = StepUpForm(sent()), me().account
    asks_code = codes.is_on(account)
    if not form.validate():
        return slipped("sign_in/step_up.html", form, asks_code=asks_code)
    fits = passwords.fits(form.password.data, account.password_hash)
    if not fits or (asks_code and not codes.fits(db(), account, form.code.data, now())):
        form.form_errors = [_NOT_IT]
        return slipped("sign_in/step_up.html", form, asks_code=asks_code)
    token = sign_ins.renew(me().here, now(), with_code=asks_code)
    own_device = me().here.is_own_device
    db().commit()
    flash("Thank you. For a few minutes we do not ask again.")
    return let_in(redirect(safe_next(form.next.data), 303), token, own_device)
