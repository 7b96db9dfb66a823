"""`alongside publish` and `alongside hold`: when the drafts of a night go out, and how a coordinator stops them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import groups, publishing
from matcher.database import closing_engine, reading, sessions_of
from matcher.errors import GroupError
from matcher.models import Group
from matcher.pairing import Assignment, plan
from matcher.runs import Gathered
from matcher.schema import open_database
from matcher.settings import read_settings


@click.command()
@click.option("--group", "name", metavar="NAME", help="This group, now, held or not. [default: all that are due]")
def publish(name: str | None) -> None:
    """Let the drafts of the last night go out: at noon in the group's zone by themselves, or at once when named."""
    now = datetime.now(UTC)
    with closing_engine(open_database(read_settings())) as engine:
        with reading(engine) as session:
            due = [_named(session, name)] if name else list(_due(session, now))
        went_well = [_publish_one(engine, run_id, group_name, now, held=bool(name)) for run_id, group_name in due]
    if not all(went_well):
        raise SystemExit(1)


def _publish_one(engine: Engine, run_id: int, group_name: str, now: datetime, *, held: bool) -> bool:
    """Whatever happens to one group, the drafts of the others go out."""
    try:
        gone_out = publish_run(engine, run_id, now, held=held)
    except Exception as problem:
        structlog.get_logger().exception("publishing failed", run=run_id)
        click.echo(f"{group_name}: its drafts wait ({type(problem).__name__}); the log says why.", err=True)
        return False
    click.echo(f"{group_name}: its drafts {'have gone out' if gone_out else 'went out before, or are held'}.")
    return True


@click.command()
@click.option("--group", "name", metavar="NAME", required=True, help="The group whose drafts wait.")
def hold(name: str) -> None:
    """Keep the drafts of the last night from going out by themselves, until `alongside publish --group NAME`."""
    with closing_engine(open_database(read_settings())) as engine, sessions_of(engine).begin() as session:
        run = publishing.hold(session, groups.group_named(session, name), datetime.now(UTC))
        click.echo(f"The drafts of {run.night} wait. They go out with: alongside publish --group {name!r}")


def publish_run(engine: Engine, run_id: int, now: datetime, *, held: bool = False) -> bool:
    """Let one night go out; who lost a draft since it was made is paired anew before. False: it went out before.

    Also where a coordinator held it meanwhile, unless ``held`` says that these are to go all the same.
    """
    sessions = sessions_of(engine)

    with sessions.begin() as session:
        gathered = publishing.prepare(session, run_id, now, held=held)

    anew = _anew(gathered) if gathered else None

    with sessions.begin() as session:
        return publishing.publish(session, run_id, anew, now, held=held)


def _anew(gathered: Gathered) -> tuple[Gathered, Assignment] | None:
    """Pair anew who was set free; None where that cannot be, which is no reason to keep everybody else waiting."""
    try:
        return gathered, plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)
    except Exception:
        structlog.get_logger().exception("pairing anew failed", run=gathered.run_id)
        return None


def _named(session: Session, name: str) -> tuple[int, str]:
    group = groups.group_named(session, name)
    run = publishing.waiting_to_go_out(session, group)
    if run is None:
        raise GroupError(f"{group.name} has no drafts: its last night went out, or there was none.")
    return run.id, group.name


def _due(session: Session, now: datetime) -> Iterator[tuple[int, str]]:
    for group in session.scalars(select(Group).where(Group.opened_at.is_not(None)).order_by(Group.id)):
        run = publishing.waiting_to_go_out(session, group)
        if run and publishing.is_due(run, now):
            yield run.id, group.name
