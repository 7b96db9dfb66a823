"""`alongside pair`: a sheet of people goes in, explained partnerships come out."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from jobs.explain import explain_member
from jobs.graph import write_graph
from jobs.letters import letters, write_letters
from jobs.night import Night, Order, decide
from jobs.sheet_options import FILE, sheet_options
from jobs.summary import summary
from matcher.errors import SheetError
from matcher.result import result
from matcher.spreadsheets.choices import read_choices
from matcher.spreadsheets.directory import Directory
from matcher.spreadsheets.pairs import pairs_sheet
from matcher.spreadsheets.template import TEMPLATE
from matcher.wording import counted


def _write_template(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path and not context.resilient_parsing:
        if path.exists():
            raise SheetError(f"{path} is there already; name a new file, so that nobody's answers are lost.")
        write(path, TEMPLATE)
        click.echo(f"{path} is an example sheet. Fill in your people, then: alongside pair {path} --out pairs.csv")
        context.exit()


@click.command()
@click.argument("people", type=FILE)
@click.option("--out", type=FILE, metavar="PAIRS.csv", help="Write who is with whom, why, and who stays over.")
@click.option("--letters", "letters_to", type=FILE, metavar="DIR", help="Write one letter per pair, ready to send.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of the pairing. [default: today]")
@click.option("--past", type=FILE, multiple=True, metavar="PAIRS.csv", help="Earlier rounds, the oldest first.")
@click.option("--apart", type=FILE, multiple=True, metavar="FILE", help="Two or three a row who are held apart.")
@click.option("--together", type=FILE, multiple=True, metavar="FILE", help="Two a row who are kept together.")
@sheet_options
@click.option("--policy", type=FILE, metavar="FILE.toml", help="Limits and points, where they differ from ours.")
@click.option("--explain", "explained", metavar="ID", help="Show one member's night instead of the summary.")
@click.option("--graph", type=FILE, metavar="FILE.graphml", help="Write the candidate graph.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the summary.")
@click.option(
    "--template",
    type=FILE,
    metavar="FILE.csv",
    is_eager=True,
    expose_value=False,
    callback=_write_template,
    help="Write an example sheet, and stop.",
)
def pair(
    people: Path,
    out: Path | None,
    letters_to: Path | None,
    on: datetime | None,
    past: tuple[Path, ...],
    apart: tuple[Path, ...],
    together: tuple[Path, ...],
    where: tuple[str, ...],
    column: tuple[str, ...],
    mapping: Path | None,
    policy: Path | None,
    explained: str | None,
    graph: Path | None,
    as_json: bool,
) -> None:
    """Pair the PEOPLE of a CSV sheet (.csv or .csv.gz), as well as possible, and show the reasons.

    Nothing leaves this machine. The same people get the same partners, in whatever order their rows stand.
    """
    order = Order(
        people=people,
        on=_day(on),
        choices=read_choices(mapping, column),
        where=where,
        policy=policy,
        past=past,
        apart=apart,
        together=together,
    )
    _refuse_to_overwrite((people, *past, *apart, *together, mapping, policy), (out, graph))
    night = decide(order)
    for note in night.notes:
        click.echo(note, err=True)
    written = store(night, out, letters_to, graph)
    click.echo(_said(night, explained, as_json))
    for sentence in written:
        click.echo(sentence, err=as_json)


def _day(on: datetime | None) -> date:
    """The day of the pairing, today by default; clocks are known for about two lifetimes."""
    day = (on or datetime.now().astimezone()).date()
    if not 1970 <= day.year <= 2100:
        raise click.BadParameter("the day must lie between 1970 and 2100", param_hint="--on")
    return day


def _refuse_to_overwrite(read: Iterable[Path | None], written: Iterable[Path | None]) -> None:
    """A sheet that is read is never written over: there may be no other copy of it."""
    sources = {path.resolve() for path in read if path}
    for path in written:
        if path and path.resolve() in sources:
            raise SheetError(f"{path} is read in this run; write the result to another file.")


def store(night: Night, out: Path | None, letters_to: Path | None, graph: Path | None) -> list[str]:
    """Write what was asked for; returns a sentence for each. Raises SheetError where a file cannot be written."""
    said = []
    if out:
        write(out, pairs_sheet(night.assignment, night.names), "utf-8-sig")
        said.append(f"{out} holds the pairs; next time give it as --past, and nobody gets the same person.")
    if letters_to:
        with _writing(letters_to):
            texts = letters(night.assignment, night.candidates, night.policy, night.names)
            said.append(f"{letters_to} holds {counted(write_letters(letters_to, texts), 'letter')}.")
    if graph:
        with _writing(graph):
            write_graph(graph, night.assignment, night.candidates, night.policy)
        said.append(f"{graph} holds the candidate graph.")
    return said


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text, and the folder for it if need be; SheetError says why it cannot be written."""
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding)


def _said(night: Night, explained: str | None, as_json: bool) -> str:
    if as_json:
        return json.dumps(result(night.assignment, night.sheet, night.seconds), ensure_ascii=False, indent=1)
    if explained is not None:
        member_id = _member(night, explained)
        lines = explain_member(night.assignment, night.candidates, night.policy, member_id, night.names)
    else:
        lines = summary(night.assignment, night.candidates, night.sheet, night.names)
    return "\n".join(lines)


def _member(night: Night, text: str) -> str:
    """The one member that an id, an address or a name means."""
    ids = Directory(night.sheet.people).ids_of(text)
    if len(ids) == 1:
        return next(iter(ids))
    for row in night.sheet.set_aside:
        if row.id == text:
            raise SheetError(f"{text} takes no part: {row}.")
    what = "is the name of several people; give the id" if ids else "is nobody on this sheet"
    raise SheetError(f'"{text}" {what}.')


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise SheetError(f"{path} cannot be written: {problem.strerror}.") from None
