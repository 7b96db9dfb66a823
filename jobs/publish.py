"""`alongside publish` and `alongside hold`: when the drafts of a night go out, and how a coordinator stops them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import groups, publishing
from matcher.database import sessions_of
from matcher.errors import GroupError
from matcher.models import Group
from matcher.pairing import plan
from matcher.schema import open_database
from matcher.settings import read_settings


@click.command()
@click.option("--group", "name", metavar="NAME", help="This group, now, held or not. [default: all that are due]")
def publish(name: str | None) -> None:
    """Let the drafts of the last night go out: at noon in the group's zone by themselves, or at once when named."""
    engine = open_database(read_settings())
    now = datetime.now(UTC)
    with sessions_of(engine).begin() as session:
        due = [_named(session, name)] if name else list(_due(session, now))
    for run_id, group_name in due:
        gone_out = publish_run(engine, run_id, now)
        click.echo(f"{group_name}: its drafts {'have gone out' if gone_out else 'went out before'}.")


@click.command()
@click.option("--group", "name", metavar="NAME", required=True, help="The group whose drafts wait.")
def hold(name: str) -> None:
    """Keep the drafts of the last night from going out by themselves, until `alongside publish --group NAME`."""
    with sessions_of(open_database(read_settings())).begin() as session:
        run = publishing.hold(session, groups.group_named(session, name), datetime.now(UTC))
        click.echo(f"The drafts of {run.night} wait. They go out with: alongside publish --group {name!r}")


def publish_run(engine: Engine, run_id: int, now: datetime) -> bool:
    """Let one night go out; who lost a draft since it was made is paired anew before. False: it went out before."""
    sessions = sessions_of(engine)

    with sessions.begin() as session:
        gathered = publishing.prepare(session, run_id, now)

    anew = (gathered, plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)) if gathered else None

    with sessions.begin() as session:
        return publishing.publish(session, run_id, anew, now)


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
