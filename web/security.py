"""What every answer tells the browser: run nothing foreign, tell nobody, keep nothing."""

from flask import Flask, Response, request

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
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
    "Referrer-Policy": "no-referrer",  # the address of a pairing is its key
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",  # browsers heed it over https alone
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def set_up(app: Flask) -> None:
    """Put the headers on every answer, errors and static files included."""
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Only our own static files may be kept: a page may hold names."""
    response.headers.update(HEADERS)
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
