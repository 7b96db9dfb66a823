"""`alongside create-group` and `alongside open-group`: a group, who looks after it, and whom its members can call."""

from datetime import UTC, date, datetime

import click
from sqlalchemy.orm import Session

from jobs.invite import handed_over
from matcher import invitations
from matcher.database import closing_engine, sessions_of
from matcher.errors import GroupError
from matcher.groups import create_group, group_named, open_group, set_crisis_lines
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import Settings, read_settings
from matcher.wording import listed

DAY = click.DateTime(["%Y-%m-%d"])

_crisis_line = click.option(
    "--crisis-line", "crisis_lines", multiple=True, metavar='"NAME: REACH"', help="Whom members can call; several may."
)
_review_on = click.option("--review-on", type=DAY, metavar="DATE", help="When somebody looks at the lines again.")


@click.command("create-group")
@click.argument("name")
@click.option("--zone", required=True, metavar="ZONE", help="The group's time zone, such as Europe/London.")
@click.option("--coordinator", required=True, metavar="ADDRESS", help="Who will look after it; gets the first link.")
@_crisis_line
@_review_on
@click.option("--pairing-days", default="Sun,Wed", show_default=True, metavar="DAYS", help="Nights that pair people.")
@click.option(
    "--pairing-hour", type=click.DateTime(["%H:%M"]), default="03:30", metavar="HH:MM", help="When. [default: 03:30]"
)
@click.option("--first-pairing-on", type=DAY, metavar="DATE", help="Pair nobody before, so that all start together.")
@click.option("--publish-at-once", is_flag=True, help="Proposals go out after the night, not at noon.")
def create(
    name: str,
    zone: str,
    coordinator: str,
    crisis_lines: tuple[str, ...],
    review_on: datetime | None,
    pairing_days: str,
    pairing_hour: datetime,
    first_pairing_on: datetime | None,
    publish_at_once: bool,
) -> None:
    """Make a group, and print the link with which its coordinator comes in.

    With --crisis-line and --review-on the group is opened, and its nights begin. Without them it is made and pairs
    nobody, until: alongside open-group NAME. No line is ever invented, so say those that hold where your members live.
    """
    settings, now = read_settings(), datetime.now(UTC)
    lines, review_day = _lines(crisis_lines, review_on)
    with closing_engine(open_database(settings)) as engine, sessions_of(engine).begin() as session:
        group = create_group(
            session,
            name,
            zone,
            now,
            pairing_days=pairing_days.split(","),
            pairing_hour=pairing_hour.time(),
            first_pairing_on=first_pairing_on and first_pairing_on.date(),
            publishes_at_once=publish_at_once,
        )
        link = _link(session, group, coordinator, settings, now)
        if review_day:
            set_crisis_lines(session, group, lines, review_day, now)
            open_group(session, group, now)
    click.echo(_state(group))
    click.echo(link)


@click.command("open-group")
@click.argument("name")
@_crisis_line
@_review_on
@click.option("--coordinator", metavar="ADDRESS", help="Invite another coordinator; prints their link.")
def open_(name: str, crisis_lines: tuple[str, ...], review_on: datetime | None, coordinator: str | None) -> None:
    """Open a group, so that its nights begin.

    Lines given here replace those that were there. Say them again, with a new day, when that day has come: a group
    that is open stays open.
    """
    settings, now = read_settings(), datetime.now(UTC)
    lines, review_day = _lines(crisis_lines, review_on)
    with closing_engine(open_database(settings)) as engine, sessions_of(engine).begin() as session:
        group = group_named(session, name)
        link = _link(session, group, coordinator, settings, now) if coordinator else ""
        if review_day:
            set_crisis_lines(session, group, lines, review_day, now)
        open_group(session, group, now)
    click.echo(_state(group))
    if link:
        click.echo(link)


def _lines(crisis_lines: tuple[str, ...], review_on: datetime | None) -> tuple[list[tuple[str, str]], date | None]:
    """The lines as names and how to reach them. They come with the day of their review, or neither comes."""
    if bool(crisis_lines) != bool(review_on):
        raise GroupError("Give --crisis-line and --review-on together: lines go out of date, so somebody must look.")
    lines = []
    for line in crisis_lines:
        name, colon, reach = line.partition(":")
        if not colon:
            raise GroupError(f'"{line}" does not say how to reach it; write "NAME: NUMBER OR PLACE".')
        lines.append((name, reach))
    return lines, review_on.date() if review_on else None


def _link(session: Session, group: Group, coordinator: str, settings: Settings, now: datetime) -> str:
    token = invitations.invite(session, group, now, address=coordinator, to_coordinate=True)
    return handed_over(token, coordinator, settings)


def _state(group: Group) -> str:
    if not group.opened_at:
        return (
            f"{group.name} is made and not open: it pairs nobody until it has crisis lines. Then: "
            f'alongside open-group "{group.name}" --crisis-line "NAME: REACH" --review-on DATE'
        )
    start = f", from {group.first_pairing_on} on" if group.first_pairing_on else ""
    nights = f"{listed(group.pairing_days)} at {group.pairing_hour:%H:%M} ({group.zone})"
    return f"{group.name} is open; it pairs people on {nights}{start}."
