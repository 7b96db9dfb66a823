"""Every error as a page: what happened, that nothing was lost, and what to do next."""

from typing import NamedTuple

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, TooManyRequests, Unauthorized

from matcher.errors import AlongsideError, DatabaseError, KeyFileError, LinkError, SettingsError, StateError
from web.forms import is_readable


class Words(NamedTuple):
    """What a page of an error says."""

    heading: str
    happened: str
    next_step: str
    command: str = ""


NOT_FOUND = Words(
    "There is nothing here for you",
    "This address leads nowhere, or it is not open to you. We do not say which. Nothing was changed.",
    "If somebody gave you a link, check that you have all of it; the end is easily cut off.",
)
NOT_ALLOWED = Words(
    "That cannot be done here",
    "This page can be read, and nothing else. Nothing was changed.",
    "Go back to the page you came from, or begin again at the first page.",
)
OUR_FAULT = Words(
    "Something broke on our side",
    "It was nothing you did, and nothing was lost. It is written down for whoever looks after this server.",
    "Try again in a few minutes. If it happens again, tell them at what time.",
)
UNCLEAR = Words(
    "We did not understand that",
    "Your browser asked for something in a way we cannot read. Nothing was changed.",
    "Begin again at the first page.",
)
NOT_READY = Words(
    "This cannot be shown right now",
    "The database of this server is not ready. Nothing was lost.",
    "Whoever looks after this server sees why:",
    command="alongside doctor",
)
TOO_MANY = Words(
    "Please wait a little",
    "This was tried many times from here, so we wait before we look at it again. Nothing was lost.",
    "Try again in a few minutes. If you forgot your password, ask for a new one; that is quicker than guessing.",
)
TOO_LARGE = Words(
    "This is too much at once",
    "What was sent is larger than any of our pages asks for. Nothing was changed.",
    "Go back, and send less: a sheet of at most 1 MB, or shorter words.",
)
NOT_FROM_HERE = Words(
    "We did not do that",
    "This did not come from a page of ours that you had open, so nothing was changed.",
    "Go back to the page, load it again, and press the button there. Your browser needs cookies for that.",
)
SECRET = frozenset({"csrf_token", "password", "again", "old", "code"})
"""Fields that no page ever holds again."""
OVER, UNCHANGED = "This link cannot be used", "Nothing was changed"
WORDS = {404: NOT_FOUND, 405: NOT_ALLOWED, 413: TOO_LARGE, 429: TOO_MANY, 403: NOT_FROM_HERE}
STATUS: dict[type[AlongsideError], int] = {
    DatabaseError: 503,
    KeyFileError: 503,
    SettingsError: 503,
    LinkError: 410,
    StateError: 409,
}
"""Which answer a domain error is that no view has caught; 409 is also that of all others."""
LAST_RESORT = f"<!doctype html><html lang=en><title>Alongside</title><h1>{OUR_FAULT.heading}</h1>"
LAST_RESORT += (
    f"<p>{OUR_FAULT.happened}<p>{OUR_FAULT.next_step}<p>If you are in danger, call your local emergency number."
)


def set_up(app: Flask) -> None:
    """Domain errors and HTTP errors cross here, and nowhere else."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(InternalServerError, show_our_fault)
    app.register_error_handler(Unauthorized, keep_words)
    app.register_error_handler(CSRFError, show_not_from_here)
    app.register_error_handler(AlongsideError, show_domain_error)
    app.register_error_handler(OperationalError, show_not_ready)


def show_http_error(error: HTTPException) -> Response:
    """A wrong address, a wrong method, a request that cannot be read."""
    code = error.code or 500
    response = page(WORDS.get(code, UNCLEAR if code < 500 else OUR_FAULT), code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def show_our_fault(_: InternalServerError) -> Response:
    """Whatever we did not foresee; even a broken template leaves a page that says so."""
    try:
        return page(OUR_FAULT, 500)
    except Exception:
        return make_response(LAST_RESORT, 500)


def keep_words(_: Unauthorized) -> Response:
    """Somebody wrote for longer than they stayed signed in: what they wrote waits in the page until they are back.

    Passwords and codes do not, nor files.
    """
    sent = MultiDict(request.form).items(multi=True)
    typed = [(name, value) for name, value in sent if name not in SECRET and is_readable(value)]
    return make_response(render_template("errors/signed_out.html", typed=typed, path=request.path), 401)


def show_not_from_here(error: CSRFError) -> Response:
    """A form that is not one of ours; or one that was opened before somebody signed out, whose words are kept."""
    if request.form and request.headers.get("Sec-Fetch-Site") == "same-origin":
        kept = keep_words(Unauthorized(str(error)))
        kept.status_code = 403
        return kept
    return page(NOT_FROM_HERE, 403)


def show_domain_error(error: AlongsideError) -> Response:
    """A sentence for whoever did it; but for what only whoever runs this server can mend."""
    code = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)
    if code == 503:
        return show_not_ready(error)
    heading = OVER if code == 410 else "This could not be done"
    return page(Words(heading, str(error), "" if UNCHANGED in str(error) else f"{UNCHANGED}."), code)


def show_not_ready(error: Exception) -> Response:
    """The rows cannot be read; why is for the log, and for who runs this server."""
    why = str(error) if isinstance(error, AlongsideError) else type(error).__name__
    structlog.get_logger().error("not ready", why=why)
    return page(NOT_READY, 503)


def page(words: Words, code: int) -> Response:
    """The same look as every page, and the same bytes for the same words."""
    return make_response(render_template("errors/show.html", words=words), code)
