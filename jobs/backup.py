"""`alongside backup`: a copy of the database, made while it is in use, and looked at before it counts as one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import URL, Engine

from jobs.postgresql import run
from matcher.database import closing_engine, engine_for
from matcher.errors import BackupError
from matcher.schema import revision_of
from matcher.settings import read_settings

ENDINGS = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}
BESIDE_SQLITE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database while it is in use."""
_STAMP = "%Y%m%dT%H%M%SZ"
_ABANDONED_AFTER = timedelta(days=1)


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), help="A folder; else ALONGSIDE_BACKUP_FOLDER.")
def backup(folder: Path | None) -> None:
    """Copy the database into a file, while it is in use."""
    settings, now = read_settings(), datetime.now(UTC)
    folder = folder or settings.backup_folder
    before = newest(folder)
    with closing_engine(engine_for(settings.database_url)) as engine:
        made = make_backup(engine, folder, now)
    click.echo(f"{made}: {made.stat().st_size / 1e6:.1f} MB. {_when(before, now)}")
    click.echo(
        f"What is sealed in it opens only with {settings.key_file}: keep a copy of that, apart from the backups."
    )


def make_backup(engine: Engine, folder: Path, now: datetime) -> Path:
    """Write a backup that its owner alone may read, named by the moment in UTC. Raises BackupError.

    It is read back before it gets its name: whatever goes wrong leaves no half file, and the older ones alone.
    """
    if revision_of(engine) is None:
        raise BackupError("The database is empty, so there is nothing to keep. Look at DATABASE_URL.")
    kind = engine.dialect.name
    target = folder / f"alongside-{now:{_STAMP}}{ENDINGS[kind]}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder, now)
        with partial(target) as unfinished:
            _COPY[kind](engine.url, unfinished)
    except (OSError, sqlite3.Error, BackupError) as problem:
        why = f"{folder}: {problem.strerror}" if isinstance(problem, OSError) and problem.strerror else problem
        raise BackupError(f"No backup was made; older ones are untouched. {why}") from None
    return target


def newest(folder: Path) -> Path | None:
    """The last backup in a folder; their names sort by time."""
    found = [each for ending in ENDINGS.values() for each in folder.glob(f"alongside-*{ending}")]
    return max(found, default=None, key=lambda each: each.stem)


@contextmanager
def partial(target: Path) -> Iterator[Path]:
    """A file to write into, which becomes the target once all is well, on disk; otherwise it vanishes.

    It is named after the target and opened by one alone, so that no two can put different files under one name.
    """
    unfinished = target.with_name(f".{target.name}.partial")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if target.exists():
            raise BackupError(f"{target} is there already.")
        yield unfinished
        _sync(unfinished)
        unfinished.rename(target)
        _sync(target.parent)
    finally:
        for ending in ("", *BESIDE_SQLITE):
            unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path, mode: str = "rw") -> None:
    """Copy by SQLite's own backup: one moment of the database, whoever writes meanwhile, and all of it in one file.

    Then look at the copy. ``mode`` is "ro" for a source that is in no use. Raises BackupError or sqlite3.Error.
    """
    address = f"{source.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(target)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BackupError(f"{source} is damaged: SQLite's integrity check finds faults in the copy.")
        if not copy.execute("SELECT version_num FROM alembic_version").fetchall():
            raise BackupError(f"{source} says no revision, so it is no database of Alongside.")


def _copy_file(url: URL, unfinished: Path) -> None:
    copy_sqlite(Path(url.database or ""), unfinished)


def _dump(url: URL, unfinished: Path) -> None:
    run("pg_dump", "--format=custom", f"--file={unfinished}", on=url)
    if " alembic_version " not in run("pg_restore", "--list", unfinished):
        raise BackupError("The dump says no revision when it is read back.")


_COPY = {"sqlite": _copy_file, "postgresql": _dump}


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a backup left that was killed; a younger one may still be at work."""
    for each in folder.glob(".alongside-*.partial*"):
        if datetime.fromtimestamp(each.stat().st_mtime, UTC) < now - _ABANDONED_AFTER:
            each.unlink()


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _when(before: Path | None, now: datetime) -> str:
    if before is None:
        return "It is the first one here."
    made_at = datetime.strptime(before.stem.removeprefix("alongside-"), _STAMP).replace(tzinfo=UTC)
    hours = round((now - made_at) / timedelta(hours=1))
    return f"The one before was made {hours // 24} days and {hours % 24} hours ago."
