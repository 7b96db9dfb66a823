"""Deleting an account: asked for, kept seven days in case of a second thought, then gone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher import farewell, sign_ins
from matcher.errors import StateError
from web.access import me
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped

pages = Blueprint("farewell", __name__)


class FarewellForm(PageForm):
    """A button, and nothing else."""


@pages.get("/settings/delete")
def show() -> str:
    """What goes, what stays and why; or, once asked for, how to undo it."""
    return render_template("farewell/show.html", form=FarewellForm(), account=me().account)


@pages.post("/settings/delete")
def ask() -> Response | tuple[str, int]:
    """Ask for it. Every other browser is signed out; this one may still undo it."""
    form = FarewellForm(sent())
    try:
        farewell.ask_to_be_forgotten(db(), me().account, now())
    except StateError as problem:
        form.form_errors = [str(problem)]
        return slipped("farewell/show.html", form, account=me().account)
    sign_ins.end_all(db(), me().account, but=me().here)
    db().commit()
    return redirect(url_for("farewell.show"), 303)


@pages.post("/settings/keep")
def keep() -> Response:
    """Undo it."""
    farewell.keep(db(), me().account, now())
    db().commit()
    flash("Your account stays. Good to have you here.")
    return redirect(url_for("today.show"), 303)
