"""The first page: what Alongside is for, who is told what, and how to begin."""

from flask import Blueprint, render_template

from web.access import public

pages = Blueprint("welcome", __name__)


@pages.get("/")
@public
def show() -> str:
    """The same for everybody; it does not tell whether there is a pairing here."""
    return render_template("welcome/show.html")
