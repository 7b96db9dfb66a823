"""What anybody may read: what Alongside is for, the house rules, what becomes of what one tells, and whom to call."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from web.access import visitor

pages = Blueprint("welcome", __name__)


@pages.get("/")
def show() -> str | Response:
    """The same for everybody who is not signed in."""
    if visitor():
        return redirect(url_for("today.show"), 303)
    return render_template("welcome/show.html")


@pages.get("/help")
def help_now() -> str:
    """Whom to call; the same words stand at the end of every page."""
    return render_template("welcome/help_now.html")


@pages.get("/house-rules")
def house_rules() -> str:
    """Ours; a group may add its own, which its members read before they say yes."""
    return render_template("welcome/house_rules.html")


@pages.get("/privacy")
def privacy() -> str:
    """Who may read what, and for how long it is kept."""
    return render_template("welcome/privacy.html")
