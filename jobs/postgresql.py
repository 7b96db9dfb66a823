"""PostgreSQL's own programs, run so that a password never stands on a command line, where others could read it."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL

from matcher.errors import BackupError

_INSTALL = "Install PostgreSQL's client programs in the version of the server or a newer one."


def run(program: str, *words: str | Path, on: URL | None = None) -> str:
    """Run pg_dump or pg_restore, on a database if one is given; gives what it prints. Raises BackupError."""
    command = [program, *map(str, words)]
    environment = dict(os.environ)
    if on:
        command.append(f"--dbname={_address(on)}")
        if password := on.password or on.query.get("password"):
            environment["PGPASSWORD"] = str(password)
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except FileNotFoundError:
        raise BackupError(f"{program} is not installed. {_INSTALL}") from None
    if done.returncode:
        raise BackupError(f"{program} failed: {_why(done)}")
    return done.stdout


def _address(url: URL) -> str:
    """Without the password; made anew, since URL.set takes a password of None for one that stays."""
    query = {name: value for name, value in url.query.items() if name != "password"}
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return bare.render_as_string(hide_password=False)


def _why(done: "subprocess.CompletedProcess[str]") -> str:
    said = " ".join(line.strip() for line in done.stderr.splitlines()[:3]) or f"it ended with code {done.returncode}."
    return f"{said} {_INSTALL}" if "version" in said else said
