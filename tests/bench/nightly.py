"""A whole night of 2,000 members as rows, phase by phase, on SQLite and on PostgreSQL.

Each database is measured in a program of its own, so that its peak of memory is its own too. Figures hold for one
machine at one hour; compare only what one run printed.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event, func, select

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # for tests.postgresql and tests.rows

from jobs.deliver import deliver  # noqa: E402
from jobs.mail.folder import FolderPost  # noqa: E402
from jobs.progress import Progress  # noqa: E402
from matcher import publishing, runs  # noqa: E402
from matcher.database import closing_engine, engine_for, sessions_of  # noqa: E402
from matcher.enrolment import enrol  # noqa: E402
from matcher.models import Group, Member, Message, Notice  # noqa: E402
from matcher.nights import begin_of, goes_out_at  # noqa: E402
from matcher.pairing import plan  # noqa: E402
from matcher.schema import upgrade  # noqa: E402
from matcher.sealing import Keyring  # noqa: E402
from matcher.settings import Settings  # noqa: E402
from matcher.spreadsheets.people import read_people  # noqa: E402
from matcher.spreadsheets.person import Person, Sheet  # noqa: E402
from matcher.vocabulary import Mode  # noqa: E402
from tests.pools import invented_pool  # noqa: E402
from tests.postgresql import MISSING, cluster, find_programs  # noqa: E402
from tests.rows import NOW, make_group  # noqa: E402

CODERS = ROOT.parent / "shared" / "data" / "new_coders_2016.csv.gz"
MEMBERS = 2_000
NIGHT = date(2026, 1, 14)


def main() -> None:
    """Measure both databases, or in its own program the one that is named."""
    if len(sys.argv) > 1:
        measure(sys.argv[1], int(sys.argv[2]))
        return
    print(f"{MEMBERS:,} waiting members; seconds; of those our own program's; SQL statements")
    for kind in ("sqlite", "postgresql"):
        if kind == "postgresql" and find_programs() is None:
            print(MISSING)
        else:
            subprocess.run([sys.executable, __file__, kind, str(MEMBERS)], check=True)


def measure(kind: str, count: int) -> None:
    """Make the rows, run the night, send its mails, and print what it took."""
    with TemporaryDirectory(prefix="night-") as folder, database(kind, Path(folder)) as engine:
        group_id = populate(engine, count)
        engine.dispose()
        seconds, counted, figures = night(engine, group_id, Path(folder) / "mails")
    print(f"\n{kind}: {', '.join(figures)}")
    for phase, spent in seconds.items():
        of_rows = phase in counted.statements
        told = f"  {counted.own_seconds[phase]:6.2f}  {counted.statements[phase]:7,}" if of_rows else ""
        print(f"  {phase:10} {spent:8.2f}{told}")
    print(f"  {'in all':10} {sum(seconds.values()):8.2f}")
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak of memory {peak_mib:,.0f} MiB (with the making of the rows)", flush=True)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Engine]:
    """A fresh database of one kind."""
    keyring = Keyring({"bench": bytes(range(32))})
    if kind == "sqlite":
        with closing_engine(engine_for(f"sqlite:///{folder / 'alongside.db'}", keyring)) as engine:
            upgrade(engine)
            yield engine
        return
    with (
        TemporaryDirectory(prefix="postgresql-") as own,
        cluster(Path(own)) as started,
        closing_engine(engine_for(started.create("bench"), keyring)) as engine,
    ):
        upgrade(engine)
        yield engine


def populate(engine: Engine, count: int) -> int:
    """Make members of as many people, the same each time; gives the id of their group."""
    people = tuple(
        replace(person, name=f"Member {number}", email=f"member{number}@example.org")
        for number, person in enumerate(sheet_of(count).people)
    )
    sheet = Sheet(file_name="bench", people=people, set_aside=(), stated=(), notes=())
    with sessions_of(engine).begin() as session:
        group = make_group(session, name="A large group", publishes_at_once=False)
        enrol(session, group, sheet, NOW - timedelta(days=3), agreed=True)
        for member in session.scalars(select(Member)):
            member.public_id = f"m{member.id:06}"
        return group.id


def sheet_of(count: int) -> Sheet:
    """Real people of one country where they are to be had, in the order of their ids; else invented ones."""
    if CODERS.exists():
        sheet = read_people(CODERS, where=("country=US",))
        return replace(sheet, people=sheet.people[:count])
    invented = [person for seed in range(count) for person in invented_pool(seed, Mode.FEWEST_LEFT_OUT).people]
    people = [
        Person(replace(person, id=f"p{row}", requests=frozenset()), f"Member {row}", row)
        for row, person in enumerate(invented[:count])
    ]
    return Sheet(file_name="invented", people=tuple(people), set_aside=(), stated=(), notes=())


def night(engine: Engine, group_id: int, mails: Path) -> tuple[dict[str, float], "Statements", list[str]]:
    """Gather, decide, store, publish and deliver, each in its transactions as `alongside nightly` has them."""
    sessions, progress, counted = sessions_of(engine), Progress(0), Statements(engine)

    with counted.timed("gather"), sessions.begin() as session:
        gathered = runs.open_run(session, group_id, NIGHT, NOW)
        now = begin_of(session.get_one(Group, group_id), NIGHT)
    assignment = plan(gathered.snapshot.candidates(gathered.policy), gathered.policy, progress)
    with counted.timed("store"), sessions.begin() as session:
        runs.store(session, gathered, assignment, now)
    with counted.timed("prepare"), sessions.begin() as session:
        noon = goes_out_at(session.get_one(Group, group_id), NIGHT)
        publishing.prepare(session, gathered.run_id, noon)
    with counted.timed("publish"), sessions.begin() as session:
        publishing.publish(session, gathered.run_id, None, noon)
    with counted.timed("deliver"):
        settings = Settings(mail_folder=mails, address="https://bench.example.org")
        deliver(sessions, FolderPost(mails), settings, lambda: datetime(2026, 1, 15, 12, tzinfo=UTC))

    with sessions() as session:
        rows = {kind.__tablename__: session.scalar(select(func.count(kind.id))) for kind in (Message, Notice)}
    figures = [
        f"{len(gathered.snapshot.people):,} waited",
        f"{len(assignment.pairs):,} pairs",
        f"{len(assignment.trios):,} trios",
        f"{len(assignment.alone):,} alone",
        *(f"{count:,} rows in {table}" for table, count in rows.items()),
    ]
    seconds = counted.seconds
    order = ("gather", *progress.seconds, "store", "prepare", "publish", "deliver")
    return {phase: (seconds | progress.seconds)[phase] for phase in order}, counted, figures


class Statements:
    """Counts SQL statements and seconds of a phase, commit included; own seconds do not depend on who else works."""

    def __init__(self, engine: Engine) -> None:
        """Listen to the engine."""
        self.seconds: dict[str, float] = {}
        self.own_seconds: dict[str, float] = {}
        self.statements: dict[str, int] = {}
        self._count = 0
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, *_: object) -> None:
        self._count += 1

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Measure one phase."""
        self._count, started, own = 0, time.perf_counter(), time.process_time()
        yield
        self.seconds[phase], self.statements[phase] = time.perf_counter() - started, self._count
        self.own_seconds[phase] = time.process_time() - own


if __name__ == "__main__":
    main()
