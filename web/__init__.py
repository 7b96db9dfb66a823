"""The pages of Alongside: a Flask front end over `matcher`."""

import os
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined

from matcher.logs import set_up_logs
from web import access, errors, formatting, health, pairing, request_log, security, welcome

SETTINGS = ("PAIRING_FILE", "PAIRING_GROUP", "PAIRING_KEY")
"""Each is read from the environment as ALONGSIDE_…; it takes the key, and a file or a group's id, to show a pairing."""


def create_app(config: Mapping[str, Any] | None = None) -> request_log.LoggedFlask:
    """Wire the pages together; `config` overrides the settings, as tests do."""
    set_up_logs()
    app = request_log.LoggedFlask(__name__)
    app.config.from_mapping({name: os.environ.get(f"ALONGSIDE_{name}", "") for name in SETTINGS})
    app.config.from_mapping(config)
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    for part in (request_log, access, security, errors, formatting):
        part.set_up(app)
    for feature in (welcome, pairing, health):
        app.register_blueprint(feature.pages)
    return app
