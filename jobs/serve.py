"""`alongside serve`: the pages of the database, on this machine."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import func, make_url, select

from jobs.doctor import OK, look_at_address
from matcher.database import closing_engine, reading
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import Settings, read_settings

HERE = "127.0.0.1"
HOW_TO_BEGIN = "There is no group yet. Begin with `alongside invite`: it prints a link for whoever makes one."


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
def serve(port: int) -> None:
    """Serve the pages on this machine, from the database of DATABASE_URL.

    For others, put a server that speaks https in front, set ALONGSIDE_ADDRESS to its address, and ALONGSIDE_PROXIES to
    1. Nights, mails and backups come from `alongside work`, which runs beside this.
    """
    settings = read_settings()
    begun = holds_group(settings)
    door = open_door(port)

    click.echo(f"The pages are here:\n\n  {address_of(door)}/\n")
    if not begun:
        click.echo(HOW_TO_BEGIN)
    for sentence in what_to_look_at(settings, address_of(door)):
        click.echo(f"Look here: {sentence}")
    click.echo("Ctrl-C ends it.")
    become_gunicorn(door, dict(os.environ) | where_its_rows_are(settings))


def holds_group(settings: Settings) -> bool:
    """Whether there is a group. Raises what a person can mend where the database is not there, or not current."""
    with closing_engine(open_database(settings)) as engine, reading(engine) as session:
        return bool(session.scalar(select(func.count()).select_from(Group)))


def what_to_look_at(settings: Settings, here: str) -> Iterator[str]:
    """What would surprise whoever opens the pages, or a link to them."""
    for verdict, sentence in look_at_address(settings):
        if verdict != OK:
            yield sentence
        elif settings.address.startswith("http:") and settings.address.rstrip("/") != here:
            yield f"Links in mails lead to {settings.address}. To lead them here, set ALONGSIDE_ADDRESS to {here}"


def where_its_rows_are(settings: Settings) -> dict[str, str]:
    """The settings of the database as whole paths, since the pages run in another folder."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(Path(str(url.database)).resolve()))
    return {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "ALONGSIDE_KEY_FILE": str(settings.key_file.resolve()),
    }


def open_door(port: int) -> socket.socket:
    """Take the port before saying that it is ours; gunicorn gets it from us, so nobody can come between."""
    try:
        return socket.create_server((HERE, port), backlog=128)
    except PermissionError:
        refuse(f"Port {port} is kept for the system. Choose one above 1023: alongside serve --port 8000")
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        refuse(f"Port {port} cannot be used: {why}. Choose another, such as: alongside serve --port {port % 60000 + 1}")


def address_of(door: socket.socket) -> str:
    """Where a browser of this machine finds the pages: by this name it keeps their cookies, though it is no https."""
    return f"http://localhost:{door.getsockname()[1]}"


def become_gunicorn(door: socket.socket, environment: dict[str, str]) -> NoReturn:
    """Hand this terminal over to the server of this environment; Ctrl-C then reaches it, and nobody is left behind."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    door.set_inheritable(True)
    os.chdir(Path(__file__).parents[1])  # gunicorn imports from where it stands: a web.py next to a sheet is not ours
    options = ["--config", "python:web.gunicorn_settings", "--bind", f"fd://{door.fileno()}"]
    options += ["--graceful-timeout", "3", "--log-level", "warning"]
    sys.stdout.flush()
    os.execve(gunicorn, [str(gunicorn), *options, "web:create_app()"], environment)


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong and what to do, and end."""
    click.echo(sentence, err=True)
    raise SystemExit(2)
