"""`alongside serve`: the pages on this machine, with the link to one finished pairing."""

import json
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

HERE = "127.0.0.1"
PAIRING_SETTINGS = ("ALONGSIDE_PAIRING_FILE", "ALONGSIDE_PAIRING_KEY")
HOW_TO_MAKE_ONE = "Make one with: alongside pair people.csv --json > result.json"


@click.command()
@click.argument("result", required=False, type=click.Path(path_type=Path), metavar="[RESULT.json]")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
def serve(result: Path | None, port: int) -> None:
    """Serve the pages on this machine; RESULT.json is what `alongside pair --json` prints."""
    environment = {name: value for name, value in os.environ.items() if name not in PAIRING_SETTINGS}
    if result:
        refuse_what_is_no_result(result)
        key = secrets.token_hex(16)  # no sign that a terminal or a mail would take for the end of a link
        environment |= dict(zip(PAIRING_SETTINGS, (str(result.resolve()), key), strict=True))
    door = open_door(port)

    start = f"http://{HERE}:{door.getsockname()[1]}/"
    say_where(start, f"{start}pairing/{key}" if result else "")
    become_gunicorn(door, environment)


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
    options += [
        "--workers",
        "1",
        "--graceful-timeout",
        "3",
        "--log-level",
        "warning",
    ]  # one reader, who can press Ctrl-C
    sys.stdout.flush()
    os.execve(gunicorn, [str(gunicorn), *options, "web:create_app()"], environment)


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong and what to do, and end."""
    click.echo(sentence, err=True)
    raise SystemExit(2)
