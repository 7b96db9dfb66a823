"""A PostgreSQL of the tests' own: a private cluster on a unix socket in a folder, with nothing left behind.

It is as careful as a real one (fsync stays on), listens on no network, and knows nothing of a PostgreSQL that may run
on the same machine.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL

OWNER = "postgres"
PORT = 5432  # said everywhere, since it names the socket and somebody may have another PGPORT
MISSING = "there are no programs of PostgreSQL; on Debian, as root: apt install postgresql"
START_SECONDS = 60
STOP_SECONDS = 30


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL; its socket lies in ``folder``, and nobody else may look in there."""

    folder: Path

    def url(self, name: str) -> str:
        """The address of a database, as SQLAlchemy wants it."""
        socket = {"host": str(self.folder)}
        return str(URL.create("postgresql+psycopg", OWNER, port=PORT, database=name, query=socket))

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database, a copy of another one to which nobody is connected; gives its address.

        By PostgreSQL's own strategy (WAL_LOG): 30 ms for sixty tables, a quarter of what FILE_COPY takes, since that
        waits for two checkpoints.
        """
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self.tell(words)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Do away with a database, even while somebody is connected to it."""
        self.tell(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def tell(self, words: sql.Composed) -> None:
        """Say one thing to the cluster itself, outside of any transaction."""
        with self.connect() as connection:
            connection.execute(words)

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """Open a plain connection; each sentence is its own transaction."""
        return psycopg.connect(host=str(self.folder), port=PORT, user=OWNER, dbname=name, autocommit=True)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run a new cluster in an empty folder with a short path (a socket's has at most 107 bytes), then stop it.

    The folder comes to belong to whom PostgreSQL runs as. Raises FileNotFoundError where it is not installed.
    """
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError(MISSING)
    someone = _someone(folder)
    _make(programs, folder, someone)
    command = [programs / "postgres", "-D", folder / "rows", "-k", folder, "-p", str(PORT), "-c", "listen_addresses="]
    log = folder / "log"
    with log.open("wb") as lines, subprocess.Popen(command, stderr=lines, **someone) as server:
        try:
            started = Cluster(folder)
            _wait_for(started, server, log)
            yield started
        finally:
            _stop(server)


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL: Debian keeps each version's in one of its own, outside of the PATH."""
    found = shutil.which("initdb")
    if found and Path(found).resolve().with_name("postgres").exists():
        return Path(found).resolve().parent
    versions = [each.parent for each in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(versions, key=lambda programs: float(programs.parent.name), default=None)


def _someone(folder: Path) -> dict[str, Any]:
    """Whom to run it as: PostgreSQL refuses root, so root asks nobody to do it."""
    surroundings = {"cwd": folder, "env": {k: v for k, v in os.environ.items() if not k.startswith("PG")}}
    if os.geteuid() != 0:
        return surroundings
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return surroundings | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _make(programs: Path, folder: Path, someone: dict[str, Any]) -> None:
    """Write the files of an empty cluster; only this one time without fsync, which is no promise to anybody."""
    command = [programs / "initdb", "-D", folder / "rows", "--username", OWNER, "--auth=trust", "--no-sync"]
    command += ["--no-locale", "--encoding=UTF8"]
    made = subprocess.run(command, capture_output=True, text=True, **someone)
    assert made.returncode == 0, made.stderr


def _wait_for(started: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return started.connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"PostgreSQL does not start:\n{log.read_text()}") from None
            time.sleep(0.02)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask it to end without waiting for whoever is still connected."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # its children go with it, as they would not after SIGKILL
