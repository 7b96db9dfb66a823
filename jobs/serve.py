"""`alongside serve`: the pages on this machine, with the link to one finished pairing or to a group's last night."""

import json
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from matcher.database import closing_engine, reading
from matcher.errors import GroupError
from matcher.groups import group_named
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import read_settings

HERE = "127.0.0.1"
PAIRING_FILE, PAIRING_GROUP, PAIRING_KEY = (f"ALONGSIDE_PAIRING_{what}" for what in ("FILE", "GROUP", "KEY"))
KEY_FILE = "ALONGSIDE_KEY_FILE"
HOW_TO_MAKE_ONE = "Make one with: alongside pair people.csv --json > result.json"


@click.command()
@click.argument("result", required=False, type=click.Path(path_type=Path), metavar="[RESULT.json]")
@click.option("--group", "name", metavar="NAME", help="Whose last night. [default: the only group there is]")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
def serve(result: Path | None, name: str | None, port: int) -> None:
    """Serve the pages on this machine, with one pairing.

    RESULT.json is what `alongside pair --json` prints. Without it, it is the last night of a group in the database.
    """
    ours = (PAIRING_FILE, PAIRING_GROUP, PAIRING_KEY)
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    if result:
        refuse_what_is_no_result(result)
        shown = {PAIRING_FILE: str(result.resolve())}
    else:
        shown = last_night_to_show(name)
    key = secrets.token_hex(16)  # no sign that a terminal or a mail would take for the end of a link
    door = open_door(port)

    start = f"http://{HERE}:{door.getsockname()[1]}/"
    say_where(start, f"{start}pairing/{key}" if shown else "")
    become_gunicorn(door, environment | shown | ({PAIRING_KEY: key} if shown else {}))


def last_night_to_show(name: str | None) -> dict[str, str]:
    """The settings of a page that shows a group's last night; none where there is no database, or no group in it."""
    settings = read_settings()
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    if is_file and not Path(str(url.database)).exists() and not name:
        return {}
    with closing_engine(open_database(settings)) as engine, reading(engine) as session:
        group = group_to_show(session, name)
    if is_file:  # the pages run in another folder
        url = url.set(database=str(Path(str(url.database)).resolve()))
    at = {"DATABASE_URL": url.render_as_string(hide_password=False), KEY_FILE: str(settings.key_file.resolve())}
    return {PAIRING_GROUP: group.public_id} | at if group else {}


def group_to_show(session: Session, name: str | None) -> Group | None:
    """The group that is named, or the only one. Raises GroupError where there are several to choose from."""
    if name:
        return group_named(session, name)
    there = session.scalars(select(Group).order_by(Group.name)).all()
    if len(there) > 1:
        raise GroupError(f"Say whose last night: --group NAME. There are: {', '.join(each.name for each in there)}.")
    return there[0] if there else None


def refuse_what_is_no_result(path: Path) -> None:
    """Better a sentence here than one in the browser."""
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        refuse(f"There is no file {path}. {HOW_TO_MAKE_ONE}")
    except OSError as error:
        refuse(f"{path} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        refuse(f"{path} is not the JSON of a pairing. {HOW_TO_MAKE_ONE}")
    if not isinstance(found, dict) or "pairs" not in found:
        refuse(f"{path} holds no pairing. {HOW_TO_MAKE_ONE}")


def open_door(port: int) -> socket.socket:
    """Take the port before saying that it is ours; gunicorn gets it from us, so nobody can come between."""
    try:
        return socket.create_server((HERE, port), backlog=128)
    except PermissionError:
        refuse(f"Port {port} is kept for the system. Choose one above 1023: alongside serve --port 8000")
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        refuse(f"Port {port} cannot be used: {why}. Choose another, such as: alongside serve --port {port % 60000 + 1}")


def say_where(start: str, pairing: str) -> None:
    """The key is said this once, and kept nowhere."""
    if pairing:
        click.echo(f"The pairing is here, for whoever has this link:\n\n  {pairing}\n")
        click.echo("Give it only to those who may read all of it. The next start makes another link.")
    else:
        click.echo(f"The first page is here:\n\n  {start}\n")
        click.echo("To read a pairing: alongside serve result.json")
    click.echo("Ctrl-C ends it.")


def become_gunicorn(door: socket.socket, environment: dict[str, str]) -> NoReturn:
    """Hand this terminal over to the server of this environment; Ctrl-C then reaches it, and nobody is left behind."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    door.set_inheritable(True)
    os.chdir(Path(__file__).parents[1])  # gunicorn imports from where it stands: a web.py next to a sheet is not ours
    options = ["--config", "python:web.gunicorn_settings", "--bind", f"fd://{door.fileno()}"]
    options += ["--graceful-timeout", "3", "--log-level", "warning"]
    options += ["--workers", "1"]  # one reader, who can press Ctrl-C
    sys.stdout.flush()
    os.execve(gunicorn, [str(gunicorn), *options, "web:create_app()"], environment)


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong and what to do, and end."""
    click.echo(sentence, err=True)
    raise SystemExit(2)
