"""Who is here, and whether they may: every door is in the policy, and what is not listed there does not exist."""

from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from matcher import codes, sign_ins
from matcher.models import Account, SignIn
from web.clock import now
from web.database import ONLY_LOOK, db, sessions
from web.policy import Who, rule_for

COOKIE = "__Host-alongside"
"""Holds the token of a sign-in. The prefix makes browsers refuse it from any other host, and without https."""
_LONGEST_TOKEN = 100
_LONGEST_NEXT = 500


class Visitor(UserMixin):
    """Somebody who is signed in, as flask-login carries them through a request."""

    def __init__(self, here: SignIn, is_staff: bool) -> None:
        """Take the browser they sit at."""
        self.here = here
        self.is_staff = is_staff

    @property
    def account(self) -> Account:
        """Whose browser it is."""
        return self.here.account

    @property
    def is_fresh(self) -> bool:
        """Whether the password was typed a few minutes ago."""
        return sign_ins.is_fresh(self.here, now())

    @property
    def is_proven(self) -> bool:
        """Whether a second factor was shown in this browser, and is still on."""
        return self.here.code_at is not None and codes.is_on(self.account)


def set_up(app: Flask) -> None:
    """Ask at every door."""
    app.config["REMEMBER_COOKIE_NAME"] = "__Host-none"  # flask-login's own way to remember, which we never use
    people = LoginManager()
    people.init_app(app, add_context_processor=False)  # it would ask a database that is not there for the page on that
    people.session_protection = None
    people.request_loader(find_visitor)
    people.unauthorized_handler(ask_to_sign_in)
    app.extensions["alongside.people"] = people
    app.before_request(guard)


def find_visitor(asked: Request) -> Visitor | None:
    """Whoever holds the token in the cookie; it is looked up at every request, so ending it ends it everywhere."""
    token = asked.cookies.get(COOKIE, "")
    here = sign_ins.find(db(), token, now()) if 0 < len(token) <= _LONGEST_TOKEN else None
    if here is None:
        return None
    note_seen(here)
    return Visitor(here, sign_ins.is_staff(db(), here.account))


def note_seen(here: SignIn) -> None:
    """Write down once a minute that this browser is used; a request that only looks does so in a unit of its own."""
    if not sign_ins.is_seen_long_ago(here, now()):
        return
    if request.method in ONLY_LOOK:
        with sessions().begin() as unit:
            sign_ins.note_seen(unit, here.id, now())
    else:
        sign_ins.note_seen(db(), here.id, now())


def visitor() -> Visitor | None:
    """Who is here, if anybody is signed in."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def me() -> Visitor:
    """Who is here. For views behind the guard, which lets nobody else in."""
    return visitor() or abort(404)


def guard() -> Response | None:
    """Private by default: what the policy does not list does not exist."""
    if request.endpoint is None:  # no page of ours, so there is nothing to guard: the router answers 404 or 405
        return None
    rule = rule_for(request.endpoint, request.method)
    if rule is None:
        abort(404)
    if rule.who is Who.ANYBODY:
        return None
    here = visitor()
    if here is None:
        return current_app.extensions["alongside.people"].unauthorized()
    if rule.who is Who.STAFF:
        if not here.is_staff:
            abort(404)
        if not here.is_proven:
            way = "sign_in.step_up" if codes.is_on(here.account) else "second_factor.show"
            return ask_again(way)
    if rule.who is Who.FRESH and not here.is_fresh:
        return ask_again("sign_in.step_up")
    return None


def ask_to_sign_in() -> Response:
    """The way in."""
    return ask_again("sign_in.show")


def ask_again(way: str) -> Response:
    """To the page that asks who it is, and back. A form that was sent too late keeps its words: see errors."""
    if request.method in ONLY_LOOK:
        return redirect(url_for(way, next=wanted()), 303)
    return abort(401)


def wanted() -> str:
    """Where somebody wanted to go; the page of a form, where it was a form."""
    return request.full_path.rstrip("?") if request.method in ONLY_LOOK else request.path


def safe_next(text: str) -> str:
    """Where to go after signing in: one of our own pages, or the first page. Nothing else is ever a place to go to."""
    home = url_for("today.show")
    path = text.partition("?")[0]
    if not path.startswith("/") or len(text) > _LONGEST_NEXT or any(each in text for each in "\\\t\r\n"):
        return home
    if text.startswith("//") or urlsplit(text).netloc or not text.isprintable():
        return home
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return home
    return text if endpoint != "static" and rule_for(endpoint, "GET") else home


def let_in(response: Response, token: str, own_device: bool) -> Response:
    """Give the browser its token. Forms that are open stay good: see errors.keep_words."""
    limits = sign_ins.OWN_DEVICE if own_device else None
    response.set_cookie(
        COOKIE,
        token,
        max_age=limits.total if limits else None,  # else it ends with the browser
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )
    return response


def let_out(response: Response) -> Response:
    """Take everything back that the browser holds of us."""
    session.clear()
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
