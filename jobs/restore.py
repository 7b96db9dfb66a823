"""`alongside restore`: a backup into an empty database, behind a fence, so that it writes to nobody by itself."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import URL, Engine, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from jobs.backup import BESIDE_SQLITE, copy_sqlite, partial
from jobs.postgresql import run
from matcher.database import closing_engine, engine_for, reading
from matcher.errors import BackupError, DatabaseError
from matcher.invariants import broken
from matcher.models import AuditEvent, Fence, Member, Message, Partnership
from matcher.schema import require_current, revision_of, revisions, upgrade
from matcher.sealing import Keyring, keyring_of
from matcher.settings import read_settings
from matcher.states import MessageState, PartnershipState

_BEGINNINGS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
_TABLES = text("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "database_url", help="An empty database; else DATABASE_URL.")
def restore(file: Path, database_url: str | None) -> None:
    """Put the backup FILE into an empty database. Nothing is sent from it until somebody lifts the fence."""
    settings, now = read_settings(), datetime.now(UTC)
    keyring = Keyring.read(settings.key_file)
    with closing_engine(engine_for(database_url or settings.database_url, keyring)) as engine:
        put_back(file, engine, now)
        with reading(engine) as session:
            found = broken(session, now)
            click.echo(f"{file} is restored: {what_is_there(session)}")
    for sentence in found:
        click.echo(sentence)
    click.echo(
        "What happened since that backup is not in it: do again the blocks, endings and erasures that you know of. A "
        "fence stands, so nothing is sent. When all is right, lift it: alongside deliver --lift-fence"
    )
    raise SystemExit(1 if found else 0)


def put_back(file: Path, engine: Engine, now: datetime) -> None:
    """Restore into a database that must be empty, put up the fence, and bring it up to date. Raises BackupError.

    The fence stands before the rows can be seen by anybody. Messages in state "sending" stay as they are: whether they
    went out nobody can tell, their lease ran out long ago, and whoever delivers after the fence takes them over.
    """
    kind = kind_of(file)
    if kind != engine.dialect.name:
        raise BackupError(f"{file} is a backup of {kind}, the database is {engine.dialect.name}. Name one with --to.")
    try:
        _INTO[kind](file, engine, now)
    except (OSError, sqlite3.Error) as problem:
        raise BackupError(f"{file} could not be restored: {problem}.") from None


def kind_of(file: Path) -> str:
    """Which database a backup is of, by its first bytes. Raises BackupError for any other file."""
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as problem:
        raise BackupError(f"{file} cannot be read: {problem.strerror}.") from None
    for beginning, kind in _BEGINNINGS.items():
        if start.startswith(beginning):
            return kind
    raise BackupError(f"{file} is no backup: it is neither a SQLite file nor a dump by pg_dump -Fc.")


def what_is_there(session: Session) -> str:
    """How much a database holds, and until when it knows what happened; two sentences."""

    def count(kind: type[Member | Message | Partnership], *where: object) -> int:
        return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0  # type: ignore[arg-type]

    members = count(Member, Member.left_at.is_(None))
    partnerships = count(Partnership, Partnership.state == PartnershipState.ACTIVE)
    messages = count(Message, Message.state.in_((MessageState.WAITING, MessageState.SENDING)))
    last = session.scalar(select(func.max(AuditEvent.at)))
    until = f"{last:%Y-%m-%d %H:%M} UTC" if last else "none yet"
    return (
        f"{members} members, {partnerships} active partnerships, {messages} messages that were still to be sent (some "
        f"may have gone out since). Its last event: {until}."
    )


def _into_file(file: Path, engine: Engine, now: datetime) -> None:
    target = Path(engine.url.database or "")
    for each in (target, *(target.with_name(target.name + ending) for ending in BESIDE_SQLITE)):
        if each.exists():
            raise BackupError(f"{each} is there already. Restore only into a file that does not exist; move it away.")
    with partial(target) as unfinished:
        copy_sqlite(file, unfinished, mode="ro")
        with closing_engine(_engine(engine.url.set(database=str(unfinished)), engine)) as copy:
            _put_up_fence(copy, file, now)
            _bring_up_to_date(copy)


def _into_server(file: Path, engine: Engine, now: datetime) -> None:
    """First the tables, then the fence, then the rows: in no moment are there rows without it."""
    try:
        with engine.connect() as connection:
            tables = connection.scalar(_TABLES)
    except OperationalError as problem:
        raise DatabaseError(f"The database cannot be reached: {str(problem.orig).splitlines()[0]}") from None
    if tables:
        raise BackupError(f"The database has {tables} tables already. Restore into an empty one (createdb makes one).")
    whole = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", file)
    run("pg_restore", "--section=pre-data", *whole, on=engine.url)
    _put_up_fence(engine, file, now)
    run("pg_restore", "--section=data", "--section=post-data", *whole, on=engine.url)
    _bring_up_to_date(engine)


_INTO = {"sqlite": _into_file, "postgresql": _into_server}


def _put_up_fence(engine: Engine, file: Path, now: datetime) -> None:
    """Its number is negative, so that it stands in the way of no row that is still to come."""
    number = -int(now.timestamp()) // 60
    why = f"Restored from {file.name}"[:200]
    with engine.begin() as connection:
        connection.execute(insert(Fence).values(id=number, since=now, why=why))


def _bring_up_to_date(engine: Engine) -> None:
    """A backup may be of an older version, never of a newer one."""
    if revision_of(engine) in revisions():
        upgrade(engine)
    require_current(engine)


def _engine(url: URL, like: Engine) -> Engine:
    return engine_for(url.render_as_string(hide_password=False), keyring_of(like.dialect))
