"""`alongside invite`: a link for somebody who will make a group, for a coordinator, or for a member."""

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from matcher import invitations
from matcher.database import closing_engine, sessions_of
from matcher.errors import GroupError
from matcher.groups import COMMAND_LINE, group_named
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import Settings, read_settings


@click.command("invite")
@click.argument("address", default="")
@click.option("--group", "name", metavar="NAME", help="The group they join, by its name or its id.")
@click.option("--coordinator", "to_coordinate", is_flag=True, help="They look after the group.")
@click.option("--mail", "by_mail", is_flag=True, help="Mail the link to ADDRESS instead of printing it.")
def invite(address: str, name: str | None, to_coordinate: bool, by_mail: bool) -> None:
    """Invite somebody; without --group, somebody who will make a group in the browser.

    The link works once, within 14 days. With an ADDRESS it works for that person alone; without one, for whoever opens
    it first. It is printed here, shown only once, and yours to pass on.
    """
    if to_coordinate and not name:
        raise GroupError("Say which group they look after: --group NAME. Without --group they make one of their own.")
    if by_mail and not address:
        raise GroupError("Write the address that the link is mailed to: alongside invite ADDRESS --mail")
    settings, now = read_settings(), datetime.now(UTC)
    with closing_engine(open_database(settings)) as engine, sessions_of(engine).begin() as session:
        group = group_named(session, name) if name else None
        if by_mail:
            invitations.send(session, group, now, address, COMMAND_LINE, to_coordinate=to_coordinate)
            link = ""
        else:
            link = handed_over(_token(session, group, now, address, to_coordinate), address, settings)
    click.echo(_whereto(group, to_coordinate))
    click.echo(link or _mailed(address))


def handed_over(token: str, address: str, settings: Settings) -> str:
    """The one time that a token is shown; only its hash is kept."""
    return (
        f"This link is for {address or 'whoever opens it first'}, once, within {invitations.GOOD_FOR_DAYS} days. "
        "It is shown only here and no mail was sent, so pass it on:\n\n"
        f"  {settings.address.rstrip('/')}/invitations/{token}\n"
    )


def _token(session: Session, group: Group | None, now: datetime, address: str, to_coordinate: bool) -> str:
    if group is None:
        return invitations.invite_founder(session, now, address)
    return invitations.invite(session, group, now, address=address, to_coordinate=to_coordinate)


def _whereto(group: Group | None, to_coordinate: bool) -> str:
    if group is None:
        return "Who opens it may make groups, and looks after those they make."
    return f"Who opens it {'looks after' if to_coordinate else 'becomes a member of'} {group.name}."


def _mailed(address: str) -> str:
    return (
        f"It is for {address}, once, within {invitations.GOOD_FOR_DAYS} days, and goes out with the next mails "
        "(alongside deliver; `alongside work` does it every minute), but not between 21:00 and 08:00."
    )
