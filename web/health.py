"""For whoever watches this server."""

from flask import Blueprint

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show() -> dict[str, str]:
    """Say that this server answers, and nothing else."""
    return {"status": "ok"}
