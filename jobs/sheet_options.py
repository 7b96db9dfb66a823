"""The options that say how a sheet is read; every command that reads one takes the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)

_OPTIONS = (
    click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these rows, such as country=GB."),
    click.option("--column", multiple=True, metavar="FIELD=COLUMN", help="Which column is what, such as zone=Clock."),
    click.option("--mapping", type=FILE, metavar="FILE.toml", help="The same in a file, with defaults for everybody."),
)


def sheet_options(command: Command) -> Command:
    """Give a command ``where``, ``column`` and ``mapping``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
