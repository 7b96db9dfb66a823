"""Only one of a kind at a time, on one machine or many; a process that is killed lets go at once.

The lock saves work. What makes a night right is in the rows: states and unique keys.
"""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def only_one(engine: Engine, name: str) -> Iterator[bool]:
    """Hold a lock by its name, without waiting and without a transaction; gives False if somebody else has it."""
    if engine.dialect.name == "sqlite":
        yield from _by_file(Path(f"{engine.url.database}.{name}.lock"))
    else:
        yield from _by_database(engine, zlib.crc32(name.encode()))


def _by_file(path: Path) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _by_database(engine: Engine, number: int) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
        try:
            yield bool(got)
        finally:
            if got:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
