"""For whoever watches this server."""

from flask import Blueprint

from web.access import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def show() -> dict[str, str]:
    """Say that this server answers, and nothing else."""
    return {"status": "ok"}
