"""A night from a sheet: gather people and lists, decide, and keep both for whoever writes or shows the result."""

import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from jobs.progress import Progress
from jobs.result import names_of
from matcher.errors import PolicyError, SheetError
from matcher.pairing import Assignment, Candidates, Policy, plan
from matcher.spreadsheets.choices import Choices
from matcher.spreadsheets.gather import Lists, gather
from matcher.spreadsheets.lists import read_apart, read_list, read_together
from matcher.spreadsheets.people import read_people
from matcher.spreadsheets.person import Sheet

_MANY = 1_500
"""Members from whom on a run takes minutes, and a person wants to be told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a coordinator asked for: the sheet, how to read it, the rules, and the lists beside it."""

    people: Path
    on: date
    choices: Choices = field(default_factory=Choices)
    where: Sequence[str] = ()
    policy: Path | None = None
    past: Sequence[Path] = ()
    apart: Sequence[Path] = ()
    together: Sequence[Path] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A decided night with all that it was decided from; ``notes`` are sentences for the coordinator."""

    sheet: Sheet
    candidates: Candidates
    policy: Policy
    assignment: Assignment
    names: dict[str, str]
    notes: tuple[str, ...]
    seconds: dict[str, float]


def decide(order: Order) -> Night:
    """Read, pair and audit. Raises SheetError where nobody is left to pair, with the rows that were set aside."""
    started = time.perf_counter()
    policy = read_policy(order.policy) if order.policy else Policy()
    sheet = read_people(order.people, order.choices, order.where)
    if not sheet.people:
        raise SheetError(_nobody(sheet))
    past = [read_list(path, sheet.people) for path in order.past]
    apart = [read_apart(path, sheet.people, (row.id for row in sheet.set_aside)) for path in order.apart]
    together = [read_together(path, sheet.people) for path in order.together]
    candidates = gather(sheet, Lists(past=past, apart=apart, together=together), policy, order.on)
    reading = time.perf_counter() - started

    if len(candidates) >= _MANY:
        click.echo(f"{len(candidates):,} members: this takes minutes. --where pairs a part of the sheet.", err=True)
    progress = Progress(len(candidates))
    try:
        assignment = plan(candidates, policy, progress)
    finally:
        progress.close()

    return Night(
        sheet=sheet,
        candidates=candidates,
        policy=policy,
        assignment=assignment,
        names=names_of(sheet),
        notes=(*sheet.stated, *sheet.notes, *(note for each in (*past, *apart, *together) for note in each.notes)),
        seconds={"read": reading} | progress.seconds,
    )


def read_policy(path: Path) -> Policy:
    """Read a policy from a TOML file; PolicyError names the file and the field."""
    try:
        return Policy.from_mapping(tomllib.loads(path.read_text("utf-8")))
    except OSError as problem:
        raise PolicyError(f"{path.name} cannot be read: {problem.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PolicyError(f"{path.name} is no TOML: {problem}.") from None
    except PolicyError as problem:
        raise PolicyError(f"{path.name}: {problem}") from None


def _nobody(sheet: Sheet) -> str:
    rows = "\n".join(f"  {row}" for row in sheet.set_aside)
    told = "\n".join((*(f"  {sentence}" for sentence in (*sheet.stated, *sheet.notes)), *([rows] if rows else [])))
    return f"Nobody on {sheet.file_name} can be paired.\n{told}".rstrip()
