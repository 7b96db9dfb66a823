"""The database session of a request: opened when it is first asked for, committed by the view, closed in the end."""

import threading
from contextlib import ExitStack

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from matcher.database import reading, sessions_of
from matcher.schema import open_database

ONLY_LOOK = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing: their session throws away whatever is written in it."""
_NAME = "alongside.sessions"


def set_up(app: Flask) -> None:
    """Close what a request has opened; what it did not commit is rolled back."""
    app.extensions[_NAME] = Sessions(app)
    app.teardown_request(close)


class Sessions:
    """The sessions of one worker. Its engine is made at the first request, after gunicorn has made its workers."""

    def __init__(self, app: Flask) -> None:
        """Connect to nothing yet."""
        self._app = app
        self._lock = threading.Lock()
        self._made: sessionmaker[Session] | None = None

    def get(self) -> sessionmaker[Session]:
        """Raises what a person can mend, at each request anew, until the database is ready."""
        with self._lock:
            if self._made is None:
                self._made = sessions_of(open_database(self._app.config["SETTINGS"]))
            return self._made

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            if self._made:
                self._made.kw["bind"].dispose()
                self._made = None


def sessions() -> sessionmaker[Session]:
    """For what is a unit of work of its own, beside that of the request."""
    made: Sessions = current_app.extensions[_NAME]
    return made.get()


def db() -> Session:
    """The session of this request. One that only looks sees one moment, and keeps nothing."""
    if "db" not in g:
        g.closing = ExitStack()
        opened = reading(sessions().kw["bind"]) if request.method in ONLY_LOOK else sessions()()
        g.db = g.closing.enter_context(opened)
    return g.db


def close(_: BaseException | None) -> None:
    """Give the connection back."""
    if "db" in g:
        g.pop("closing").close()
        g.pop("db")
