"""`alongside nightly`: gather who waits, decide who goes with whom, store it; and the other duties of every night.

Safe to run at any time and as often as one likes: a night has one row for each group and date, and a night that is
done is left alone. Killed anywhere and run again, it ends in the same state.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime

import click
import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from jobs.progress import Progress
from jobs.publish import publish_run
from matcher import groups, nights, runs
from matcher.database import closing_engine, reading, sessions_of
from matcher.errors import AlongsideError, FenceError, GroupError
from matcher.locks import only_one
from matcher.models import Group, PairingRun
from matcher.pairing import Assignment, Policy, plan
from matcher.schema import open_database
from matcher.settings import read_settings
from matcher.snapshots import Snapshot
from matcher.states import RunState
from matcher.wording import counted


@click.command()
@click.option("--group", "name", metavar="NAME", help="Only this group. [default: every open group]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="This night. [default: the one now due]")
@click.option("--dry-run", is_flag=True, help="Say what would come out, and store nothing.")
def nightly(name: str | None, on: datetime | None, dry_run: bool) -> None:
    """Run the night of each group: closings, rests and silence; on pairing nights, pair who waits.

    A group pairs on its own nights, in its own zone. A pairing night that was missed is made up for.
    """
    with closing_engine(open_database(read_settings())) as engine:
        with reading(engine) as session:
            wanted = [groups.group_named(session, name)] if name else _open_groups(session)
        went_well = [_run_one(engine, group, on.date() if on else None, dry_run=dry_run) for group in wanted]
    if not all(went_well):
        raise SystemExit(1)


def _run_one(engine: Engine, group: Group, on: date | None, *, dry_run: bool) -> bool:
    """Whatever happens to one group, the others have their night."""
    try:
        click.echo(run_night(engine, group, on, lambda: datetime.now(UTC), dry_run=dry_run))
    except AlongsideError as problem:
        click.echo(f"{group.name}: {problem}", err=True)
        return False
    except Exception as problem:
        structlog.get_logger().exception("night failed", group=group.public_id)
        click.echo(f"{group.name}: its night broke off ({type(problem).__name__}); the log says where.", err=True)
        return False
    return True


def run_night(
    engine: Engine, group: Group, on: date | None, clock: Callable[[], datetime], *, dry_run: bool = False
) -> str:
    """Run one night of one group, and say in a sentence what came of it.

    Given a date it is that night, but the clock stays: who is asked tonight answers from today on, whatever the night
    is called. Raises AlongsideError where it cannot be run or decided; a night that cannot be decided keeps its error,
    and may be run again.
    """
    now = clock()
    night = on or nights.night_at(group, now)
    if dry_run:
        return _try_out(engine, group, night, now)
    _refuse(engine, group, night, now)
    if on is None and group.opened_at and nights.begin_of(group, night) < group.opened_at:
        return f"{group.name}: it opened after the night of {night} began, so its first night is to come."
    with only_one(engine, f"night-{group.id}") as nobody_else:
        if not nobody_else:
            return f"{group.name}: the night of {night} is being run by somebody else."
        return _run(engine, group, night, now)


def _run(engine: Engine, group: Group, night: date, now: datetime) -> str:
    """Two transactions, and between them minutes in which nothing is held."""
    sessions = sessions_of(engine)
    progress = Progress(0)

    with progress.timed("gather"):
        gathered = _gather(sessions, group, night, now)

    if gathered:
        if gathered.snapshot.set_aside:
            structlog.get_logger().warning(
                "rows cannot be read", group=group.public_id, members=gathered.snapshot.set_aside
            )
        try:
            assignment = _decide(gathered.snapshot, gathered.policy, progress)
        except Exception as problem:
            with sessions.begin() as session:
                runs.fail(session, gathered.run_id, _why(problem), now)
            raise

        with progress.timed("store"), sessions.begin() as session:
            runs.store(session, gathered, assignment, now)

    with progress.timed("publish"):
        _publish_at_once(engine, group, night, now)
    if not sys.stderr.isatty():  # a person reads the sentence, the log of the clock keeps the seconds
        structlog.get_logger().info("night", group=group.public_id, night=str(night), seconds=progress.seconds)
    return _told(engine, group, night)


def _gather(sessions: sessionmaker[Session], group: Group, night: date, now: datetime) -> runs.Gathered | None:
    """A night that cannot be gathered keeps its error, unless nothing is amiss with it and the clock's next run may."""
    try:
        with sessions.begin() as session:
            return runs.open_run(session, group.id, night, now)
    except (FenceError, OperationalError):
        raise
    except Exception as problem:
        with sessions.begin() as session:
            runs.fail_to_gather(session, group.id, night, _why(problem), now)
        raise


