"""One line for every request: the rule of its route, and never its path, which may be a key."""

import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


class LoggedFlask(Flask):
    """Flask, but for its own line about a failure: that line would hold the path."""

    def log_exception(self, exc_info: Any) -> None:
        """Write down what failed, and at which route."""
        log.error("request failed", method=request.method, route=route(), exc_info=exc_info)


def set_up(app: Flask) -> None:
    """Take the time of every request, and write it down."""
    app.before_request(start_clock)
    app.after_request(write_line)


def start_clock() -> None:
    """Runs first, so that the milliseconds count everything that comes after."""
    g.started = time.perf_counter()


def write_line(response: Response) -> Response:
    """Say what was asked and how it went."""
    milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
    log.info("request", method=request.method, route=route(), status=response.status_code, milliseconds=milliseconds)
    return response


def route() -> str:
    """The rule, such as /invitations/<token>, or that there is none."""
    return request.url_rule.rule if request.url_rule else "no route"
