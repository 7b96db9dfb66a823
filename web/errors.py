"""Every error as a page: what happened, that nothing was lost, and what to do next."""

from typing import NamedTuple

import structlog
from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from matcher.errors import AlongsideError
from web.pairing_file import PairingFileError


class Words(NamedTuple):
    """What a page of an error says."""

    heading: str
    happened: str
    next_step: str
    command: str = ""


NOT_FOUND = Words(
    "There is nothing here for you",
    "This address leads nowhere, or it is not open to you. We do not say which. Nothing was lost.",
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
WORDS = {404: NOT_FOUND, 405: NOT_ALLOWED}
LAST_RESORT = f"<!doctype html><html lang=en><title>Alongside</title><h1>{OUR_FAULT.heading}</h1>"
LAST_RESORT += (
    f"<p>{OUR_FAULT.happened}<p>{OUR_FAULT.next_step}<p>If you are in danger, call your local emergency number."
)


def set_up(app: Flask) -> None:
    """Domain errors and HTTP errors cross here, and nowhere else."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(InternalServerError, show_our_fault)
    app.register_error_handler(PairingFileError, show_broken_pairing)
    app.register_error_handler(AlongsideError, show_not_ready)


def show_http_error(error: HTTPException) -> Response:
    """A wrong address, a wrong method, a request that cannot be read."""
    code = error.code or 500
    response = page(WORDS.get(code, UNCLEAR if code < 500 else OUR_FAULT), code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def show_our_fault(_: InternalServerError) -> Response:
    """Whatever we did not foresee; even a broken template leaves a page that says so."""
    try:
        return page(OUR_FAULT, 500)
    except Exception:
        return make_response(LAST_RESORT, 500)


def show_broken_pairing(error: PairingFileError) -> Response:
    """The file may be mended while we run, so this is no fault of the address."""
    words = Words(
        "This pairing cannot be shown",
        f"{error} Nothing was lost: neither this page nor the pairing changes your sheet.",
        "Make the file again, then reload this page:",
        command="alongside pair people.csv --json > result.json",
    )
    return page(words, 503)


def show_not_ready(error: AlongsideError) -> Response:
    """The rows cannot be read; why is for the log, and for who runs this server."""
    structlog.get_logger().error("not ready", why=str(error))
    return page(NOT_READY, 503)


def page(words: Words, code: int) -> Response:
    """The same look as every page, and the same bytes for the same words."""
    return make_response(render_template("errors/show.html", words=words), code)
