"""`alongside demo`: weeks of an invented group of 120, lived through before your eyes. Nobody in it exists."""

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import click
import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from jobs.demo_days import Days
from jobs.demo_group import NAME, is_all_invented
from jobs.demo_story import told_chapter, told_end
from jobs.demo_why import told_people
from jobs.invented_people import invented_people
from matcher.database import closing_engine, engine_for, reading
from matcher.errors import AlongsideError
from matcher.schema import upgrade
from matcher.sealing import Keyring
from matcher.settings import Settings

DATABASE, KEY_FILE, MAILS = "alongside.db", "alongside.key", "mails"
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_BEGINS = f"""\
"{NAME}": a group of 120 people in ten time zones, none of whom
exists. It pairs people on Sundays and Wednesdays. These are its last weeks.
"""


class DemoError(AlongsideError):
    """A folder that holds something the demo did not make."""


@click.command()
@click.option("--seed", default=47, show_default=True, metavar="N", help="Other people, and another story.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day. [default: today]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="demo",
    show_default=True,
    metavar="DIR",
    help="Where its database and mails go.",
)
def demo(seed: int, on: datetime | None, out: Path) -> None:
    """Invent a group of 120, let it live through eight pairing nights, and tell what happened and why.

    It uses a database of its own in DIR and never the one of DATABASE_URL. Mails become files; none is sent.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    until = on.date() if on else datetime.now(UTC).date()
    if not _FIRST_YEAR <= until.year <= _LAST_YEAR:
        raise DemoError(f"No clock is sure of {until}. Choose a day of the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    settings = _settings(out)
    try:
        _make_room(out)
        keyring = Keyring.make(settings.key_file)
    except OSError as problem:
        raise DemoError(f"{out} cannot be used ({problem.strerror}). Choose another folder: --out DIR") from None
    with closing_engine(engine_for(settings.database_url, keyring)) as engine:
        upgrade(engine)
        _hurry(engine)
        for lines in _story(engine, settings, Random(seed), until):
            click.echo(lines)
    click.echo(_look_around(out))


def _story(engine: Engine, settings: Settings, chance: Random, until: date) -> Iterator[str]:
    yield _BEGINS
    days = Days(engine, settings, invented_people(chance), chance)
    for chapter in days.chapters(until):
        with reading(engine) as session:
            yield told_chapter(session, days.group, chapter)
    with reading(engine) as session:
        yield f"{told_end(session, days.group, until)}"
        for life in told_people(session, days.group):
            yield f"\n{life}"


def _settings(out: Path) -> Settings:
    """Everything in one folder, whatever the environment says; no mail leaves it."""
    return Settings(
        database_url=f"sqlite:///{out / DATABASE}",
        key_file=out / KEY_FILE,
        mail_folder=out / MAILS,
        mail_from="Alongside <alongside@invented.invalid>",
        address="http://localhost:8000",
        smtp_host="",
    )


def _hurry(engine: Engine) -> None:
    """Wait for no disk: what is lost with the power can be invented again."""

    @event.listens_for(engine, "connect")
    def _trust_the_power(connection: object, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]  # a connection of sqlite3

    engine.dispose()


def _make_room(out: Path) -> None:
    """Take an earlier demo away. Raises DemoError where anything else lies in its place."""
    database, key_file = out / DATABASE, out / KEY_FILE
    if database.exists() and not _is_demo(database, key_file):
        raise DemoError(f"{database} holds something the demo did not make. Choose another folder: --out DIR")
    if not database.exists() and (key_file.exists() or (out / MAILS).exists()):
        raise DemoError(f"{out} holds a key file or mails without a database. Choose another folder: --out DIR")
    for path in (*out.glob(f"{DATABASE}*"), key_file):
        path.unlink(missing_ok=True)
    shutil.rmtree(out / MAILS, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)


def _is_demo(database: Path, key_file: Path) -> bool:
    try:
        with closing_engine(engine_for(f"sqlite:///{database}")) as engine, reading(engine) as session:
            return is_all_invented(session)
    except DBAPIError:
        return False


def _look_around(out: Path) -> str:
    alongside = "alongside" if shutil.which("alongside") else os.path.relpath(sys.argv[0])
    return f"""
The mails are files in {out / MAILS}. To see the last night as a page:

  DATABASE_URL=sqlite:///{out / DATABASE} \\
  ALONGSIDE_KEY_FILE={out / KEY_FILE} \\
  {alongside} serve"""
