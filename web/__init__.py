"""The pages of Alongside: a Flask front end over `matcher`."""

from collections.abc import Mapping
from typing import Any

from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Wire the pages together; `config` overrides the settings, as tests do."""
    app = Flask(__name__)
    app.config.from_mapping(config)
    app.get("/healthz")(healthz)
    return app


def healthz() -> dict[str, str]:
    """Tell whoever watches this server that it answers."""
    return {"status": "ok"}
