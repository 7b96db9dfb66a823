"""What every answer tells the browser: run nothing foreign, tell nobody, keep nothing. And what we take from it."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from matcher.sealing import Keyring
from matcher.settings import Settings
from matcher.tokens import new_token

NEUTRAL_PLACE = "https://www.wikipedia.org/"
"""Where "leave now" leads: a site that anybody may have open."""

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        f"form-action 'self' {NEUTRAL_PLACE}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SENSORS = ", ".join(
    f"{each}=()" for each in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
HEADERS = {
    "Content-Security-Policy": CONTENT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": SENSORS,
    "Referrer-Policy": "same-origin",  # no-referrer would hide from us, too, which site a form comes from
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",  # browsers heed it over https alone
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


LIMITS = {"MAX_CONTENT_LENGTH": 1_200_000, "MAX_FORM_MEMORY_SIZE": 200_000, "MAX_FORM_PARTS": 500}
"""Bytes of a whole request (a sheet is the largest), bytes of a form's words, and how many fields it has."""
COOKIE_OF_FORMS = {
    "SESSION_COOKIE_NAME": "__Host-forms",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "SESSION_REFRESH_EACH_REQUEST": False,
}
"""Flask's own signed cookie holds the secret of our forms and nothing else: nobody is known by it."""


def set_up(app: Flask) -> None:
    """Put the headers on every answer, errors and static files included, and take no form but our own."""
    app.config.from_mapping(LIMITS | COOKIE_OF_FORMS)
    app.config.from_mapping(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False, WTF_CSRF_HEADERS=[])
    app.secret_key = key_of_forms(app.config["SETTINGS"])
    app.after_request(protect)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_floods)
    CSRFProtect(app)


def key_of_forms(settings: Settings) -> str:
    """One for all workers, from the key file; until there is one, a new one, since no page works then."""
    try:
        return Keyring.read(settings.key_file).mark("", "web.forms")
    except Exception:
        return new_token()


def refuse_other_sites() -> None:
    """Take a form only from a page of this very host. Browsers say where it comes from; old ones by Origin alone."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint is None:
        return
    told, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if told is not None and told not in ("same-origin", "none"):
        abort(403)
    if told is None and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def refuse_floods() -> None:
    """Take no more words in a plain form than in one with files, where werkzeug itself looks at the limits."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    if (request.content_length or 0) > LIMITS["MAX_FORM_MEMORY_SIZE"] or len(request.form) > LIMITS["MAX_FORM_PARTS"]:
        abort(413)


def protect(response: Response) -> Response:
    """Only our own static files may be kept: a page may hold names."""
    response.headers.update(HEADERS)
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers["Content-Security-Policy"] = "sandbox"  # a file to keep is no page of ours
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def is_uploaded(field: str) -> bool:
    """Whether a file was chosen in a field."""
    sent = request.files.get(field)
    return bool(sent and sent.filename)


def uploaded(field: str) -> tuple[bytes, str]:
    """What was sent in a field, and what its sender calls it; that name stands in sentences and opens nothing."""
    sent = request.files[field]
    return sent.read(), (sent.filename or "")[:100]
