"""Who may open a page: nobody, unless the page is marked as public or the visitor brings its key."""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY, KEY = "anybody", "key"
SHORTEST_KEY = 16  # characters; `alongside serve` makes longer ones


def public(view: View) -> View:
    """Open a page to anybody."""
    view.__dict__["opens_to"] = ANYBODY
    return view


def opened_by_key(view: View) -> View:
    """Open a page to whoever brings the key of the pairing in its address, until there are accounts."""
    view.__dict__["opens_to"] = KEY
    return view


def set_up(app: Flask) -> None:
    """Ask at every door, and say so where the key is too easy to guess to open one."""
    public(app.view_functions["static"])
    app.before_request(refuse_strangers)
    if 0 < len(app.config["PAIRING_KEY"]) < SHORTEST_KEY:
        structlog.get_logger().warning("the pairing stays closed: its key is too short", fewest_characters=SHORTEST_KEY)


def refuse_strangers() -> None:
    """Private by default: what is not marked does not exist."""
    if request.endpoint is None:  # no page of ours, so there is nothing to guard: the router answers 404 or 405
        return
    opens_to = vars(current_app.view_functions[request.endpoint]).get("opens_to")
    if opens_to == ANYBODY or (opens_to == KEY and key_fits((request.view_args or {})["key"])):
        return
    abort(404)


def key_fits(brought: str) -> bool:
    """Compare in constant time, so that answers do not tell how much of a guess was right."""
    key = current_app.config["PAIRING_KEY"]
    return len(key) >= SHORTEST_KEY and hmac.compare_digest(brought.encode(), key.encode())
