"""`alongside import`: the people of a sheet become members of a group."""

from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.sheet_options import FILE, sheet_options
from matcher.database import closing_engine, sessions_of
from matcher.enrolment import Enrolment, enrol
from matcher.errors import SheetError
from matcher.groups import group_named
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import read_settings
from matcher.spreadsheets.choices import read_choices
from matcher.spreadsheets.people import read_people
from matcher.wording import counted


@click.command("import")
@click.argument("people", type=FILE)
@click.option("--group", "name", required=True, metavar="NAME", help="The group they join, by its name or its id.")
@click.option(
    "--agreed",
    is_flag=True,
    help="You vouch that each of them said yes: to being an adult, to the house rules, to being paired, and to the use "
    "of the experiences they wrote.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@sheet_options
def import_people(
    people: Path,
    name: str,
    agreed: bool,
    dry_run: bool,
    where: tuple[str, ...],
    column: tuple[str, ...],
    mapping: Path | None,
) -> None:
    """Make members of the PEOPLE of a CSV sheet, all of them in one go.

    It reads the sheets that `alongside pair` reads; each row needs an email and a name. Run it again after you have
    mended a row: whoever is a member already stays exactly as they are. Without --agreed people join and are not
    paired before they have said yes themselves.
    """
    sheet = read_people(people, read_choices(mapping, column), where)
    for note in sheet.stated:
        click.echo(note, err=True)
    with closing_engine(open_database(read_settings())) as engine, sessions_of(engine)() as session:
        group = group_named(session, name)
        enrolment = enrol(session, group, sheet, datetime.now(UTC), agreed)
        _refuse_if_nobody(enrolment, sheet.file_name)
        if not dry_run:
            session.commit()
    for note in enrolment.notes:
        click.echo(note, err=True)
    click.echo("\n".join(_said(enrolment, group, agreed, dry_run)))


def _refuse_if_nobody(enrolment: Enrolment, file_name: str) -> None:
    if not enrolment.joined and not enrolment.already_there:
        rows = "".join(f"\n  {row}" for row in enrolment.set_aside)
        raise SheetError(f"Nobody on {file_name} can become a member.{rows}")


def _said(enrolment: Enrolment, group: Group, agreed: bool, dry_run: bool) -> list[str]:
    joined, there, aside = enrolment.joined, enrolment.already_there, enrolment.set_aside
    would = "would join" if dry_run else "joined"
    lines = [f"{counted(joined, 'person', 'people')} {would} {group.name}."]
    if there:
        lines.append(f"{counted(there, 'person', 'people')} were there already and stay as they are.")
    if joined and agreed:
        lines.append("They wait for the next pairing night from today.")
    elif joined:
        lines.append(
            "They are not ready: each has to say yes to the house rules and to being paired when they sign in. "
            "Where all of them have told you so, import them with --agreed instead; afterwards only they can."
        )
    if not group.opened_at:
        lines.append(f"{group.name} is not open, so nobody is paired yet. See: alongside open-group --help")
    if aside:
        lines.append(f"{counted(len(aside), 'row')} set aside; mend them and import the sheet again:")
    lines += [f"  {row}" for row in aside]
    return [*lines, "Nothing was changed (--dry-run)."] if dry_run else lines
