"""`alongside verify`: is a backup, or the database itself, what it should be?"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from jobs.restore import kind_of, put_back, what_is_there
from matcher.database import closing_engine, engine_for, reading
from matcher.errors import BackupError, DatabaseError
from matcher.invariants import broken
from matcher.schema import open_database
from matcher.sealing import Keyring
from matcher.settings import Settings, read_settings


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def verify(file: Path | None) -> None:
    """Restore the backup FILE into a scratch place and look for what is broken; without FILE, look at the database."""
    settings, now = read_settings(), datetime.now(UTC)
    found = verify_backup(file, settings, now) if file else verify_database(settings, now)
    for sentence in found:
        click.echo(sentence)
    click.echo(f"{file or 'The database'}: {f'{len(found)} broken' if found else 'sound'}.")
    raise SystemExit(1 if found else 0)


def verify_database(settings: Settings, now: datetime) -> list[str]:
    """What is broken in the database of this instance, which may be in use."""
    with closing_engine(open_database(settings)) as engine:
        return look(engine, now)


def look(engine: Engine, now: datetime) -> list[str]:
    """What is broken, a sentence each. Says what it looked at."""
    with reading(engine) as session:
        click.echo(what_is_there(session))
        return broken(session, now)


def verify_backup(file: Path, settings: Settings, now: datetime) -> list[str]:
    """What is broken in a backup; that it cannot be restored is one such thing. Nothing stays behind."""
    with scratch(kind_of(file), settings) as engine:
        try:
            put_back(file, engine, now)
        except BackupError as problem:
            return [str(problem)]
        return look(engine, now)


@contextmanager
def scratch(kind: str, settings: Settings) -> Iterator[Engine]:
    """An engine on an empty database that vanishes: a temporary file, or a database on our PostgreSQL server."""
    keyring = Keyring.read(settings.key_file)
    with TemporaryDirectory(prefix="alongside-verify-") as folder:
        file = f"sqlite:///{folder}/scratch.db"
        place = _on_server(settings.database_url) if kind == "postgresql" else nullcontext(file)
        with place as url, closing_engine(engine_for(url, keyring)) as engine:
            yield engine


@contextmanager
def _on_server(database_url: str) -> Iterator[str]:
    """A database beside ours. Its name is always the same: one that a killed run left is taken away by the next."""
    ours = engine_for(database_url).url
    if ours.get_backend_name() != "postgresql":
        raise DatabaseError("A dump is verified on a PostgreSQL server: let DATABASE_URL name a database on one.")
    name = f"{ours.database}_verify"
    server = create_engine(ours, isolation_level="AUTOCOMMIT")
    quoted = server.dialect.identifier_preparer.quote_identifier(name)
    drop = f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)"
    try:
        _say(server, drop, f"CREATE DATABASE {quoted} TEMPLATE template0")
        try:
            yield ours.set(database=name).render_as_string(hide_password=False)
        finally:
            _say(server, drop)
    finally:
        server.dispose()


def _say(server: Engine, *statements: str) -> None:
    try:
        with server.connect() as connection:
            for each in statements:
                connection.execute(text(each))
    except DBAPIError as problem:
        raise DatabaseError(
            f"No scratch database can be made on the server: {str(problem.orig).splitlines()[0]}. Give our role "
            "CREATEDB, or restore into an empty database of your own with alongside restore --to."
        ) from None
