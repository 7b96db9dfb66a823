"""The one place where the pages read the clock."""

from datetime import UTC, datetime

from flask import current_app


def now() -> datetime:
    """This moment; tests set another clock."""
    clock = current_app.config["CLOCK"]
    return clock() if clock else datetime.now(UTC)
