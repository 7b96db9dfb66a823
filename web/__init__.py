"""The pages of Alongside: a Flask front end over `matcher`."""

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.logs import set_up_logs
from matcher.settings import read_settings
from web import (
    access,
    database,
    desk,
    desk_invitations,
    desk_sheet,
    errors,
    experiences,
    farewell,
    formatting,
    frame,
    group_settings,
    health,
    hours,
    ids,
    invitations,
    joining,
    limits,
    notices,
    own_copy,
    pause,
    preview,
    request_log,
    second_factor,
    security,
    settings,
    sign_in,
    sign_up,
    support,
    today,
    welcome,
    wishes,
)

FEATURES = (
    *(welcome, health, sign_in, sign_up, invitations, today),
    *(joining, hours, experiences, preview),
    *(support, wishes, settings, second_factor, notices, pause, own_copy, farewell),
    *(desk, group_settings, desk_invitations, desk_sheet),
)


def create_app(config: Mapping[str, Any] | None = None) -> request_log.LoggedFlask:
    """Wire the pages together; `config` overrides the settings and the clock, as tests do."""
    set_up_logs()
    app = request_log.LoggedFlask(__name__)
    app.config.from_mapping({"CLOCK": None} | dict(config or {}))
    app.config["SETTINGS"] = app.config.get("SETTINGS") or read_settings()
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    for part in (ids, request_log, database, security, limits, access, errors, formatting, frame):
        part.set_up(app)
    for feature in FEATURES:
        app.register_blueprint(feature.pages)
    if proxies := app.config["SETTINGS"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app
