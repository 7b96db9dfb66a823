"""Everything somebody told us, for themselves to keep: to be read, or for another program."""

import json

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from matcher.own_data import own_data
from web.access import me
from web.clock import now
from web.database import db

pages = Blueprint("own_copy", __name__)


@pages.get("/settings/copy")
def show() -> str:
    """What is in it, and the two ways to take it."""
    return render_template("own_copy/show.html")


@pages.post("/settings/copy.json")
def as_json() -> Response:
    """For another program."""
    text = json.dumps(own_data(db(), me().account, now()), ensure_ascii=False, indent=2)
    return taken(text, "application/json", "alongside.json")


@pages.post("/settings/copy.html")
def as_page() -> Response:
    """To be read, without a server: it holds its own look and needs nothing else."""
    text = render_template("own_copy/copy.html", copy=own_data(db(), me().account, now()), made=now())
    return taken(text, "text/html", "alongside.html")


def taken(text: str, kind: str, name: str) -> Response:
    """A file to keep, and nothing that a browser shows as one of our pages."""
    response = make_response(text)
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
