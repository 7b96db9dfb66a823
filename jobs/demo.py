"""`alongside demo`: weeks of an invented group of 120, lived through before your eyes, and then its pages."""

import logging
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import NoReturn

import click
import structlog
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError

from jobs.demo_days import Days
from jobs.demo_group import NAME, is_all_invented
from jobs.demo_sign_ins import PASSWORD, code_of, let_sign_in, seed_of, told_sign_ins
from jobs.demo_story import told_chapter, told_end
from jobs.demo_why import told_people
from jobs.invented_people import invented_people
from jobs.serve import address_of, become_gunicorn, open_door, where_its_rows_are
from matcher.database import closing_engine, engine_for, reading, sessions_of
from matcher.errors import AlongsideError
from matcher.models import Group
from matcher.schema import open_database, upgrade
from matcher.sealing import Keyring
from matcher.settings import Settings

_OUT = "demo"
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
    default=_OUT,
    show_default=True,
    metavar="DIR",
    help="Where its database and mails go.",
)
@click.option("--serve/--no-serve", "serves", default=True, help="Serve its pages in the end. [default: yes]")
@click.option("--code", "only_code", is_flag=True, help="Say the coordinator's code of now for a demo in DIR, and end.")
def demo(seed: int, on: datetime | None, out: Path, serves: bool, only_code: bool) -> None:
    """Invent a group of 120, let it live through eight pairing nights, tell what happened and why, and serve its pages.

    It uses a database of its own in DIR and never the one of DATABASE_URL. Mails become files; none is sent.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if only_code:
        click.echo(_code(_settings(out)))
        return
    until = on.date() if on else datetime.now(UTC).date()
    if not _FIRST_YEAR <= until.year <= _LAST_YEAR:
        raise DemoError(f"No clock is sure of {until}. Choose a day of the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    settings = _settings(out)
    try:
        _make_room(out)
        keyring = Keyring.make(settings.key_file)
    except OSError as problem:
        raise DemoError(f"{out} cannot be used ({problem.strerror}). Choose another folder: --out DIR") from None
    door = open_door(0) if serves else None
    if door:
        settings = settings.model_copy(update={"address": address_of(door)})  # so that links in mails lead there
    with closing_engine(engine_for(settings.database_url, keyring)) as engine:
        upgrade(engine)
        _hurry(engine)
        for lines in _story(engine, settings, Random(seed), until):
            click.echo(lines)
        click.echo(f"\nThe mails are files in {out / MAILS}.")
        if door:
            click.echo(_look_around(engine, settings, out))
    if door:
        _serve(door, settings)


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


def _look_around(engine: Engine, settings: Settings, out: Path) -> str:
    """Let a few people in, and say how."""
    now = datetime.now(UTC)
    with sessions_of(engine).begin() as session:
        group = session.scalars(select(Group)).one()
        there = let_sign_in(session, group, now)
        code, seed = code_of(group, now), seed_of(group)
    alongside = "alongside" if shutil.which("alongside") else os.path.relpath(sys.argv[0])
    return f"""
Its pages are here:

  {settings.address}/

These can sign in, all with the password: {PASSWORD}

{told_sign_ins(there)}

The coordinator needs a code as well. This minute it is {code}; later, ask

  {alongside} demo --code{"" if out == Path(_OUT) else f" --out {out}"}

or give an app for such codes the secret {seed}

Ctrl-C ends it."""


def _code(settings: Settings) -> str:
    """The coordinator's code of now. Raises what a person can mend where no demo that was served is there."""
    now = datetime.now(UTC)
    with closing_engine(open_database(settings)) as engine, reading(engine) as session:
        group = session.scalars(select(Group)).first() if is_all_invented(session) else None
        if group is None or not seed_of(group):
            raise DemoError("No demo was served from there, so nobody signs in with a code. See: alongside demo")
        return code_of(group, now)


def _serve(door: socket.socket, settings: Settings) -> NoReturn:
    """With the settings of the demo alone, whatever the environment says of another instance."""
    ours = {"ALONGSIDE_ADDRESS": settings.address} | where_its_rows_are(settings)
    others = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
    become_gunicorn(door, others | ours)
