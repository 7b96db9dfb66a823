"""A running instance for the tests of backups: its settings, an empty database beside it, and who writes to it."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from matcher.database import engine_for, sessions_of
from matcher.models import AuditEvent, Group, Proposal
from matcher.states import ProposalState
from tests.databases import KEYRING
from tests.rows import NOW, make_group, make_member, make_partnership, make_proposal, make_run

ROOT = Path(__file__).parents[2]
KEY_FILE = f"tests {base64.b64encode(bytes(range(32))).decode()}\n"


@dataclass(frozen=True)
class Instance:
    """The settings of one, and its engine."""

    engine: Engine
    folder: Path
    settings: dict[str, str]

    def start(self, *words: object, **options: object) -> "subprocess.Popen[str]":
        """Start the real command in a program of its own."""
        command = [sys.executable, "-m", "jobs", *map(str, words)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | self.settings, **pipes | options)

    @property
    def backups(self) -> list[Path]:
        """The finished backups, the oldest first."""
        return sorted(self.folder.glob("alongside-*"))

    @property
    def unfinished(self) -> list[Path]:
        """What is or was being written."""
        return sorted(self.folder.glob(".alongside-*"))


def instance_of(engine: Engine, folder: Path) -> Instance:
    """Write its key file, and say where things are as its environment would."""
    key_file = folder / "alongside.key"
    key_file.touch(mode=0o600)
    key_file.write_text(KEY_FILE)
    url = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
    settings = {
        "DATABASE_URL": url,
        "ALONGSIDE_KEY_FILE": str(key_file),
        "ALONGSIDE_BACKUP_FOLDER": str(folder / "kept"),
    }
    return Instance(engine, folder / "kept", settings)


@contextmanager
def empty_database(engine: Engine, folder: Path) -> Iterator[str]:
    """The address of an empty database of the same kind."""
    if engine.dialect.name == "sqlite":
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    name = f"{engine.url.database}_empty"
    server = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        yield engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


def begin_group(session: Session) -> Group:
    """A group with one pair that has begun."""
    group = make_group(session, name="A group that lives")
    partnership = make_partnership(session, [make_member(session, group), make_member(session, group)])
    _event(session, "partnership begun", f"partnerships:{partnership.public_id}")
    return group


def live_a_night(session: Session, group: Group, number: int) -> None:
    """One more night: a pair is proposed and one of them says yes. All that must be true stays true."""
    pair = [make_member(session, group, name=f"{number} {side}") for side in ("left", "right")]
    told = {"told": {"waiting": 2}, "fingerprint": "f" * 64}
    run = make_run(session, group, NOW.date() + timedelta(days=number), **told)
    proposal = make_proposal(session, run, pair)
    proposal.answers[0].yes, proposal.answers[0].answered_at = True, NOW
    _event(session, "run stored", f"pairing_runs:{run.public_id}")
    _event(session, "proposal opened", f"proposals:{proposal.public_id}")


def nights_of(engine: Engine) -> int:
    """How many nights are there."""
    with sessions_of(engine)() as session:
        return session.scalar(select(func.count()).where(Proposal.state == ProposalState.OPEN)) or 0


def _event(session: Session, act: str, subject: str) -> None:
    session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=subject))


@contextmanager
def writes(instance: Instance, acknowledged: Path) -> Iterator[None]:
    """Nights are written in a program of its own, and each is acknowledged once it is committed."""
    acknowledged.write_text("")
    url = instance.settings["DATABASE_URL"]
    command = [sys.executable, "-c", f"from {__name__} import write; write({url!r}, {str(acknowledged)!r})"]
    writer = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
        assert writer.poll() is None, "the writer has died"
    finally:
        writer.kill()
        writer.wait()


def write(url: str, acknowledged: str) -> None:
    """Write nights until killed."""
    sessions = sessions_of(engine_for(url, KEYRING))
    with sessions.begin() as session:
        group_id = begin_group(session).id
    number = 0
    with Path(acknowledged).open("a") as file:
        while True:
            number += 1
            with sessions.begin() as session:
                live_a_night(session, session.get_one(Group, group_id), number)
            file.write(f"{number}\n")
            file.flush()


def last_acknowledged(acknowledged: Path) -> int:
    """The number of the last night of which the writer knows that it is kept."""
    lines = acknowledged.read_text().splitlines()
    return int(lines[-1]) if lines else 0
