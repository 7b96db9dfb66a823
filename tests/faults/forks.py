"""Jobs in forks of this process, killed at any statement and at any commit. The jobs themselves know nothing of it.

Everything is imported once, so a fork is there in milliseconds. An engine is made only after the fork: no connection
may be shared by two processes.
"""

import os
import pickle
import re
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select

from jobs.deliver import deliver
from jobs.mail.folder import FolderPost
from jobs.nightly import run_night
from jobs.publish import publish_run
from matcher.database import engine_for, reading, sessions_of
from matcher.invariants import broken
from matcher.models import Group, PairingRun
from matcher.outbox import LEASE
from matcher.runs import open_run
from matcher.settings import Settings
from tests.databases import KEYRING
from tests.faults.dump import dump
from tests.faults.world import BEGIN, MORNING, NIGHT

SOMEBODY_ELSE = "is being run by somebody else"
Act = Callable[[Engine], Any]


class Child:
    """A fork that does one thing; ``result`` waits for it."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed where its result is read
        with warnings.catch_warnings():  # newer Pythons warn of threads; those of a test's runner hold no lock of ours
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            self._do(act)

    def _do(self, act: Callable[[], Any]) -> None:
        try:
            outcome: Any = (True, act())
        except BaseException:
            outcome = (False, traceback.format_exc())
        try:
            pickle.dump(outcome, self._file)
            self._file.flush()
        finally:
            os._exit(0)

    def result(self) -> Any:
        """What the act gave; None if it was killed. Raises AssertionError with the traceback if it failed."""
        _, status = os.waitpid(self.pid, 0)
        with self._file as file:
            if os.WIFSIGNALED(status):
                assert os.WTERMSIG(status) == signal.SIGKILL, f"ended by signal {os.WTERMSIG(status)}"
                return None
            file.seek(0)
            went_well, given = pickle.load(file)
        assert went_well, given
        return given


def in_child(url: str, act: Act) -> Any:
    """Do something in a fork with an engine of its own, and give what came of it."""
    return Child(lambda: with_engine(url, act)).result()


def at_once(url: str, acts: list[Act], delays: list[float]) -> list[Any]:
    """Do several things at the same time, each in a fork, begun so many seconds after a common start."""
    start = time.monotonic() + 0.05

    def begin(act: Act, delay: float) -> Any:
        time.sleep(max(0.0, start + delay - time.monotonic()))
        return with_engine(url, act)

    children = [Child(partial(begin, act, delay)) for act, delay in zip(acts, delays, strict=True)]
    return [child.result() for child in children]


def with_engine(url: str, act: Act) -> Any:
    engine = engine_for(url, KEYRING)
    try:
        return act(engine)
    finally:
        engine.dispose()


# The points of a job


@dataclass
class Points:
    """Counts what a job does with its database, and kills its process at one point.

    A point is the moment right before a statement, and right before and after a commit; between two statements there is
    nothing that a database could tell apart. ``seen`` names them all in their order, so a new step of a job is a new
    point by itself.
    """

    kill_at: int | None = None
    seen: list[str] = field(default_factory=list)

    def follow(self, engine: Engine) -> None:
        """Listen to everything this engine does from now on."""
        event.listen(engine, "before_cursor_execute", lambda _c, _u, words, *_: self._reach(_kind(words)))
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self._reach("before COMMIT")
            commit(connection)
            self._reach("after COMMIT")

        engine.dialect.do_commit = do_commit

    def _reach(self, name: str) -> None:
        self.seen.append(name)
        if self.kill_at is not None and len(self.seen) > self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _kind(words: str) -> str:
    """What a statement does, and to which table: `UPDATE places`, `SELECT ... FOR UPDATE`."""
    first, *rest = words.split()
    after = {"UPDATE": "", "INSERT": "INTO", "DELETE": "FROM", "SELECT": "FROM"}.get(first)
    if after is None:
        return first
    table = rest[rest.index(after) + 1] if after in rest else rest[0] if first == "UPDATE" else ""
    locks = "FOR UPDATE" in words or "FOR NO KEY UPDATE" in words
    return f"{first} {table}{' FOR UPDATE' if locks else ''}"


def telling(points: list[str]) -> list[int]:
    """All points but those between two statements that only read: there the database has nothing to tell apart."""
    return [at for at, name in enumerate(points) if not (_reads(name) and at and _reads(points[at - 1]))]


def _reads(name: str) -> bool:
    return name.startswith("SELECT") and "UPDATE" not in name


# The jobs


def one_night(engine: Engine) -> str:
    """The night of the group, from gathering to the outbox."""
    with reading(engine) as session:
        group = session.scalars(select(Group)).one()
    return run_night(engine, group, NIGHT, lambda: BEGIN)


def night(engine: Engine) -> str:
    """The same, after waiting for the locks of the dead: a database lets go of them when it sees that nobody is there
    any more, which takes a moment."""
    patience = time.monotonic() + 20
    while SOMEBODY_ELSE in (said := one_night(engine)):
        assert time.monotonic() < patience, said
        time.sleep(0.01)
    return said


def drafts(engine: Engine) -> None:
    """The night of the group up to its drafts, which then wait for a coordinator."""
    with sessions_of(engine).begin() as session:
        session.scalars(select(Group)).one().publishes_at_once = False
    assert "(drafted)" in one_night(engine)


def gathered(engine: Engine) -> None:
    """The first step of the night only, as if it had been killed after it."""
    with sessions_of(engine).begin() as session:
        assert open_run(session, session.scalars(select(Group.id)).one(), NIGHT, BEGIN)


def publication(engine: Engine) -> bool:
    """Let the drafts go out. False: they went out before."""
    with reading(engine) as session:
        run = session.scalars(select(PairingRun).where(PairingRun.night == NIGHT)).one()
    return publish_run(engine, run.id, BEGIN)


def post(folder: Path, now: datetime = MORNING) -> Act:
    """`alongside deliver`, into a folder."""
    settings = Settings(mail_folder=folder)
    return lambda engine: deliver(sessions_of(engine), FolderPost(folder), settings, lambda: now).summary()


def look(engine: Engine) -> tuple[dict[str, list[str]], list[str]]:
    """All rows, and what is not as it must be."""
    with reading(engine) as session:
        found = broken(session, MORNING)
    return dump(engine), found


def points_of(url: str, job: Act) -> list[str]:
    """The points of a job that nobody disturbs."""
    points = Points()

    def recorded(engine: Engine) -> list[str]:
        points.follow(engine)
        job(engine)
        return points.seen

    return in_child(url, recorded)


def kill(url: str, job: Act, at: int) -> bool:
    """Run a job until a point, and kill it there. False: it came to its end before."""

    def doomed(engine: Engine) -> str:
        Points(kill_at=at).follow(engine)
        job(engine)
        return "it came to its end"

    return in_child(url, doomed) is None


def mails_in(folder: Path) -> dict[str, str]:
    """What stands in each mail but the moment it was written, by its name, which is made from what it is about."""
    return {each.stem: re.sub(r"(?m)^Date: .*", "", each.read_text("utf-8")) for each in sorted(folder.glob("*.eml"))}


LATER = MORNING + LEASE + timedelta(minutes=1)
"""When the claim of a killed delivery has come to its end."""
