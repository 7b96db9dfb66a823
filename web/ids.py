"""What stands for a row in an address: letters, digits, "-" and "_". Any other address leads nowhere.

PostgreSQL refuses some signs in a text, and no row is called by them, so it is not even asked.
"""

from flask import Flask
from werkzeug.routing import BaseConverter


class Id(BaseConverter):
    """The ids and tokens that :mod:`matcher.tokens` makes, and days such as 2027-05-01."""

    regex = "[A-Za-z0-9_-]+"


def set_up(app: Flask) -> None:
    """Let it be what every route takes, unless it says otherwise. Before any route is there."""
    app.url_map.converters["default"] = Id