def _why(problem: Exception) -> str:
    """What coordinators may read of an error. Only our own sentences: any other may hold what a member wrote."""
    return str(problem) if isinstance(problem, AlongsideError) else type(problem).__name__


def _publish_at_once(engine: Engine, group: Group, night: date, now: datetime) -> None:
    """Also what was stored by a run that was killed before it could let it go out."""
    with reading(engine) as session:
        run = runs.run_of(session, group, night)
    if run and run.state is RunState.DRAFTED and group.publishes_at_once:
        publish_run(engine, run.id, now)


def _decide(snapshot: Snapshot, policy: Policy, progress: Progress) -> Assignment:
    with closing(progress):
        return plan(snapshot.candidates(policy), policy, progress)


def _open_groups(session: Session) -> list[Group]:
    return list(session.scalars(select(Group).where(Group.opened_at.is_not(None)).order_by(Group.id)))


def _refuse(engine: Engine, group: Group, night: date, now: datetime) -> None:
    """Only an open group has nights; they are run in their order, and not before they come."""
    if group.opened_at is None:
        raise GroupError(f"{group.name} is not open yet. Enter its crisis lines: alongside open-group --help")
    if nights.begin_of(group, night) > now:
        raise GroupError(f"The night of {night} has not come yet. To look ahead: --dry-run")
    with reading(engine) as session:
        last = runs.last_night(session, group, nights.night_at(group, now))
    if last and night < last:
        raise GroupError(f"The night of {night} has passed: that of {last} was run already.")
    if night < nights.night_at(group, group.opened_at):
        raise GroupError(f"The night of {night} was before {group.name} opened, so there is nothing to run.")


def _try_out(engine: Engine, group: Group, night: date, now: datetime) -> str:
    """What the night would come to: its duties are done and gathered from in a transaction that is never committed."""
    with reading(engine) as session:
        before = runs.run_of(session, group, night)
    if before and before.state not in (RunState.GATHERED, RunState.FAILED):
        return _told(engine, group, night)
    with sessions_of(engine)() as session:
        gathered = runs.open_run(session, group.id, night, max(now, nights.begin_of(group, night)))
        session.rollback()
    if gathered is None:
        upcoming = nights.next_pairing_night(group, night)
        ahead = f" The next pairing night: --on {upcoming}" if upcoming else ""
        return f"{group.name}, {night}, nothing stored: no pairing tonight.{ahead}"
    found = _decide(gathered.snapshot, gathered.policy, Progress(len(gathered.snapshot.people)))
    return f"{group.name}, {night}, nothing stored: {_in_words(len(found.pairs), len(found.trios), len(found.alone))}"


def _told(engine: Engine, group: Group, night: date) -> str:
    with reading(engine) as session:
        run = session.scalar(select(PairingRun).where(PairingRun.group_id == group.id, PairingRun.night == night))
        if run is None or run.state is RunState.QUIET:
            return f"{group.name}, {night}: no pairing tonight; everything else is done."
        sizes = [len(proposal.answers) for proposal in run.proposals if not any(a.dropped for a in proposal.answers)]
        words = _in_words(sizes.count(2), sizes.count(3), len(run.alone))
        if aside := run.told.get("set_aside"):
            words += f" {counted(aside, 'member')} set aside: the log says who."
        return f"{group.name}, {night}: {words} ({run.state})"


def _in_words(pairs: int, trios: int, alone: int) -> str:
    return f"{counted(pairs, 'pair')}, {counted(trios, 'trio')}, {alone} alone."
