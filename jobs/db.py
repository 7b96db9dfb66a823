"""`alongside db`: make the tables, bring them up to date, and say whether they are."""

import click
from sqlalchemy import Engine

from matcher.database import closing_engine, engine_for
from matcher.errors import KeyFileError
from matcher.schema import differences, holds_rows, is_there, revision_of, revisions, upgrade
from matcher.sealing import Keyring
from matcher.settings import Settings, read_settings


@click.group()
def db() -> None:
    """Make the database, bring it up to date, and look whether it is."""


@db.command("upgrade")
def bring_up_to_date() -> None:
    """Make the tables, or bring them up to date, in one transaction; and make the key file of a new database.

    Safe to run at every start, and several times at once. Keep the key file apart from backups: without it nobody can
    read what members told us, and that is what it is for.
    """
    settings = read_settings()
    with closing_engine(engine_for(settings.database_url)) as engine:
        if not settings.key_file.exists():
            _make_key_file(settings, engine)
        before = revision_of(engine)
        upgrade(engine)
        after = revision_of(engine)
    click.echo(f"The database is at revision {after}" + (", as before." if after == before else "."))


@db.command()
def check() -> None:
    """Say at which revision the database is; exit code 1 if it is not the newest or differs from the code."""
    with closing_engine(engine_for(read_settings().database_url)) as engine:
        at, newest = revision_of(engine) if is_there(engine) else None, revisions()[-1]
        if at != newest:
            where = f"at revision {at}" if at else "empty"
            click.echo(f"The database is {where}; bring it up to {newest}: alongside db upgrade")
            raise SystemExit(1)
        found = differences(engine)
    same = "not those" if found else "those"
    click.echo(f"The database is at revision {at}, the newest; its tables are {same} of the code.")
    for difference in found:
        click.echo(f"  {difference}")
    if found:
        raise SystemExit(1)


def _make_key_file(settings: Settings, engine: Engine) -> None:
    """A new database gets a new key. One with rows was sealed with another: a new key would hide that it is lost."""
    if holds_rows(engine):
        raise KeyFileError(
            f"There is no key file {settings.key_file}, and the database holds rows that were sealed with it. "
            "Put the key file back from where you keep it, or point ALONGSIDE_KEY_FILE to it."
        )
    try:
        Keyring.make(settings.key_file)
    except OSError as problem:
        if settings.key_file.exists():
            return  # somebody upgrades at the same moment and was quicker
        raise KeyFileError(f"The key file {settings.key_file} cannot be written: {problem.strerror}.") from None
    click.echo(f"{settings.key_file} is the new key file. Keep a copy of it, apart from backups of the database.")
